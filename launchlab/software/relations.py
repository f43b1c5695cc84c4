"""Relations that a model of orders should keep, though nobody knows its right answer for any row.

A test of one answer needs to know that answer. A test of a relation only needs a pair of offers of
which one is plainly no worse, and asks the model about both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.software.columns import COLUMN, Rows, times, with_column
from launchlab.software.learning import chances

MINUTES_PER_KM = 4.0
"""What a kilometre adds to a delivery when it is dry: the simulator's own number."""

LEAST = 1e-6
"""A chance that falls by a smaller share than this has not fallen: rounding."""


@dataclass(frozen=True)
class Relation:
    """A change that must not make an offer worse.

    Attributes
    ----------
    name : str
    words : str
        The change, as a colleague would say it.
    better : callable
        Rows to the rows of the same offers after the change.
    """

    name: str
    words: str
    better: Callable[[Rows], NDArray[np.float32]]


def _sooner(rows: Rows, minutes: float = 5.0) -> NDArray[np.float32]:
    return with_column(rows, "eta", np.maximum(rows[:, COLUMN["eta"]] - minutes, 6.0))


def _nearer(rows: Rows) -> NDArray[np.float32]:
    return with_column(rows, "distance", np.maximum(rows[:, COLUMN["distance"]] - 1.0, 0.0))


def _nearer_and_sooner(rows: Rows) -> NDArray[np.float32]:
    nearer = _nearer(rows)
    saved = rows[:, COLUMN["distance"]] - nearer[:, COLUMN["distance"]]
    return with_column(
        nearer, "eta", np.maximum(rows[:, COLUMN["eta"]] - MINUTES_PER_KM * saved, 6.0)
    )


def _stars(rows: Rows) -> NDArray[np.float32]:
    return with_column(rows, "rating", np.minimum(rows[:, COLUMN["rating"]] + 0.3, 5.0))


RELATIONS = {
    relation.name: relation
    for relation in (
        Relation("cheaper", "10 % cheaper", lambda rows: times(rows, "price", 0.9)),
        Relation("sooner", "5 minutes sooner", _sooner),
        Relation("nearer", "1 km nearer", _nearer),
        Relation("stars", "0.3 stars more", _stars),
        Relation("both", "1 km nearer, and sooner by as much", _nearer_and_sooner),
    )
}
"""Relations by name. "nearer" leaves the promised minutes as they are, which no real offer does;
"both" takes off the minutes that the kilometre takes."""


def changes(model: Any, rows: Rows, relation: Relation) -> NDArray[np.float64]:
    """By what share a model's chances change when offers get better.

    Parameters
    ----------
    model : scikit-learn classifier
    rows : ndarray of float, shape (m, 14)
    relation : Relation

    Returns
    -------
    ndarray of float64, shape (at most m,)
        Of the offers that can get better, for instance those with less than five stars: the change
        of the chance as a share of the chance before. Negative is a violation.

    Raises
    ------
    ValueError
        If no offer can get better.
    """
    better = relation.better(rows)
    moved = (better != rows).any(axis=1)
    if not moved.any():
        raise ValueError(f"no row can be {relation.words}: expected at least one")
    before, after = chances(model, rows[moved]), chances(model, better[moved])
    return np.asarray(after.astype(np.float64) / before - 1)


def violated(model: Any, rows: Rows, relation: Relation, more_than: float = LEAST) -> float:
    """Share of offers whose chance falls although they got better.

    Parameters
    ----------
    model, rows, relation
        As in `changes`.
    more_than : float, default 1e-6
        How far a chance has to fall to count, as a share of itself.
    """
    return float((changes(model, rows, relation) < -more_than).mean())
