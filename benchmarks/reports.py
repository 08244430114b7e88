"""How long a report takes to draw: `python -m benchmarks.reports FOLDER`, each drawing in a process of its own."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from .page import replace_section, surroundings

CHOICES = (("en", "pdf"), ("zh", "pdf"), ("both", "pdf"), ("both", "html"), ("both", "both"))
"""Language and format, as `suanli report` takes them."""
LANGUAGES = {"en": "English", "zh": "Chinese", "both": "both languages"}
FORMATS = {"pdf": "PDF", "html": "HTML", "both": "PDF and HTML"}
Drawing = tuple[float, float]
"""Seconds by the clock and of processors."""


def draw(folder: Path, language: str, medium: str) -> Drawing:
    """Draw a result's report once, from starting Python to the last file."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    options = ["--language", language, "--format", medium]
    subprocess.run([sys.executable, "-m", "suanli", "report", str(folder), *options], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, spent


def table(name: str, drawn: dict[tuple[str, str], Sequence[Drawing]]) -> str:
    """The medians of a folder's drawings as a table."""
    rows = [f"| {name} | seconds | of processor |", "| --- | --: | --: |"]
    for (language, medium), times in drawn.items():
        clock, spent = (statistics.median(part) for part in zip(*times, strict=True))
        rows.append(f"| {FORMATS[medium]}, {LANGUAGES[language]} | {clock:.1f} | {spent:.1f} |")
    return "\n".join(rows)


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds; medians are shown.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write into this page: docs/performance.md.")
def main(folders: tuple[Path, ...], repeat: int, output: Path | None) -> None:
    """Measure how long the reports of the results in FOLDERS take; the folders stay as they are.

    Example: python -m benchmarks.reports results/jinan-2027 --output docs/performance.md
    """
    tables = []
    for folder in folders:
        with tempfile.TemporaryDirectory(prefix="suanli-benchmark-") as place:
            copy = shutil.copytree(folder, Path(place) / folder.name)
            tables.append(
                table(folder.name, {choice: [draw(copy, *choice) for _ in range(repeat)] for choice in CHOICES})
            )
    text = "\n\n".join([f"{surroundings()} Medians of {repeat} drawings, figures included.", *tables])
    click.echo(text)
    if output is not None:
        page = output.read_text("utf-8") if output.exists() else ""
        output.write_text(replace_section(page, "reports", text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
