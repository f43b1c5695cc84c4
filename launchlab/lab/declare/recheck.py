"""Some points of a kept grid computed afresh, and held against what the cache has kept of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from launchlab.lab.declare.declaration import Declaration, Point
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.frame import decode, encode
from launchlab.lab.declare.specs import difference
from launchlab.lab.declare.texts import describe

# Beside the default, which every reader sees first.
RANDOM_POINTS = 3


def recheck(experiment: Declaration, kept: Sequence[Point], seed: str) -> None:
    """Compute the default point and three random ones afresh, and compare them with the kept ones.

    Of each the chart is made, too. Columns are compared in the digits that a front end gets. Those
    that are measured differ from run to run, and so does what is said of them: in an experiment
    with such columns only the others are compared.

    Parameters
    ----------
    experiment : Declaration
        In grid form.
    kept : sequence of Point
        Every point of the grid, as the cache has them.
    seed : str
        Another seed draws other points.

    Raises
    ------
    ExperimentError
        If a point is not what was kept, or is drawn otherwise; the message names experiment, point
        and part.
    """
    again = []
    for place in drawn(experiment, kept, seed):
        old = kept[place]
        new = experiment.point(old.state, list(old.frame.columns))
        again.append(new)
        was, now = _facts(experiment, old), _facts(experiment, new)
        if was != now:
            where = difference(now, was, "point")
            raise ExperimentError(
                f"experiment {experiment.name!r} at {describe(old.state)}: computed afresh, it is "
                f"not what the cache has kept, at {where}"
            )
    experiment.check_specs(again, each=True)


def drawn(experiment: Declaration, kept: Sequence[Point], seed: str) -> list[int]:
    """Places of the default point and of three others, in their order."""
    defaults = experiment.defaults
    first = next(place for place, point in enumerate(kept) if point.state == defaults)
    others = [place for place in range(len(kept)) if place != first]
    rng = random.Random(f"{seed} {experiment.name}")
    return sorted([first, *rng.sample(others, min(RANDOM_POINTS, len(others)))])


def _facts(experiment: Declaration, point: Point) -> dict[str, Any]:
    """What of a point must be the same whenever it is computed, as JSON values."""
    columns = decode(encode([point.frame], experiment.digits))
    lasting = {name: columns[name] for name in columns if name not in experiment.measured}
    if experiment.measured:
        return {"columns": lasting}
    return {
        "columns": lasting,
        "sentence": point.sentence,
        "heading": point.heading,
        "cards": list(point.cards),
        "record": point.record,
    }
