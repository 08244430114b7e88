"""Sources in Chinese: phrase by phrase, as the lists beside the shipped tables have them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache

from .shipped import shipped_tables

LIST = "sources.zh.toml"


def chinese(source: str) -> str:
    """A source with the phrases that are known put into Chinese; empty if none of them is."""
    known = chinese_phrases()
    found = list(phrases(source))
    if not any(phrase in known for phrase in found):
        return ""
    return "；".join(known.get(phrase, phrase) for phrase in found)


def phrases(source: str) -> Iterator[str]:
    """The phrases of a source, which semicolons part; those in brackets part nothing."""
    start = depth = 0
    for place, character in enumerate(source):
        depth += (character == "(") - (character == ")")
        if character == ";" and depth == 0:
            yield source[start:place].strip()
            start = place + 1
    yield source[start:].strip()


@cache
def chinese_phrases() -> Mapping[str, str]:
    """English phrase -> Chinese phrase, from every folder of shipped tables that has a list."""
    lists = [folder / LIST for folder in shipped_tables().values()]
    return {
        phrase: text
        for path in lists
        if path.is_file()
        for phrase, text in tomllib.loads(path.read_text("utf-8")).items()
    }
