"""``python -m launchlab.stakeholders.frozen``: old and fresh models in drifting worlds.

Models are trained on the log of week 0 and left alone (*frozen*), or trained again on a log of the
changed world (*fresh*). Takes about 26 seconds of CPU per world.
"""

from __future__ import annotations

import time
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import Outcomes, Ranker, draw_sessions, make_logs, make_ranker, make_world
from launchlab.market.drift import Drift, drifted_world
from launchlab.market.sessions import Sessions
from launchlab.memo import memo
from launchlab.zoo.launch import launched, paired_change
from launchlab.zoo.rankers import N_SESSIONS, SESSION_SEED
from launchlab.zoo.table import WORLDS

SHARES = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0)
"""Shares of restaurants and customers changed for which the table has rows."""

MODELS = ("logistic", "hgb50")
"""50 trees rather than 200: they earn nearly as much and train in a quarter of the time."""

TRAINED = ("frozen", "fresh")

NOISE_SHARE = 0.45
"""The share at which models are trained on a second log as well."""


@lru_cache(maxsize=8)
def _frozen(seed: int, ranker: str, log_seed: int) -> Ranker:
    return make_ranker(ranker).fit(make_logs(make_world(seed), seed=log_seed))


def drifted_sessions(seed: int, share: float, drift: Drift | None = None) -> Sessions:
    """The 5,000 fresh sessions of a world after a share of it has changed."""
    world = drifted_world(make_world(seed), share, drift)
    return draw_sessions(world, N_SESSIONS, seed=SESSION_SEED)


def drifted_outcomes(
    seed: int,
    share: float,
    ranker: str,
    trained: str,
    *,
    drift: Drift | None = None,
    log_seed: int = 0,
) -> Outcomes:
    """Expected outcomes of a frozen or a fresh model in a changed world.

    Parameters
    ----------
    seed : int
        The world's seed.
    share : float
        Share of restaurants and customers that has changed, 0 to 1.
    ranker : str
        One of ``RANKERS``.
    trained : {"frozen", "fresh"}
        Whether the model learns from the log of week 0, or from an equally long log of the changed
        world.
    drift : Drift, optional
        What changes; everything by default.
    log_seed : int, default 0
        Seed of the log to learn from. With the same seed, a frozen and a fresh model share the
        random draws of sessions and choices, so that only the world differs. At share 0 they are
        the same.

    Returns
    -------
    Outcomes
        For the sessions of `drifted_sessions`, with default ads, bids settled under the model, and
        0 ms.

    Raises
    ------
    ValueError
        For an unknown ranker or way of training, or a share out of range.
    """
    if trained not in TRAINED:
        raise ValueError(f"trained={trained!r}, expected 'frozen' or 'fresh'")
    sessions = drifted_sessions(seed, share, drift)
    if trained == "frozen":
        model = _frozen(seed, ranker, log_seed)
    else:
        model = make_ranker(ranker).fit(make_logs(sessions.world, seed=log_seed))
    return launched(sessions, model.score(sessions))


def make_rows(seed: int, share: float, log_seed: int = 0) -> pd.DataFrame:
    """The table's rows of one world and share: see `drift_table`."""
    customer = drifted_sessions(seed, share).customer
    found = {
        (ranker, trained): drifted_outcomes(seed, share, ranker, trained, log_seed=log_seed)
        for ranker in MODELS
        for trained in TRAINED
    }
    best = found["hgb50", "fresh"].measure("margin")
    rows = []
    for (ranker, trained), outcomes in found.items():
        orders, margin = (outcomes.measure(name) for name in ("orders", "margin"))
        rows.append(
            {
                "world": seed,
                "share": share,
                "ranker": ranker,
                "trained": trained,
                "log_seed": log_seed,
                "orders": 1_000 * orders.mean(),
                "margin": 1_000 * margin.mean(),
                "margin_change_se": paired_change(best, margin, customer)[1],
            }
        )
    return pd.DataFrame(rows)


@memo
def make_world_rows(seed: int) -> pd.DataFrame:
    """All rows of one world."""
    parts = [make_rows(seed, share) for share in SHARES]
    return pd.concat([*parts, make_rows(seed, NOISE_SHARE, log_seed=1)], ignore_index=True)


@cache
def _drift() -> pd.DataFrame:
    return shipped.read_table(__package__, "drift.csv")


def drift_table() -> pd.DataFrame:
    """What frozen and fresh models bring in each of 20 worlds, as more and more of them changes.

    Returns
    -------
    DataFrame, a row for each world, share, ranker, way of training and log
        ``world``: seed. ``share``: share of restaurants and customers changed, of ``SHARES``.
        ``ranker``: "logistic" or "hgb50". ``trained``: "frozen" or "fresh". ``log_seed``: 0; at
        one share also 1. ``orders``, ``margin`` ($): per 1,000 sessions, expected, at 0 ms.
        ``margin_change_se``: standard error, in percentage points, of the margin's relative
        difference from that of fresh "hgb50" (customers resampled as wholes).
    """
    return _drift().copy()


def drift_rows(seed: int) -> pd.DataFrame:
    """Rows of `drift_table` for any world: shipped for the first 20, computed for others."""
    if not 0 <= seed < WORLDS:
        return make_world_rows(seed)
    return _drift()[_drift()["world"] == seed].reset_index(drop=True)


def margin_lost(log_seed: int = 0, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Margin that frozen trees lose compared with fresh trees, $ per session.

    Parameters
    ----------
    log_seed : int, default 0
    rows : DataFrame, optional
        Rows from `drift_rows`; by default the whole shipped table.

    Returns
    -------
    DataFrame, a row for each share, a column for each world
        Negative where the frozen model happens to do better.
    """
    table = _drift() if rows is None else rows
    table = table.query("ranker == 'hgb50' and log_seed == @log_seed")
    margin = table.pivot(index=["share", "world"], columns="trained", values="margin")
    return ((margin["fresh"] - margin["frozen"]) / 1_000).unstack("world")


def lost_noise() -> float:
    """Standard deviation of `margin_lost` from one log to another, $ per session.

    Measured with two logs in each of 20 worlds at one share, so itself accurate to about a sixth.
    """
    first, second = (margin_lost(seed).loc[NOISE_SHARE] for seed in (0, 1))
    return float(np.sqrt(((first - second) ** 2).mean() / 2))


def main() -> None:
    """Make the table and its provenance, and print what was written."""
    shipped.need_one_thread()
    table = shipped.in_worlds(make_world_rows, WORLDS)
    folder = shipped.folder(__file__)
    table.to_csv(folder / "drift.csv", index=False, float_format="%.6g")
    kept = shipped.made_by(
        "launchlab.stakeholders.frozen",
        worlds=list(range(WORLDS)),
        sessions=N_SESSIONS,
        session_seed=SESSION_SEED,
        cpu_seconds=round(time.process_time(), 1),
    )
    shipped.write_record(folder / "drift.json", kept)
    print(f"wrote drift.csv ({len(table)} rows) and drift.json; {kept['cpu_seconds']} s CPU")


if __name__ == "__main__":
    main()
