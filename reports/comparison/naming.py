"""Rows and fields of the inputs in the case's words."""

from __future__ import annotations

from ...inputs.parts import Workload
from ..messages import Messages
from ..view import PlanView
from ..wording import printable
from .amounts import counted
from .differences import SETTINGS, Row, RowChange
from .grouping import Group
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
        parts.append(_rows(t, pair, group))
    if group.field == "sites" and group.section == "workloads":
        places = [_site(pair, key[0]) for key in group.keys if key]
        parts.append(t("comparison.inputs.at", sites=t.listing(places, most=MOST_NAMED, noun="site")) if places else "")
    shared = {*pair.before.result.case.years} & {*pair.after.result.case.years}
    if group.years and set(group.years) != shared:
        parts.append(t.listing([str(year) for year in group.years], most=MOST_NAMED, noun="year"))
    return t("comparison.inputs.joined").join(part for part in parts if part)


def _rows(t: Messages, pair: Pair, group: Group) -> str:
    rows, of = group.rows, len(getattr(pair.before.result.case, group.section))
    if len(rows) == 1:
        return row_name(t, pair, group.section, rows[0])
    n = counted(t, group.section, len(rows))
    if len(rows) == of:
        return t("comparison.inputs.all_rows", rows=n)
    return t("comparison.inputs.some_rows", rows=n, of=of, names=_few_names(t, pair, group.section, rows, MOST_NAMED))


def _few_names(t: Messages, pair: Pair, section: str, rows: tuple[Row, ...], most: int) -> str:
    """The first rows by their names and how many more there are, of which there may be thousands."""
    names = [row_name(t, pair, section, row) for row in rows[: most + 1]]
    return t.listing([*names, *("" for _ in rows[most + 1 :])], most=most)


def rows_text(t: Messages, pair: Pair, rows: list[RowChange]) -> str:
    """Rows of one table that only one case has, counted and named."""
    section = rows[0].section
    names = _few_names(t, pair, section, tuple(row.row for row in rows), MOST_NAMED * 2)
    return t("comparison.inputs.counted", rows=counted(t, section, len(rows)), names=names)


def row_name(t: Messages, pair: Pair, section: str, row: Row) -> str:
    """The name of a row: of a site, a type, a workload with its district; of a target its id."""
    names = (_name(t, plan.view, section, row) for plan in (pair.before, pair.after))
    return next((name for name in names if name), printable(" ".join(row)))


def _name(t: Messages, view: PlanView, section: str, row: Row) -> str | None:
    """The name of a row in one of the cases; None if it has none there."""
    sites, halls, hardware = view.site_names, view.hall_names, view.hardware_names
    if section == "conversions" and {*row} <= {*halls}:
        return t("comparison.inputs.conversion", old=halls[row[0]], new=halls[row[1]])
    if section == "fleet" and row[0] in sites and row[2] in hardware:
        return t("comparison.inputs.fleet", hardware=hardware[row[2]], site=sites[row[0]], year=row[3])
    if section == "workloads":
        return next((_workload(t, view, w) for w in view.case.workloads if w.id == row[0]), None)
    return {"sites": sites, "hall_types": halls, "hardware": hardware}.get(section, {}).get(row[0])


def _workload(t: Messages, view: PlanView, workload: Workload) -> str:
    """A workload's name with the district that it comes from; the id of one without a name says both."""
    name = view.name_of(workload.name, workload.id)
    if not (workload.name.en or workload.name.zh) or workload.district in ("", "city"):
        return name
    return t("text.named", name=name, id=t.term("district", workload.district))


def _site(pair: Pair, site: str) -> str:
    names = pair.before.view.site_names | pair.after.view.site_names
    return names.get(site, printable(site))
