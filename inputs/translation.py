"""Sources in Chinese: phrase by phrase, as the lists beside the shipped tables have them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache

from .shipped import shipped_tables

LIST = "sources.zh.toml"


def chinese(source: str) -> str:
    """A source with the phrases that are known put into Chinese; empty if none of them is.

    That of a change begins with the new value: "12000: assumption".
    """
    known = chinese_phrases()
    value, colon, why = source.partition(": ")
    if colon and next(phrases(why)) in known:
        return f"{value}：{chinese(why)}"
    told = [(phrase, known.get(phrase) or _policy(phrase)) for phrase in phrases(source)]
    return "；".join(translated or phrase for phrase, translated in told) if any(t for _, t in told) else ""


def chinese_place(text: str) -> str:
    """Where a clause stands, with the brackets of Chinese documents: "36号 三-(二)" becomes "36号三（二）"."""
    text = re.sub(r"-?\((\w+)\)-?", r"（\1）", text)
    return re.sub(r"(?<=[一二三四五六七八九十])-(?=\d)", "、", text).replace("号 ", "号").replace("; ", "；")


def _policy(phrase: str) -> str:
    """A clause that is named and no more; empty for anything else."""
    place = phrase.removeprefix("policy: ").replace(
        "Jinan smart-city case description (2020) ", "济南智慧城市案例（2020年）"
    )
    return f"政策：{chinese_place(place)}" if place != phrase and not re.search("[a-zA-Z]", place) else ""


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
