"""Two faults by degrees: how much of the log a leak or a wrong join has touched."""

from __future__ import annotations

import pandas as pd

from launchlab.memo import memo
from launchlab.software.alarms import gate_rows, is_sound
from launchlab.software.gates import offline, orders_now, running_in
from launchlab.software.harms import A_WEEK, joined_wrongly, leak, sound
from launchlab.software.measured import judge


@memo
def leak_score(seed: int, share: float) -> float:
    """Offline score, in points of AUC, of a release in which a share of orders has leaked."""
    running = running_in(seed)
    return offline(running, leak(running.town, share))


@memo
def joined_rows(seed: int, share: float) -> pd.DataFrame:
    """A town's sound releases, and "joined": the labels of a share of sessions joined wrongly.

    Parameters
    ----------
    seed : int
        The world's seed.
    share : float
        Share of the logged sessions, 0 to 1; `A_WEEK` is that of the table.

    Returns
    -------
    DataFrame
        As `launchlab.software.alarms.gate_rows`.
    """
    rows = gate_rows(seed, ("joined",))
    if share == A_WEEK:
        return rows
    running = running_in(seed)
    base = orders_now(running, sound(running.town))
    found = judge(running, joined_wrongly(running.town, share), base)
    new = pd.DataFrame([{"world": seed, "release": "joined", **found}])
    return pd.concat([rows[is_sound(rows)], new], ignore_index=True)
