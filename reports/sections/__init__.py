"""Sections of the report, by topic: each states its finding for the plan at hand and shows what it rests on."""
