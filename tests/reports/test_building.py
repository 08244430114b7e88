"""What plans build, side by side and in words."""

from __future__ import annotations

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.reports.building import certain, in_words, side_by_side, unsettled


@pytest.fixture
def town() -> Case:
    """Two years, an old site and a new one, one hall type; nothing else matters here."""
    site = {"earliest_year": 2026, "max_halls": 9, "grid_kw": 0.0}
    return Case.model_validate(
        {
            "name": "town",
            "base_year": 2025,
            "years": (2026, 2027),
            "sites": (
                {**site, "id": "old", "name": {"en": "Old Mill"}, "existing": True},
                {**site, "id": "new"},
            ),
            "hall_types": (
                {"id": "air", "name": {"en": "air hall"}, "racks": 10, "rack_kw": 5, "usable_u": 40, "pue": 1.3}
                | {"capex_cny": 1, "life_years": 20},
            ),
            "hardware": (),
            "workloads": (),
            "targets": (),
        },
        strict=False,
    )


def plan(**added: float) -> pd.Series[float]:
    """A plan's additions; "hall_old_air_2026" is the kind, site, hall type or pool, and year."""
    keys = [(*name.split("_")[:3], int(name.rsplit("_", 1)[1])) for name in added]
    index = pd.MultiIndex.from_tuples(keys, names=["kind", "site", "what", "year"])
    return pd.Series(list(added.values()), index=index, dtype=float)


def test_additions_count_up_year_by_year(town: Case) -> None:
    """The first plan has built 2 halls, then 5; the second 1, then 4: at least 1 by 2026 and 4 by 2027."""
    plans = [plan(hall_old_air_2026=2, hall_old_air_2027=3), plan(hall_old_air_2026=1, hall_old_air_2027=3)]
    table = side_by_side(town, plans)
    assert table.to_dict("list") == {
        "kind": ["hall", "hall"],
        "site": ["old", "old"],
        "what": ["air", "air"],
        "year": [2026, 2027],
        "unit": ["halls", "halls"],
        "least": [1, 4],
        "most": [2, 5],
        "plan_1": [2, 5],
        "plan_2": [1, 4],
    }
    assert certain(town, table) == ["Old Mill: build 1 hall (air hall) by 2026, 4 by 2027"]
    assert unsettled(town, table) == ["Old Mill: 4 to 5 new halls (air hall)"]


def test_every_kind_has_its_words(town: Case) -> None:
    added = {"site_new__2027": 1.0, "conversion_old_air_2026": 2.0, "grid_old__2026": 12500.0}
    both = plan(**added, hardware_new_ai_2027=10.4)
    first = plan(**added, hardware_new_ai_2027=10.4, hall_new_air_2027=2, grid_new__2027=500)
    table = side_by_side(town, [first, both])
    assert certain(town, table) == [
        "new: open it by 2027",
        "Old Mill: convert 2 halls into air hall by 2026",
        "Old Mill: extend the grid connection by 12,500 kW by 2026",
        "new: buy servers of 10.4 kW (pool ai) by 2027",
    ]
    assert unsettled(town, table) == ["new: 0 to 2 new halls (air hall)", "new: 0 to 500 kW more of grid connection"]


def test_the_statement_is_short_and_says_what_it_leaves_out(town: Case) -> None:
    one = plan(site_new__2026=1, hall_new_air_2026=1, hardware_new_ai_2026=1)
    assert in_words(town, side_by_side(town, [one, one]), 2, most_lines=2) == [
        "Build these whatever happens: all 2 plans do, by the end of the year.",
        "  new: open it by 2026",
        "  new: build 1 hall (air hall) by 2026",
        "  and 1 more, see common.csv",
        "Open: this differs from plan to plan (by the end of 2027).",
        "  nothing: all plans build the same in the end, if not in the same year",
    ]
    other = plan(hall_old_air_2026=1)
    assert in_words(town, side_by_side(town, [one, other]), 2, most_lines=9)[1] == (
        "  nothing: no addition is common to all plans"
    )
