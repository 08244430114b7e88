"""Audit: checks a result without the model; shares nothing with it."""
