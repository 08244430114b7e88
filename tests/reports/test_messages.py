from __future__ import annotations

import re
from importlib.resources import files

import pytest

from suanli.reports.document import Run
from suanli.reports.messages import Messages

LITERAL = re.compile(r"""\bt(?:\.rich)?\(\s*"([a-z_.]+)\"""")


@pytest.fixture
def t() -> Messages:
    return Messages("en")


def test_what_is_filled_in_stays_plain(t: Messages) -> None:
    runs = t.rich("summary.statement", topic="a **b** {c}", text="**d**")
    assert runs == (Run("a **b** {c}.", bold=True), Run(" **d**."))


def test_nouns_agree_with_their_number(t: Messages) -> None:
    assert [t.count("hall", n) for n in (0, 1, 2500)] == ["0 halls", "1 hall", "2,500 halls"]
    assert t.count("grid_step", 0) == "no grid steps"


def test_lists_name_some_and_count_the_rest(t: Messages) -> None:
    assert t.listing([]) == ""
    assert t.listing(["a"]) == "a"
    assert t.listing(["a", "b", "c"]) == "a, b and c"
    assert t.listing(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


def test_an_unknown_key_is_an_error_and_an_unknown_word_itself(t: Messages) -> None:
    with pytest.raises(KeyError):
        t("no.such.key")
    assert t.word("cost.carbon") == "Carbon price"
    assert t.word("cost.novelty") == "novelty"


def test_every_message_that_a_section_asks_for_exists() -> None:
    known = Messages("en").keys()
    asked: dict[str, str] = {}
    for folder in ("sections", "charts", "."):
        for file in (files("suanli.reports") / folder).iterdir():
            if file.name.endswith(".py"):
                asked |= dict.fromkeys(LITERAL.findall(file.read_text("utf-8")), file.name)
    assert len(asked) > 150
    assert {key: file for key, file in asked.items() if key not in known} == {}
