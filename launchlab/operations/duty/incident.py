"""One bad Friday evening, drawn by a seed: its log, and its orders in steps of five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

STEP = 5
"""Minutes in a row of the table."""

OPENS = 16 * 60
"""The table begins at 16:00; minutes are counted from midnight."""

_ROWS = 60  # until 21:00
_EVENING = 94  # a random stream

_WRONG = (
    ("the index of the delivery time", "minutes", "the new server sends seconds"),
    ("orders by cuisine", "cuisines", "a renamed code drops one"),
    ("the index of the score", "histories", "the join takes the customer before"),
)
"""What the alarm shows, what is compared in the end, and what is found."""
_NOTICED = (
    (
        "sales",
        "A restaurant calls: hardly an order for half an hour. Sales writes to the channel *town*.",
    ),
    (
        "support",
        "They ask in the channel *town* why so many people write that they find nothing they like.",
    ),
    (
        "the manager",
        "The dashboard at home looks odd. “Is Friday cancelled?”, in the channel *town*.",
    ),
)
_TRIED = (
    "adds two servers, since answers seemed slow. Orders stay where they are.",
    "empties the cache of slates. Orders stay where they are.",
    "switches the campaign off. Orders stay where they are.",
)
_BEFORE = (
    "The two days at 10 % are left out: the campaign begins at 18:00. Product and engineers agree.",
    "The two days at 10 % are cut to ten minutes, in which 41 sessions have the release.",
    "All tests are green. They run the trainer's code, not the server's.",
)
_HINDERED = (
    "The rollback command of the handbook is unknown: it was renamed in spring.",
    "The former release is not on the server: files older than a week were cleaned up on Thursday.",
    "Rolling back asks for a second signature. The second person on the list left in August.",
)
_UNHEARD = (
    "It goes to *alarms*, which was muted on Monday after 31 alarms in a week.",
    "It goes to last week's person on duty: the roster is changed on Saturdays.",
    "It goes out as an e-mail, the 58th of the day. Nobody is named in it.",
)
_BLAME = (
    "“Who releases on a Friday? The engineers should have known better.”",
    "“Infrastructure was asleep again.”",
    "“Product pushed this through, as always.”",
)


@dataclass(frozen=True)
class Incident:
    """What is known of the evening.

    Attributes
    ----------
    log : tuple of (int, str, str)
        Minute of the day, who, and what was written down.
    minute : ndarray of int64, shape (60,)
        Minute of the day at which each row of the table begins.
    sessions, orders : ndarray of int64, shape (60,)
        Of this Friday.
    sessions_before, orders_before : ndarray of int64, shape (60,)
        Of the Friday before, when nothing was wrong.
    """

    log: tuple[tuple[int, str, str], ...]
    minute: NDArray[np.int64]
    sessions: NDArray[np.int64]
    orders: NDArray[np.int64]
    sessions_before: NDArray[np.int64]
    orders_before: NDArray[np.int64]


def clock(minute: int) -> str:
    """A minute of the day as it is written: 1020 is 17:00."""
    return f"{minute // 60}:{minute % 60:02d}"


def draw_incident(seed: int, sessions: int, rate: float) -> Incident:
    """Draw the evening of a service.

    Parameters
    ----------
    seed : int
    sessions : int
        A day.
    rate : float
        Orders per session when nothing is wrong.
    """
    rng = np.random.default_rng([seed, _EVENING])

    def later(low: int, high: int) -> int:
        return STEP * int(rng.integers(low, high + 1))

    def one(texts: tuple[T, ...]) -> T:
        return texts[rng.integers(len(texts))]

    released = OPENS + later(8, 14)
    rung = released + later(1, 4)
    noticed = rung + later(5, 12)
    tried = noticed + later(2, 3)
    understood = tried + later(2, 5)
    hindered = understood + STEP
    back = hindered + later(2, 5)
    well = back + later(1, 2)
    shows, compared, wrong = one(_WRONG)
    log = (
        (OPENS + 10, "product", one(_BEFORE)),
        (released, "engineers", "Release 48 goes to all sessions."),
        (rung, "the alarms", f"Out of range: {shows}. {one(_UNHEARD)}"),
        (noticed, *one(_NOTICED)),
        (tried, "infrastructure", f"The person on duty {one(_TRIED)}"),
        (tried + STEP, "in the channel", one(_BLAME)),
        (understood, "engineers", f"They compare the {compared} of two slates by hand: {wrong}."),
        (hindered, "infrastructure", one(_HINDERED)),
        (back, "infrastructure", "Release 47 runs again. The cache still holds some old slates."),
        (well, "infrastructure", "All slates come from release 47."),
    )
    minute = OPENS + STEP * np.arange(_ROWS)
    # A fifth of the day's sessions come in the hour from six, and it rises towards that.
    dinner = np.exp(-(((minute - 18.5 * 60) / 90) ** 2))
    expected = sessions * 0.2 * (STEP / 60) * dinner
    usual = rate * (1 + 0.1 * dinner)
    loss = rng.uniform(0.12, 0.35) * ((minute >= released) & (minute < well))
    now, before = rng.poisson(expected * rng.uniform(0.95, 1.15)), rng.poisson(expected)
    return Incident(
        log,
        minute,
        now,
        rng.binomial(now, usual * (1 - loss)),
        before,
        rng.binomial(before, usual),
    )
