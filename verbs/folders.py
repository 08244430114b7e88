"""Where results go."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from ..inputs.case import Case
from ..reports.folder import ResultError, replaceable


def default_folder(case: Case, ending: str = "") -> Path:
    """results/NAME, where NAME is safe as the name of a folder."""
    return Path("results") / ((re.sub(r"[^\w.-]+", "-", case.name).strip(".-") or "case") + ending)


def make_sure_of(folder: Path) -> None:
    """Find out before the search, not after it, that a result cannot be written. Raises ResultError."""
    replaceable(folder)
    make_sure_of_parent(folder)


def make_sure_of_parent(folder: Path) -> None:
    """Find out that nothing can be written beside or above a folder. Raises ResultError."""
    above = next(path for path in folder.absolute().parents if path.exists())
    try:
        with tempfile.TemporaryDirectory(prefix=".suanli-", dir=above):
            pass
    except OSError as error:
        raise ResultError(f"{folder} cannot be written: {error.strerror or error}") from error
