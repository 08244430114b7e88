"""The cases to measure: shipped scenarios, files, and cases drawn at random."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

DRAWN = re.compile(r"([a-z]+):(\d+)")


@dataclass(frozen=True)
class Subject:
    """A case to measure: its name in the tables, and what `suanli.inputs.loading.load` reads."""

    name: str
    scenario: str


def find_case(words: str, folder: Path) -> Subject:
    """A subject from what the user typed: a scenario's name, a file, or SIZE:SEED, drawn into the folder."""
    drawn = DRAWN.fullmatch(words)
    if drawn is not None:
        size, seed = drawn.groups()
        file = folder / f"{size}-{seed}.json"
        draw = [sys.executable, "-m", "suanli", "generate", "--size", size, "--seed", seed, "-o", str(file)]
        subprocess.run(draw, check=True)
        return Subject(words, str(file))
    if Path(words).is_file():
        return Subject(Path(words).stem, str(Path(words).resolve()))
    return Subject(words, words)
