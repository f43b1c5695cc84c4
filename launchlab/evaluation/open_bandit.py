"""A real log with its propensities: a small extract of the Open Bandit Dataset.

A fashion shop showed items by one of two policies, drawn by lot for each impression: Thompson
sampling, which favours what was clicked, and a uniform choice. The log of the first can therefore
be asked what the second would have earned, and the second's own log holds the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab import shipped
from launchlab.evaluation.offpolicy import (
    Floats,
    capped_ips,
    effective_sample_size,
    importance_weights,
    ips,
    self_normalised_ips,
)

CAMPAIGNS = ("men", "women")
FILE = "open-bandit.csv.gz"
_RESAMPLES = 1_000


@dataclass(frozen=True, eq=False)
class RealLog:
    """One campaign: what Thompson sampling logged, and what the uniform choice earned beside it.

    Attributes
    ----------
    campaign : str
    items : int
        Items to choose from; the uniform policy shows each with probability 1 / items.
    click : ndarray of float64, shape (n,)
        1 if the impression was clicked, else 0. The order of the impressions is not kept.
    old : ndarray of float64, shape (n,)
        Probability with which Thompson sampling chose the logged item, to four digits.
    uniform_clicks, uniform_impressions : int
        Totals of the uniform policy's own log.
    """

    campaign: str
    items: int
    click: NDArray[np.float64]
    old: NDArray[np.float64]
    uniform_clicks: int
    uniform_impressions: int

    def __len__(self) -> int:
        return len(self.click)

    @property
    def new(self) -> NDArray[np.float64]:
        """Probability of each logged item under the uniform policy, shape (n,)."""
        return np.full(len(self), 1 / self.items)

    @property
    def weights(self) -> NDArray[np.float64]:
        """Importance weights of the uniform policy, shape (n,)."""
        return importance_weights(self.new, self.old)

    @property
    def truth(self) -> float:
        """Click rate that the uniform policy had when it ran."""
        return self.uniform_clicks / self.uniform_impressions

    @property
    def truth_error(self) -> float:
        """Standard error of that rate: it was measured, too."""
        return float(np.sqrt(self.truth * (1 - self.truth) / self.uniform_impressions))


@cache
def real_log(campaign: str) -> RealLog:
    """Read one campaign of the extract.

    Parameters
    ----------
    campaign : {"men", "women"}

    Returns
    -------
    RealLog

    Raises
    ------
    ValueError
        If there is no such campaign.
    """
    if campaign not in CAMPAIGNS:
        raise ValueError(f"campaign={campaign!r}: expected one of {', '.join(CAMPAIGNS)}")
    table = shipped.read_table(__package__, FILE, comment="#", compression="gzip")
    rows = table[table["campaign"] == campaign]
    uniform, logged = (rows[rows["policy"] == name] for name in ("random", "bts"))
    # As wide as the machine counts: 32 bits where Python runs in a page.
    counts = logged["impressions"].to_numpy(dtype=np.intp)
    return RealLog(
        campaign,
        items=round(1 / uniform["propensity"].iloc[0]),
        click=np.repeat(logged["click"].to_numpy(dtype=np.float64), counts),
        old=np.repeat(logged["propensity"].to_numpy(dtype=np.float64), counts),
        uniform_clicks=int((uniform["click"] * uniform["impressions"]).sum()),
        uniform_impressions=int(uniform["impressions"].sum()),
    )


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a log says of a new policy, and how far to believe it.

    Attributes
    ----------
    estimates : DataFrame, a row for each estimator
        Index: ``replay``, ``IPS``, ``self-normalised``, ``capped``. Columns: ``value``; ``error``,
        the standard deviation over resampled logs; ``low`` and ``high``, between which 90 % of
        them lie.
    effective : float
        Effective sample size.
    largest : float
        Largest weight.
    mean_weight : float
        Near 1 if the log is long enough for its weights.
    """

    estimates: pd.DataFrame
    effective: float
    largest: float
    mean_weight: float


def judge(
    reward: Floats, new: Floats, old: Floats, *, cap: float = 10.0, seed: int = 0
) -> Judgement:
    """Judge a new policy from a log with propensities.

    Parameters
    ----------
    reward, new, old : ndarray of float, shape (n,)
        Reward of each logged action, and its probability under the new and the logging policy.
    cap : float, default 10
        Largest weight that capped IPS admits.
    seed : int, default 0
        Seed of the resampling behind errors and bounds.

    Returns
    -------
    Judgement

    Notes
    -----
    Replay is given as its mean over draws of the new policy: a logged action agrees with a draw
    with probability ``new``. Errors are those of the bootstrap, 1,000 logs of n rows drawn with
    replacement.
    """
    reward = np.asarray(reward, dtype=np.float64)
    weights = importance_weights(new, old)
    if reward.shape != weights.shape:
        raise ValueError(f"reward has shape {reward.shape}: expected {weights.shape}, as new")
    agrees = np.asarray(new, dtype=np.float64)
    values = {
        "replay": self_normalised_ips(reward, agrees),
        "IPS": ips(reward, weights),
        "self-normalised": self_normalised_ips(reward, weights),
        "capped": capped_ips(reward, weights, cap),
    }
    n, rng = len(reward), np.random.default_rng([seed, 12])
    sums = np.column_stack(
        [
            agrees * reward,
            agrees,
            weights * reward,
            weights,
            np.minimum(weights, cap) * reward,
        ]
    )
    drawn = np.array([sums[rng.integers(0, n, n)].mean(axis=0) for _ in range(_RESAMPLES)]).T
    again = np.array([drawn[0] / drawn[1], drawn[2], drawn[2] / drawn[3], drawn[4]])
    low, high = np.quantile(again, [0.05, 0.95], axis=1)
    return Judgement(
        pd.DataFrame(
            {
                "value": list(values.values()),
                "error": again.std(axis=1, ddof=1),
                "low": low,
                "high": high,
            },
            index=pd.Index(values, name="estimator"),
        ),
        effective=effective_sample_size(weights),
        largest=float(weights.max()),
        mean_weight=float(weights.mean()),
    )
