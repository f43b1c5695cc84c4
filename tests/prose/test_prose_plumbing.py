"""Plumbing is at most 12 % of a notebook's code, and a line of it is told from one that teaches.

The notebooks that stand above that are listed below. The list only shrinks: a notebook that has
come down to 12 % has to leave it. Once it is empty, all notebooks together are below 12 % too.
"""

import pytest

from tests.prose.plumbing import KINDS, cells_of, main, notebooks, plumbing

MOST = 0.12
NOT_YET = {
    "ensembling/hard-to-interpret",
    "ensembling/slower",
    "ensembling/the-netflix-prize",
    "objectives/one-score",
    "objectives/testing-in-a-crowded-city",
    "objectives/the-winners-gains",
    "objectives/what-the-log-can-tell",
}
CHECKS, JAVASCRIPT, DRAWING, SENTENCES = KINDS

LAB = """
one = lab.Experiment(
    name="one",
    run=run,
    chart=alt.Chart(),
    sentence=told,
    rule=lab.Rule(javascript=CODE_JAVASCRIPT),
)
"""


def test_every_notebook_on_the_list_is_a_notebook():
    assert sorted(NOT_YET - set(notebooks())) == []


@pytest.mark.parametrize("name", notebooks())
def test_plumbing_is_a_small_part_of_a_notebook(name):
    lines, total = plumbing(cells_of(notebooks()[name]))
    much = lines.total() > MOST * total
    if name in NOT_YET:
        assert much, "it is down to 12 %: take it off the list NOT_YET"
    else:
        assert not much, f"{lines.total()} of {total} lines: {dict(lines)}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1\n\n# A comment.\nlab.say('{x}')\nprint(x)", {}),
        ("assert x, (\n    'told'\n)", {CHECKS: 3}),
        ("from myst_nb import glue\nglue('x', x)", {CHECKS: 2}),
        ("X_JAVASCRIPT = '''\nlet x;\n\n'''", {JAVASCRIPT: 3}),
        ("import altair as alt\nx = 1\nchart = (\n    alt.Chart(x)\n)", {DRAWING: 4}),
        ("def draw(frame):\n    x = 1\n    return alt.Chart(frame)", {DRAWING: 3}),
        ("chart = lab.charts.bars('x', 'y')", {}),
        ("def hold_sentence(frame):\n    return 'x'", {SENTENCES: 2}),
        ("@cache\ndef told(frame):\n    return 'x'\n" + LAB, {SENTENCES: 3, DRAWING: 1}),
        ("run(sentence=lambda frame: 'x')\nrun(heading=lab.say('x'))", {SENTENCES: 1}),
        # A line that is several counts once.
        ("def draw(x):\n    assert x\n    return alt.Chart(x)", {CHECKS: 1, DRAWING: 2}),
    ],
)
def test_a_line_of_plumbing_is_told_from_others(source, found):
    lines, _ = plumbing([(source, [])])
    assert lines == found


def test_lines_are_counted_without_blanks_and_comments():
    source = "# A comment.\nx = 1\n\n    # Another.\n"
    assert plumbing([(source, []), ("y = 1  # one", []), ("", [])]) == ({}, 2)


def test_a_checking_cell_counts_whole():
    assert plumbing([("x = 1\nassert x", ["check"])]) == ({CHECKS: 2}, 2)


def test_a_writer_may_stand_in_an_earlier_cell():
    lines, total = plumbing([("def told(frame):\n    return 'x'", []), (LAB, [])])
    assert (lines, total) == ({SENTENCES: 2, DRAWING: 1}, 9)


def test_the_report_has_a_line_for_each_notebook_and_the_total(capsys):
    assert main() == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == [*notebooks(), "all"]
