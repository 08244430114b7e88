"""Names from the inputs as text on a page: on one line, short enough, and with places to break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD_AND_NUMBER = re.compile(r"(?<=[a-z]-)(?=[0-9])")


def printable(text: str) -> str:
    """Text on one line: characters that control a terminal or the direction of writing become a replacement sign."""
    out = "".join(
        " " if c in "\t\n\r\v\f\u2028\u2029\u0085" else "\ufffd" if unicodedata.category(c).startswith("C") else c
        for c in text
    )
    return unicodedata.normalize("NFC", " ".join(out.split()))


def shortened(text: str, most: int) -> str:
    """At most so many columns of text (a Chinese character takes two); three dots stand for the middle."""
    if display_width(text) <= most:
        return text
    head = list(text)
    tail: list[str] = []
    while display_width("".join(head)) > most * 0.6 - 1:
        head.pop()
    for character in reversed(text):
        if display_width("".join([*head, *tail, character])) > most - 3:
            break
        tail.append(character)
    return "".join(head).rstrip() + "..." + "".join(reversed(tail)).lstrip(" ,;:·")


def short_labels(labels: Iterable[str], most: int) -> list[str]:
    """Shortened labels that stay apart: those that would become alike are numbered."""
    seen: dict[str, int] = {}
    out = []
    for label in labels:
        text = shortened(label, most)
        seen[text] = seen.get(text, 0) + 1
        out.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return out


def display_width(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def breakable(text: str, most: int = 16) -> str:
    """Long words with places to break: after punctuation, and at the latest after so many characters.

    A capital letter counts as two, being nearly twice as wide as a small one. Between a word and its year, as in
    "utilisation-2027", typesetters see no place to break: it gets one whatever the length.
    """
    if len(text) <= most:
        return _WORD_AND_NUMBER.sub("\u200b", text)
    out: list[str] = []
    run = 0
    for character in text:
        out.append(character)
        broken = character.isspace() or unicodedata.east_asian_width(character) in "WF"
        run = 0 if broken else run + 1 + character.isupper()
        if run >= most or (run >= 5 and character in "_-./@:,;&|\\"):
            out.append("\u200b")
            run = 0
    return _WORD_AND_NUMBER.sub("\u200b", "".join(out))
