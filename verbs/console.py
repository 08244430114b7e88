"""What verbs share on the terminal: consoles, the progress of a search, errors, exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.markup import escape

from ..model import Progress
from ..reports.folder import ReportError
from ..reports.language import Language
from ..reports.media import MEDIA, Medium
from ..reports.saving import draw
from ..reports.terminal import progress_line

PLAN, WRONG_INPUT, IMPOSSIBLE, OUT_OF_TIME, DISAGREES = 0, 2, 3, 4, 5


def console_of(*, quiet: bool = False, stderr: bool = False) -> Console:
    """A console that neither colours numbers nor breaks lines."""
    return Console(quiet=quiet, stderr=stderr, highlight=False, soft_wrap=True)


def wrong(error: Exception) -> int:
    """Print an error; returns the exit code."""
    console_of(stderr=True).print(f"[red]error[/red]: {escape(str(error))}")
    return WRONG_INPUT


@contextmanager
def showing_progress(console: Console) -> Iterator[Callable[[Progress], None] | None]:
    """Show the progress of a search: one line on a terminal, lines where something changes in a file or pipe."""
    if console.quiet:
        yield None
    elif not console.is_terminal:
        yield _ChangesOnly(console)
    else:
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            yield lambda progress: live.update(progress_line(progress))


class _ChangesOnly:
    """Prints progress to a file or pipe: a line whenever the plan or the step changes, and every ten seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[object, object] | None = None
        self._printed = 0.0

    def __call__(self, progress: Progress) -> None:
        now = (progress.best_cny, progress.step)
        if now == self._last and progress.seconds < self._printed + 10:
            return
        self._last, self._printed = now, progress.seconds
        self._console.print(progress_line(progress))


def draw_or_tell(
    folder: Path,
    languages: Sequence[Language],
    errors: Console,
    media: Sequence[Medium] = MEDIA,
    *,
    excel: bool = False,
) -> None:
    """Draw the report of a saved plan; what goes wrong, or Ctrl-C, costs the report but not the plan."""
    try:
        draw(folder, languages, media, excel=excel)
    except (Exception, KeyboardInterrupt) as error:
        why = str(error) if isinstance(error, ReportError) else "interrupted"
        if not isinstance(error, ReportError | KeyboardInterrupt):
            why = f"a fault in suanli itself, {type(error).__name__}: {error}"
        errors.print(
            f"[red]no report[/red]: {escape(why)}\nThe plan is saved; draw it with: suanli report {escape(str(folder))}"
        )
