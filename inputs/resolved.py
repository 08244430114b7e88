"""Read and write a resolved case: the Case as JSON."""

from __future__ import annotations

import gc
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .annotations import below, item_of, keys_of
from .case import Case
from .consistency import faults
from .json_places import json_lines
from .problems import InputProblems, Problem, file_name, nearest
from .text_file import decode, read_bytes
from .wording import explained

A_CASE = "a resolved case, as `suanli resolve` writes it"
MOST_PROBLEMS = 200
LARGE = 1_000_000
"""Bytes of a case so large that looking through its parts for garbage takes long."""

Found = tuple[tuple[str | int, ...], str, str, str | None]  # path, found, expected, nearest


def case_text(case: Case) -> str:
    """Return the case as the text of case.json; the same case always gives the same text."""
    return case.model_dump_json(indent=1) + "\n"


def write_beside(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it, then renamed into place. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(text.encode())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_case(path: Path) -> Case:
    """Read a resolved case. Raises InputProblems with every problem, and its line."""
    data = read_bytes(path, A_CASE)
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if not data.strip():
        raise InputProblems([Problem(file_name(path), None, None, "an empty file", A_CASE)])
    try:
        with _collector_paused():
            case = Case.model_validate_json(data)
            if len(data) > LARGE:
                gc.freeze()  # what has been read lives on, and the collector need not look at it, now or ever
    except ValidationError as error:
        raise InputProblems(_schema_problems(path, data, error)) from None
    found = [(fault.path, fault.found, fault.expected, fault.near) for fault in faults(case)]
    if found:
        raise InputProblems(_placed(path, decode(data, path), found))
    return case


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: looking again and again at millions of new parts trebles the time of reading."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _schema_problems(path: Path, data: bytes, error: ValidationError) -> list[Problem]:
    text = decode(data, path)
    details = error.errors(include_url=False)
    file = file_name(path)
    if details[0]["type"] == "json_invalid":
        reason = str(details[0].get("ctx", {}).get("error", details[0]["msg"]))
        match = re.search(r"(.*) at line (\d+) column (\d+)$", reason)
        reason, line = (match[1], int(match[2])) if match else (reason, None)
        return [Problem(file, line, None, f"text that is not JSON ({reason})", A_CASE)]
    if not details[0]["loc"]:
        given = details[0]["input"]
        found = "a list" if isinstance(given, list) else json.dumps(given, ensure_ascii=False)[:70]
        return [Problem(file, 1, None, found, A_CASE)]
    return _placed(path, text, (_explained(detail) for detail in details))


def _explained(detail: ErrorDetails) -> Found:
    keys = detail["loc"]
    found, expected, near = explained(detail)
    if detail["type"] == "extra_forbidden":
        inside: Any = Case
        for key in keys[:-1]:
            inside = item_of(inside) if isinstance(key, int) else below(inside, key)
        near = nearest(str(keys[-1]), keys_of(inside))
    return keys, found, expected, near


def _placed(path: Path, text: str, everything: Iterable[Found]) -> list[Problem]:
    """Give every problem its line; only the first ones, where there are a great many."""
    some = list(everything)[:MOST_PROBLEMS]
    lines = json_lines(text, [keys for keys, *_ in some])
    return [
        Problem(file_name(path), line, dotted(keys), found, expected, near)
        for (keys, found, expected, near), line in zip(some, lines, strict=True)
    ]


def dotted(keys: tuple[str | int, ...]) -> str:
    """Return a path in a case as people write it: sites[3].grid_kw."""
    text = ""
    for key in keys:
        if key != "[key]":
            text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text
