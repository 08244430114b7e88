from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.csv_table import Table
from suanli.inputs.problems import InputProblems
from suanli.inputs.schema import unknown_column
from suanli.inputs.tree import leaves

Write = Callable[[str, str | bytes], Path]

UNKNOWN = "found an unknown column, expected one of the table's columns"


def read(write: Write, content: str | bytes, section: str = "sites") -> Table:
    return Table(write(f"{section}.csv", content), lambda column: unknown_column(section, column))


def told(write: Write, content: str | bytes, section: str = "sites") -> list[str]:
    return [str(problem) for problem in read(write, content, section).problems]


def test_cells_become_a_tree_with_the_line_of_their_row(write: Write) -> None:
    text = '\ufeffid,name.en,source,existing_halls.air,zone\r\n"a","two\nlines",s, 4 ,\r\n\r\n,,,,\r\nb,B,s,,east\r\n'
    table = read(write, text.encode())
    assert table.problems == []
    assert [(".".join(path), str(leaf), leaf.at.line) for path, leaf in leaves(table.rows)] == [
        ("a.name.en", "two\nlines", 2),
        ("a.source", "s", 2),
        ("a.existing_halls.air", "4", 2),
        ("b.name.en", "B", 6),
        ("b.source", "s", 6),
        ("b.zone", "east", 6),
    ]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("", ["sites.csv: found an empty file, expected a header with the columns id, source and more, then rows"]),
        ("id,source\n", ["sites.csv: found a header without rows, expected at least one row (or no such file)"]),
        ("id,grid_kw\na,5\n", ["sites.csv:1: found no column source, expected a column source"]),
        (
            "id,source,gridkw\na,s,5\n",
            [f"sites.csv:1 (column gridkw): {UNKNOWN}; did you mean grid_kw?"],
        ),
        (
            "id,source,name.eng\na,s,x\n",
            [f"sites.csv:1 (column name.eng): {UNKNOWN}; did you mean name.en?"],
        ),
        (
            "id,source,zone,zone,\na,s,x,y,z\n",
            [
                "sites.csv:1: found no name for column 5, expected a name for every column",
                "sites.csv:1 (column zone): found this column a second time, expected it once",
            ],
        ),
        (
            "id,source,zone\na,s,x\nb,s\nc,s,x,y\n",
            [
                "sites.csv:3: found 2 cells, expected 3 cells, one for every column",
                "sites.csv:4: found 4 cells, expected 3 cells, one for every column",
            ],
        ),
        (
            "id,source\na,s\nb,s\na,t\n",
            ['sites.csv:4 (column id): found "a" a second time, expected every id once (the first is in line 2)'],
        ),
        (
            "id,source\na.b,s\n,s\n",
            [
                'sites.csv:2 (column id): found "a.b", expected an id without any of . ; *',
                "sites.csv:3 (column id): found empty text, expected an id without any of . ; *",
            ],
        ),
        (
            "id,source,name,name.en\na,s,x,y\n",
            ["sites.csv:1 (column name): found both name and name.en, expected one of the two"],
        ),
        (
            'id,source\na,"x"y\n',
            [
                "sites.csv:2: found a row that cannot be read (',' expected after '\"'), expected CSV: cells separated "
                "by commas, text with commas or quotes in double quotes"
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_line_and_column(
    write: Write, content: str | bytes, problems: list[str]
) -> None:
    assert sorted(told(write, content)) == sorted(problems)


def test_counted_pflops_is_no_column_because_it_follows_from_the_convention(write: Write) -> None:
    assert told(write, "id,source,counted_pflops\na,s,1\n", "hardware") == [
        "hardware.csv:1 (column counted_pflops): found an unknown column, "
        "expected nothing: it follows from compute_convention and hardware_class"
    ]


def test_years_and_free_names_are_columns_where_the_schema_has_them(write: Write) -> None:
    assert told(write, "id,source,supply.2026,provides.vcpu,note\na,s,1,2,n\n", "hardware") == []
    assert told(write, "id,source,supply.soon\na,s,1\n", "hardware") == [
        "hardware.csv:1 (column supply.soon): found an unknown column, expected one of the table's columns"
    ]


def test_another_separator_is_recognised(write: Write) -> None:
    with pytest.raises(InputProblems) as caught:
        read(write, "id;source\na;s\n")
    assert str(caught.value) == "sites.csv:1: found columns separated by ';', expected columns separated by commas"


def test_a_table_in_another_encoding_names_line_and_byte(write: Write) -> None:
    with pytest.raises(InputProblems) as caught:
        read(write, "id,source\na,s\nb,来源\n".encode("gbk"))
    assert str(caught.value) == (
        "sites.csv:3: found the byte 0xC0, which is not UTF-8, expected text in UTF-8; "
        "save the file again with the encoding UTF-8 (it may be GBK)"
    )
