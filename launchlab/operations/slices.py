"""How large a group has to be before a test can say that a release serves it worse."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from launchlab.operations.canary import ORDER_RATE
from launchlab.operations.sequential import LEVEL


def chance_seen(
    sessions: float, share: float, loss: float, groups: int = 1, rate: float = ORDER_RATE
) -> float:
    """Chance that a test of a group finds its loss, when half of the sessions get the release.

    Parameters
    ----------
    sessions : float
        All sessions, of all groups and both arms.
    share : float
        Of the group, above 0 and at most 1.
    loss : float
        Share of its orders that the group loses, below 1.
    groups : int, default 1
        How many groups are tested; each gets its share of the level of 5 % (Bonferroni).
    rate : float, default 0.24
        Orders per session without the release.

    Returns
    -------
    float
        Power of the one-sided test, in the normal approximation.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share={share!r}, expected a number above 0 and at most 1")
    if not loss < 1:
        raise ValueError(f"loss={loss!r}, expected less than 1")
    if groups < 1:
        raise ValueError(f"groups={groups!r}, expected at least 1")
    left = rate * (1 - loss)
    variance = (left * (1 - left) + rate * (1 - rate)) / (sessions * share / 2)
    bound = norm.ppf(1 - LEVEL / groups)
    return float(norm.cdf(loss * rate / np.sqrt(variance) - bound))


def false_alarm(groups: int) -> float:
    """Chance that one of so many independent groups rings at 5 % though nothing happened."""
    return float(1 - (1 - LEVEL) ** groups)
