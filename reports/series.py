"""A series: result folders 1, 2, ... in one folder, and what they were made with, so that it can be gone on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..inputs.case import Case
from ..inputs.resolved import case_text
from .folder import Result, ResultError, read_result, write_text

FORMAT = 1


def case_hash(case: Case) -> str:
    """The hash of the case's case.json."""
    return hashlib.sha256(case_text(case).encode()).hexdigest()


@dataclass
class Series:
    """A folder of results, the name of the file that describes it, and what that file says so far.

    `settings` are what all results of the series share: what was asked for, and the hash of the case. `state` is all
    else that the file holds.
    """

    folder: Path
    file: str
    settings: Mapping[str, Any]
    state: dict[str, Any] = field(default_factory=dict)

    def member(self, number: int) -> Path:
        """The folder of one result."""
        return self.folder / str(number)

    def read(self, number: int, case: Case) -> Result | None:
        """One result, if it is there and has a plan. Raises ResultError if it is not one of this case."""
        folder = self.member(number)
        if not folder.exists():
            return None
        result = read_result(folder)
        if result.case_sha256 != case_hash(case) or result.summary.get("case_sha256") != result.case_sha256:
            raise ResultError(f"{folder} is a result of another case; move it away or choose another folder")
        return result if result.tables else None

    def write(self) -> None:
        """Write the file that describes the series."""
        content = {"format": FORMAT, "settings": dict(self.settings), **self.state}
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(self.folder / self.file, text + "\n")


def open_series(folder: Path, file: str, settings: Mapping[str, Any], words: Mapping[str, str]) -> Series:
    """Begin a series in a new or empty folder, or go on with the one there.

    `words` say what each setting is. Raises ResultError if the folder holds something else, or a series with other
    settings; nothing is written yet.
    """
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"{folder} is a file; give the name of a folder for the results")
    described = folder / file
    if not described.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise ResultError(f"{folder} is not empty and holds no {file}; choose another folder")
        return Series(folder, file, settings)
    try:
        content = json.loads(described.read_text("utf-8"))
        before = dict(content.pop("settings"))
        content.pop("format")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultError(f"{described} is not what suanli writes: {error}") from error
    for name, wanted in settings.items():
        found = before.get(name)
        if found != wanted:
            told = "" if name == "case_sha256" else f" ({_told(found)}, not {_told(wanted)})"
            raise ResultError(
                f"{folder} was made with another {words[name]}{told}; "
                "repeat what it was made with, or choose another folder"
            )
    return Series(folder, file, settings, content)


def _told(value: object) -> str:
    return "none given" if value is None else str(value)
