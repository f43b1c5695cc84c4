"""What the gates measure: a row for each release of a town, sound and faulty."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.market import Couplings, make_logs
from launchlab.memo import memo
from launchlab.software.gates import GATES, Running, orders_now, running_in
from launchlab.software.harms import HARMS, sound
from launchlab.software.offers import offers_logged
from launchlab.software.release import Release, clean
from launchlab.software.town import N_LOGGED
from launchlab.zoo.launch import paired_change

SOUND = 6
"""Sound releases of each town: the same program, trained on six logs."""

_LOGS = 200  # seeds of the logs of all sound releases but the first


def sound_release(running: Running, number: int) -> Release:
    """A release without a fault; number 0 learnt from the very log that faulty ones start from."""
    town = running.town
    if number == 0:
        return sound(town)
    logs = make_logs(town.world, N_LOGGED, seed=_LOGS + number)
    return clean(offers_logged(logs), logs, town.scored, town.held)


@memo
def measured(
    seed: int, harms: tuple[str, ...] = tuple(HARMS), couplings: Couplings | None = None
) -> pd.DataFrame:
    """Measure the sound releases of a town, and some faulty ones.

    Parameters
    ----------
    seed : int
        The world's seed.
    harms : tuple of str
        Names in ``HARMS``; all of them by default, which takes some 20 s.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.

    Returns
    -------
    DataFrame, a row for each release
        ``world``, ``release`` ("sound 0" and so on, then the harms' names), a column for each of
        ``GATES``, ``orders`` per 1,000 sessions, ``running`` (those of today's release),
        ``change`` against "sound 0" in percent, by the simulator's truth, and its standard error
        ``change_se``.
    """
    running = running_in(seed, couplings)
    first = sound_release(running, 0)
    base = orders_now(running, first)
    return pd.DataFrame(
        {"world": seed, "release": name, **judge(running, new, base)}
        for name, new in _releases(running, first, harms)
    )


def judge(running: Running, new: Release, base: NDArray[np.float64]) -> dict[str, float]:
    """What the gates measure of a release, and what it brings.

    Parameters
    ----------
    running : Running
    new : Release
    base : ndarray of float, shape (n,)
        Orders of each session under the sound release that it is compared with.

    Returns
    -------
    dict
        A number for each column of `measured`, but for its names.
    """
    now = orders_now(running, new)
    change, error = paired_change(base, now, running.town.sessions.customer)
    return {
        **{name: gate(running, new) for name, gate in GATES.items()},
        "orders": 1_000 * float(now.mean()),
        "running": 1_000 * float(orders_now(running, running.release).mean()),
        "change": change,
        "change_se": error,
    }


def _releases(
    running: Running, first: Release, harms: Iterable[str]
) -> Iterable[tuple[str, Release]]:
    yield "sound 0", first
    for number in range(1, SOUND):
        yield f"sound {number}", sound_release(running, number)
    for name in harms:
        yield name, HARMS[name].make(running.town)
