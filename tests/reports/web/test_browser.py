"""The page in a browser: sorting, legends, the keyboard, narrow windows, print, and names that look like markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MakeResult = Callable[..., Path]
Browse = Callable[..., Any]
NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)"> &amp; {{ 7*7 }} \' " `'
HUB = "Changqing 长清 (outside the city)"
SITES = ["Caishi 采石", "Zhangqiu 章丘", "Gaoxin 高新", "Laiwu 莱芜", HUB]
# In 2024, 20, 30, 40, 50 and 20 trainers take two standard racks each; the first, third and fifth site have 150 more.
OCCUPIED = ["190 / 1,400", "60 / 1,000", "230 / 1,400", "100 / 1,000", "190 / 1,400"]
UPWARDS = ["60 / 1,000", "100 / 1,000", "190 / 1,400", "190 / 1,400", "230 / 1,400"]
CITY = "580 / 4,800"


def test_a_click_on_a_heading_sorts_numbers_as_numbers(town: Path, browse: Browse) -> None:
    opened = browse(town)
    heading = opened.page.locator("#table-racks thead th:nth-child(2)")
    assert opened.column("racks", 2) == [*OCCUPIED, CITY]
    heading.get_by_role("button", name="2024").click()
    # The city's total stays where it is.
    assert opened.column("racks", 2) == [*UPWARDS, CITY]
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").click()
    assert opened.column("racks", 1) == ["Gaoxin 高新", "Caishi 采石", HUB, "Laiwu 莱芜", "Zhangqiu 章丘", "City"]
    assert heading.get_attribute("aria-sort") == "descending"
    heading.get_by_role("button").click()
    assert opened.column("racks", 1) == [*SITES, "City"]
    assert heading.get_attribute("aria-sort") is None


def test_the_keyboard_sorts_too(town: Path, browse: Browse) -> None:
    opened = browse(town)
    page = opened.page
    page.locator("#table-racks thead button").first.focus()
    page.keyboard.press("Enter")
    assert opened.column("racks", 1) == ["Caishi 采石", HUB, "Gaoxin 高新", "Laiwu 莱芜", "Zhangqiu 章丘", "City"]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert opened.column("racks", 2) == [*UPWARDS, CITY]
    sorted_by = page.locator("#table-racks thead [aria-sort]")
    assert [cell.inner_text() for cell in sorted_by.all()] == ["2024"]


def test_what_says_nothing_is_sorted_last(made_up: MakeResult, browse: Browse) -> None:
    opened = browse(made_up(sites=3, targets=(("compute_pflops", ">=", 9000.0), ("racks_in_service", ">=", 5.0))))
    # 568 of 9,000 PFLOPS are attained, which costs 8,432 million; nothing is paid for the racks.
    for expected in (["–"], ["–"]):
        opened.page.locator("#table-targets thead button", has_text="Penalty").click()
        assert opened.column("targets", 7)[-1:] == expected


def test_the_first_key_leads_to_the_report(town: Path, browse: Browse) -> None:
    page = browse(town).page
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the report"
    assert skip.bounding_box()["y"] >= 0
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


def test_the_contents_lead_to_every_part(town: Path, browse: Browse) -> None:
    opened = browse(town)
    page = opened.page
    links = page.locator("nav a")
    numbers = [text.split()[0] for text in links.all_inner_texts()]
    assert (numbers[0], numbers[-1]) == ("1", "C")
    assert numbers == [
        topic.inner_text().removeprefix("Appendix ").split()[0] for topic in page.locator("p.topic").all()
    ]
    links.filter(has_text="Energy").click()
    assert page.locator("#section-energy h2").bounding_box()["y"] < 300
    page.wait_for_selector("nav a[aria-current][href='#section-energy']")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(made_up: MakeResult, browse: Browse, width: int) -> None:
    opened = browse(made_up(sites=5, remote=1, years=6, systems=12, names={"site-2": "W" * 70}), width=width)
    assert opened.overflow() == 0
    # What does not fit has a box of its own that the keyboard reaches.
    wide = opened.page.locator(".scroll").evaluate_all("boxes => boxes.filter(b => b.scrollWidth > b.clientWidth)")
    reached = opened.page.locator(".scroll[tabindex='0'][role='region'][aria-labelledby]").count()
    assert len(wide) == reached
    assert (reached > 0) == (width == 390)


def test_a_page_asks_for_nothing_and_complains_of_nothing(town: Path, browse: Browse) -> None:
    opened = browse(town)
    for button in opened.page.locator("#table-racks thead button").all():
        button.click()
    assert opened.requests == [opened.file.as_uri()]
    assert opened.complaints == []
    fonts = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family + font.weight)"
    assert {"Noto Sans SC400", "Noto Sans SC700"} <= {name.replace('"', "") for name in opened.page.evaluate(fonts)}


def test_names_that_look_like_markup_are_text(made_up: MakeResult, browse: Browse) -> None:
    opened = browse(made_up(names={"title": NASTY, "site-1": NASTY, "system-1": NASTY, "server": NASTY}))
    page = opened.page
    assert page.title() == NASTY
    assert page.locator("h1").inner_text() == NASTY
    assert opened.column("racks", 1)[0] == NASTY
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert opened.complaints == []


def test_an_entry_of_the_legend_shows_and_hides_its_series(town: Path, browse: Browse) -> None:
    opened = browse(town)
    page = opened.page
    trainers, servers = (page.locator(f"#figure-compute .series-{n}") for n in (1, 2))
    entry = page.locator("#figure-compute").get_by_role("button", name="Training server")
    assert entry.get_attribute("aria-pressed") == "true"
    shown = "parts => parts.map(part => getComputedStyle(part).visibility)"
    assert set(trainers.evaluate_all(shown)) == {"visible"}
    entry.click()
    assert entry.get_attribute("aria-pressed") == "false"
    assert set(trainers.evaluate_all(shown)) == {"hidden"}
    assert set(servers.evaluate_all(shown)) == {"visible"}
    entry.focus()
    page.keyboard.press("Enter")
    assert set(trainers.evaluate_all(shown)) == {"visible"}
    # What is hidden on the screen is on paper all the same.
    page.keyboard.press("Space")
    assert set(trainers.evaluate_all(shown)) == {"hidden"}
    page.emulate_media(media="print")
    assert set(trainers.evaluate_all(shown)) == {"visible"}
    assert opened.complaints == []


def test_the_year_changes_map_and_table(town: Path, browse: Browse) -> None:
    opened = browse(town)
    page = opened.page
    image = page.locator("#sites .frame:visible .drawing")
    table = page.locator("#sites .frame:visible table")
    # Five sites add an air-cooled hall of 1,000 standard racks a year; three have two legacy halls of 200.
    assert image.get_attribute("aria-label").startswith(
        "Map of 5 sites at the end of 2025: 5 are in use and draw 4.04\u00a0MW"
    )
    assert table.locator(".sum td").nth(3).inner_text() == "11,200"
    page.get_by_role("group", name="Year shown").get_by_role("button", name="2024").click()
    assert image.get_attribute("aria-label").startswith(
        "Map of 5 sites at the end of 2024: 5 are in use and draw 2.48\u00a0MW"
    )
    assert table.locator(".sum td").nth(3).inner_text() == "6,200"
    assert table.locator(".sum td").nth(5).inner_text().replace("\u200b", "") == "5 halls built, 160 units of hardware"
    assert page.locator("#sites .frame:visible figcaption").inner_text().endswith("The sites at the end of 2024")
    page.keyboard.press("ArrowRight")
    assert page.locator(":focus").inner_text() == "2025"
    assert table.locator(".sum td").nth(3).inner_text() == "11,200"
    # A kind of sites can be hidden on the map too, and each year's table can be sorted.
    kinds = page.locator("#figure-map").get_by_role("button")
    assert [kind.get_attribute("aria-label") for kind in kinds.all()] == ["core", "remote"]
    table.get_by_role("button", name="Racks").click()
    assert [row.split()[0] for row in table.locator("tbody tr").all_inner_texts()] == ["2", "4", "1", "3", "5", "5"]


def test_print_leaves_out_what_only_a_screen_can_use(town: Path, browse: Browse) -> None:
    opened = browse(town)
    page = opened.page
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".skip").is_visible()
    assert not page.locator(".years").is_visible()
    arrow = "button => getComputedStyle(button, '::after').content"
    assert page.locator("#table-racks thead button").first.evaluate(arrow) == '""'
    # Dark on white, headings on every page, and no line cut in two.
    assert page.locator("h1").evaluate("title => getComputedStyle(title).color") == "rgb(22, 38, 59)"
    assert page.locator("header").evaluate("top => getComputedStyle(top).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.locator("#table-racks thead").evaluate("top => getComputedStyle(top).display") == "table-header-group"
    assert page.locator("#table-racks tr").first.evaluate("row => getComputedStyle(row).breakInside") == "avoid"
    overflow = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).length"
    page.set_viewport_size({"width": 673, "height": 1000})
    assert page.locator(".scroll").evaluate_all(overflow) == 0
    # A column is never so narrow that its words go down the page letter by letter.
    narrowest = "cells => Math.min(...cells.map(cell => cell.clientWidth))"
    assert page.locator(".frame:visible td:nth-child(3)").evaluate_all(narrowest) > 30
    assert page.locator("#table-placement td:nth-child(2)").evaluate_all(narrowest) > 30
