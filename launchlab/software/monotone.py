"""Models that are told which way a number points: monotonic constraints on boosted trees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from launchlab.market import FEATURES
from launchlab.market.rankers import make_estimator
from launchlab.software.columns import Rows
from launchlab.software.learning import order_model

SIGNS = {
    "eta": -1,
    "distance": -1,
    "rating": 1,
    "cuisine_share": 1,
    "ordered_before": 1,
    "price": -1,
}
"""The six features whose direction anybody would sign: more of it is better (1) or worse (-1)."""

FIVE = ("eta", "distance", "rating", "cuisine_share", "ordered_before")
"""All of them except the price."""

SIX = tuple(SIGNS)

BLEND = ("logistic", "hgb50", "hgb200", "rf15")
"""Members of the blend; "rf15" are 15 trees of the zoo's forest."""


def constraints(names: Iterable[str]) -> list[int]:
    """What ``monotonic_cst`` of scikit-learn's boosted trees expects: -1, 0 or 1 a feature.

    Parameters
    ----------
    names : iterable of str
        Features to constrain, of ``SIGNS``.

    Raises
    ------
    ValueError
        If a feature has no sign.
    """
    wanted = set(names)
    if not wanted <= set(SIGNS):
        unknown = sorted(wanted - set(SIGNS))[0]
        raise ValueError(f"names holds {unknown!r}, expected only {', '.join(map(repr, SIGNS))}")
    return [SIGNS[feature] if feature in wanted else 0 for feature in FEATURES]


def monotone_model(
    names: Sequence[str], rows: Rows, happened: ArrayLike, base: str = "hgb50"
) -> Any:
    """Boosted trees of the zoo, fitted under monotonic constraints.

    Parameters
    ----------
    names : sequence of str
        Features to constrain; none for the plain model.
    rows : ndarray of float, shape (m, 14)
    happened : array_like of bool, shape (m,)
    base : str, default "hgb50"
        Boosted trees of ``launchlab.market.RANKERS``.
    """
    model = make_estimator(base, 0).set_params(monotonic_cst=constraints(names))
    return model.fit(rows, np.asarray(happened).ravel().astype(np.int8))


@dataclass(frozen=True, eq=False)
class Blend:
    """The plain mean of several fitted classifiers' chances.

    Attributes
    ----------
    members : tuple
        Fitted scikit-learn classifiers.
    """

    members: tuple[Any, ...]

    def predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        """Mean chances, shape (m, 2)."""
        told = [member.predict_proba(rows) for member in self.members]
        return np.asarray(np.mean(told, axis=0), dtype=np.float64)


def fitted(name: str, rows: Rows, happened: ArrayLike) -> Any:
    """An order model by name.

    Parameters
    ----------
    name : str
        A classifier of the zoo ("logistic", "hgb50", ...), "rf15", or "hgb50 + " and one
        of "five", "six" or a feature of ``SIGNS``: 50 trees under constraints.
    rows : ndarray of float, shape (m, 14)
    happened : array_like of bool, shape (m,)

    Returns
    -------
    object
        With ``predict_proba``.
    """
    if name == "rf15":
        forest: BaseEstimator = make_estimator("rf50", 0).set_params(n_estimators=15)
        return forest.fit(rows, np.asarray(happened).ravel().astype(np.int8))
    base, plus, told = name.partition(" + ")
    if plus:
        return monotone_model({"five": FIVE, "six": SIX}.get(told, (told,)), rows, happened, base)
    return order_model(name, rows, happened)
