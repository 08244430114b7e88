"""The wheel and the source archive: what is in them, and that an installed wheel plans from any folder."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("inputs", "model", "reports", "scenarios", "verbs")
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "results")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

DISTRIBUTIONS = {
    "fontTools": "fonttools",
    "justmytype_intl_cjk": "justmytype-intl-cjk",
    "mpl_toolkits": "matplotlib",
    "pydantic_core": "pydantic",
    "yaml": "pyyaml",
}
"""Modules whose distribution has another name."""


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel built from it, from a copy of the checkout."""
    if find_spec("build") is None:
        pytest.skip("build is not installed")
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("setuptools is older than what the project is built with")
    copy = tmp_path_factory.mktemp("build") / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    # The archive is built first and the wheel from the archive: so the archive holds all that a wheel needs.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", copy / "out", copy, folder=copy)
    return copy / "out"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def expected_files() -> set[str]:
    """Every module and data file of the package in the checkout."""
    found = set(ROOT.glob("*.py")) | {ROOT / "py.typed"}
    for package in PACKAGES:
        found |= {
            path
            for path in (ROOT / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
        }
    return {f"suanli/{path.relative_to(ROOT).as_posix()}" for path in found}


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == expected_files()
    assert {"suanli/scenarios/jinan-2027.yaml", "suanli/inputs/jinan/sites.csv", "suanli/reports/report.typ"} <= names
    assert not [name for name in names if re.search(r"/(tests?|docs|benchmarks)/|conftest", name)]


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        told = archive.read(metadata).decode()
        names = archive.namelist()
    assert "Name: suanli\n" in told
    assert "License-Expression: Apache-2.0\n" in told
    assert "Requires-Python: >=3.11\n" in told
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_source_archive_holds_tests_and_pages_too(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    wanted = ["LICENSE", "README.md", "CHANGELOG.md", "constraints.txt", "docs/inputs.md", "docs/input_reference.py"]
    wanted += ["docs/images/report.png", "tests/test_packaging.py", "tests/cli/conftest.py"]
    assert not [name for name in wanted if name not in names]
    assert not [name for name in names if "__pycache__" in name]


def test_an_installed_wheel_plans_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    venv.create(place, with_pip=False)
    (site_packages,) = (
        place.glob("lib/python*/site-packages") if sys.platform != "win32" else place.glob("Lib/site-packages")
    )
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        site_packages,
        wheel,
        folder=tmp_path,
    )
    # The libraries are those of this environment; suanli itself must come from the wheel.
    libraries = Path(pd.__file__).parents[1]
    (site_packages / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = run(python, "-I", "-c", "import suanli; print(suanli.__file__)", folder=elsewhere)
    assert Path(where.strip()).is_relative_to(site_packages)
    run(python, "-I", "-m", "suanli", "check", "jinan-2027", folder=elsewhere)
    run(python, "-I", "-m", "suanli", "run", "quickstart", "-o", "town", "--gap", "0.0001", folder=elsewhere)
    assert (elsewhere / "town" / "report.pdf").is_file()
    assert pd.read_csv(elsewhere / "town" / "costs.csv")["discounted_cny"].sum() == pytest.approx(12_539_311.44)


def imported(files: Iterable[Path]) -> set[str]:
    """Top-level names of the modules that Python files import."""
    names: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    return names


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", requirement)[0].lower() for requirement in requirements}


def test_every_import_is_declared_and_every_dependency_used() -> None:
    names = imported([*ROOT.glob("*.py"), *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))])
    used = {DISTRIBUTIONS.get(name, name) for name in names if name not in sys.stdlib_module_names}
    dependencies = declared(PROJECT["dependencies"])
    assert used - dependencies == set(), "imported, but not a dependency"
    # Reached by name, not by import: the font that the report is set in.
    assert dependencies - used <= {"justmytype-intl-cjk"}, "a dependency that nothing imports"


def test_the_tests_import_nothing_that_is_not_declared() -> None:
    names = {
        DISTRIBUTIONS.get(name, name)
        for name in imported((ROOT / "tests").rglob("*.py"))
        if name not in sys.stdlib_module_names
    }
    known = declared([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]) | {"suanli", "benchmarks"}
    assert names - known == set()


def test_tested_versions_cover_every_dependency_and_name_no_place() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pinned = {line.partition("==")[0].lower() for line in text.splitlines() if "==" in line}
    wanted = declared([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]])
    assert {name.replace("_", "-") for name in wanted} <= {name.replace("_", "-") for name in pinned}
    assert not re.search(r"https?:|@|--hash", text)
