"""What is not served, by system and year."""

from __future__ import annotations

from ..document import Section
from ..draft import Draft, cell, cut, left, right, table, wide
from ..numbers import percent
from .placement import system_names, weights_in_system


def section(draft: Draft) -> Section | None:
    """What is not served, by system and year; None if everything is."""
    t, view = draft.t, draft.view
    table_ = view.unserved
    if table_.empty:
        return None
    workloads = {w.id: w for w in view.case.workloads}
    names, weights = system_names(draft), weights_in_system(draft)
    groups: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for row in table_.to_dict("records"):
        w, share = workloads[str(row["workload"])], float(row["share"])
        part = share * weights[w.id], share * (w.unserved_penalty_cny or 0.0)
        groups.setdefault((w.system or w.id, int(row["year"])), []).append(part)
    totals = [(key, len(parts), sum(p for p, _ in parts), sum(c for _, c in parts)) for key, parts in groups.items()]
    cells = [
        (names[system], str(year), str(n), cell(percent(share, 1), strong=True), t.money(cny))
        for (system, year), n, share, cny in sorted(totals, key=lambda total: -total[2])
    ]
    keys = ("workloads", "share", "penalty")
    titles = (
        wide(t("placement.column.system")),
        left(t("column.year")),
        *(right(t(f"unserved.column.{k}")) for k in keys),
    )
    n = int(table_["workload"].nunique())
    years = t.year_list(int(year) for year in table_["year"])
    title = t(
        f"unserved.{'one' if n == 1 else 'other'}", n=f"{n:,}", all=t.count("workload", len(workloads)), years=years
    )
    shown, more = cut(draft, cells, "placement.csv")
    note = t("list.sentence").join(filter(None, (t("unserved.note"), more)))
    block = table("unserved", t("unserved.caption"), titles, shown, note=note, dense=len(cells) > 12)
    return Section("unserved", t("unserved.label"), title, (block,), lead=t("unserved.lead"))
