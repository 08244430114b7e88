"""The benchmark of drawing reports."""

from benchmarks.reports import table


def test_the_table_shows_medians() -> None:
    drawn = {("en", "pdf"): [(3.0, 2.0), (1.0, 1.5), (2.04, 9.0)], ("both", "both"): [(8.0, 7.0)]}
    assert table("jinan-2027", drawn).splitlines() == [
        "| jinan-2027 | seconds | of processor |",
        "| --- | --: | --: |",
        "| PDF, English | 2.0 | 2.0 |",
        "| PDF and HTML, both languages | 8.0 | 7.0 |",
    ]
