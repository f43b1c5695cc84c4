"""What chance brings to an evening of the drill, from a seed that both languages draw alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from launchlab.operations.drill_story import SCENARIOS
from launchlab.operations.evenings import WORLDS

MINUTES = 240
"""The drill lasts from 17:00 to 21:00."""

SEEDS = 10_000
"""Seeds run from 0 to 9,999."""

ALARM_FROM, ALARM_SPREAD = 12, 29
"""An input alarm rings from a minute of these 29 on, from 17:12; before, there are too few rows."""

FALSE_ALARM = 0.35
"""Share of evenings without an alarm of their own in which one rings all the same. Assumed."""

FALSE_FEATURES = ("number of ratings", "past orders", "rain", "distance", "price")
FALSE_PSI, FALSE_PSI_SPREAD = 0.26, 0.5
"""Whose alarm rings for nothing, and its PSI: at least the first, and up to so much more. Of the
same features and sizes as an alarm that rings for something, so that it does not give itself away.
"""

LEVEL_SD = 0.03
"""Of an evening's traffic around its mean. Assumed."""


def uniforms(seed: int) -> Callable[[], float]:
    """Mulberry32: a generator that is the same few lines in both languages."""
    held = seed & 0xFFFFFFFF

    def draw() -> float:
        nonlocal held
        held = (held + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((held ^ (held >> 15)) * (held | 1)) & 0xFFFFFFFF
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF
        return (t ^ (t >> 14)) / 4294967296

    return draw


def _normal(draw: Callable[[], float]) -> float:
    """About normal: four uniforms, brought to mean 0 and variance 1."""
    return (draw() + draw() + draw() + draw() - 2) * 1.7320508075688772


@dataclass(frozen=True)
class Chance:
    """What a seed draws.

    Attributes
    ----------
    scenario, town : int
    level : float
        Tonight's traffic, as a multiple of the usual.
    friday : float
        Last Friday's.
    false_alarm : bool
    alarm_from : int
        Minute from which an alarm rings, if one does.
    false_feature : str
    false_psi : float
        Of the alarm that rings for nothing.
    noise : tuple of tuples of float
        For each minute: sessions, orders and ads of the new model's arm, the same of the old
        model's, and the latency's.
    """

    scenario: int
    town: int
    level: float
    friday: float
    false_alarm: bool
    alarm_from: int
    false_feature: str
    false_psi: float
    noise: tuple[tuple[float, ...], ...]


def chance(seed: int) -> Chance:
    """Draw an evening.

    Parameters
    ----------
    seed : int
        0 to 9,999.

    Raises
    ------
    ValueError
        For any other.
    """
    if isinstance(seed, bool) or seed != int(seed) or not 0 <= seed < SEEDS:
        raise ValueError(f"seed={seed!r}, expected a whole number from 0 to {SEEDS - 1}")
    return _chance(int(seed))


@lru_cache(maxsize=512)
def _chance(seed: int) -> Chance:
    draw = uniforms(seed)
    scenario = math.floor(draw() * len(SCENARIOS))
    town = math.floor(draw() * WORLDS)
    level = 1 + LEVEL_SD * _normal(draw)
    friday = 1 + LEVEL_SD * _normal(draw)
    false_alarm = draw() < FALSE_ALARM
    noise = tuple(tuple(_normal(draw) for _ in range(7)) for _ in range(MINUTES))
    alarm_from = ALARM_FROM + math.floor(draw() * ALARM_SPREAD)
    feature = FALSE_FEATURES[math.floor(draw() * len(FALSE_FEATURES))]
    psi = FALSE_PSI + FALSE_PSI_SPREAD * draw()
    return Chance(scenario, town, level, friday, false_alarm, alarm_from, feature, psi, noise)
