"""Text of the files as values: numbers, booleans, lists, as a field needs them, or an explanation why not."""

from __future__ import annotations

import math
import re
from typing import Any, NoReturn, get_args

from .annotations import bare, choices, described, is_list, is_mapping, is_model, may_be_nothing
from .parts import Name
from .problems import listed, nearest, shown
from .tree import Leaf

NUMBER = re.compile(r"[+-]?(\d(_?\d)*(\.(\d(_?\d)*)?)?|\.\d(_?\d)*)([eE][+-]?\d{1,4})?", re.ASCII)
LONGEST_NUMBER = 40
LARGEST_WHOLE = 2**53
TRUE, FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
LIKE_TRUE, LIKE_FALSE = frozenset({"yes", "y", "on", "1"}), frozenset({"no", "n", "off", "0"})


class UnreadableError(Exception):
    """A value that is not what its field needs."""

    def __init__(self, found: str, expected: str, near: str | None = None) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected, self.near = found, expected, near


def read_value(annotation: Any, leaf: Leaf) -> Any:
    """Turn a value of the files into what a field of this type holds, as JSON would. Raises UnreadableError."""
    kind = bare(annotation)
    if leaf.value is None:
        if may_be_nothing(annotation):
            return None
        raise UnreadableError("nothing", described(kind))
    if is_list(kind):
        return _read_list(get_args(kind)[0], leaf)
    if isinstance(leaf.value, tuple):
        raise UnreadableError("a list", described(kind))
    if kind is Name:
        return {"en": leaf.value}
    if is_model(kind) or is_mapping(kind):
        raise UnreadableError(shown(leaf.value), described(kind))
    return _read_single(kind, leaf.value, leaf.quoted)


def _read_list(of: Any, leaf: Leaf) -> list[Any]:
    if isinstance(leaf.value, tuple):
        return [read_value(of, item) for item in leaf.value]
    parts = [part.strip() for part in str(leaf.value).split(";")]
    return [read_value(of, Leaf(part, leaf.at, leaf.quoted)) for part in parts if part]


def _read_single(kind: Any, text: str, quoted: bool) -> Any:
    if kind is str:
        return text
    if choices(kind):
        return read_choice(text, choices(kind))
    if quoted:
        raise UnreadableError(f"{shown(text)} in quotes, which is text", f"{described(kind)} without quotes")
    if kind is bool:
        return read_truth(text)
    return read_whole(text) if kind is int else read_number(text)


def is_number(text: str) -> bool:
    """Tell whether text is written as a number."""
    return len(text) <= LONGEST_NUMBER and NUMBER.fullmatch(text) is not None


def read_number(text: str, kind: str = "a number") -> float:
    """Turn text into a finite number; `kind` is what it is called. Raises UnreadableError with an explanation."""
    if not is_number(text):
        _refuse_number(text, kind)
    digits = text.lstrip("+-").replace("_", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        raise UnreadableError(text, f"{kind} without leading zeros", digits.lstrip("0") or "0")
    value = float(text.replace("_", ""))
    if math.isinf(value):
        raise UnreadableError(text, f"{kind} that is finite")
    return value


def _refuse_number(text: str, kind: str) -> NoReturn:
    if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        raise UnreadableError(text, f"{kind} that is finite")
    if is_number(plain := re.sub(r"[,\s'’]", "", text)):
        raise UnreadableError(shown(text), f"{kind} without separators", plain)
    if text.endswith("%") and is_number(share := text[:-1].strip()):
        raise UnreadableError(shown(text), f"{kind} without a percent sign", f"{float(share.replace('_', '')) / 100:g}")
    raise UnreadableError(shown(text), kind)


def read_whole(text: str) -> int:
    """Turn text into a whole number. Raises UnreadableError with an explanation."""
    value = read_number(text, "a whole number")
    if not value.is_integer() or abs(value) > LARGEST_WHOLE:
        raise UnreadableError(text, "a whole number")
    return int(value)


def read_truth(text: str) -> bool:
    """Turn text into true or false. Raises UnreadableError with an explanation."""
    if text in TRUE or text in FALSE:
        return text in TRUE
    near = "true" if text.lower() in LIKE_TRUE else "false" if text.lower() in LIKE_FALSE else None
    raise UnreadableError(shown(text), "true or false", near)


def read_choice(text: str, words: tuple[str, ...]) -> str:
    """Return text that is one of several words. Raises UnreadableError with the nearest one."""
    if text in words:
        return text
    raise UnreadableError(shown(text), f"one of {listed(words, 20)}", nearest(text, words))
