"""A world's rows of the zoo table: offline metrics and outcomes of its rankers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from launchlab.market import MEASURES, Scores, Sessions
from launchlab.market.scorecard import retention, weeks_stayed
from launchlab.memo import memo
from launchlab.zoo.held_out import HeldOut, auc, auc_difference_error, held_out_log, log_loss
from launchlab.zoo.launch import cumulants, hurry, launched, paired_change, session_values
from launchlab.zoo.rankers import (
    BASELINE,
    TABLE_RANKERS,
    ranker_notes,
    ranker_scores,
    world_sessions,
)

CHANGES = ("orders", "clicks", "ad_revenue", "margin", "life_value")
"""Measures for which the table has a change against the baseline."""

LINEAR = ("orders", "clicks", "ad_revenue", "margin", "gmv", "experience")
"""Columns of the zoo table that are proportional to the customers who stay."""


def make_row(
    sessions: Sessions, held_out: HeldOut, scores: Scores, base: Scores
) -> dict[str, float]:
    """A ranker's row of the table; see ``zoo_table`` for the columns.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    held_out : HeldOut
        What the past policy showed in them.
    scores, base : Scores
        Scores of the ranker and of the baseline for the same sessions.

    Returns
    -------
    dict of str to float
        All columns except world, ranker and family.
    """
    row: dict[str, float] = {}
    customers = np.repeat(held_out.customer, held_out.candidate.shape[1])
    for what, happened in (("order", held_out.ordered), ("click", held_out.clicked)):
        mine, others = (
            np.take_along_axis(getattr(one, what), held_out.candidate, axis=1)
            for one in (scores, base)
        )
        rows = happened.ravel()
        row[f"auc_{what}"] = auc(mine.ravel(), rows)
        row[f"auc_{what}_se"] = auc_difference_error(mine.ravel(), others.ravel(), rows, customers)
        row[f"log_loss_{what}"] = log_loss(mine[:, 0], happened[:, 0])

    couplings = sessions.world.couplings
    outcomes, usual = launched(sessions, scores), launched(sessions, base)
    for name in MEASURES:
        row[name] = float(outcomes.measure(name).mean()) * (1 if name == "experience" else 1_000)
    row["life_value"] = row["margin"] * weeks_stayed(retention(row["experience"], couplings))
    for name in CHANGES:
        row[f"{name}_change"], row[f"{name}_change_se"] = paired_change(
            session_values(usual, name, couplings),
            session_values(outcomes, name, couplings),
            sessions.customer,
        )
    in_a_hurry = hurry(sessions)
    for name in LINEAR:
        found = cumulants(outcomes.measure(name), in_a_hurry)
        row.update({f"{name}_k{order}": value for order, value in enumerate(found, start=1)})
    return row


@memo
def make_world_table(seed: int, rankers: tuple[str, ...] = TABLE_RANKERS) -> pd.DataFrame:
    """Train and evaluate rankers in one world: that world's rows of the table.

    Parameters
    ----------
    seed : int
        The world's seed.
    rankers : tuple of str
        Names in ``TABLE_RANKERS``; the baseline is always trained.

    Returns
    -------
    DataFrame
    """
    sessions = world_sessions(seed)
    held_out = held_out_log(sessions)
    base = ranker_scores(seed, BASELINE)
    family = ranker_notes()["family"]
    rows = [
        {
            "world": seed,
            "ranker": name,
            "family": family[name],
            **make_row(sessions, held_out, ranker_scores(seed, name), base),
        }
        for name in rankers
    ]
    return pd.DataFrame(rows)
