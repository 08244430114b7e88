"""Drawings inside a page: matplotlib's SVG without what would leak into the rest of the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_NO_PART_OF_A_PAGE = frozenset({"metadata", "style"})
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, prefix: str) -> str:
    """A drawing as an element of a page: ids of its own, no style for the whole page, as wide as there is room.

    The page names it, so it is hidden from screen readers until the page's script makes its legend a control.
    """
    drawing = ElementTree.fromstring(svg)
    for element in drawing.iter():
        for child in [child for child in element if _local(child.tag) in _NO_PART_OF_A_PAGE]:
            element.remove(child)
        element.tag = _local(element.tag)
        element.attrib = {_local(name): _own(_local(name), value, prefix) for name, value in element.attrib.items()}
        element.tail = None
        if element.text and not element.text.strip():
            element.text = None
    # What matplotlib's style sheet said of every element, as attributes of this drawing alone.
    drawing.attrib = {
        "viewBox": drawing.attrib["viewBox"],
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
        "aria-hidden": "true",
    }
    return ElementTree.tostring(drawing, encoding="unicode")


def _local(name: str) -> str:
    """A name without its namespace, as HTML wants it."""
    return name.rpartition("}")[2]


def _own(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href" and value.startswith("#"):
        return f"#{prefix}-{value[1:]}"
    if name == "d":
        return " ".join(value.split())
    return _REFERENCE.sub(rf"url(#{prefix}-\1)", value)
