"""``python -m launchlab.serving.bagged``: what one more member of the same kind brings and costs.

Bags of the zoo's 200 boosted trees rank the marketplace's sessions in 20 worlds: about twenty
seconds of CPU per world. Finished worlds are kept if ``LAUNCHLAB_CACHE`` names a folder.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import Logs, Scores, make_logs, make_world
from launchlab.market.features import make_features
from launchlab.market.rankers import make_estimator
from launchlab.memo import memo
from launchlab.serving.latency import latency_ms
from launchlab.zoo.launch import cumulants, hurry, launched, paired_change
from launchlab.zoo.rankers import BASELINE, ranker_scores, world_sessions
from launchlab.zoo.rows import LINEAR
from launchlab.zoo.table import WORLDS

MEMBERS = (1, 2, 3, 5, 7, 10)
"""Sizes of bags in the table; 1 is the model that learnt from the whole log."""


def resampled(logs: Logs, seed: int) -> Logs:
    """A bootstrap sample of logged sessions: as many as there are, drawn with replacement.

    Parameters
    ----------
    logs : Logs
    seed : int

    Returns
    -------
    Logs
    """
    rows = np.random.default_rng(seed).integers(len(logs), size=len(logs))
    return logs[rows]


def bag_orders(seed: int, most: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Order probabilities of individual bagged members for a world's fresh sessions.

    Parameters
    ----------
    seed : int
        The world's seed.
    most : int
        Number of members.

    Returns
    -------
    list of ndarray of float32, shape (5,000, 30)
    """
    logs, sessions = make_logs(make_world(seed)), world_sessions(seed)
    rows = make_features(sessions)
    found = []
    for member in range(most):
        sample = resampled(logs, seed=1_000 * seed + member)
        shown = make_features(sample.sessions, sample.candidate)
        model = make_estimator(BASELINE, 0).fit(shown, sample.ordered.ravel().astype(np.int8))
        chance = model.predict_proba(rows)[:, 1].astype(np.float32)
        found.append(chance.reshape(sessions.shape))
    return found


@memo
def bag_rows(seed: int, members: tuple[int, ...] = MEMBERS) -> pd.DataFrame:
    """A world's rows of the table: see `bagged_table`.

    Parameters
    ----------
    seed : int
        The world's seed.
    members : tuple of int
        Sizes of bags, 1 or more.

    Raises
    ------
    ValueError
        For a size below 1.
    """
    if min(members) < 1:
        raise ValueError(f"members={tuple(members)}: expected numbers of at least 1")
    sessions = world_sessions(seed)
    base = ranker_scores(seed, BASELINE)
    usual = launched(sessions, base)
    alone = bag_orders(seed, max(members) if max(members) > 1 else 0)
    in_a_hurry = hurry(sessions)
    rows = []
    for size in members:
        order = base.order if size == 1 else np.stack(alone[:size]).mean(axis=0)
        outcomes = launched(sessions, Scores(order, base.click))
        change, error = paired_change(
            usual.measure("orders"), outcomes.measure("orders"), sessions.customer
        )
        row = {"world": seed, "members": size, "orders_change": change, "orders_change_se": error}
        for name in LINEAR:
            values = outcomes.measure(name)
            row[name] = float(values.mean()) * (1 if name == "experience" else 1_000)
            found = cumulants(values, in_a_hurry)
            row.update({f"{name}_k{one}": value for one, value in enumerate(found, start=1)})
        rows.append(row)
    return pd.DataFrame(rows)


@cache
def _table() -> pd.DataFrame:
    return shipped.read_table(__package__, "bagged.csv", comment="#")


def bagged_table() -> pd.DataFrame:
    """Outcomes of bags of 1 to 10 members, at 0 ms, in 20 worlds.

    Returns
    -------
    DataFrame, a row for each world and size
        ``world``, ``members``; ``orders_change`` and ``orders_change_se`` (percent against size 1,
        and the standard error from which customers were drawn); and the columns that
        :func:`launchlab.zoo.table.at_latency` reads.

    Notes
    -----
    A member is the zoo's hgb200, trained on a bootstrap sample of the logged sessions; a bag is
    the mean of its members' order probabilities. Size 1 is hgb200 trained on the whole log, which
    is what one would ship. It also predicts the clicks in all rows; only the ads depend on these.
    """
    return _table().copy()


def bagged_rows(seed: int) -> pd.DataFrame:
    """Rows of `bagged_table` for any world: shipped for the first 20, computed for others."""
    if not 0 <= seed < WORLDS:
        return bag_rows(seed)
    return _table()[_table()["world"] == seed].reset_index(drop=True)


def bag_latency(members: int, *, multiplier: float = 1.0, calls: str = "serial") -> float:
    """Time that a bag itself takes to answer, from the frozen latency table, ms; no overhead.

    Parameters
    ----------
    members : int
        At least 1.
    multiplier : float, default 1
        Factor on the table's times.
    calls : {"serial", "parallel"}
        One after another, or all at once. Equal members called at once take as long as one.

    Raises
    ------
    ValueError
        For a number out of range, or an unknown value of ``calls``.
    """
    if members < 1:
        raise ValueError(f"members={members!r}, expected at least 1")
    one = latency_ms(BASELINE, multiplier=multiplier, ensemble=calls, overhead=0.0)
    return one * members if calls == "serial" else one


def main() -> None:
    """Train the bags and write the table; its header says how it was made."""
    shipped.need_one_thread()
    table = shipped.in_worlds(bag_rows, WORLDS)
    head = (
        "Bags of 1 to 10 members (200 boosted trees each) in 20 worlds: see bagged_table().",
        shipped.cost_line("less where worlds came from the cache"),
    )
    path = shipped.folder(__file__) / "bagged.csv"
    shipped.write_table(
        path, table, head, "launchlab.serving.bagged", index=False, float_format="%.7g"
    )


if __name__ == "__main__":
    shipped.keep_computed()
    main()
