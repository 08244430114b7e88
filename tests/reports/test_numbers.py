from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suanli.reports.numbers import money, money_unit, number, percent, plain, signed
from suanli.reports.wording import breakable, printable, short_labels, shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [(10234.4, "10,234"), (12.34, "12.3"), (0.05, "0.05"), (-3.0, "\u22123"), (0.0, "0"), (1_000_000.0, "1,000,000")],
)
def test_numbers_show_about_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_what_has_no_value_is_a_dash() -> None:
    assert [number(None), number(float("nan")), percent(None), money(None)] == ["–"] * 4


def test_nothing_is_never_minus_nothing() -> None:
    assert plain(-0.0001, 2) == "0.00"
    assert signed(-0.0001) == "±0.0"
    assert (signed(1.26), signed(-1.26)) == ("+1.3", "\u22121.3")


def test_a_share_short_of_all_is_not_shown_as_all() -> None:
    assert (percent(0.9999), percent(1.0), percent(0.001), percent(0.0)) == (">99%", "100%", "<1%", "0%")
    assert (percent(0.6), percent(0.6049, 1)) == ("60%", "60.5%")


@pytest.mark.parametrize(
    ("cny", "text"),
    [(13.53e9, "CNY 13.53 bn"), (845.2e6, "CNY 845.2 m"), (4.1e6, "CNY 4.10 m"), (12_345.0, "CNY 12,345"),
     (-2e9, "CNY −2.00 bn")],
)  # fmt: skip
def test_money_has_a_fitting_unit_and_stays_on_one_line(cny: float, text: str) -> None:
    assert money(cny) == text.replace(" ", "\u00a0")


def test_a_table_has_one_unit_and_traces_of_it_show() -> None:
    unit = money_unit([5e9, 3e6, 10.0])
    assert unit.unit == "CNY bn"
    assert [unit(5e9), unit(3e6), unit(-10.0), unit(0.0)] == ["5.00", "<0.01", ">\u22120.01", "0.00"]


def test_control_characters_become_visible() -> None:
    assert printable("a\tb\n c\u2028d") == "a b c d"
    assert printable("\u202eevil\x00\x1b[31m") == "\ufffdevil\ufffd\ufffd[31m"
    assert printable("e\u0301") == "é"


def test_the_middle_of_a_long_label_is_left_out() -> None:
    assert shortened("Lanhai Linghang Big Data Centre, phase 2", 24) == "Lanhai Lingha...phase 2"
    assert shortened("济南市大数据中心一期工程", 12) == "济南市...程"
    assert shortened("short", 24) == "short"


def test_labels_that_become_alike_are_numbered() -> None:
    labels = ["Edge node of the eastern district A", "Edge node of the western district A"]
    assert short_labels(labels, 12) == ["Edge n...t A", "Edge n...t A (2)"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.integers(4, 30))
def test_labels_fit(text: str, most: int) -> None:
    text = printable(text)
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shortened(text, most))
    assert wide <= most
    assert breakable(text).replace("\u200b", "") == text
    assert not any(unicodedata.category(c) == "Cc" for c in text)
