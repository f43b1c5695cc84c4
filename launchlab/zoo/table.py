"""The zoo table: what some 40 rankers score offline and bring online in 20 worlds."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import (
    RANKERS,
    Couplings,
    Scores,
    Sessions,
    draw_sessions,
    make_world,
    mean_scores,
)
from launchlab.market.rankers import ENSEMBLE
from launchlab.market.scorecard import retention, weeks_stayed
from launchlab.zoo.rows import LINEAR, make_world_table

WORLDS = 20
"""Worlds of the table: seeds 0 to 19."""

SCORES_WORLD, SCORES_SESSIONS = 0, 1_000
_MOST = 0.3


@cache
def _zoo() -> pd.DataFrame:
    return shipped.read_table(__package__, "zoo.csv")


def zoo_table() -> pd.DataFrame:
    """Offline metrics and outcomes of some 40 rankers in each of 20 worlds, at 0 ms.

    Returns
    -------
    DataFrame, a row for each world and ranker
        ``world``: seed. ``ranker``: a name in ``RANKERS``, "truth" (the simulator's own
        probabilities), or a name in ``VARIANTS``. ``family``: "zoo", "truth" or "variant".

        *Offline*, on a held-out log (see Notes): ``auc_order``, ``auc_click`` (all places shown,
        all sessions pooled; 1 is perfect), ``auc_order_se`` and ``auc_click_se`` (standard error of
        the *difference* from the baseline's AUC, customers resampled as wholes),
        ``log_loss_order``, ``log_loss_click`` (nats a row, first places only).

        *Online*, expected values at 0 ms per 1,000 sessions: ``orders``, ``clicks``;
        ``ad_revenue``, ``margin``, ``gmv`` in $; ``experience`` (mean utility experienced, per
        session); ``life_value`` in $ over 26 weeks per 1,000 customers.

        *Against the baseline* (the ranker ``BASELINE``): ``orders_change``, ``clicks_change``,
        ``ad_revenue_change``, ``margin_change``, ``life_value_change`` in percent, each with its
        standard error ``..._change_se`` in percentage points (same sessions for both rankers,
        clustered by customer).

        *For other latencies* (read them with `at_latency`): ``{measure}_k1``, ``_k2``, ``_k3``
        for the measures in ``LINEAR``.

    Notes
    -----
    Each ranker learnt from the 10,000 logged sessions of ``make_logs(world)`` (some variants from
    fewer), and scores the same 5,000 fresh sessions, ``draw_sessions(world, 5_000, seed=1)``.

    *Offline*: the past popularity policy (with its noise) shows each of these sessions 8
    candidates, orders and clicks are sampled, and the scores of what was shown are compared with
    them: 40,000 rows per world. A score is that of a candidate in first place, as in serving; as on
    most leaderboards, it is not corrected for the place where the candidate was shown. Log loss
    needs a probability for the place shown, so it uses only the 5,000 first places.

    *Online*: slates with ads (the default policy, bids settled under that ranker, as after a full
    launch), evaluated in closed form, so the only noise is which sessions were drawn.
    """
    return _zoo().copy()


def zoo_rows(seed: int, rankers: tuple[str, ...] = RANKERS) -> pd.DataFrame:
    """The zoo table's rows for any world: shipped for the first 20, computed for others.

    Parameters
    ----------
    seed : int
        The world's seed.
    rankers : tuple of str
        Names in ``TABLE_RANKERS``; beyond the first 20 worlds they are trained.

    Returns
    -------
    DataFrame
        As `zoo_table`; shipped rows have six significant digits.
    """
    if not 0 <= seed < WORLDS:
        return make_world_table(seed, tuple(dict.fromkeys(rankers)))
    table = _zoo()
    return table[(table["world"] == seed) & table["ranker"].isin(rankers)].reset_index(drop=True)


def at_latency(
    table: pd.DataFrame,
    latency_ms: float | pd.Series | np.ndarray[Any, Any],
    *,
    elasticity: float | None = None,
) -> pd.DataFrame:
    """The table's outcomes at a given latency.

    Parameters
    ----------
    table : DataFrame
        Rows of `zoo_table`, at 0 ms.
    latency_ms : float, or one for each row
        Latency, ms, at least 0 and, at an elasticity of 0.5 %, up to about 6,000.
    elasticity : float, optional
        Share of orders lost per 100 ms, 0 to 0.1; the marketplace's default (0.005) if not given.

    Returns
    -------
    DataFrame
        The same rows with ``orders``, ``clicks``, ``ad_revenue``, ``margin``, ``gmv``,
        ``experience`` and ``life_value`` at that latency; columns that are valid only at 0 ms
        (changes against the baseline, ``_k1`` to ``_k3``) are left out.

    Raises
    ------
    ValueError
        If a latency or the elasticity is out of range, or both together keep fewer than about
        three quarters of all customers.

    Notes
    -----
    A session's outcomes shrink by exp(-x w), where x = -log(1 - elasticity) latency / 100 ms and w
    is the customer's hurry, 1 / patience, with mean 1. Summed over sessions with their outcomes as
    weights, this is exp(-k1 x + k2 x**2 / 2 - k3 x**3 / 6 + ...), where the k are the cumulants of
    w. The first three are kept. Compared with the exact sum, the error is below 1e-6 of the value
    up to x = 0.05 (1,000 ms at 0.5 %) and about 2e-4 at x = 0.3, the largest allowed.
    """
    couplings = Couplings()
    share = couplings.latency_elasticity if elasticity is None else float(elasticity)
    if not 0 <= share <= 0.1:
        raise ValueError(f"elasticity={elasticity!r}, expected a number from 0 to 0.1")
    latency = np.broadcast_to(np.asarray(latency_ms, dtype=float), (len(table),))
    x = -np.log1p(-share) * latency / 100
    if not ((x >= 0) & (x <= _MOST)).all():
        most = np.inf if share == 0 else -100 * _MOST / np.log1p(-share)
        raise ValueError(
            f"latency_ms={latency_ms!r}, expected numbers from 0 to {most:.0f} (at {share:.1%})"
        )
    left_out = [c for c in table if c.endswith(("_change", "_change_se", "_k1", "_k2", "_k3"))]
    found = table.drop(columns=left_out)
    for name in LINEAR:
        k1, k2, k3 = (table[f"{name}_k{order}"] for order in (1, 2, 3))
        found[name] = table[name] * np.exp(-k1 * x + k2 * x**2 / 2 - k3 * x**3 / 6)
    found["life_value"] = [
        margin * weeks_stayed(retention(experience, couplings))
        for margin, experience in zip(found["margin"], found["experience"], strict=True)
    ]
    return found


def provenance() -> dict[str, Any]:
    """How the zoo table was made: versions, seeds, and CPU seconds of each world."""
    kept: dict[str, Any] = json.loads(shipped.read_text(__package__, "zoo.json"))
    return kept


@cache
def _score_arrays() -> dict[str, np.ndarray[Any, Any]]:
    with shipped.open_bytes(__package__, "scores.npz") as file, np.load(file) as kept:
        return {name: kept[name] for name in kept.files}


def zoo_scores(name: str) -> tuple[Sessions, Scores]:
    """A zoo ranker's scores for 1,000 sessions of world 0.

    Parameters
    ----------
    name : str
        One of ``RANKERS``.

    Returns
    -------
    sessions : Sessions
        ``draw_sessions(make_world(0), 1_000, seed=1)``: the first 1,000 of those behind the table.
    scores : Scores
        Order and click probabilities of shape (1,000, 30), kept in half precision (three
        significant digits), so close candidates may tie.

    Raises
    ------
    ValueError
        For an unknown ranker.
    """
    if name not in RANKERS:
        raise ValueError(f"name={name!r}, expected one of {', '.join(RANKERS)}")
    sessions = draw_sessions(make_world(SCORES_WORLD), SCORES_SESSIONS, seed=1)
    if name == "ensemble5":
        return sessions, mean_scores([zoo_scores(member)[1] for member in ENSEMBLE])
    kept = _score_arrays()
    order, click = (kept[f"{name}_{what}"].astype(np.float32) for what in ("order", "click"))
    return sessions, Scores(order, click)
