"""The page of results: what the command writes into it, and what it leaves alone."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from suanli import __version__

LIBRARIES = ("numpy", "scipy", "pandas", "pydantic", "pyomo", "highspy", "pyscipopt")
CPU_INFO = Path("/proc/cpuinfo")
MEMORY_INFO = Path("/proc/meminfo")
KIB_PER_GIB = 1024.0**2


def replace_section(page: str, name: str, text: str) -> str:
    """The page with the generated section of that name replaced; a new one goes to the end."""
    begin, end = f"<!-- {name}: written by `python -m benchmarks` -->", f"<!-- end of {name} -->"
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    before, found, rest = page.partition(begin)
    if not found:
        return f"{page.rstrip()}\n\n{section}\n"
    _, ended, after = rest.partition(end)
    if not ended:
        raise ValueError(f"the page has no line {end!r} after the one that begins the section")
    return before + section + after


def surroundings() -> str:
    """Date, machine and versions, in a sentence or two; nothing that names the machine."""
    versions = [f"Python {platform.python_version()}", f"suanli {__version__}"]
    versions += [f"{library} {_version(library)}" for library in LIBRARIES if _version(library) != "?"]
    versions += [f"SCIP {scip}" for scip in [_scip()] if scip]
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {_processor()}. {', '.join(versions)}."


def _processor() -> str:
    model = platform.processor() or platform.machine()
    memory = ""
    if CPU_INFO.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", CPU_INFO.read_text(), re.M)
        model = " ".join(found[1].split()) if found else model
    if MEMORY_INFO.exists():
        total = re.search(r"^MemTotal:\s*(\d+)", MEMORY_INFO.read_text(), re.M)
        memory = f", {int(total[1]) / KIB_PER_GIB:.0f} GiB" if total else ""
    cores = os.cpu_count() or 1
    return f"{model}, {cores} core{'s' if cores > 1 else ''}{memory}"


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "?"


def _scip() -> str:
    try:
        from pyscipopt import Model  # noqa: PLC0415  an optional library
    except ImportError:
        return ""
    return str(Model().version())
