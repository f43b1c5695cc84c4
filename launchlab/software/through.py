"""Which faults get through the gates that are switched on, and what that costs: the lab's rule."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import pandas as pd

from launchlab.software.alarms import (
    BEFORE_LAUNCH,
    GATES,
    WORLDS,
    Limits,
    alarms,
    gate_table,
    is_sound,
)
from launchlab.software.covering import CAUGHT
from launchlab.software.harms import HARMS

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
"""Sessions that a canary may serve; four times as many are watched beside it."""

A_WEEK = 100_000
"""Sessions that a release serves before anybody notices that it got through."""

#: JavaScript twin of `through`, for the page; a test compares the two.
THROUGH_JAVASCRIPT = files("launchlab.software").joinpath("through.js").read_text(encoding="utf-8")


def through_table(faults: Sequence[str], too_good: float) -> pd.DataFrame:
    """What the rule needs of each release of 20 worlds: which gate would stop it.

    Parameters
    ----------
    faults : sequence of str
        The faults that count, by name in ``HARMS``: the worst first.
    too_good : float
        Points of AUC above the usual that an upper alarm allows.

    Returns
    -------
    DataFrame
        ``place`` (of the fault in the list, -1 for a sound release), ``words``, ``lost`` (orders
        per session against the sound release), a column for each gate before the launch with 0 or
        1, ``too_good``, the same for the upper alarm, and ``canary_1000`` and so on.
    """
    rows = gate_table()
    rows = rows[is_sound(rows) | rows["release"].isin(faults)].reset_index(drop=True)
    found = alarms(rows)[list(BEFORE_LAUNCH)].astype(int)
    upper = alarms(rows, Limits(offline=np.inf, too_good=too_good))
    place = rows["release"].map({name: k for k, name in enumerate(faults)}).fillna(-1)
    found.insert(0, "place", place.astype(int))
    found.insert(1, "words", [HARMS[n].words if n in HARMS else "" for n in rows["release"]])
    base = rows["orders"].where(rows["release"] == "sound 0").groupby(rows["world"])
    lost = (base.transform("max") - rows["orders"]) / 1_000
    found.insert(2, "lost", lost.round(5))
    found["too_good"] = upper["offline"].astype(int)
    for size in SIZES:
        at = Limits(sessions=size, control=4 * size)
        found[f"canary_{size}"] = alarms(rows, at)["canary"].round(4)
    return found


def through(table: pd.DataFrame, sessions: float, too_good: bool, **switched: bool) -> pd.DataFrame:
    """Send every release through the gates that are switched on.

    Parameters
    ----------
    table : DataFrame
        As `through_table` makes it.
    sessions : float
        One of ``SIZES``.
    too_good : bool
        Whether the offline gate stops a score that is too good, too.
    **switched : bool
        For each of ``GATES``, whether it is on.

    Returns
    -------
    DataFrame, a row for each fault and column of the matrix
        ``fault``; ``column``: the gates, and "together"; ``value``, 0 to 1, which tints the cell,
        and its ``text``: the worlds of twenty in which this gate stops it, if the
        gate is on. About all: ``passing`` (faults that most often get through), ``faults``,
        ``sound`` (sound releases stopped, %), ``orders`` (lost with a faulty release, on average),
        ``gates`` that are on, and the ``worst`` fault that passes.
    """
    chance = table[list(BEFORE_LAUNCH)].to_numpy(dtype=float, copy=True)
    if too_good:
        offline = BEFORE_LAUNCH.index("offline")
        chance[:, offline] = np.maximum(chance[:, offline], table["too_good"])
    chance = np.column_stack([chance, table[f"canary_{int(sessions)}"]])
    on = np.array([bool(switched[name]) for name in GATES])
    early = np.where(on, chance, 0.0)[:, :-1].max(axis=1)
    passed = (1 - early) * (1 - on[-1] * chance[:, -1])
    served = (1 - early) * on[-1] * sessions + passed * A_WEEK
    place, lost = table["place"].to_numpy(), table["lost"].to_numpy()
    rows, passing = [], []
    for k in range(int(place.max()) + 1):
        here = place == k
        fault = table["words"].to_numpy()[here][0]
        total = 1 - passed[here].mean()
        if total < CAUGHT:
            passing.append(fault)
        for gate, label in enumerate(GATES.values()):
            share = chance[here, gate].mean() if on[gate] else 0.0
            rows.append((fault, label, share, _worlds(share)))
        rows.append((fault, "together", float(total >= CAUGHT), _worlds(total)))
    return pd.DataFrame(rows, columns=["fault", "column", "value", "text"]).assign(
        passing=len(passing),
        faults=int(place.max()) + 1,
        sound=100 * (1 - passed[place < 0].mean()),
        orders=(served * lost)[place >= 0].mean(),
        gates=int(on.sum()),
        worst=passing[0] if passing else "",
    )


def _worlds(share: float) -> str:
    count = int(np.floor(WORLDS * share + 0.5))
    return str(count) if count else ""
