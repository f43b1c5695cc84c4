"""A drawing of the contest: ten of its images, and how the others are dealt out.

To make it anew::

    python -m launchlab.leaderboard.picture book/objectives/figures/digits.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from launchlab.leaderboard.submissions import PUBLIC, TRAIN
from launchlab.markup import render

SHADES = 4
"""Greys of a drawn image; the data set has 16."""

WIDTH, GAP = 640, 10
"""Of the drawing, and between two piles, in its own units."""


def digits_svg() -> str:
    """Ten digits, odd and even, above the three piles into which a contest deals its images.

    Returns
    -------
    str
        An SVG document under 15 KB that takes its colour from the text around it.
    """
    images, digits = load_digits(return_X_y=True)
    first = [int(np.flatnonzero(digits == digit)[0]) for digit in range(10)]
    shade = np.ceil(images[first].reshape(10, 8, 8) / 16 * SHADES).astype(int)
    # A pixel is a short stroke as wide as it is high: all of one grey are one path.
    inks = [
        "".join(f"M{10 * digit + x} {y}.5h1" for digit, y, x in np.argwhere(shade == ink))
        for ink in range(1, SHADES + 1)
    ]
    piles = []
    left = 0.0
    for name, count in (
        ("to train on", TRAIN),
        ("public", PUBLIC),
        ("private, sealed", len(images) - TRAIN - PUBLIC),
    ):
        width = WIDTH * count / len(images)
        piles.append((name, count, round(left + GAP / 2), round(width - GAP)))
        left += width
    return render(__package__, "digits.svg", inks=inks, piles=piles, width=WIDTH)


def main() -> None:
    """Write the drawing to the file that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m launchlab.leaderboard.picture FILE.svg")
    Path(sys.argv[1]).write_text(digits_svg() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
