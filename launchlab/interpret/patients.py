"""The data: 569 patients, thirty measurements of cells from a lump that is malignant or benign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

Floats = NDArray[np.float64]

TEST = 200
"""Patients kept for the test."""


@cache
def _data() -> tuple[Floats, NDArray[np.int64], tuple[str, ...]]:
    bunch = load_breast_cancer()
    return bunch.data, bunch.target.astype(np.int64), tuple(map(str, bunch.feature_names))


FEATURES: tuple[str, ...] = _data()[2]
"""Names of the thirty measurements."""


@dataclass(frozen=True)
class Patients:
    """Patients to train on and patients to test on.

    Parameters
    ----------
    train : ndarray of float, shape (n, 30)
    train_y : ndarray of int, shape (n,)
        1 benign, 0 malignant.
    test : ndarray of float, shape (200, 30)
    test_y : ndarray of int, shape (200,)
    """

    train: Floats
    train_y: NDArray[np.int64]
    test: Floats
    test_y: NDArray[np.int64]

    def resample(self, seed: int, share: float = 0.8) -> Patients:
        """Keep a random share of the training patients, and all test patients.

        Raises
        ------
        ValueError
            If the share is not above 0 and at most 1.
        """
        if not 0 < share <= 1:
            raise ValueError(f"share={share!r}, expected a number over 0, up to 1")
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(self.train))[: round(share * len(self.train))]
        return Patients(self.train[rows], self.train_y[rows], self.test, self.test_y)


def split_patients(seed: int) -> Patients:
    """One random split, with the same proportion of malignant cases on both sides.

    Parameters
    ----------
    seed : int

    Returns
    -------
    Patients
    """
    data, target, _ = _data()
    parts = train_test_split(data, target, test_size=TEST, stratify=target, random_state=seed)
    train, test, train_y, test_y = parts
    return Patients(train, train_y, test, test_y)
