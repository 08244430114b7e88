"""The result folder: written beside and renamed into place, read back as tidy tables.

The files and columns are a format that others rely on; `docs/results.md` describes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..inputs.case import Case
from .language import LANGUAGES, file_name

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sites": ("site", "year", "open"),
    "halls": ("site", "hall", "year", "built", "converted_in", "converted_away", "in_service"),
    "hardware": ("site", "hall", "hardware", "year", "bought", "kept", "in_service"),
    "power": ("site", "year", "grid_steps", "grid_kw", "peak_kw", "it_mwh", "facility_mwh", "green_mwh"),
    "placement": ("workload", "site", "year", "role", "share"),
    "metrics": ("metric", "scope", "year", "value", "unit"),
    "targets": ("target", "metric", "year", "sense", "required", "attained", "met", "missed", "penalty_cny"),
    "costs": ("category", "site", "year", "cny", "discounted_cny"),
}
EXTRA_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "prices": (
        *("target", "metric", "year", "sense", "required", "attained", "unit", "price_held_cny", "price_divisible_cny"),
        *("weaker", "weaker_required", "plan_cny", "bound_cny"),
        *("saving_cny", "saving_least_cny", "saving_most_cny", "saving_per_unit_cny"),
    ),
    "binding": (
        *("kind", "place", "thing", "year", "used", "limit", "unit", "binds"),
        *("price_held_cny", "price_divisible_cny"),
    ),
    "stranded": ("capacity", "site", "year", "cause", "amount"),
}
"""Tables that other verbs than `run` add to the folder of a plan."""

TEXT_COLUMNS = frozenset(
    {"site", "hall", "hardware", "workload", "role", "metric", "scope", "unit", "target", "sense", "category"}
    | {"kind", "place", "thing", "capacity", "cause"}
)


OWN_ENTRIES = frozenset(
    {"summary.json", "case.json", "explanation.json", "sources.csv", "clauses.csv", "progress.csv", "figures"}
    | {file_name("report", ending, language) for ending in ("pdf", "html") for language in LANGUAGES}
    | {file_name("plan", "xlsx", language) for language in LANGUAGES}
    | {f"{name}.csv" for name in (*COLUMNS, *EXTRA_COLUMNS)}
)
"""What a result folder holds; a folder with anything else in it is never replaced."""

MOST_NAMED = 3


class ResultError(Exception):
    """A folder that is not a result of suanli, or not a whole one; the message names the file."""


class ReportError(Exception):
    """The report cannot be drawn: characters that no font has, or what the typesetter complains about."""


@dataclass(frozen=True)
class Result:
    """A result folder in memory: the case, the summary, the tables by name (without `.csv`), the hash of case.json."""

    folder: Path
    case: Case
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    case_sha256: str = ""


def replaceable(folder: Path) -> None:
    """Raise ResultError unless a result may be written to the folder: it is new, empty or a result of suanli."""
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"{folder} is a file; give the name of a folder for the result")
    if folder.is_dir() and Path.cwd().is_relative_to(folder.resolve()):
        raise ResultError(f"{folder} is the folder you are in, which cannot be replaced; choose another folder")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not _is_ours(folder / "summary.json"):
        raise ResultError(f"{folder} exists and is not a result of suanli (no summary.json); choose another folder")
    foreign = sorted({path.name for path in folder.iterdir()} - OWN_ENTRIES)
    if foreign:
        names = ", ".join(foreign[:MOST_NAMED]) + (" and more" if len(foreign) > MOST_NAMED else "")
        raise ResultError(
            f"{folder} also holds {names}, which would be lost: a result replaces the whole folder; "
            "move that away or choose another folder"
        )


def _is_ours(summary: Path) -> bool:
    try:
        content = json.loads(summary.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "case_sha256" in content


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside `folder` that takes its place when the block ends well.

    An error or an interruption inside the block leaves the previous folder whole. A folder that exists and is not
    a result (no summary.json) is never replaced: ResultError.
    """
    replaceable(folder)
    with taking_place_of(folder) as work:
        yield work


@contextmanager
def taking_place_of(folder: Path) -> Iterator[Path]:
    """The same without a look at what the folder holds: for callers that have made sure that it is theirs."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield work
        work.chmod(0o755)
        previous = work.with_name(work.name + ".previous")
        if folder.exists():
            folder.rename(previous)
        try:
            work.rename(folder)
        except BaseException:
            if previous.exists():
                previous.rename(folder)
            raise
        shutil.rmtree(previous, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it, then renamed into place."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it, then renamed into place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_table(folder: Path, name: str, table: pd.DataFrame) -> None:
    """Write one table of the result; its columns must be those of the format (ValueError)."""
    expected = {**COLUMNS, **EXTRA_COLUMNS}.get(name)
    if expected is not None and tuple(table.columns) != expected:
        raise ValueError(f"table {name}: columns {list(table.columns)}, expected {list(expected)}")
    write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """Write summary.json; not-a-number never gets in (ValueError)."""
    write_text(folder / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_result(folder: Path) -> Result:
    """Read a result folder. Raises ResultError naming the file that is missing or unreadable."""
    try:
        has_summary = (folder / "summary.json").is_file()
    except OSError as error:
        raise ResultError(f"{str(folder)[:100]}: {error.strerror}") from error
    if not has_summary:
        raise ResultError(f"{folder} is not a result folder: it has no summary.json")
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ResultError(f"{folder / 'summary.json'}: {error}") from error
    try:
        case_bytes = (folder / "case.json").read_bytes()
        case = Case.model_validate_json(case_bytes)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ResultError(f"{folder / 'case.json'}: {where and where + ': '}{first['msg']}") from error
    except OSError as error:
        raise ResultError(f"{folder / 'case.json'}: {error.strerror or error}") from error
    if not isinstance(summary, dict):
        raise ResultError(f"{folder / 'summary.json'}: expected an object with the keys of a summary")
    has_plan = summary.get("objective_cny") is not None
    tables = (
        {name: _read_table(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()} if has_plan else {}
    )
    return Result(folder, case, summary, tables, hashlib.sha256(case_bytes).hexdigest())


def read_extra(folder: Path, name: str) -> pd.DataFrame | None:
    """Read a table that another verb has added (see EXTRA_COLUMNS); None if none has. Raises ResultError."""
    path = folder / f"{name}.csv"
    return _read_table(path, EXTRA_COLUMNS[name]) if path.is_file() else None


def _read_table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    text = {column: "string" for column in columns if column in TEXT_COLUMNS}
    try:
        table = pd.read_csv(
            path,
            dtype=text,
            keep_default_na=False,
            na_values={c: [""] for c in columns if c not in text},
        )
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: {error}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise ResultError(f"{path}: the rows have more cells than the {len(columns)} columns of the header")
    if tuple(table.columns) != columns:
        raise ResultError(f"{path}: columns {list(table.columns)}, expected {list(columns)}")
    return table
