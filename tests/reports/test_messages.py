from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from suanli.reports.document import Run
from suanli.reports.language import LANGUAGES
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
    assert t.listing(["a", "b", "c", "d"], most=2, noun="site") == "a, b and 2 more"


def test_chinese_lists_as_chinese_does() -> None:
    t = Messages("zh")
    assert t.listing(["采石", "章丘"]) == "采石和章丘"
    assert t.listing(["采石", "章丘", "莱芜"]) == "采石、章丘和莱芜"
    assert t.listing(["采石", "章丘", "莱芜", "长清"], most=2, noun="site") == "采石、章丘及其他2个站点"
    assert t.listing(["2024", "2025", "2026"], most=2, noun="year") == "2024、2025及另外1年"
    assert t.listing(["新建2个机房", "采购硬件3亿元"], noun="deed") == "新建2个机房，并采购硬件3亿元"
    assert [t.count("hall", n) for n in (1, 2500)] == ["1个机房", "2,500个机房"]
    assert (t.years(2024, 2027), t.years(2024, 2024)) == ("2024—2027", "2024")


def test_words_within_a_sentence_keep_the_capitals_of_abbreviations(t: Messages) -> None:
    assert (t.within("Network"), t.within("IT energy")) == ("network", "IT energy")
    assert Messages("zh").within("IT设备") == "IT设备"


def test_common_pools_have_names_and_others_their_ids(t: Messages) -> None:
    assert (t.term("pool", "gov_cloud"), Messages("zh").term("pool", "gov_cloud")) == ("government cloud", "政务云")
    assert t.term("pool", "my.own\npool") == "my.own pool"


def test_no_section_writes_in_a_language_of_its_own() -> None:
    """Money has the unit of the report's language, and names are listed as that language lists them."""
    own = re.compile(r"""numbers import [^\n]*\bmoney\w*|["'], ["']\.join|["'] and ["']""")
    room = files("suanli.reports") / "sections"
    found = {file.name: own.findall(file.read_text("utf-8")) for file in room.iterdir() if file.name.endswith(".py")}
    assert {name: code for name, code in found.items() if code} == {}


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    english, chinese = (Messages(language).everything() for language in LANGUAGES)
    assert set(chinese) == set(english)
    assert {k: fields(v) for k, v in chinese.items()} == {k: fields(v) for k, v in english.items()}
    bold = {key for key in english if english[key].count("**") != chinese[key].count("**")}
    assert not bold, "as many bold parts in either language"


def test_files_of_words_do_not_overwrite_each_other() -> None:
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for file in sorted((files("suanli.reports") / "words" / language).iterdir(), key=lambda f: f.name):
            for table in tomllib.loads(file.read_text("utf-8")):
                assert seen.setdefault(table, file.name) == file.name, f"[{table}] stands in two files"


CHINESE = "\u3400-\u9fff"
BAD_TYPOGRAPHY = {
    "half-width punctuation beside Chinese": rf"[{CHINESE}][,;:!?()]|[,;:!?()][{CHINESE}]",
    "a space between Chinese characters": rf"[{CHINESE}] +[{CHINESE}]",
    "English quotes": r"[\"']|\u2018|\u2019",
    "a stop at the end of a half-width kind": rf"[{CHINESE}]\.(?!\w)",
    "dots for an ellipsis": r"\.\.\.",
    "a range with a short dash": r"\}[-–]\{",
}


@pytest.mark.parametrize("what", BAD_TYPOGRAPHY)
def test_chinese_typography(what: str) -> None:
    rule = re.compile(BAD_TYPOGRAPHY[what])
    texts = {key: re.sub(r"\*\*", "", text) for key, text in Messages("zh").everything().items()}
    assert {key: text for key, text in texts.items() if rule.search(text)} == {}


def test_an_unknown_key_is_an_error_and_an_unknown_word_itself(t: Messages) -> None:
    with pytest.raises(KeyError):
        t("no.such.key")
    assert t.word("cost.carbon") == "Carbon price"
    assert t.word("cost.novelty") == "novelty"


def test_every_message_that_a_section_asks_for_exists() -> None:
    known = Messages("en").keys()
    asked: dict[str, str] = {}
    for folder in ("sections", "charts", "comparison", "comparison/sections", "."):
        for file in (files("suanli.reports") / folder).iterdir():
            if file.name.endswith(".py"):
                asked |= dict.fromkeys(LITERAL.findall(file.read_text("utf-8")), file.name)
    assert len(asked) > 150
    assert {key: file for key, file in asked.items() if key not in known} == {}


@pytest.mark.parametrize(
    ("years", "english", "chinese"),
    [
        ([2025], "2025", "2025"),
        ([2026, 2025, 2025], "2025 and 2026", "2025和2026"),
        ([2024, 2025, 2026, 2027], "2024–2027", "2024—2027"),
        ([2024, 2026, 2027], "2024, 2026 and 2027", "2024、2026和2027"),
    ],
)
def test_years_in_a_row_are_told_as_a_range(years: list[int], english: str, chinese: str) -> None:
    assert (Messages("en").year_list(years), Messages("zh").year_list(years)) == (english, chinese)
