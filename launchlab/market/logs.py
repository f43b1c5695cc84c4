"""Logs of the past: what a popularity policy showed, and what customers did.

The policy added Gumbel noise to its scores. Sorting by score + t x Gumbel is the same as filling
places one after another with probabilities softmax(score / t) among the candidates left: the
Plackett-Luce model. The probability of every logged slate is therefore known, which evaluation
from logs needs and real logs lack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .outcomes import sample_outcomes
from .sessions import Sessions, logged_sessions
from .slates import SLATE_LENGTH, organic_slates, top_slate
from .world import World

TEMPERATURE = 0.7
N_LOGGED = 10_000


@dataclass(frozen=True, eq=False)
class Logs:
    """n logged sessions with slates of k places.

    Attributes
    ----------
    sessions : Sessions
        The n sessions; rankers may use what :func:`launchlab.market.features.make_features` shows.
    candidate : ndarray of intp, shape (n, k)
        Columns of the candidates shown, best place first.
    ordered, clicked : ndarray of bool, shape (n, k)
        What the customer did with each place.
    score : ndarray of float32, shape (n, c)
        The past policy's score of every candidate, before the noise.
    temperature : float
        Scale of the policy's Gumbel noise.
    """

    sessions: Sessions
    candidate: NDArray[np.intp]
    ordered: NDArray[np.bool_]
    clicked: NDArray[np.bool_]
    score: NDArray[np.float32]
    temperature: float

    def __post_init__(self) -> None:
        if not len(self.sessions):
            raise ValueError("the log is empty: expected at least one session")
        shape = (len(self.sessions), *self.candidate.shape[1:])
        for name in ("candidate", "ordered", "clicked"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}: expected {shape}")
        checks.array("score", self.score, self.sessions.shape)
        checks.within("temperature", self.temperature, 1e-6, 1e6)

    def __len__(self) -> int:
        return len(self.sessions)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Logs:
        """Logs of the given sessions."""
        return Logs(
            self.sessions[rows],
            self.candidate[rows],
            self.ordered[rows],
            self.clicked[rows],
            self.score[rows],
            self.temperature,
        )

    @property
    def top_propensity(self) -> NDArray[np.float64]:
        """Probability with which the past policy showed the logged first place, shape (n,)."""
        chances = top_propensities(self.score, self.temperature)
        return np.take_along_axis(chances, self.candidate[:, :1], axis=1)[:, 0]

    @property
    def slate_log_propensity(self) -> NDArray[np.float64]:
        """Log probability with which the policy showed the slate, in its order, shape (n,)."""
        return slate_log_propensities(self.score, self.candidate, self.temperature)


def popularity_score(sessions: Sessions) -> NDArray[np.float32]:
    """The past policy's score, (n, c): 1.2 rating + 0.35 log(number of ratings) - 0.2 distance."""
    world = sessions.world
    popularity = (1.2 * world.rating + 0.35 * np.log(world.n_ratings)).astype(np.float32)
    score: NDArray[np.float32] = popularity[sessions.restaurant]
    score -= np.float32(0.2) * sessions.distance
    return score


def make_logs(
    world: World,
    n_sessions: int = N_LOGGED,
    seed: int = 0,
    *,
    length: int = SLATE_LENGTH,
    temperature: float = TEMPERATURE,
) -> Logs:
    """Make logs of what the past popularity policy showed, and what was clicked and ordered.

    Parameters
    ----------
    world : World
    n_sessions : int, default 10,000
    seed : int, default 0
        Seed of sessions, noise and outcomes. Logged sessions never coincide with those of
        :func:`launchlab.market.sessions.draw_sessions`.
    length : int, default 8
        Places in a slate.
    temperature : float, default 0.7
        Scale of the Gumbel noise: larger explores more.

    Returns
    -------
    Logs

    Raises
    ------
    ValueError
        If a number is out of range, or the slate is longer than the list of candidates.

    Notes
    -----
    The logs contain no ads and no latency, to keep them simple.
    """
    n_sessions = checks.whole("n_sessions", n_sessions, low=1)
    seed = checks.whole("seed", seed, low=0)
    temperature = checks.within("temperature", temperature, 1e-6, 1e6)
    sessions = logged_sessions(world, n_sessions, seed)
    score = popularity_score(sessions)
    rng = np.random.default_rng([world.seed, 4, seed])
    candidate = top_slate(score + temperature * rng.gumbel(size=score.shape), length)
    outcomes = sample_outcomes(sessions, organic_slates(candidate), seed)
    return Logs(
        sessions=sessions,
        candidate=candidate,
        ordered=outcomes.order > 0,
        clicked=outcomes.click > 0,
        score=score,
        temperature=temperature,
    )


def top_propensities(
    score: NDArray[np.floating[Any]], temperature: float = TEMPERATURE
) -> NDArray[np.float64]:
    """Probability that each candidate is shown first: softmax(score / temperature).

    Parameters
    ----------
    score : ndarray of float, shape (n, c)
    temperature : float, default 0.7

    Returns
    -------
    ndarray of float64, shape (n, c)
        Rows sum to 1.

    Raises
    ------
    ValueError
        If scores are not finite or the temperature not positive.
    """
    weight = _weights(score, temperature)
    chances: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
    return chances


def slate_log_propensities(
    score: NDArray[np.floating[Any]],
    candidate: NDArray[np.integer[Any]],
    temperature: float = TEMPERATURE,
) -> NDArray[np.float64]:
    """Log probability of slates, in their order, under the Plackett-Luce model.

    Parameters
    ----------
    score : ndarray of float, shape (n, c)
    candidate : ndarray of int, shape (n, k)
        Columns shown, best place first, without repetition.
    temperature : float, default 0.7

    Returns
    -------
    ndarray of float64, shape (n,)
        Sum over places of log(weight / weights of those not shown yet).

    Raises
    ------
    ValueError
        If shapes do not fit, a column is out of range or repeated, scores are not finite, or the
        temperature is not positive.
    """
    weight = _weights(score, temperature)
    n, c = weight.shape
    candidate = np.asarray(candidate)
    if candidate.ndim != 2 or candidate.shape[0] != n or candidate.shape[1] > c:
        raise ValueError(f"candidate has shape {candidate.shape}: expected ({n}, at most {c})")
    checks.array("candidate", candidate, candidate.shape, low=0, high=c - 1)
    rows = np.arange(n)
    log_propensity = np.zeros(n)
    for place in range(candidate.shape[1]):
        chosen = weight[rows, candidate[:, place]]
        if not chosen.all():
            raise ValueError("candidate repeats a column within a slate: expected distinct columns")
        # Summed again at each place: subtracting would lose all digits of a small remainder.
        log_propensity += np.log(chosen) - np.log(weight.sum(axis=1))
        weight[rows, candidate[:, place]] = 0.0
    return log_propensity


def _weights(score: NDArray[np.floating[Any]], temperature: float) -> NDArray[np.float64]:
    score = np.asarray(score, dtype=np.float64)
    if score.ndim != 2:
        raise ValueError(f"score has shape {score.shape}: expected (n_sessions, n_candidates)")
    checks.array("score", score, score.shape)
    scaled = score / checks.within("temperature", temperature, 1e-6, 1e6)
    weight: NDArray[np.float64] = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return weight
