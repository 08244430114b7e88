"""Explaining why no plan can exist: arithmetic, the smallest conflicts, and the cheapest ways out."""

from .explaining import explain
from .explanation import ConflictFacts, Explanation, Fact, WayOut

__all__ = ["ConflictFacts", "Explanation", "Fact", "WayOut", "explain"]
