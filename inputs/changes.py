"""`drop` and `change`: what a scenario takes away from, and alters in, what it inherits and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .annotations import at, keys_of
from .problems import Problem, file_name, listed, nearest, shown
from .rows import DERIVED, SECTIONS, Settings
from .schema import default_at, field_names, is_field, model_at
from .tree import Branch, Draft, KeyPath, Leaf, Node, leaves
from .values import is_number

SCALE = re.compile(r"[x×]\s*((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)", re.ASCII)


def drop(draft: Draft, listing: Node, problems: list[Problem]) -> None:
    """Take away what a `drop:` list names: rows, fields, settings; `*` stands for any part of a name."""
    items = listing.value if isinstance(listing, Leaf) else None
    if isinstance(items, str):
        items = (Leaf(items, listing.at),)
    if not isinstance(items, tuple):
        found = "a mapping" if isinstance(listing, Branch) else "nothing"
        expected = "a list such as [sites.caishi, targets.compute]"
        problems.append(Problem(file_name(listing.at.file), listing.at.line, "drop", found, expected))
        return
    for item in items:
        wanted = tuple(str(item.value or "").strip().split("."))
        matches = list(_matches(draft.root, wanted))
        for path in matches:
            draft.drop(path, item.at)
        if not matches:
            found, expected, near = _missing(draft.root, wanted)
            problems.append(Problem(file_name(item.at.file), item.at.line, "drop", found, expected, near))


def change(draft: Draft, orders: Node, problems: list[Problem]) -> None:
    """Carry out a `change:` mapping in the order of the file: new values, and scales such as x1.5."""
    if isinstance(orders, Leaf):
        expected = "a mapping such as {sites.caishi.grid_kw: 80000}"
        problems.append(Problem(file_name(orders.at.file), orders.at.line, "change", shown(str(orders)), expected))
        return
    for path, leaf in leaves(orders):
        try:
            _change(draft, tuple(".".join(path).split(".")), leaf)
        except _ImpossibleError as error:
            key = ".".join(path)
            problems.append(
                Problem(file_name(leaf.at.file), leaf.at.line, key, error.found, error.expected, error.near)
            )


class _ImpossibleError(Exception):
    def __init__(self, found: str, expected: str, near: str | None = None) -> None:
        super().__init__(found)
        self.found, self.expected, self.near = found, expected, near


def _change(draft: Draft, wanted: KeyPath, leaf: Leaf) -> None:
    rooms = 2 if wanted[0] in SECTIONS else 0
    if wanted[0] not in SECTIONS and wanted[0] not in Settings.model_fields:
        raise _ImpossibleError(*_missing_name(wanted[0], (*SECTIONS, *Settings.model_fields), "a section or setting"))
    if len(wanted) < rooms + 1:
        raise _ImpossibleError(f"the key {'.'.join(wanted)}", f"a field, such as {wanted[0]}.*.field")
    rows = list(_matches(draft.root, wanted[:rooms]))
    if not rows:
        raise _ImpossibleError(*_missing(draft.root, wanted[:rooms]))
    scale = SCALE.fullmatch(leaf.value.strip()) if isinstance(leaf.value, str) else None
    changed = 0
    for row in rows:
        for path in _fields(draft, row, wanted[rooms:]):
            if scale is None:
                draft.set(path, leaf, "change")
                changed += 1
            else:
                changed += _scale(draft, path, Decimal(scale[1]), leaf)
    if not changed:
        found = f"no number to multiply by {scale[1]}" if scale else "nothing that matches"
        raise _ImpossibleError(found, f"a key that holds {'a number' if scale else 'a value'}")


def _fields(draft: Draft, row: KeyPath, wanted: KeyPath) -> Iterator[KeyPath]:
    """Yield the paths of a row's fields that match; without a `*` it is yielded whether it is set yet or not."""
    path = (*row, *wanted)
    if any("*" in key for key in wanted):
        yield from ((*row, *rest) for rest in _matches(draft.find(row), wanted))
    elif is_field(path):
        yield path
    elif wanted[0] in DERIVED:
        raise _ImpossibleError(shown(wanted[0]), DERIVED[wanted[0]])
    elif wanted[0] not in (names := field_names(path)):
        raise _ImpossibleError(*_missing_name(wanted[0], names, "a field"))
    else:
        model, keys = model_at(path)
        depth = next(depth for depth in range(1, len(keys) + 1) if at(model, keys[:depth]) is None)
        names = keys_of(at(model, keys[: depth - 1]))
        raise _ImpossibleError(*_missing_name(keys[depth - 1], names, f"a key of {keys[depth - 2]}"))


def _scale(draft: Draft, path: KeyPath, factor: Decimal, order: Leaf) -> int:
    """Multiply every number at or below a path, a default too where nothing is given; return how many there were."""
    node = draft.find(path)
    if node is None:
        default = _default(path)
        node = None if default is None else Leaf(default, order.at)
    if node is None:
        return 0
    count = 0
    for where, leaf in list(leaves(node, path)):
        if isinstance(leaf.value, str) and is_number(leaf.value) and not leaf.quoted:
            product = Decimal(leaf.value.replace("_", "")) * factor
            text = f"{product.normalize():f}" if abs(product.adjusted()) < 20 else str(product)
            draft.set(where, Leaf(text, order.at), f"change {order}")
            count += 1
    return count


def _default(path: KeyPath) -> str | None:
    value = default_at(path) if is_field(path) else None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _pattern(wanted: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in wanted.split("*")))


def _matches(node: Node | None, wanted: Sequence[str], path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths below a node that match a key with `*`."""
    if not wanted:
        yield path
    elif isinstance(node, Branch):
        pattern = _pattern(wanted[0]) if "*" in wanted[0] else None
        keys = [key for key in node.items if pattern.fullmatch(key)] if pattern else [wanted[0]]
        for key in keys:
            if key in node.items:
                yield from _matches(node.items[key], wanted[1:], (*path, key))


def _missing(node: Node, wanted: KeyPath) -> tuple[str, str, str | None]:
    """Say which part of a key leads nowhere: found, expected, nearest."""
    for depth, key in enumerate(wanted):
        keys = tuple(node.items) if isinstance(node, Branch) else ()
        if "*" in key:
            return f"nothing that matches {'.'.join(wanted)}", "something that does", None
        if key not in keys:
            inside = ".".join(wanted[:depth]) or "the scenario"
            return _missing_name(key, keys, f"something in {inside}")
        assert isinstance(node, Branch)
        node = node.items[key]
    return f"nothing at {'.'.join(wanted)}", "something", None


def _missing_name(key: str, valid: Sequence[str], what: str) -> tuple[str, str, str | None]:
    return shown(key), f"{what}: {listed(valid)}" if valid else what, nearest(key, valid)
