"""The Chinese of sources."""

from __future__ import annotations

import re

from suanli.inputs.loading import Source, load
from suanli.inputs.shipped import shipped_scenarios
from suanli.inputs.translation import chinese, chinese_phrases, phrases

NUMBERED = re.compile(r"(?:19|20)\d\d|GB 50174|FP\d+|BF16|INT8|\d+\.\d+ (?:kW|TB|MW)|\d+ (?:PFLOPS|TOPS|TB)")
"""Years, standards, precisions and physical quantities: what has the same digits in either language."""


def test_semicolons_part_phrases_but_not_within_brackets() -> None:
    assert list(phrases("a; b (c; d): e;f")) == ["a", "b (c; d): e", "f"]


def test_what_is_not_known_stays_as_it_is() -> None:
    assert chinese("public: maps; private: diary") == "公开资料：地图；private: diary"
    assert chinese("private: diary") == ""


def test_the_value_of_a_change_is_kept() -> None:
    assert chinese("12000: public: maps; here FP32") == "12000：公开资料：地图；此处按FP32计"


def reason(source: Source) -> str:
    """What is told of a source; that of a change comes after the new value."""
    return source.source.partition(": ")[2] if source.table == "change" else source.source


def test_every_source_that_a_report_lists_is_known_in_chinese() -> None:
    sources = [source for scenario in shipped_scenarios() for source in load(scenario).sources]
    told = {phrase for source in sources for phrase in phrases(reason(source)) if phrase}
    assert sorted(phrase for phrase in told if not chinese(phrase)) == []
    assert sorted(set(chinese_phrases()) - told) == [], "phrases that no source has any more"


def test_a_clause_that_is_only_named_needs_no_list() -> None:
    assert chinese("policy: 济政办字〔2021〕36号 二-(三)-1") == "政策：济政办字〔2021〕36号二（三）1"
    assert chinese("policy: Jinan smart-city case description (2020) 四") == "政策：济南智慧城市案例（2020年）四"


def test_quantities_are_the_same_in_both_languages() -> None:
    different = {
        english: translated
        for english, translated in chinese_phrases().items()
        if sorted(NUMBERED.findall(english)) != sorted(NUMBERED.findall(translated))
    }
    assert different == {}


def test_policy_clauses_are_the_same_in_both_languages() -> None:
    documents = re.compile(r"\S{2,6}〔\d{4}〕\d+号")
    for english, translated in chinese_phrases().items():
        assert [d[-9:] for d in documents.findall(english)] == [d[-9:] for d in documents.findall(translated)]
