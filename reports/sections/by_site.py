"""The appendix with every site: racks, power and purchases."""

from __future__ import annotations

from ..document import Section
from ..draft import Draft
from . import costs, power, programme, racks


def section(draft: Draft) -> Section:
    """The appendix."""
    t = draft.t
    found = (
        racks.by_site(draft), power.by_site(draft), programme.works(draft), programme.purchases(draft),
        costs.by_site(draft),
    )  # fmt: skip
    tables = tuple(table for table in found if table is not None)
    busy = set(racks.in_service(draft)) | set(power.drawing_power(draft))
    title = t("by_site.title", sites=t.count("site", len(busy))) if busy else t("by_site.none")
    return Section("by-site", t("by_site.label"), title, tables, appendix=True)
