"""The town as a drawing: streets between its restaurants, and couriers on them.

The parts of the book open with it. Restaurants and streets come from the world itself; where
couriers ride, and the rain, are decoration. To make a drawing anew::

    python -m launchlab.market.picture --rain 0.3 book/figures/town-1.svg
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from launchlab.market import checks
from launchlab.market.world import make_world, town_map
from launchlab.markup import render

WIDTH, HEIGHT = 960, 300
"""Of the drawing, in its own units; about as wide as the text."""

N_COURIERS = 9
N_DROPS = 200
N_HOMES = 420
FALL = np.array([5.0, 14.0])
"""What is seen of a drop: rain is blown to the right as it falls."""


def streets(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Pairs of neighbouring points: their Gabriel graph.

    Two points are joined if no third one lies in the circle that has them as its diameter.

    Parameters
    ----------
    places : ndarray, shape (n, 2)
        At least four points, not all on one line.

    Returns
    -------
    ndarray, shape (m, 2)
        Indices, the smaller first, sorted.

    References
    ----------
    Gabriel and Sokal, "A New Statistical Approach to Geographic Variation Analysis",
    Systematic Zoology 18(3), 1969.
    """
    corners = Delaunay(places).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    sides = np.unique(sides, axis=0)
    first, second = places[sides[:, 0]], places[sides[:, 1]]
    # A point sees a diameter at more than a right angle exactly if it lies within the circle.
    to_first = first[:, None, :] - places[None, :, :]
    to_second = second[:, None, :] - places[None, :, :]
    inside = (to_first * to_second).sum(axis=2) < -1e-12
    kept: NDArray[np.int64] = sides[~inside.any(axis=1)].astype(np.int64)
    return kept


def town_svg(seed: int, rain: float = 0.0) -> str:
    """A wide drawing of the town of a seed.

    Parameters
    ----------
    seed : int
        Non-negative seed of the world.
    rain : float, default 0
        From 0, dry, to 1, a downpour.

    Returns
    -------
    str
        An SVG document under 15 KB that takes its colour from the text around it.

    Raises
    ------
    ValueError
        For a seed that is no seed, or rain outside its range.
    """
    checks.within("rain", rain, 0.0, 1.0)
    world = make_world(seed)
    home, place = town_map(seed)
    places, homes = _fit(place, place), _fit(place, home[:N_HOMES])
    shown, near = _inside(places), _inside(homes)
    pairs = streets(places)
    # What decorates draws from a stream of its own.
    rng = np.random.default_rng([seed, 1_000])
    ways = pairs[shown[pairs].all(axis=1)]
    # On long ways, where they hide no restaurant.
    length = np.linalg.norm(places[ways[:, 0]] - places[ways[:, 1]], axis=1)
    longest = ways[np.argsort(-length, kind="stable")[: 5 * N_COURIERS]]
    ridden = longest[rng.choice(len(longest), N_COURIERS, replace=False)]
    along = rng.uniform(0.4, 0.6, (N_COURIERS, 1))
    couriers = places[ridden[:, 0]] * along + places[ridden[:, 1]] * (1 - along)
    drops = rng.uniform([-30, -20], [WIDTH, HEIGHT], (round(rain * N_DROPS), 2))
    return render(
        __package__,
        "town.svg",
        width=WIDTH,
        height=HEIGHT,
        streets="".join(_line(places[a], places[b]) for a, b in pairs if shown[a] or shown[b]),
        # A stroke of no length has round ends: a dot, in the fewest letters.
        homes="".join(f"M{x} {y}h2" for x, y in _whole(homes[near])),
        plain="".join(f"M{x} {y}h0" for x, y in _whole(places[shown & ~world.sponsored])),
        sponsored=_whole(places[shown & world.sponsored]),
        couriers=_whole(couriers),
        rain="".join(_line(one, one + FALL) for one in drops),
    )


def _fit(places: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the town in the drawing: its long side level, its middle filling the width."""
    centre = np.median(places, axis=0)
    axes = np.linalg.eigh((places - centre).T @ (places - centre))[1][:, ::-1]
    axes = axes * np.sign(axes.sum(axis=0))  # an axis has no direction of its own
    low, high = np.quantile((places - centre) @ axes[:, 0], [0.02, 0.98])
    level = (points - centre) @ axes - np.array([(low + high) / 2, 0.0])
    fitted: NDArray[np.float64] = level * (WIDTH / (high - low)) + np.array([WIDTH, HEIGHT]) / 2
    return fitted


def _inside(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie in the drawing, clear of its edges."""
    edge = 6.0
    inside = (points > edge) & (points < np.array([WIDTH, HEIGHT]) - edge)
    kept: NDArray[np.bool_] = np.all(inside, axis=1)
    return kept


def _whole(points: NDArray[np.float64]) -> list[list[int]]:
    return np.rint(points).astype(int).tolist()  # type: ignore[no-any-return]


def _line(start: NDArray[np.float64], end: NDArray[np.float64]) -> str:
    """A stroke from one point to another, as a path, with the end relative to the start."""
    (x, y), (right, down) = np.rint(start).astype(int), np.rint(end - start).astype(int)
    return f"M{x} {y}l{right} {down}"


def main() -> None:
    """Write a drawing to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m launchlab.market.picture", description="Draw the town as SVG."
    )
    parser.add_argument("file", type=Path, help="where the drawing goes, such as town.svg")
    parser.add_argument("--seed", type=int, default=0, help="seed of the world (0)")
    parser.add_argument("--rain", type=float, default=0.0, help="from 0, dry, to 1 (0)")
    asked = parser.parse_args()
    try:
        drawing = town_svg(asked.seed, asked.rain)
    except ValueError as error:
        parser.error(str(error))
    asked.file.write_text(drawing + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
