"""Read a text file as UTF-8, or say why not."""

from __future__ import annotations

from pathlib import Path

from .problems import InputProblems, Problem, file_name


def read_bytes(path: Path, expected: str) -> bytes:
    """Read a file whole. Raises InputProblems if it is missing, a folder or unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        found = "no such file"
    except IsADirectoryError:
        found = "a folder"
        if is_file(path / "case.json"):
            raise _problem(path, found, expected, file_name(path / "case.json")) from None
    except PermissionError:
        found = "a folder" if path.is_dir() else "a file that may not be read"
    except (OSError, ValueError) as error:
        found = f"a file that cannot be read ({getattr(error, 'strerror', None) or error})"
    raise _problem(path, found, expected)


def is_file(path: Path) -> bool:
    """Tell whether a path is that of a file; a path that no system allows is not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a path is that of a folder; a path that no system allows is not."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_text(path: Path, expected: str) -> str:
    """Read a UTF-8 file, with or without a byte order mark. Raises InputProblems."""
    data = read_bytes(path, expected)
    return decode(data, path)


def decode(data: bytes, path: Path) -> str:
    """Turn bytes into text. Raises InputProblems naming the line of the first byte that is not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _problem(path, "text in UTF-16", "text in UTF-8; save the file again with the encoding UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{data[error.start]:02X}, which is not UTF-8"
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            guess = ""
        else:
            guess = " (it may be GBK)"
        expected = f"text in UTF-8; save the file again with the encoding UTF-8{guess}"
        raise InputProblems([Problem(file_name(path), line, None, found, expected)]) from None


def _problem(path: Path, found: str, expected: str, near: str | None = None) -> InputProblems:
    return InputProblems([Problem(file_name(path), None, None, found, expected, near)])
