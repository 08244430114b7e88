"""The languages that a report can be written in, and the names of its files in each."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def file_name(stem: str, ending: str, language: Language) -> str:
    """A file of the report: "report.pdf" in English, "report.zh.pdf" in Chinese."""
    return f"{stem}.{ending}" if language == "en" else f"{stem}.{language}.{ending}"


def figures_folder(language: Language) -> str:
    """The folder of the report's figures: "figures" in English, "figures/zh" in Chinese."""
    return "figures" if language == "en" else f"figures/{language}"


def languages_of(choice: str) -> tuple[Language, ...]:
    """What is meant by `--language en`, `zh` or `both`. Raises ValueError for anything else."""
    if choice == "both":
        return LANGUAGES
    found = tuple(language for language in LANGUAGES if language == choice)
    if not found:
        raise ValueError(f"no language {choice!r}; there are {', '.join(LANGUAGES)} and both")
    return found
