"""Words whose keys are put together from what is compared exist in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from suanli.reports.comparison.bridge import SPECIAL, By
from suanli.reports.comparison.differences import SECTIONS, SETTINGS
from suanli.reports.comparison.places import MEASURES
from suanli.reports.comparison.programme import KINDS, How
from suanli.reports.comparison.proof import Verdict
from suanli.reports.language import LANGUAGES, Language
from suanli.reports.messages import Messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_difference_has_words(language: Language) -> None:
    verdicts = [verdict for verdict in get_args(Verdict) if verdict != "open"]
    keys = {
        *(f"step.{key}" for key in SPECIAL),
        *(f"costs.{part}by_{by}" for by in get_args(By) for part in ("", "bridge_")),
        *(f"column.{by}" for by in get_args(By)),
        *(f"within.{section}" for section in (SETTINGS, *SECTIONS)),
        *(f"section.{section}" for section in SECTIONS),
        *(f"count.{section}.{form}" for section in SECTIONS for form in ("one", "other")),
        *(f"sites.{measure}" for measure in MEASURES),
        *(f"measure.{measure}" for measure in MEASURES if measure != "cost_cny"),
        *(f"programme.{kind}" for kind in KINDS),
        *(f"{group}.{how}" for group in ("how", "programme") for how in get_args(How)),
        *(f"proof.{verdict}" for verdict in verdicts),
        *(f"proof.{verdict}_{form}" for verdict in ("cheaper", "dearer") for form in ("exactly", "at_least")),
    }
    known = Messages(language).group("comparison")
    assert {key for key in keys if key not in known} == set()
