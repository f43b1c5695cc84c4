"""The area under the curve of one group, and how sure a log of that size can be of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def auc(happened: NDArray[np.bool_], score: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Area under the curve and its standard error.

    Parameters
    ----------
    happened : ndarray of bool, shape (m,)
    score : ndarray of float, shape (m,)

    Returns
    -------
    area, error : float
        The error is DeLong's (1988): it takes rows for independent.

    Raises
    ------
    ValueError
        If fewer than two rows happened, or fewer than two did not.
    """
    n_yes = int(np.count_nonzero(happened))
    n_no = len(happened) - n_yes
    if min(n_yes, n_no) < 2:
        raise ValueError(f"happened: {n_yes} of {len(happened)} rows, expected two of either kind")
    # Less its rank among its own kind, a rank counts the rows of the other kind that score lower.
    rank = rankdata(score)
    below_yes = (rank[happened] - rankdata(score[happened])) / n_no
    below_no = (rank[~happened] - rankdata(score[~happened])) / n_yes
    error = np.sqrt(below_yes.var(ddof=1) / n_yes + below_no.var(ddof=1) / n_no)
    return float(below_yes.mean()), float(error)
