"""Changed inputs in the case's words: what changes, where, and how."""

from __future__ import annotations

from ..messages import Messages
from ..wording import printable
from .amounts import counted, exact, factor, input_value
from .differences import SETTINGS, Change, Row, RowChange
from .grouping import Group, Manner, missing, number_of
from .plans import Pair

MOST_NAMED = 4


def what(t: Messages, group: Group) -> str:
    """The field that changes: "Hardware: price of one unit, CNY"."""
    name = field_name(t, group.section, group.field)
    keys = [key for key in dict.fromkeys(map(".".join, group.keys)) if key]
    if not keys or group.field == "sites":
        return name
    below = [_below(t, group.field, key) for key in keys]
    return t("comparison.inputs.below", name=name, keys=t.listing(below, most=MOST_NAMED))


def _below(t: Messages, field: str, key: str) -> str:
    """What stands below a field: a part of a scope, a resource, a class ..."""
    if field in ("scope", "green_site"):
        return t.term("comparison.below", key)
    return t.term("class" if field == "compute_convention" else "resource", key)


def field_name(t: Messages, section: str, field: str) -> str:
    """A field with its table: "Sites: grid connection, kW"."""
    field_words = t.word(f"comparison.field.{section}.{field}")
    if section == SETTINGS:
        return t("comparison.inputs.setting", field=field_words)
    return t("comparison.inputs.field", section=t(f"comparison.section.{section}"), field=field_words)


def where(t: Messages, pair: Pair, group: Group) -> str:
    """The rows that change, counted and named, and the years."""
    parts = []
    if group.section != SETTINGS:
        names = [row_name(t, pair, group.section, row) for row in group.rows]
        of = len(getattr(pair.before.result.case, group.section))
        parts.append(names[0] if len(names) == 1 else _counted_names(t, group.section, names, of))
    if group.field == "sites" and group.section == "workloads":
        places = [_site(pair, key[0]) for key in group.keys if key]
        parts.append(t("comparison.inputs.at", sites=t.listing(places, most=MOST_NAMED, noun="site")) if places else "")
    shared = {*pair.before.result.case.years} & {*pair.after.result.case.years}
    if group.years and set(group.years) != shared:
        parts.append(t.listing([str(year) for year in group.years], most=MOST_NAMED, noun="year"))
    return t("comparison.inputs.joined").join(part for part in parts if part)


def _counted_names(t: Messages, section: str, names: list[str], of: int) -> str:
    counted_rows = counted(t, section, len(names))
    if len(names) == of:
        return t("comparison.inputs.all_rows", rows=counted_rows)
    listing = t.listing(names, most=MOST_NAMED)
    return t("comparison.inputs.some_rows", rows=counted_rows, of=of, names=listing)


def how(t: Messages, group: Group) -> str:
    """The change: "×1.1", "60,000 → 50,000 (×0.833)", "+2"."""
    manner = group.manner
    if manner.kind == "times":
        return factor(manner.factor)
    if manner.kind == "plus":
        return ("+" if manner.factor > 0 else "\u2212") + exact(abs(manner.factor))
    if manner.kind == "years":
        parts = [t("comparison.in_year", year=year, n=factor(value)) for year, value in manner.by_year]
        return t("comparison.then").join(parts)
    if manner.kind == "set":
        return _set(t, manner)
    return _various(t, group)


def _set(t: Messages, manner: Manner) -> str:
    if missing(manner.before):
        return t("comparison.inputs.given", value=input_value(t, manner.after))
    if missing(manner.after):
        return t("comparison.inputs.gone", value=input_value(t, manner.before))
    if isinstance(manner.before, tuple) and isinstance(manner.after, tuple):
        return _lists(t, manner.before, manner.after)
    text = t("comparison.inputs.from_to", before=input_value(t, manner.before), after=input_value(t, manner.after))
    before, after = number_of(manner.before), number_of(manner.after)
    if before is None or after is None or before <= 0 or after <= 0 or before == after:
        return text
    return t("comparison.inputs.with_factor", change=text, factor=f"×{after / before:.3g}")


def _lists(t: Messages, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """What joins and leaves a list."""
    joins, leaves = [x for x in after if x not in before], [x for x in before if x not in after]
    parts = []
    if joins:
        parts.append(t("comparison.inputs.joins", names=t.listing([printable(x) for x in joins], most=MOST_NAMED)))
    if leaves:
        parts.append(t("comparison.inputs.leaves", names=t.listing([printable(x) for x in leaves], most=MOST_NAMED)))
    return t("list.comma").join(parts) or t("comparison.inputs.order")


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


def row_name(t: Messages, pair: Pair, section: str, row: Row) -> str:
    """The name of a row: of a site, a type, a workload with its district, a target by its id."""
    for plan in (pair.before, pair.after):
        view = plan.view
        if section == "sites" and row[0] in view.site_names:
            return view.site_names[row[0]]
        if section == "hall_types" and row[0] in view.hall_names:
            return view.hall_names[row[0]]
        if section == "hardware" and row[0] in view.hardware_names:
            return view.hardware_names[row[0]]
        if section == "conversions" and {*row} <= {*view.hall_names}:
            return t("comparison.inputs.conversion", old=view.hall_names[row[0]], new=view.hall_names[row[1]])
        if section == "fleet" and row[0] in view.site_names and row[2] in view.hardware_names:
            values = {"hardware": view.hardware_names[row[2]], "site": view.site_names[row[0]], "year": row[3]}
            return t("comparison.inputs.fleet", **values)
    return printable(" ".join(row))


def rows_text(t: Messages, pair: Pair, rows: list[RowChange]) -> str:
    """Rows of one table that only one case has, counted and named."""
    section = rows[0].section
    names = [row_name(t, pair, section, row.row) for row in rows]
    count = counted(t, section, len(names))
    return t("comparison.inputs.counted", rows=count, names=t.listing(names, most=MOST_NAMED * 2))


def _site(pair: Pair, site: str) -> str:
    names = pair.before.view.site_names | pair.after.view.site_names
    return names.get(site, printable(site))
