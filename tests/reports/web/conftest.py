"""Pages as a browser shows them: headless Chromium, with what it fetched and complained about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from suanli.reports.report import write_report

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip


class Browsed:
    """An open page: `requests` and `complaints` list what it asked for and what went wrong on it."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready.then(() => true)")

    def column(self, table: str, column: int) -> list[str]:
        """The texts of a table's column from top to bottom."""
        cells = self.page.locator(f"#table-{table} tbody tr > *:nth-child({column})")
        return [text.replace("\u200b", "") for text in cells.all_inner_texts()]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


Browse = Callable[..., Browsed]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Browse]:
    """Draw the web page of a result folder and open it: `browse(folder, width=390)`."""
    contexts = []

    def opened(folder: Path, width: int = 1280) -> Browsed:
        if not (folder / "report.html").exists():
            write_report(folder, media=["html"])
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        return Browsed(context.new_page(), folder / "report.html")

    yield opened
    for context in contexts:
        context.close()
