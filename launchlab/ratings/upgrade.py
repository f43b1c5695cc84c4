"""What happens to a stack when one of its members is upgraded, or left behind.

The weights of a stack were fitted to its members as they were at the time. A member that improves
afterwards is, to the weights, simply a different member.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from launchlab.ratings.base import Floats
from launchlab.ratings.blend import ridge_blend, single
from launchlab.ratings.members import Crew, train_crew, train_member
from launchlab.ratings.world import RatingsCouplings, make_ratings

STACK = ("ALS 10", "item kNN 50", "user kNN 20", "SVD 6")
"""A stack of four whose last member, as it is, predicts too timidly."""

UPGRADE = ("SVD 6", "SVD 6 refilled")
"""The same model before and after an improvement: its gaps are filled by its own predictions."""

STALE_STACK = ("ALS 10", "item kNN 15", "user kNN 60")
"""A stack of three different kinds of model."""


@dataclass(frozen=True)
class Change:
    """A stack before and after one of its members changed; RMSE on the test set, stars.

    Parameters
    ----------
    member_before, member_after : float
        The changing member alone (stretched to fit on the probe set).
    before : float
        The stack as originally fitted.
    kept : float
        The stack with the changed member and the old weights.
    refit : float
        The stack with the changed member, and weights fitted again on the probe set.
    best_single : float
        The best member of the original stack, alone.
    weight : float
        Weight of the changing member in the original stack.
    predictions : dict of str to ndarray of shape (n,)
        "before", "kept", "refit", "best_single": stars for each test rating.
    """

    member_before: float
    member_after: float
    before: float
    kept: float
    refit: float
    best_single: float
    weight: float
    predictions: dict[str, Floats]


def _rmse(predictions: Floats, y: Floats) -> float:
    return float(np.sqrt(np.mean((predictions - y) ** 2)))


def change_member(
    crew: Crew, stack: Sequence[str], old: str, new_probe: Floats, new_test: Floats
) -> Change:
    """Replace the predictions of one member of a stack.

    Parameters
    ----------
    crew : Crew
        Must include the members of the stack.
    stack : sequence of str
        Names of members; weights are fitted on the probe set.
    old : str
        The member that changes, one of the stack.
    new_probe, new_test : ndarray of shape (n,)
        The member's new predictions for the probe set and the test set.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        If the member is not in the stack.
    """
    if old not in stack:
        raise ValueError(f"old={old!r}, expected a member of the stack {tuple(stack)!r}")
    places, place = crew.places(stack), crew.places([old])[0]
    names, numbers = crew.names, (crew.parameters, crew.cpu_seconds)
    probe, test = crew.probe.copy(), crew.test.copy()
    probe[:, place], test[:, place] = new_probe, new_test
    changed = Crew(names, probe, crew.probe_y, test, crew.test_y, *numbers)

    before, after = crew.probe_moments, changed.probe_moments
    fitted = ridge_blend(before, places)
    alone = [before.mse(single(before, member)) for member in places]
    best = single(before, places[int(np.argmin(alone))])
    stars = {
        "before": fitted.predict(crew.test),
        "kept": fitted.predict(test),
        "refit": ridge_blend(after, places).predict(test),
        "best_single": best.predict(crew.test),
    }
    errors = {name: _rmse(values, crew.test_y) for name, values in stars.items()}
    return Change(
        member_before=crew.test_moments.rmse(single(before, place)),
        member_after=changed.test_moments.rmse(single(after, place)),
        weight=float(fitted.weights[place]),
        predictions=stars,
        **errors,
    )


def upgrade_member(
    seed: int,
    stack: Sequence[str] = STACK,
    upgrade: tuple[str, str] = UPGRADE,
    couplings: RatingsCouplings | None = None,
) -> Change:
    """Upgrade one member of a stack to a better one, in one world.

    Parameters
    ----------
    seed : int
        World.
    stack : sequence of str
    upgrade : (str, str)
        The member that is replaced, and the one that takes its place.
    couplings : RatingsCouplings, optional
        Assumptions.

    Returns
    -------
    Change
    """
    crew = train_crew(seed, couplings)
    old, new = upgrade
    place = crew.places([new])[0]
    return change_member(crew, stack, old, crew.probe[:, place], crew.test[:, place])


def stale_member(
    seed: int,
    stale: str = STALE_STACK[0],
    since: float = 0.7,
    stack: Sequence[str] = STALE_STACK,
    couplings: RatingsCouplings | None = None,
) -> Change:
    """A stack with one member that was last trained some time ago; all else is up to date.

    Parameters
    ----------
    seed : int
        World.
    stale : str
        The member that was not retrained.
    since : float
        Time of the member's last training, 0 to 1: it has seen no later ratings.
    stack : sequence of str
    couplings : RatingsCouplings, optional
        Assumptions.

    Returns
    -------
    Change
        ``kept`` is the stack with the stale member, and the weights fitted to the fresh one.

    Raises
    ------
    ValueError
        If the time is not between 0 and 1.
    """
    if not 0 < since <= 1:
        raise ValueError(f"since={since!r}, expected a number over 0, up to 1")
    crew, world = train_crew(seed, couplings), make_ratings(seed, couplings)
    old, _ = train_member(stale, world.train.before(since))
    return change_member(crew, stack, stale, old.predict(world.probe.X), old.predict(world.test.X))
