"""Heads of tables."""

import pandas as pd
import pytest

from launchlab.publish.tables import one_head

COLUMNS = pd.MultiIndex.from_tuples([("arm", "old"), ("arm", "new")])


def test_the_name_of_an_index_stands_in_the_corner():
    frame = pd.DataFrame({"a": [1], "b": [2]}, index=pd.Index([3], name="town"))
    html = one_head(frame.to_html())
    assert html.count("<tr") == 2
    heads = html.split("</thead>")[0]
    assert heads.index(">town</th>") < heads.index(">a</th>") < heads.index(">b</th>")


def test_several_indices_keep_their_order():
    frame = pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)], names=["x", "y"]))
    html = one_head(frame.to_html())
    assert html.index(">x</th>") < html.index(">y</th>") < html.index(">a</th>")
    assert html.count("<tr") == 2


@pytest.mark.parametrize(
    "frame", [pd.DataFrame({"a": [1]}), pd.DataFrame([[1, 2]], columns=COLUMNS)]
)
def test_heads_that_say_something_stay(frame):
    assert one_head(frame.to_html()) == frame.to_html()


def test_a_table_before_it_leaves_a_table_its_one_head():
    """Only the first rows of the two together looked like a head of two rows."""
    plain = pd.DataFrame({"a": [1, 2]}).to_html()
    named = pd.DataFrame({"b": [3]}, index=pd.Index([4], name="town")).to_html()
    html = one_head(plain + "<p>and</p>" + named)
    assert html.startswith(plain)
    assert html.count("<tr") == 3 + 2
