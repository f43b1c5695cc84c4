"""A table that a cell makes is the cell's last word: Jupyter shows nothing else."""

import ast

import pytest

from tests.prose.plumbing import cells_of, notebooks

SHOWN_BY_BEING_LAST = {"table", "Markdown", "HTML", "DataFrame", "head", "round"}


def lost(source):
    """Lines of a cell's expressions that make something to look at, and are not the last."""
    tree = ast.parse(source)
    found = []
    for statement in tree.body[:-1]:
        if not isinstance(statement, ast.Expr):
            continue
        made = statement.value
        called = ast.unparse(made.func) if isinstance(made, ast.Call) else ""
        # `claims.table` displays by itself.
        waits = called != "claims.table" and called.split(".")[-1] in SHOWN_BY_BEING_LAST
        if waits or isinstance(made, ast.Name | ast.Attribute):
            found.append(statement.lineno)
    return found


@pytest.mark.parametrize("name", notebooks())
def test_what_a_cell_makes_to_be_seen_is_seen(name):
    for source, _ in cells_of(notebooks()[name]):
        assert lost(source) == [], source


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("lab.table(frame)", []),
        ("lab.table(frame)\nprint('x')", [1]),
        ("x = 1\nframe\nassert x", [2]),
        ("claims.table('a')\nclaims.show('b')", []),
        ("glue('x', 1)\nprint(x)\nlab.table(frame)", []),
        ("HTML('<b>x</b>')\ntotal = 2", [1]),
    ],
)
def test_what_nobody_would_see_is_found(source, lines):
    assert lost(source) == lines
