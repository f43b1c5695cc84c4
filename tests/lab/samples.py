"""Experiments and frames for the tests."""

from typing import Any

import altair as alt
import pandas as pd
from hypothesis import strategies as st

from launchlab import lab


def squares(n: int, up: bool = True) -> pd.DataFrame:
    """The first ``n`` squares, or just the first ``n`` numbers."""
    return pd.DataFrame({"x": range(n), "y": [x * x if up else x for x in range(n)]})


def chart(frame: pd.DataFrame) -> alt.Chart:
    """A chart with fixed domains of the columns x and y."""
    return (
        alt.Chart(frame)
        .mark_point()
        .encode(alt.X("x:Q").scale(domain=[0, 9]), alt.Y("y:Q").scale(domain=[0, 81]))
    )


def sentence(frame: pd.DataFrame) -> str:
    """What the frame shows."""
    return f"The largest is {frame.y.max()}."


def experiment(**changes: Any) -> lab.Experiment:
    """A small sound experiment, with some of its parts exchanged."""
    parts: dict[str, Any] = {
        "name": "squares",
        "title": "Squares",
        "run": squares,
        "chart": chart,
        "sentence": sentence,
        "controls": [
            lab.Slider("n", "How many", [2, 5, 9], default=5),
            lab.Toggle("up", "Square", default=True),
        ],
        "description": "Points on a parabola.",
    }
    return lab.Experiment(**{**parts, **changes})


RULE = """
function frame(table, controls) {
  return table.x.map((x) => ({ x, y: controls.slope * x }));
}
function sentence(rows) { return `The last is ${rows[rows.length - 1].y}.`; }
"""


def line(table: pd.DataFrame, slope: float) -> pd.DataFrame:
    """A line through the origin, the Python twin of `RULE`."""
    return pd.DataFrame({"x": table.x, "y": slope * table.x})


def rule_experiment(**changes: Any) -> lab.Experiment:
    """A small experiment in rule form."""
    return experiment(
        **{
            "name": "line",
            "run": line,
            "controls": [lab.Range("slope", "Slope", 0, 9, 0.5, default=1)],
            "sentence": lambda frame: f"The last is {frame.y.iloc[-1]:g}.",
            "rule": lab.Rule(pd.DataFrame({"x": [0, 1, 2, 3]}), RULE),
            **changes,
        }
    )


# ---------------------------------------------------------------- frames

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_VALUES = {
    "whole": st.integers(-(2**53), 2**53),
    "number": st.floats(-1e300, 1e300, allow_subnormal=False),
    "gap": st.floats(-1e6, 1e6) | st.none(),
    "flag": st.booleans(),
    "text": _TEXT,
    "hole": _TEXT | st.none(),
    "few": st.sampled_from(["a", "b", "</script>", '"', ""]),
}


@st.composite
def frames(draw: st.DrawFn) -> list[pd.DataFrame]:
    """Frames of equal columns, as the points of a grid: mixed kinds, ragged or even, repeated."""
    kinds = draw(st.lists(st.sampled_from(sorted(_VALUES)), min_size=1, max_size=4))
    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    if draw(st.booleans()):
        counts = [counts[0]] * len(counts)
    made: list[dict[str, list[Any]]] = [{} for _ in counts]
    for position, kind in enumerate(kinds):
        repeat = draw(st.sampled_from(["no", "row", "point"]))
        for point, count in enumerate(counts):
            values = draw(st.lists(_VALUES[kind], min_size=count, max_size=count))
            if repeat == "row":
                values = values[:1] * count
            if repeat == "point" and point and counts[0] == count:
                values = made[0][f"{kind}{position}"]
            made[point][f"{kind}{position}"] = values
    return [pd.DataFrame({name: _column(name, v) for name, v in one.items()}) for one in made]


def _column(name: str, values: list[Any]) -> pd.Series:
    dtypes = {"whole": "int64", "number": "float64", "gap": "float64", "flag": "bool"}
    return pd.Series(values, dtype=dtypes.get(name.rstrip("0123456789"), object))


def may_miss(frame: pd.DataFrame) -> list[str]:
    """Columns of a frame from `frames` that may hold gaps."""
    return [name for name in frame.columns if name.startswith(("gap", "hole"))]
