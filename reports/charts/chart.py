"""What a chart is: a figure, the data it shows as a tidy table, and its series by number.

Series can be shown and hidden in a browser: everything that belongs to the first label of `Chart.series` (bars, lines,
values) is a group of the SVG with the class `series-1`, its entry in the legend one with the class `key-1`, and so on.
The numbers follow the order in which the series are drawn, whatever the language of the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

_MARKED = re.compile(r'<g id="((?:series|key)-[0-9]+)">')


@dataclass(frozen=True)
class Chart:
    """A drawn figure, the numbers in it, and the labels of its series (none: nothing in it can be hidden).

    `data` has a column for each thing that was drawn and a row for each point; names say units, as in `peak_mw`.
    """

    figure: Figure
    data: pd.DataFrame
    series: tuple[str, ...] = ()

    def csv(self) -> str:
        """The data as CSV text."""
        return self.data.to_csv(index=False, lineterminator="\n", float_format="%.10g")


def mark(series: int, *artists: Artist | BarContainer) -> None:
    """Say that artists belong to a series, counted from 1."""
    _mark(f"series-{series}", artists)


def mark_key(series: int, *artists: Artist) -> None:
    """Say that artists are the entry of a series in a legend, or a label that stands for one."""
    _mark(f"key-{series}", artists)


def _mark(name: str, artists: Iterable[Artist | BarContainer]) -> None:
    for artist in artists:
        for part in artist if isinstance(artist, BarContainer) else (artist,):
            part.set_gid(name)


def classes_for_marks(svg: str) -> str:
    """Turn the marks, which matplotlib writes as ids, into classes: a series has many parts, an id only one."""
    return _MARKED.sub(r'<g class="\1">', svg)


def long(grid: pd.DataFrame, quantity: str, row: str = "series", column: str = "year") -> pd.DataFrame:
    """A grid as a tidy table of `row`, `column` and `quantity`, without what has no value."""
    named = grid.rename_axis(index=row).rename_axis(columns=column)
    return named.reset_index().melt(id_vars=row, value_name=quantity).dropna(subset=[quantity])
