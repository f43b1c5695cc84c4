"""A claim's picture: a dot for each world."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from launchlab.claims.claim import Result
from launchlab.lab.view.theme import BLUE, GREY, ORANGE


def dots(result: Result) -> alt.TopLevelMixin:
    """One line of dots, a dot for each world, with its standard error.

    Parameters
    ----------
    result : Result

    Returns
    -------
    altair chart
    """
    claim = result.claim
    edges = [edge for edge in (claim.low, claim.high) if math.isfinite(edge)]
    frame = pd.DataFrame(
        [
            {
                "world": seed,
                "effect": effect.value,
                "from": effect.value - effect.error,
                "to": effect.value + effect.error,
                "holds": "holds" if claim.holds(effect.value) else "does not hold",
            }
            for seed, effect in sorted(result.effects[""].items())
        ]
    )
    frame["row"] = frame["effect"].rank(method="first")
    base = alt.Chart(frame)
    y = alt.Y("row:Q").axis(None)
    color = (
        alt.Color("holds:N")
        .scale(domain=["holds", "does not hold"], range=[BLUE, ORANGE])
        .legend(None)
    )
    shape = (
        alt.Shape("holds:N")
        .scale(domain=["holds", "does not hold"], range=["circle", "cross"])
        .legend(None)
    )
    one = claim.short.removesuffix("s")
    title = f"{claim.unit}, each {one}"  # short, because a phone clips axis titles
    near = alt.Scale(zero=False)  # what matters is where the dots lie relative to the band's edges
    errors = base.mark_rule(strokeWidth=1.5, opacity=0.6).encode(
        alt.X("from:Q", scale=near).title(title), alt.X2("to:Q"), y, color
    )
    marks = base.mark_point(size=45).encode(
        alt.X("effect:Q", scale=near).title(title), y, color, shape
    )
    lines = [
        base.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.datum(edge, scale=near))
        for edge in edges
    ]
    total = len(frame)
    where = "between the dashed lines" if len(edges) == 2 else "beyond the dashed line"
    chart: alt.TopLevelMixin = alt.layer(*lines, errors, marks).properties(
        height=130,
        title=alt.TitleParams(
            f"Holds in {result.count()} of {total} {claim.short}",
            subtitle=f"one dot a {one}, bar: standard error within it; "
            f"dots {where} hold (crosses do not)",
        ),
        description=(
            f"{total} dots in order of size, one for each {one}, on an axis of "
            f"{claim.unit}; {result.count()} lie where the claim holds."
        ),
    )
    return chart
