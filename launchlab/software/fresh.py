"""Fresh material to try a gate on: what it must catch, and what it must let pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from launchlab.market import FEATURES, draw_sessions, make_features, make_world
from launchlab.software.columns import COLUMN, with_column

Rows = NDArray[np.float32]
Skews = Mapping[str, tuple[float, float]]
"""Name of a column to the factor and the shift of a server that computes it differently."""

SKEWS: dict[str, tuple[tuple[float, float], ...]] = {
    "distance": ((0.62, 0.0), (1_000.0, 0.0)),
    "eta": ((60.0, 0.0), (1 / 60, 0.0), (1.0, 10.0)),
    "price": ((100.0, 0.0), (1.1, 0.0)),
    "rating": ((0.2, 0.0), (2.0, 0.0), (1.0, -1.0)),
    "log_n_ratings": ((0.434, 0.0),),
    "cuisine_share": ((100.0, 0.0),),
    "hour": ((1.0, -2.0), (1.0, 1.0)),
    "spend": ((100.0, 0.0), (0.92, 0.0)),
}
"""Ways for a server to compute a column: another unit, another scale, another zero."""

LOUD: tuple[dict[str, tuple[float, float]], ...] = (
    {"eta": (60.0, 0.0)},
    {"cuisine_share": (100.0, 0.0)},
    {"distance": (1_000.0, 0.0)},
    {"rating": (0.2, 0.0)},
    {"rating": (2.0, 0.0)},
    {"eta": (1.0, 20.0)},
)
QUIET: tuple[dict[str, tuple[float, float]], ...] = (
    {"hour": (1.0, -2.0)},
    {"spend": (0.92, 0.0)},
)
"""What a town's server computes differently: something that may cost, and something that hardly
does."""

GATES = ("behaviour", "offline high", "offline low", "psi", "schema")
"""Gates that a release may have to pass before it is launched."""

_SKEWED, _BROKEN, _MOVED, _ASKED, _MATRIX, _SERVER = range(81, 87)  # random streams


def skewed_rows(rows: Rows, skews: Skews) -> Rows:
    """The rows of a server that computes some columns as factor x right + shift.

    Parameters
    ----------
    rows : ndarray of float32, shape (m, 14)
        As they should be; they are left as they are.
    skews : mapping
        Name of a column to its factor and its shift.
    """
    for name, (factor, shift) in skews.items():
        right = rows[:, COLUMN[name]]
        rows = with_column(rows, name, right * np.float32(factor) + np.float32(shift))
    return rows


def server_rows(rows: Rows, seed: int) -> Rows:
    """What the server of a student's town makes of rows: two columns are not the trainer's."""
    rng = np.random.default_rng([seed, _SERVER])
    loud, quiet = LOUD[rng.integers(len(LOUD))], QUIET[rng.integers(len(QUIET))]
    return skewed_rows(rows, loud | quiet)


def rows_of(seed: int, n_sessions: int = 20) -> Rows:
    """Rows that some sessions of another town are served with, thirty to a session."""
    return make_features(draw_sessions(make_world(seed), n_sessions, seed=1))


def skews(seed: int) -> list[tuple[Rows, Rows]]:
    """Four releases of another town: the trainer's rows, and its server's of the same sessions.

    One of the four servers is right; the others compute one, two and three columns differently,
    the last of them the hour, which is shifted.
    """
    rest = [name for name in SKEWS if name != "hour"]
    rng = np.random.default_rng([seed, _SKEWED])
    rows = rows_of(seed)
    pairs = []
    for number in rng.permutation(4):
        names = [*rng.choice(rest, min(number, 2), replace=False), *["hour"][: number // 3]]
        drawn = {str(name): SKEWS[name][rng.integers(len(SKEWS[name]))] for name in names}
        pairs.append((rows, skewed_rows(rows, drawn)))
    return pairs


def broken(seed: int) -> list[Rows]:
    """Rows of four servers of another town: right, and with one, two and three broken columns.

    A broken column has a single value that is missing, far too small or far too large.
    """
    rng = np.random.default_rng([seed, _BROKEN])
    rows = rows_of(seed)
    found = []
    for number in rng.permutation(4):
        fed = rows.copy()
        columns = rng.choice(len(FEATURES), number, replace=False)
        for column, value in zip(columns, (np.nan, -1_000.0, 100_000.0), strict=False):
            fed[rng.integers(len(rows)), column] = value
        found.append(fed)
    return found


def weeks(seed: int) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Two weeks' values of four columns: unmoved, moved, spread, and one of 0 and 1."""
    rng = np.random.default_rng([seed, _MOVED])
    before = rng.lognormal(3.0, 0.4, 2_000)
    again = rng.lognormal(3.0, 0.4, 1_500)
    flags = [(rng.random(1_500) < share).astype(float) for share in (0.3, rng.uniform(0.0, 0.2))]
    return [
        (before, again),
        (before, again * rng.uniform(1.2, 2.0)),
        (before, before.mean() + 3 * (again - again.mean())),
        (flags[0], flags[1]),
    ]


def models(seed: int) -> list[tuple[Callable[[Rows], NDArray[np.float64]], Rows]]:
    """Four models to ask, and the rows to ask them about; each heeds some columns and not others.

    The odds of an order are exp(weights x columns - 3). The first model has all weights right; the
    others have one of the wrong sign, and none for another column.
    """
    rng = np.random.default_rng([seed, _ASKED])
    rows = rows_of(seed)
    right = {"eta": -0.04, "rating": 0.6, "cuisine_share": 1.5, "ordered_before": 0.8}
    found = []
    for model in range(4):
        heeds = rng.permutation([1.0, 1.0, 0.0, -0.5]) if model else np.ones(4)
        weights = np.zeros(len(FEATURES))
        for (name, weight), heed in zip(right.items(), heeds, strict=True):
            weights[COLUMN[name]] = weight * heed
        found.append((_asking(weights), rows))
    return found


def tables(seed: int) -> list[dict[str, list[str]]]:
    """Four tables of which gates stop which release; some releases are stopped by none.

    Three are drawn at random; the fourth has two smallest sets for certain.
    """
    rng = np.random.default_rng([seed, _MATRIX])
    found = []
    for _ in range(3):
        stops = rng.random((8, len(GATES))) < 0.3
        found.append(
            {
                f"fault {place}": [gate for gate, stop in zip(GATES, row, strict=True) if stop]
                for place, row in enumerate(stops)
            }
        )
    one, two, three = (str(gate) for gate in rng.choice(GATES, 3, replace=False))
    found.append({"fault 0": sorted([one, two]), "fault 1": [three], "fault 2": []})
    return found


def _asking(weights: NDArray[np.float64]) -> Callable[[Rows], NDArray[np.float64]]:
    def ask(rows: Rows) -> NDArray[np.float64]:
        found: NDArray[np.float64] = 1 / (1 + np.exp(3 - rows @ weights))
        return found

    return ask
