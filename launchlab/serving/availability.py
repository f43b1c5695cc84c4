"""How often a committee of each size gives no answer: what the lab on silent members shows."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd

from launchlab.serving.faults import FAULTS_JAVASCRIPT, mean_when_answered, unanswered

MOST = 50
"""Largest committee."""

FLOOR = 0.001
"""Percent; what is smaller is drawn here, since a logarithmic axis has no zero."""

HOURS = 30 * 24

#: JavaScript twin of `availability`: ``availability.js`` beside this file, after ``faults.js``.
AVAILABILITY_JAVASCRIPT = FAULTS_JAVASCRIPT + files("launchlab.serving").joinpath(
    "availability.js"
).read_text(encoding="utf-8")


def availability(
    table: pd.DataFrame, members: int, failure: float, missing: int, common: float
) -> pd.DataFrame:
    """Requests without an answer, in percent, for committees of 1 to 50 members.

    Parameters
    ----------
    table : DataFrame
        ``accuracy`` when 0, 1, ..., 50 members answer: see
        :func:`launchlab.serving.committee.accuracy_by_answers`.
    members : int
        Members asked, 1 to 50: the row in which ``here`` says yes.
    failure : float
        How often one member does not answer, percent.
    missing : int
        How many may be missing.
    common : float
        Share of failures that hit all members at once, percent.

    Returns
    -------
    DataFrame
        ``strict`` (all must answer) and ``degraded`` (some may be missing), the same as they are
        drawn (a gap where the two are one line), and about the chosen size: ``hours`` without an
        answer in 30 days, and the accuracy in percent of those that are given.
    """
    q, beta = failure / 100, common / 100
    sizes = range(1, MOST + 1)
    strict = np.array([100 * unanswered(size, q, 0, beta) for size in sizes])
    degraded = np.array([100 * unanswered(size, q, missing, beta) for size in sizes])
    accuracy = table["accuracy"].to_numpy()
    spared = np.maximum(degraded, FLOOR) if missing else np.full(MOST, np.nan)
    return pd.DataFrame(
        {
            "members": sizes,
            "strict": strict,
            "degraded": degraded,
            "strict_shown": np.maximum(strict, FLOOR),
            "degraded_shown": spared,
            "one": failure,
            "here": [size == members for size in sizes],
            "asked": members,
            "missing": missing,
            "hours": HOURS * degraded[members - 1] / 100,
            "one_hours": HOURS * q,
            "accuracy": 100 * mean_when_answered(accuracy, members, q, missing, beta),
            "accuracy_all": 100 * accuracy[members],
        }
    )
