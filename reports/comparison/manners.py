"""How values of the inputs change, in words: "×1.1", "60,000 → 50,000 (×0.833)", "→ 0 (from 1 to 6 before)"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..messages import Messages
from ..wording import printable
from .amounts import counted, exact, factor, input_value
from .differences import Change, Value
from .grouping import YEARS, Group, Kind, number_of

MOST_NAMED = 4


def how(t: Messages, group: Group) -> str:
    """The change of a group."""
    return _SAID[group.manner.kind](t, group)


def _set(t: Messages, group: Group) -> str:
    before, after = group.manner.before, group.manner.after
    if group.field in YEARS:
        return t("comparison.inputs.from_to", before=str(before), after=str(after))
    if isinstance(before, tuple) and isinstance(after, tuple):
        return _lists(t, before, after)
    text = t("comparison.inputs.from_to", before=input_value(t, before), after=input_value(t, after))
    first, second = number_of(before), number_of(after)
    if first is None or second is None or first <= 0 or second <= 0:
        return text
    return t("comparison.inputs.with_factor", change=text, factor=f"×{second / first:.3g}")


def _lists(t: Messages, before: Sequence[str], after: Sequence[str]) -> str:
    """What joins and leaves a list."""
    joins, leaves = [x for x in after if x not in before], [x for x in before if x not in after]
    parts = []
    if joins:
        parts.append(t("comparison.inputs.joins", names=t.listing([printable(x) for x in joins], most=MOST_NAMED)))
    if leaves:
        parts.append(t("comparison.inputs.leaves", names=t.listing([printable(x) for x in leaves], most=MOST_NAMED)))
    return t("list.comma").join(parts) or t("comparison.inputs.order")


def _given(t: Messages, group: Group) -> str:
    return t("comparison.inputs.given", value=_range(t, [change.after for change in group.changes]))


def _gone(t: Messages, group: Group) -> str:
    return t("comparison.inputs.gone", value=_range(t, [change.before for change in group.changes]))


def _range(t: Messages, values: Sequence[Value]) -> str:
    """Values of one field: from the smallest to the largest, or the first few."""
    known = [number for value in values if (number := number_of(value)) is not None]
    if len(known) == len(values) and min(known) < max(known):
        return t("comparison.inputs.range", low=exact(min(known)), high=exact(max(known)))
    return t.listing(list(dict.fromkeys(input_value(t, value) for value in values)), most=MOST_NAMED)


def _times(t: Messages, group: Group) -> str:
    return factor(group.manner.factor)


def _plus(t: Messages, group: Group) -> str:
    amount = group.manner.factor
    return ("+" if amount > 0 else "\u2212") + exact(abs(amount))


def _to(t: Messages, group: Group) -> str:
    """From various values to one."""
    after = group.manner.after
    before = [number_of(change.before) for change in group.changes]
    known = [value for value in before if value is not None]
    if group.field in YEARS or len(known) < len(before):
        return t("comparison.inputs.to", after=str(after) if group.field in YEARS else input_value(t, after))
    return t("comparison.inputs.to_from", after=input_value(t, after), low=exact(min(known)), high=exact(max(known)))


def _by_year(t: Messages, group: Group) -> str:
    parts = [t("comparison.in_year", year=year, n=factor(value)) for year, value in group.manner.by_year]
    return t("comparison.then").join(parts)


def _various(t: Messages, group: Group) -> str:
    """Values that each change in their own way: the range of factors, or one value's years one by one."""
    lines = {(change.row, change.keys) for change in group.changes}
    if len(lines) == 1:
        return t("comparison.then").join(_in_year(t, change) for change in group.changes)
    factors = [
        after / before
        for change in group.changes
        if (before := number_of(change.before)) and (after := number_of(change.after))
    ]
    n = counted(t, "value", len(group.changes))
    if len(factors) < len(group.changes):
        return t("comparison.inputs.various", values=n)
    return t("comparison.inputs.between", values=n, low=f"×{min(factors):.3g}", high=f"×{max(factors):.3g}")


def _in_year(t: Messages, change: Change) -> str:
    text = t("comparison.inputs.from_to", before=input_value(t, change.before), after=input_value(t, change.after))
    return text if change.year is None else t("comparison.in_year", year=change.year, n=text)


_SAID: Mapping[Kind, Callable[[Messages, Group], str]] = {
    "set": _set,
    "given": _given,
    "gone": _gone,
    "times": _times,
    "plus": _plus,
    "to": _to,
    "years": _by_year,
    "various": _various,
}
