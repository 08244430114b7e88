from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.problems import InputProblems
from suanli.inputs.shipped import shipped_scenarios
from suanli.inputs.tree import leaves
from suanli.inputs.yaml_file import read_yaml

Write = Callable[[str, str | bytes], Path]

MAPPING = "expected a mapping of keys such as title, extends, tables, years, change"


def values(write: Write, text: str) -> tuple[dict[str, tuple[str, int]], list[str]]:
    top, problems = read_yaml(write("a.yaml", text))
    return {".".join(path): (str(leaf), leaf.at.line) for path, leaf in leaves(top)}, [str(p) for p in problems]


def refused(write: Write, content: str | bytes) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        read_yaml(write("a.yaml", content))
    return [str(problem) for problem in caught.value.problems]


def test_every_value_keeps_its_text_and_the_line_of_its_key(write: Write) -> None:
    text = """\
    # a comment
    title:
      en: on
    years: [2026,
            2027]
    sites.caishi.grid_kw: 1e7
    sites:
      caishi: {kind: core}
    """
    assert values(write, text)[0] == {
        "title.en": ("on", 3),
        "years": ("[2026, 2027]", 4),
        "sites.caishi.grid_kw": ("1e7", 6),
    }
    # The second `sites` meets the one that the dotted key made.
    assert values(write, text)[1] == [
        "a.yaml:7 (key sites): found the key sites a second time, expected it once (it stands in line 6)"
    ]


def test_a_dotted_key_joins_the_mapping_that_stands_before_it(write: Write) -> None:
    found, problems = values(write, "sites:\n  a: {kind: core}\nsites.a.grid_kw: 5\nsites.b.kind: edge\n")
    assert found == {"sites.a.kind": ("core", 2), "sites.a.grid_kw": ("5", 3), "sites.b.kind": ("edge", 4)}
    assert problems == []


def test_duplicate_keys_are_told_with_the_line_of_the_first(write: Write) -> None:
    text = "sites:\n  a: {kind: core, kind: edge}\n  a.kind: edge\n"
    assert values(write, text)[1] == [
        "a.yaml:2 (key sites.a.kind): found the key kind a second time, expected it once (it stands in line 2)",
        "a.yaml:3 (key sites.a.kind): found the key kind a second time, expected it once (it stands in line 2)",
    ]


def test_keys_of_change_are_kept_whole(write: Write) -> None:
    top, _ = read_yaml(write("a.yaml", "change:\n  sites.a.grid_kw: 5\n"))
    assert [path for path, _ in leaves(top)] == [("change", "sites.a.grid_kw")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", f"a.yaml: found an empty file, {MAPPING}"),
        (
            "# only\n",
            f"a.yaml: found an empty file, {MAPPING}",
        ),
        (
            "- a\n- b\n",
            f"a.yaml:1: found a list, {MAPPING}",
        ),
        ("text\n", f'a.yaml:1: found "text", {MAPPING}'),
        ("a: 1\n\tb: 2\n", "a.yaml:2: found a tab, expected spaces (YAML is never indented with tabs)"),
        (b"a: \x01\n", "a.yaml:1: found the control character '\\x01', expected printable text"),
        (
            "a: b: c\n",
            'a.yaml:1: found "a: b: c": mapping values are not allowed here, expected one key and value a line, '
            "indented like its neighbours (text with a colon in quotes)",
        ),
        (
            "a: @x\n",
            "a.yaml:1: found \"a: @x\": found character '@' that cannot start any token, "
            "expected text that starts with this character in quotes",
        ),
        ("a: [1, 2\n", "a.yaml:2: found empty text: expected ',' or ']', but got '<stream end>', expected YAML"),
        (
            "名: 值\n".encode("gb18030"),
            "a.yaml:1: found the byte 0xC3, which is not UTF-8, expected text in UTF-8; "
            "save the file again with the encoding UTF-8 (it may be GBK)",
        ),
        (
            "a: 1\n".encode("utf-16"),
            "a.yaml: found text in UTF-16, expected text in UTF-8; save the file again with the encoding UTF-8",
        ),
    ],
)
def test_a_file_that_is_not_yaml_is_one_clear_problem(write: Write, content: str | bytes, told: str) -> None:
    assert refused(write, content) == [told]


def test_a_byte_order_mark_is_no_part_of_the_first_key(write: Write) -> None:
    assert values(write, "\ufefftitle: x\n") == ({"title": ("x", 1)}, [])


def test_what_yaml_offers_beyond_plain_mappings_is_refused(write: Write) -> None:
    text = "a: &x 1\nb: *x\nc: !!str 5\nd: [[1]]\n? [k]\n: 1\n"
    assert values(write, text)[1] == [
        "a.yaml:2 (key b): found the alias *x, expected the value itself (aliases are not supported)",
        "a.yaml:3 (key c): found the tag tag:yaml.org,2002:str, expected a plain value (tags are not supported)",
        "a.yaml:4 (key d): found a list in a list, expected a list of single values",
        "a.yaml:5: found a key that is not a single word, expected a word as key",
    ]
    assert values(write, "a: 1\n---\nb: 2\n")[1] == [
        "a.yaml:3: found a second YAML document (---), expected one document in a file"
    ]


def test_nesting_without_end_is_refused(write: Write) -> None:
    assert refused(write, "a: " + "{a: " * 2000 + "1" + "}" * 2000) == [
        "a.yaml:1 (key a.a.a): found more than 12 levels of nesting, expected at most that many"
    ]


def test_without_the_parser_in_c_a_file_reads_the_same(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shipped_scenarios()["quickstart"]
    with_c = list(leaves(read_yaml(path)[0]))
    monkeypatch.delattr("yaml.CSafeLoader", raising=False)
    assert list(leaves(read_yaml(path)[0])) == with_c
