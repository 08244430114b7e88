"""The verb compare from the outside: output, files, wrong folders, exit codes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Verb = Callable[..., Result]


@pytest.fixture
def towns(planned: tuple[Path, Result], tmp_path: Path) -> tuple[Path, Path]:
    """The result of quickstart twice."""
    return planned[0], Path(shutil.copytree(planned[0], tmp_path / "copy"))


def test_without_an_output_nothing_is_written(suanli: Verb, towns: tuple[Path, Path], tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    done = suanli("compare", *towns)
    assert done.exit_code == 0
    assert "The inputs of A and B are the same" in done.stdout
    assert "The plans of A and B cost the same" in done.stdout
    assert sorted(tmp_path.iterdir()) == before


def test_reports_in_both_languages(suanli: Verb, towns: tuple[Path, Path], tmp_path: Path) -> None:
    done = suanli("compare", *towns, "-o", tmp_path / "out" / "difference.pdf", "--language", "both")
    assert done.exit_code == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["difference.pdf", "difference.zh.pdf"]
    assert all((tmp_path / "out" / name).read_bytes().startswith(b"%PDF") for name in written)
    assert done.stdout.endswith(f"Wrote {tmp_path / 'out' / 'difference.zh.pdf'}\n")


def test_everything_that_is_wrong_is_told_at_once(suanli: Verb, towns: tuple[Path, Path]) -> None:
    (towns[1] / "power.csv").unlink()
    done = suanli("compare", towns[0], "nowhere", towns[1], "-o", "table.csv")
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == "error: nowhere is not a result folder: it has no summary.json"
    assert lines[1].startswith(f"error: {towns[1] / 'power.csv'}: ")
    assert lines[2] == "error: table.csv: found the ending .csv, expected .pdf or .html, or the name of a folder"


def test_one_folder_is_too_few(suanli: Verb, towns: tuple[Path, Path]) -> None:
    done = suanli("compare", towns[0])
    assert done.exit_code == 2
    assert done.stderr == "error: a comparison takes at least two result folders, 1 given\n"
    assert suanli("compare").exit_code == 2


def test_a_result_is_never_replaced(suanli: Verb, towns: tuple[Path, Path]) -> None:
    done = suanli("compare", *towns, "-o", towns[1])
    assert done.exit_code == 2
    assert f"{towns[1]} exists and is not a comparison" in done.stderr
    assert (towns[1] / "summary.json").is_file()
