"""Skew: two paths to the same feature, one in training and one in serving, that differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.software.columns import COLUMN, with_column
from launchlab.software.faults import SERVING_FAULTS, Fed, nightly_eta
from launchlab.software.offers import Offers

FEW_RATINGS = 0.2
"""This share of the restaurants has so few ratings that their stars count as missing."""


@dataclass(frozen=True)
class Skew:
    """Two paths to the same feature.

    Attributes
    ----------
    name : str
    words : str
        How they differ, as a colleague would say it.
    trained, served : callable
        Offers to rows: what the model learns from, and what it is fed.
    """

    name: str
    words: str
    trained: Fed
    served: Fed


def as_is(offers: Offers) -> NDArray[np.float32]:
    """The rows themselves."""
    return offers.rows


def _stars(offers: Offers, missing: float | None) -> NDArray[np.float32]:
    """Rows in which stars that rest on few ratings are a number, or the mean of the other stars."""
    world = offers.world
    few = world.n_ratings < np.quantile(world.n_ratings, FEW_RATINGS)
    filled = float(world.rating[~few].mean()) if missing is None else missing
    stars = offers.rows[:, COLUMN["rating"]]
    return with_column(offers.rows, "rating", np.where(few[offers.restaurant], filled, stars))


def stars_filled(offers: Offers) -> NDArray[np.float32]:
    """Missing stars are the mean of all others."""
    return _stars(offers, None)


def stars_zero(offers: Offers) -> NDArray[np.float32]:
    """Missing stars are 0."""
    return _stars(offers, 0.0)


SKEWS = {
    **{name: Skew(name, fault.words, as_is, fault.fed) for name, fault in SERVING_FAULTS.items()},
    "stars": Skew(
        "stars", "missing stars are the mean in training, 0 live", stars_filled, stars_zero
    ),
    "nightly": Skew("nightly", "trained on last night's ETA, served live", nightly_eta, as_is),
}
"""Differences between the paths, by name: ten faults of serving, and two that need both paths."""


Side = tuple[str, str]
"""The path of a skew: its name, and "trained" or "served"."""

AS_IS: Side = ("", "")
"""The path of rows as they are."""


def fed_by(path: Side) -> Fed:
    """What a path makes of offers."""
    name, side = path
    if path == AS_IS:
        return as_is
    skew = skew_named(name)
    return {"trained": skew.trained, "served": skew.served}[side]


def skew_named(name: str) -> Skew:
    """A skew by its name.

    Raises
    ------
    ValueError
        If there is no such skew.
    """
    if name not in SKEWS:
        raise ValueError(f"skew={name!r}, expected one of {', '.join(map(repr, SKEWS))}")
    return SKEWS[name]
