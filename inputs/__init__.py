"""Inputs: files that a planner can edit become one immutable Case."""
