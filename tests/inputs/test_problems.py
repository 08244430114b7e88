from suanli.inputs.problems import InputProblems, Problem, listed, nearest, shown


def test_a_problem_reads_as_one_line_with_place_finding_expectation_and_hint() -> None:
    problem = Problem("sites.csv", 12, "grid_kw", "-5", "a number of at least 0")
    assert str(problem) == "sites.csv:12 (column grid_kw): found -5, expected a number of at least 0"
    problem = Problem("a.yaml", 3, "sites.x.kind", '"cor"', "one of core, edge, remote", "core")
    assert str(problem) == (
        'a.yaml:3 (key sites.x.kind): found "cor", expected one of core, edge, remote; did you mean core?'
    )
    assert str(Problem("a.yaml", None, None, "no such file", "a scenario")) == (
        "a.yaml: found no such file, expected a scenario"
    )


def test_problems_are_sorted_by_file_and_line_and_told_once() -> None:
    first = Problem("a.yaml", 2, None, "x", "y")
    second = Problem("a.yaml", 10, None, "x", "y")
    third = Problem("b.yaml", 1, None, "x", "y")
    error = InputProblems([third, second, first, second])
    assert error.problems == (first, second, third)
    assert str(error).splitlines() == [str(first), str(second), str(third)]


def test_the_nearest_word_ignores_case_and_is_none_when_nothing_is_near() -> None:
    assert nearest("Caishi", ["caishi", "lixia"]) == "caishi"
    assert nearest("caishy", ["lixia", "caishi"]) == "caishi"
    assert nearest("video", ["lixia", "caishi"]) is None
    assert nearest("x", []) is None


def test_values_are_shown_short_on_one_line_and_text_in_quotes() -> None:
    assert shown("two\n lines") == '"two lines"'
    assert shown("") == "empty text"
    assert shown(None) == "nothing"
    assert shown(True) == "true"
    assert shown(5.0) == "5"
    assert shown(0.1) == "0.1"
    assert shown(float("nan")) == "NaN"
    assert shown([1, 2]) == "a list of 2"
    assert shown({"a": 1}) == "a mapping with the keys a"
    assert len(shown("x" * 500)) == 70
    assert listed(map(str, range(14))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"
