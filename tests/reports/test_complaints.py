"""Complaints of the audit in a Chinese report: found by their English words, with the names that the report uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.reports.complaints import Complaints
from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.language import Language
from suanli.reports.messages import Messages
from suanli.reports.sections import provenance
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
SAMPLES = {"place": "Caishi, Jinan, 2025", "year": "2025", "first": "2025", "last": "2026", "n": "5", "line": "7"}


def complaints(folder: Path, language: Language = "zh") -> Complaints:
    return Complaints(PlanView(read_result(folder), language), Messages(language))


@pytest.mark.parametrize("key", sorted(Messages("en").group("complaint")))
def test_every_sentence_is_found_as_itself(made_up: MakeResult, key: str) -> None:
    words = Messages("en").group("complaint")[key]
    fields = set(re.findall(r"{([a-z_]+)}", words))
    values = {name: SAMPLES.get(name, f"{name}-x") for name in fields}
    said = {**values, **({"place": "2025年Caishi, Jinan"} if "place" in fields else {})}
    assert complaints(made_up())(words.format(**values)) == Messages("zh")(f"complaint.{key}", **said)


def test_names_are_those_of_the_report(made_up: MakeResult) -> None:
    told = complaints(made_up(names={"system-1": "Registry"}))
    assert told("Caishi 采石, 2025: racks in use 11.0 of 10.0 in hall type air") == (
        "2025年Caishi 采石：Air-cooled hall中占用机架11.0个，仅有10.0个"
    )
    assert told("Gaoxin 高新, 2024: 2 halls of type legacy built before 2025, the first year possible") == (
        "2024年Gaoxin 高新：新建Legacy hall2个，早于可能的最早年份2025年"
    )
    assert told("workload system-1@0, 2025: standby share, but it needs no backup") == (
        "2025年Registry（system-1@0）：列有备份，但该负载不需要备份"
    )
    assert told("Caishi 采石, 2024: electricity in costs.csv 1.0 CNY, expected 2.0 CNY") == (
        "2024年Caishi 采石：costs.csv中电费为1.0元，应为2.0元"
    )


def test_english_and_what_is_unknown_stay_as_they_are(made_up: MakeResult) -> None:
    folder = made_up()
    sentence = "Caishi 采石, 2025: racks in use 11.0 of 10.0 in hall type air"
    assert complaints(folder, "en")(sentence) == sentence
    assert complaints(folder)("something {else} went wrong") == "something {else} went wrong"


def test_the_page_of_a_failed_audit_is_chinese(made_up: MakeResult) -> None:
    failures = ["Caishi 采石, 2025: outgoing traffic 60.0 of 50.0 Gbps"]
    folder = made_up(audit={"ok": False, "checks": 9, "failures": failures})
    page = provenance.alarm(Draft(PlanView(read_result(folder), "zh"), Messages("zh"), Sources({})))
    assert page is not None
    (callout,) = page.blocks
    assert callout.kind == "callout"
    assert callout.title == "1处不一致"
    assert "".join(run.text for run in callout.items[0]).replace("\u200b", "") == (
        "2025年Caishi 采石：流出流量60.0 Gbps，出口带宽50.0 Gbps"
    )
