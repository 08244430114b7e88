"""Which sections share a page: judged by the size of what they hold, so that small plans make short reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .document import Block, Bullets, ByYear, Callout, Facts, Figure, Section, Table

PAGE_MM = 250.0
"""Height of the text area of a page."""
_TEXT_MM = 166.0
_POINTS = re.compile(r'height="([0-9.]+)pt"')


def flowing(sections: Iterable[Section], alone: Iterable[str]) -> tuple[Section, ...]:
    """Let a section continue on the page of the one before it, if it seems to fit there as a whole.

    Appendices and the sections named in `alone` keep pages of their own.
    """
    kept_apart = set(alone)
    out: list[Section] = []
    used = PAGE_MM
    for part in sections:
        height = 20.0 + (10.0 if part.lead else 0.0) + sum(map(_height, part.blocks))
        apart = part.appendix or part.id in kept_apart or (bool(out) and out[-1].id in kept_apart)
        continues = not apart and used + 10.0 + height <= PAGE_MM
        used = used + 10.0 + height if continues else height
        # What runs over its page ends somewhere on a later one: nothing follows it there.
        used = PAGE_MM if used > PAGE_MM else used
        out.append(replace(part, continues=continues))
    return tuple(out)


def _height(block: Block) -> float:
    """About how many millimetres a block takes."""
    if isinstance(block, Figure):
        points = _POINTS.search(block.svg)
        return 13.0 + (float(points[1]) if points else 200.0) * 25.4 / 72 + (5.0 if block.note else 0.0)
    if isinstance(block, Table):
        share = _TEXT_MM / max(1, len(block.columns))
        lines = sum(max(1 + int(1.5 * len(c.text) / (2 * share)) for c in row) for row in block.rows)
        return 14.0 + 5.2 * lines + (6.0 if block.note else 0.0)
    if isinstance(block, ByYear):
        last = block.frames[-1]
        return _height(last.table) + (_height(last.figure) if last.figure else 0.0)
    if isinstance(block, Facts):
        return 18.0 + 6.0 * len(block.items)
    if isinstance(block, Bullets | Callout):
        return 12.0 + 8.0 * len(block.items)
    return 12.0
