"""Two ways in which a committee fails: members that stay silent, and members that answer wrongly.

A silent member is noticed at once. A member that answers wrongly is noticed only by a check made
for that purpose: see `disagreeing` and `out_of_range`.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

from launchlab.serving.committee import DIGITS
from launchlab.serving.fanout import FANOUT_JAVASCRIPT

BREAKAGES = ("shift", "shuffle", "percent")
"""Ways for a member to break: its labels are off by one; its labels are in an order of its own;
it sends percentages where shares are expected."""

PERCENT = 100

#: JavaScript twin of `unanswered` and `mean_when_answered`: ``faults.js`` beside this file, after
#: ``fanout.js``, whose functions it uses.
FAULTS_JAVASCRIPT = FANOUT_JAVASCRIPT + files("launchlab.serving").joinpath("faults.js").read_text(
    encoding="utf-8"
)


def _whole(name: str, value: int, low: int, high: int) -> int:
    if isinstance(value, bool) or int(value) != value or not low <= value <= high:
        raise ValueError(f"{name}={value!r}, expected a whole number from {low} to {high}")
    return int(value)


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name}={value!r}, expected a number from 0 to 1")
    return float(value)


def unanswered(members: int, failure: float, missing: int = 0, common: float = 0.0) -> float:
    """Probability that too few members answer a request.

    Parameters
    ----------
    members : int
        Members asked, at least 1.
    failure : float
        Probability that one member does not answer, whatever the cause.
    missing : int
        How many members may be missing: 0 if all must answer. At least one must always answer.
    common : float
        Share of a member's failures whose cause hits all members at once (reliability engineers
        call it the beta factor). The other failures are independent.

    Returns
    -------
    float
        Exact. For a single member it is ``failure``, whatever ``common`` is.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    asked, needed, together, alone = _causes(members, failure, missing, common)
    return float(together + (1 - together) * binom.cdf(needed - 1, asked, 1 - alone))


def mean_when_answered(
    values: ArrayLike, members: int, failure: float, missing: int = 0, common: float = 0.0
) -> float:
    """Mean of a quantity over those requests that enough members answer.

    Parameters
    ----------
    values : array_like of float, shape (members + 1 or more,)
        The quantity (accuracy, say) when 0, 1, 2, ... members answer.
    members, failure, missing, common
        As for `unanswered`.

    Returns
    -------
    float
        If no request is ever answered, the value at the smallest sufficient number of members.

    Raises
    ------
    ValueError
        If a number is out of range, or there are too few values.
    """
    asked, needed, _, alone = _causes(members, failure, missing, common)
    given = np.asarray(values, dtype=np.float64)
    if len(given) <= asked:
        raise ValueError(f"values: {len(given)} of them, expected at least {asked + 1}")
    enough = np.arange(needed, asked + 1)
    weights = binom.pmf(enough, asked, 1 - alone)
    total = weights.sum()
    return float(weights @ given[enough] / total if total > 0 else given[needed])


def _causes(
    members: int, failure: float, missing: int, common: float
) -> tuple[int, int, float, float]:
    """Members asked and needed, probability of a common and of a single failure; all checked."""
    asked = _whole("members", members, 1, 10**6)
    needed = max(1, asked - _whole("missing", missing, 0, 10**6))
    together = _share("failure", failure) * _share("common", common)
    # A member's total failure rate stays the same, whatever part has a common cause.
    alone = (failure - together) / (1 - together) if together < 1 else 1.0
    return asked, needed, together, alone


def label_tables(members: int, breakage: str, seed: int = 0) -> NDArray[np.int64]:
    """What each member, once broken, says in place of each label.

    Parameters
    ----------
    members : int
    breakage : {"shift", "shuffle", "percent"}
        "shift": the next label, in every member. "shuffle": a permutation of each member's own, in
        which no label keeps its place. "percent": the labels stay as they are.
    seed : int

    Returns
    -------
    ndarray of shape (members, 10)
    """
    labels = np.arange(DIGITS)
    if _breakage(breakage) == "percent":
        return np.tile(labels, (members, 1))
    if breakage == "shift":
        return np.tile((labels + 1) % DIGITS, (members, 1))
    rng = np.random.default_rng(seed)
    tables = np.empty((members, DIGITS), dtype=np.int64)
    for member in range(members):
        order = rng.permutation(DIGITS)
        while (order == labels).any():
            order = rng.permutation(DIGITS)
        tables[member] = order
    return tables


def break_members(
    votes: ArrayLike, broken: int, breakage: str, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Break the first members of a committee.

    Parameters
    ----------
    votes : array_like of int, shape (members, n)
        The label that each member gives, 0 to 9.
    broken : int
        How many members break.
    breakage : str
        One of `BREAKAGES`.
    seed : int
        Seed of the permutations of "shuffle". A member breaks the same way however many others do.

    Returns
    -------
    votes : ndarray of shape (members, n)
        The votes as they arrive.
    weights : ndarray of shape (members,)
        Sum of the scores that a member sends for one question; 1 if it sends shares.

    Raises
    ------
    ValueError
        For more broken members than there are, or an unknown breakage.
    """
    given = np.asarray(votes, dtype=np.int64)
    count = _whole("broken", broken, 0, len(given))
    tables = label_tables(len(given), breakage, seed)
    arrived = given.copy()
    arrived[:count] = np.take_along_axis(tables[:count], given[:count], axis=1)
    weights = np.ones(len(given))
    if breakage == "percent":
        weights[:count] = PERCENT
    return arrived, weights


def tally(votes: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.float64]:
    """Sum of the members' scores for each label, shape (n, 10).

    Each member gives its whole score to one label.

    Parameters
    ----------
    votes : array_like of int, shape (members, n)
    weights : array_like of float, shape (members,), optional
        Score that each member gives; by default 1.
    """
    given = np.asarray(votes, dtype=np.int64)
    share = np.ones(len(given)) if weights is None else np.asarray(weights, dtype=np.float64)
    one_hot = given[:, :, None] == np.arange(DIGITS)
    return np.asarray(np.einsum("m,mnd->nd", share, one_hot))


def accuracy_by_broken(
    votes: ArrayLike, truth: ArrayLike, breakage: str, seed: int = 0
) -> pd.DataFrame:
    """Accuracy of a committee whose first 0, 1, 2, ..., up to all members are broken.

    Parameters
    ----------
    votes : array_like of int, shape (members, n)
        Votes of the sound members.
    truth : array_like of int, shape (n,)
    breakage : str
        One of `BREAKAGES`.
    seed : int

    Returns
    -------
    DataFrame
        Columns ``broken`` and ``accuracy`` (a share, 0 to 1). Ties go to the smallest label.
    """
    given, right = np.asarray(votes, dtype=np.int64), np.asarray(truth, dtype=np.int64)
    members = len(given)
    arrived, weights = break_members(given, members, breakage, seed)
    # One member at a time moves from the sound to the broken.
    scores = tally(given)
    accuracy = [float((scores.argmax(axis=1) == right).mean())]
    for member in range(members):
        after = tally(arrived[member : member + 1], weights[member : member + 1])
        scores = scores + after - tally(given[member : member + 1])
        accuracy.append(float((scores.argmax(axis=1) == right).mean()))
    return pd.DataFrame({"broken": np.arange(members + 1), "accuracy": accuracy})


def agreement(votes: ArrayLike) -> NDArray[np.float64]:
    """How often each member agrees with the majority of the others; needs no true labels.

    Parameters
    ----------
    votes : array_like of int, shape (members, n)
        At least two members.

    Returns
    -------
    ndarray of shape (members,)
        Shares, 0 to 1. A member has no vote in the majority that it is compared with.

    Raises
    ------
    ValueError
        For fewer than two members.
    """
    given = np.asarray(votes, dtype=np.int64)
    if len(given) < 2:
        raise ValueError(f"votes of {len(given)} member(s), expected at least two")
    ballots = tally(given)
    shares = [float(((ballots - tally(one[None])).argmax(axis=1) == one).mean()) for one in given]
    return np.array(shares)


def disagreeing(votes: ArrayLike, usual: ArrayLike, drop: float = 0.2) -> NDArray[np.bool_]:
    """Which members agree with the others far less than they used to.

    Parameters
    ----------
    votes : array_like of int, shape (members, n)
        The votes as they arrive.
    usual : array_like of float, shape (members,)
        The members' `agreement` when all was well.
    drop : float
        A fall by more than this raises the alarm, 0 to 1.

    Returns
    -------
    ndarray of bool, shape (members,)
    """
    return np.asarray(agreement(votes) < np.asarray(usual) - _share("drop", drop))


def out_of_range(weights: ArrayLike, tolerance: float = 0.01) -> NDArray[np.bool_]:
    """Which members send scores that do not add up to 1.

    Parameters
    ----------
    weights : array_like of float, shape (members,)
        Sum of each member's scores for one question.
    tolerance : float

    Returns
    -------
    ndarray of bool, shape (members,)
    """
    return np.asarray(np.abs(np.asarray(weights, dtype=np.float64) - 1) > tolerance)


def accuracy_alarm(
    accuracy: float, usual: float, labels: int, errors: float = 3.0
) -> tuple[bool, float]:
    """Whether a fall in accuracy can be seen in a given number of labelled answers.

    Parameters
    ----------
    accuracy, usual : float
        Accuracy of the committee now, and when all was well; shares, 0 to 1.
    labels : int
        Number of answers whose truth is known, at least 1.
    errors : float
        Standard errors by which the accuracy must fall short.

    Returns
    -------
    rings : bool
        Whether the alarm rings at the expected accuracy; a sample may ring it earlier or later.
    line : float
        Accuracy below which the alarm rings.
    """
    size = _whole("labels", labels, 1, 10**9)
    line = usual - errors * np.sqrt(_share("usual", usual) * (1 - usual) / size)
    return bool(accuracy < line), float(line)


def _breakage(breakage: str) -> str:
    if breakage not in BREAKAGES:
        raise ValueError(
            f"breakage={breakage!r}, expected one of {', '.join(map(repr, BREAKAGES))}"
        )
    return breakage
