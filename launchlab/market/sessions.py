"""Sessions: a customer opens the app at some hour, in some weather, with 30 restaurants on offer.

Sessions are drawn in chunks of 1,000, each from its own random stream. The first n sessions of a
seed are therefore the same however many are drawn, and drawing in blocks changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .world import N_NEAR, World

N_CANDIDATES = 30
CHUNK = 1_000
"""Sessions that share a random stream; blocks are multiples of it."""

LIVE, LOGGED = 1, 2
"""Random streams of a world's sessions: a model must not be judged on what it was trained on."""

HOURS = np.array([12, 13, 18, 19, 20, 22], dtype=np.int8)
HOUR_SHARE = np.array([0.15, 0.10, 0.25, 0.25, 0.15, 0.10])
LUNCH_ENDS, LATE_BEGINS = 14, 22
RAIN_SHARE = 0.25


@dataclass(frozen=True, eq=False)
class Sessions:
    """n sessions in one world, each with c = 30 candidate restaurants in random order.

    Attributes
    ----------
    world : World
        The world in which the sessions take place.
    customer : ndarray of int32, shape (n,)
        Who opens the app; several sessions may belong to one customer.
    hour : ndarray of int8, shape (n,)
        Hour of the day: lunch 12 and 13, dinner 18 to 20, late 22.
    rain : ndarray of bool, shape (n,)
        Whether it rains (25 %).
    outside : ndarray of float32, shape (n,)
        Hidden. Utility of not ordering, N(2.6, 0.8).
    near : ndarray of uint8, shape (n, c)
        Candidates as positions in the customer's list of 60 nearby restaurants.
    restaurant : ndarray of int16, shape (n, c)
        Candidates as restaurants of the world.
    distance : ndarray of float32, shape (n, c)
        Distance, km.
    eta : ndarray of float32, shape (n, c)
        Promised time to the door, minutes.
    experienced : ndarray of float32, shape (n, c)
        Hidden. Utility of the meal as experienced.
    """

    world: World
    customer: NDArray[np.int32]
    hour: NDArray[np.int8]
    rain: NDArray[np.bool_]
    outside: NDArray[np.float32]
    near: NDArray[np.uint8]
    restaurant: NDArray[np.int16]
    distance: NDArray[np.float32]
    eta: NDArray[np.float32]
    experienced: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.customer)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Sessions:
        """Sessions of the given rows (a slice, a mask or an index array)."""
        return replace(self, **{n: getattr(self, n)[rows] for n in _PER_SESSION})

    @property
    def shape(self) -> tuple[int, int]:
        """(number of sessions, number of candidates)."""
        n, c = self.restaurant.shape
        return n, c

    @property
    def perceived(self) -> NDArray[np.float32]:
        """Hidden utility that decides orders, (n, c): experienced + badge_effect x badge."""
        pull = np.float32(self.world.couplings.badge_effect) * self.world.badge
        perceived: NDArray[np.float32] = self.experienced + pull[self.restaurant]
        return perceived


_PER_SESSION = tuple(f.name for f in fields(Sessions) if f.name != "world")


def draw_sessions(world: World, n_sessions: int, seed: int) -> Sessions:
    """Draw sessions.

    Parameters
    ----------
    world : World
    n_sessions : int
        At least 1.
    seed : int
        Non-negative; with the world's own seed it fixes every session. A larger ``n_sessions``
        prolongs the same sequence.

    Returns
    -------
    Sessions
        n_sessions sessions of 30 candidates.

    Raises
    ------
    ValueError
        If ``n_sessions`` or ``seed`` is not a whole number in range.

    Notes
    -----
    Experienced utility = world.utility + context, with context (assumed)
    -0.05 max(ETA - 28, 0) - 0.02 ETA, late hours +1.0 for chains and -0.6 for the others, and at
    lunch -0.04 max(price - 20, 0). ETA = preparation + 4 min/km x distance (x 1.3 in rain).
    Candidates are a random half of the 60 nearest, because not all are open.
    """
    n_sessions = checks.whole("n_sessions", n_sessions, low=1)
    seed = checks.whole("seed", seed, low=0)
    return next(_blocks(world, n_sessions, seed, block=n_sessions, stream=LIVE))


def session_blocks(
    world: World, n_sessions: int, seed: int, *, block: int = 4 * CHUNK
) -> Iterator[Sessions]:
    """Draw the sessions of :func:`draw_sessions` block by block, so that memory stays bounded.

    Parameters
    ----------
    world : World
    n_sessions, seed : int
        As in :func:`draw_sessions`.
    block : int, default 4,000
        Sessions per block, a multiple of 1,000. The last block may be shorter.

    Yields
    ------
    Sessions

    Raises
    ------
    ValueError
        If an argument is not a whole number in range, or ``block`` is not a multiple of 1,000.
    """
    n_sessions = checks.whole("n_sessions", n_sessions, low=1)
    seed = checks.whole("seed", seed, low=0)
    block = checks.whole("block", block, low=CHUNK)
    if block % CHUNK:
        raise ValueError(f"block={block}: expected a multiple of {CHUNK}")
    return _blocks(world, n_sessions, seed, block=block, stream=LIVE)


def logged_sessions(world: World, n_sessions: int, seed: int) -> Sessions:
    """Past sessions, for logs; never the same as those of :func:`draw_sessions`."""
    return next(_blocks(world, n_sessions, seed, block=n_sessions, stream=LOGGED))


def _blocks(
    world: World, n_sessions: int, seed: int, *, block: int, stream: int
) -> Iterator[Sessions]:
    for start in range(0, n_sessions, block):
        stop = min(start + block, n_sessions)
        parts = [
            _draw_chunk(world, min(CHUNK, stop - at), [world.seed, stream, seed, at // CHUNK])
            for at in range(start, stop, CHUNK)
        ]
        joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in _PER_SESSION}
        yield Sessions(world=world, **joined)


def _draw_chunk(world: World, size: int, entropy: list[int]) -> Sessions:
    """Draw a whole chunk and keep its first ``size`` sessions."""
    rng = np.random.default_rng(entropy)
    customer = rng.integers(0, len(world.near), CHUNK, dtype=np.int32)[:size]
    hour = rng.choice(HOURS, CHUNK, p=HOUR_SHARE)[:size]
    rain = (rng.random(CHUNK) < RAIN_SHARE)[:size]
    outside = (2.6 + 0.8 * rng.standard_normal(CHUNK, dtype=np.float32))[:size]

    # A random half of the nearby restaurants: sort keys with random high bits and the position in
    # the low six bits, and keep the first 30. Unique keys give the same order on every machine.
    keys = rng.integers(0, 2**32, (CHUNK, N_NEAR), dtype=np.uint32)[:size]
    keys = (keys & np.uint32(0xFFFFFFC0)) | np.arange(N_NEAR, dtype=np.uint32)
    keys.sort(axis=1)
    near = (keys[:, :N_CANDIDATES] & np.uint32(63)).astype(np.uint8)

    pair = near + customer[:, None] * np.int32(N_NEAR)
    restaurant = world.near.ravel()[pair]
    distance = world.distance.ravel()[pair]
    preparation = world.preparation[restaurant]
    minutes_per_km = np.where(rain, 5.2, 4.0).astype(np.float32)[:, None]
    eta = (preparation + minutes_per_km * distance).astype(np.float32, copy=False)
    context = _hour_effects(world)[np.searchsorted(HOURS, hour)[:, None], restaurant]
    experienced = world.utility.ravel()[pair] + context
    experienced -= np.float32(0.05) * np.maximum(eta - np.float32(28.0), np.float32(0.0))
    experienced -= np.float32(0.02) * eta
    return Sessions(
        world=world,
        customer=customer,
        hour=hour,
        rain=rain,
        outside=outside,
        near=near,
        restaurant=restaurant,
        distance=distance,
        eta=eta,
        experienced=experienced,
    )


def _hour_effects(world: World) -> NDArray[np.float32]:
    """Utility added by the hour, (number of hours, n_r)."""
    effects = np.zeros((len(HOURS), len(world.price)), dtype=np.float32)
    effects[HOURS >= LATE_BEGINS] += np.where(world.chain, 1.0, -0.6).astype(np.float32)
    effects[HOURS < LUNCH_ENDS] -= np.float32(0.04) * np.maximum(world.price - 20.0, 0.0)
    return effects
