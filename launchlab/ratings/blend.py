"""Blends: linear mixtures of members' predictions, computed from their second moments alone.

The squared error of a linear blend depends only on the means and cross-products of predictions and
truth. One small symmetric matrix can therefore replace 11,000 ratings, and any of the 2^20 subsets
of 20 members is blended exactly, here and in a page (``blend.js`` beside this file).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: JavaScript twin of `ridge_blend`, for experiments in rule form.
BLEND_JAVASCRIPT = files("launchlab.ratings").joinpath("blend.js").read_text(encoding="utf-8")

PENALTY = 0.002
"""Ridge penalty of blends per rating: as Ridge(alpha=PENALTY * n) in scikit-learn."""

#: JavaScript twin of the lab that blends the members that are ticked; a test compares the two.
PICK_JAVASCRIPT = f"{BLEND_JAVASCRIPT}\nconst PENALTY = {PENALTY!r};\n" + files(
    "launchlab.ratings"
).joinpath("pick.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Moments:
    """Means of products of predictions and truth over n ratings.

    Parameters
    ----------
    values : ndarray of float, shape (m + 2, m + 2)
        Symmetric. First row: 1, the m members' means, the truth's mean. Then the means of products
        of members with each other and (last column) with the truth.
    n : int
        Number of ratings that the means are over.
    """

    values: Floats
    n: int

    def __post_init__(self) -> None:
        shape = self.values.shape
        if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 3:
            raise ValueError(f"values: shape {shape}, expected (m + 2, m + 2) with m >= 1")
        if not np.allclose(self.values, self.values.T) or not np.isclose(self.values[0, 0], 1):
            raise ValueError("values: expected a symmetric matrix with 1 in the first place")

    @classmethod
    def of(cls, predictions: ArrayLike, y: ArrayLike) -> Moments:
        """Moments of predictions, shape (n, m), and truth, shape (n,)."""
        members, truth = np.asarray(predictions, float), np.asarray(y, float)
        if members.ndim != 2 or truth.shape != members.shape[:1]:
            raise ValueError(
                f"predictions: shape {members.shape}, y: {truth.shape}; expected (n, m) and (n,)"
            )
        whole = np.column_stack([np.ones(len(truth)), members, truth])
        return cls(whole.T @ whole / len(truth), len(truth))

    @property
    def members(self) -> int:
        """Number of members, m."""
        return len(self.values) - 2

    def mse(self, blend: Blend) -> float:
        """Mean squared error of a blend on these ratings, stars squared."""
        error = np.r_[blend.intercept, blend.weights, -1.0]
        return float(error @ self.values @ error)

    def rmse(self, blend: Blend) -> float:
        """Root mean squared error of a blend on these ratings, stars."""
        return float(np.sqrt(self.mse(blend)))


@dataclass(frozen=True)
class Blend:
    """intercept + weighted sum of the members' predictions.

    Parameters
    ----------
    intercept : float
    weights : ndarray of float, shape (m,)
        0 for members that are not used.
    """

    intercept: float
    weights: Floats

    def predict(self, predictions: ArrayLike) -> Floats:
        """Stars, shape (n,), from the members' predictions, shape (n, m)."""
        return np.asarray(self.intercept + np.asarray(predictions) @ self.weights)


def ridge_blend(
    moments: Moments, chosen: Sequence[int] | None = None, penalty: float = PENALTY
) -> Blend:
    """The weights with the least squared error plus a penalty on their squares.

    Parameters
    ----------
    moments : Moments
        Moments of the ratings to fit the weights on: the probe set, never the test set.
    chosen : sequence of int, optional
        Positions of the members to use; by default all. If empty, the blend is the truth's mean.
    penalty : float
        Ridge penalty per rating, more than 0; the intercept is not penalised.

    Returns
    -------
    Blend

    Raises
    ------
    ValueError
        For an unknown or repeated member, or a penalty that is not positive.
    """
    places = list(range(moments.members)) if chosen is None else list(chosen)
    if len(set(places)) < len(places) or not set(places) <= set(range(moments.members)):
        raise ValueError(f"chosen={chosen!r}, expected distinct places 0..{moments.members - 1}")
    if not penalty > 0:
        raise ValueError(f"penalty={penalty!r}, expected a positive number")
    mean, last = moments.values[0], moments.members + 1
    inner = np.array(places, dtype=np.int64) + 1
    centred = moments.values - np.outer(mean, mean)
    gram = centred[np.ix_(inner, inner)] + penalty * np.eye(len(inner))
    solved = np.linalg.solve(gram, centred[inner, last])
    weights = np.zeros(moments.members)
    weights[places] = solved
    return Blend(float(mean[last] - solved @ mean[inner]), weights)


def plain_mean(members: int, chosen: Sequence[int] | None = None) -> Blend:
    """The chosen members with equal weights; nothing is fitted.

    Raises
    ------
    ValueError
        If no member is chosen.
    """
    places = list(range(members)) if chosen is None else list(chosen)
    if not places:
        raise ValueError("chosen=[], expected at least one member")
    weights = np.zeros(members)
    weights[places] = 1 / len(places)
    return Blend(0.0, weights)


def single(moments: Moments, member: int) -> Blend:
    """A blend of one member, stretched and shifted to fit."""
    return ridge_blend(moments, [member])


def best_single(moments: Moments) -> int:
    """Position of the member that is best on its own on these ratings."""
    errors = [moments.mse(single(moments, member)) for member in range(moments.members)]
    return int(np.argmin(errors))


def greedy_path(moments: Moments) -> list[int]:
    """Forward selection: each step adds the member that helps the ridge blend most.

    Parameters
    ----------
    moments : Moments
        Moments of the probe set.

    Returns
    -------
    list of int
        Positions of all members, in the order in which they were added.
    """
    path: list[int] = []
    while len(path) < moments.members:
        left = [place for place in range(moments.members) if place not in path]
        errors = [moments.mse(ridge_blend(moments, [*path, place])) for place in left]
        path.append(left[int(np.argmin(errors))])
    return path


@dataclass(frozen=True)
class Ambiguity:
    """Krogh and Vedelsby's decomposition: ensemble = average member - ambiguity (stars squared).

    Parameters
    ----------
    ensemble, average_member, ambiguity : float
    """

    ensemble: float
    average_member: float
    ambiguity: float


def decompose(moments: Moments, blend: Blend) -> Ambiguity:
    """Split a blend's squared error into its members' error and their disagreement.

    Parameters
    ----------
    moments : Moments
    blend : Blend
        Has no intercept, and weights that add up to 1.

    Returns
    -------
    Ambiguity
        Exact: the first number is the second minus the third.

    Raises
    ------
    ValueError
        For any other blend, because the decomposition does not hold for it.
    """
    weights = blend.weights
    if abs(blend.intercept) > 1e-9 or abs(weights.sum() - 1) > 1e-9:
        raise ValueError(
            f"blend: intercept {blend.intercept!r}, weights of sum {weights.sum()!r}; "
            "expected 0 and 1"
        )
    inner = moments.values[1:-1, 1:-1]
    squares, truth = np.diagonal(inner), moments.values[-1, -1]
    errors = squares - 2 * moments.values[1:-1, -1] + truth
    ambiguity = float(weights @ squares - weights @ inner @ weights)
    return Ambiguity(moments.mse(blend), float(weights @ errors), ambiguity)


def share_of_gain(rmse: float, best: float, everybody: float) -> float:
    """Share of the gain from the best single model to all members together, 0 to 1."""
    return (best - rmse) / (best - everybody)


def paired_error(one: Floats, other: Floats, y: Floats) -> float:
    """Standard error of the difference of two RMSEs on the same ratings, stars.

    Parameters
    ----------
    one, other : ndarray of shape (n,)
        Predictions.
    y : ndarray of shape (n,)

    Notes
    -----
    By the delta method, treating ratings as independent.
    """
    first, second = ((one - y) ** 2, (other - y) ** 2)
    influence = first / (2 * np.sqrt(first.mean())) - second / (2 * np.sqrt(second.mean()))
    return float(influence.std(ddof=1) / np.sqrt(len(y)))
