"""The specification of a chart without its data, which is all that front ends are sent twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from launchlab.lab.declare.errors import ExperimentError

DATA_NAME = "frame"


def chart_spec(
    owner: str,
    chart_of: Callable[[pd.DataFrame], Any],
    frame: pd.DataFrame,
    *,
    titled: bool,
    known: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A chart's Vega-Lite specification, with its one data set replaced by a name.

    Parameters
    ----------
    owner : str
        Name to use in errors.
    chart_of : callable
        Frame -> Altair chart.
    frame : DataFrame
    titled : bool
        Whether the chart may have a title of its own.
    known : dict, optional
        A specification that holds, which this one will be compared with. It is then not held to
        Vega-Lite's schema a second time, which takes as long as making it.

    Raises
    ------
    ExperimentError
        If the chart cannot be made, has a title that it may not have, or draws any data but the
        frame.
    """
    default = alt.data_transformers.enable("default", consolidate_datasets=True, max_rows=None)
    held = debug_mode(known is None)
    try:
        with held:
            chart = chart_of(frame)
        if not isinstance(chart, alt.TopLevelMixin):
            raise TypeError(f"chart() returned a {type(chart).__name__}, expected Altair's")
        with default:
            spec = chart.to_dict(validate=known is None)
        if not titled and spec.get("title"):
            raise ValueError("it has a title, expected none where heading= is given")
    except Exception as error:
        message = f"{owner}: chart: {type(error).__name__}: {error}"
        raise ExperimentError(message) from error
    datasets = spec.pop("datasets", {})
    names = list(datasets)
    if len(names) != 1:
        raise ExperimentError(
            f"{owner}: the chart has {len(names)} data sets, expected one; filter with "
            "transform_filter instead of in Python, because only data changes between states"
        )
    rows = datasets[names[0]]
    if len(rows) != len(frame) or set(rows[0]) != set(frame.columns):
        raise ExperimentError(
            f"{owner}: the chart draws {len(rows)} rows of {sorted(rows[0])}, expected "
            f"the frame itself, {len(frame)} rows of {sorted(frame.columns)}; front ends feed "
            "it frames, so reshape in run() or with Altair's transforms"
        )
    renamed: dict[str, Any] = json.loads(
        json.dumps(spec).replace(json.dumps(names[0]), json.dumps(DATA_NAME))
    )
    return renamed


def difference(one: Any, two: Any, path: str = "spec") -> str:
    """The first place where two JSON values differ, and how."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted({*one, *two}):
            if one.get(key) != two.get(key):
                return difference(one.get(key), two.get(key), f"{path}.{key}")
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for position, (left, right) in enumerate(zip(one, two, strict=True)):
            if left != right:
                return difference(left, right, f"{path}[{position}]")
    return f"{path} ({json.dumps(one)[:80]} against {json.dumps(two)[:80]})"
