"""The media that a report can be drawn in."""

from __future__ import annotations

from typing import Literal

Medium = Literal["pdf", "html"]
MEDIA: tuple[Medium, ...] = ("pdf", "html")


def media_of(choice: str) -> tuple[Medium, ...]:
    """What is meant by `--format pdf`, `html` or `both`. Raises ValueError for anything else."""
    if choice == "both":
        return MEDIA
    found = tuple(medium for medium in MEDIA if medium == choice)
    if not found:
        raise ValueError(f"no format {choice!r}; there are {', '.join(MEDIA)} and both")
    return found
