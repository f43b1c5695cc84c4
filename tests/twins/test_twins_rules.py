"""Every rule's JavaScript against its Python, at many states and at ties of what it writes."""

import math
from typing import Any

import pytest

from tests import kernel
from tests.conftest import ROOT
from tests.notebooks.test_notebooks_stripped import NOTEBOOKS
from tests.seed import run_seed

pytestmark = pytest.mark.kernel

# Found by its text, so that notebooks without a rule cost no kernel here.
WITH_RULES = [path for path in NOTEBOOKS if "lab.Rule(" in path.read_text(encoding="utf-8")]

EVALUATE = """(name, script, table, states) => {
  (0, eval)(script);
  const lab = { name, table };
  return states.map((state) => launchlab.evaluate(lab, state));
}"""
# The rule's words for the default frame, with a half in every row of one column.
WRITE = """(name, script, start, halves) => {
  (0, eval)(script);
  const rule = launchlabRules[name](launchlabRounding.fixed, launchlabRounding.significant);
  const rows = launchlab.rows(start);
  return halves.map(([column, half]) => {
    const tied = rows.map((row) => ({ ...row, [column]: half }));
    const written = (part) => (rule[part] ? rule[part](tied) : null);
    return { sentence: written("sentence"), cards: written("cards"), record: written("record") };
  });
}"""


def rules(notebook) -> dict[str, Any]:
    found = kernel.ask(notebook, run_seed())["labs"]
    return {name: lab for name, lab in found.items() if "rule" in lab}


def same_numbers(one: Any, two: Any) -> bool:
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, int | float):
        return one == two and isinstance(one, bool) == isinstance(two, bool)
    return isinstance(two, int | float) and math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)


each_notebook = pytest.mark.parametrize(
    "notebook", WITH_RULES, ids=lambda path: path.relative_to(ROOT).as_posix(), scope="module"
)


@each_notebook
def test_a_rule_in_javascript_is_its_python_twin(call, notebook):
    """At all combinations of ends, at random states, and where the two once differed."""
    found = rules(notebook)
    assert found
    for name, lab in found.items():
        states = [point["state"] for point in lab["rule"]]
        assert len(states) > kernel.RANDOM_STATES
        shown = call(EVALUATE, name, lab["script"], lab["table"], states)
        for twin, point in zip(shown, lab["rule"], strict=True):
            where = name, point["state"]
            assert list(twin["columns"]) == list(point["columns"])
            for column, values in point["columns"].items():
                assert len(twin["columns"][column]) == len(values), where
                assert all(map(same_numbers, twin["columns"][column], values)), (where, column)
            assert twin["sentence"] == point["sentence"], where
            assert twin["cards"] == point["cards"], where
            assert twin["record"] == point["record"], where


@each_notebook
def test_a_rule_writes_ties_as_its_python_twin(call, notebook):
    """The half in the page, and in Python the half and the floats beside it."""
    for name, lab in rules(notebook).items():
        halves = [[tie["column"], tie["half"]] for tie in lab["ties"]]
        assert halves
        shown = call(WRITE, name, lab["script"], lab["start"], halves)
        for twin, tie in zip(shown, lab["ties"], strict=True):
            where = name, tie["column"], tie["value"]
            assert twin["sentence"] == tie["sentence"], where
            assert twin["cards"] == tie["cards"], where
            assert twin["record"] == tie["record"], where
