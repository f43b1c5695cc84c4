"""One hungry customer, whose slates the chapters show, and how a slate is written as a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from launchlab.market import Scores, Sessions
from launchlab.stakeholders.configurations import Configuration, show_slates
from launchlab.zoo.rankers import ranker_scores, world_sessions

WORLD = 0
"""Seed of the world that the chapters show."""

CODES = "abcdefghijklmnopqrstuvwxyzäéöü"
"""A letter for each of 30 candidates; a slate is a word, sponsored places in capitals."""


def hungry_customer(sessions: Sessions) -> int:
    """Row of the session whose slates the chapters show.

    It is the first dinner session without rain by a customer who has ordered before from at least
    five nearby restaurants.
    """
    dinner = (sessions.hour >= 18) & (sessions.hour <= 20) & ~sessions.rain
    regular = sessions.world.ordered_before[sessions.customer].sum(axis=1) >= 5
    return int(np.flatnonzero(dinner & regular)[0])


def slate_word(candidate: Sequence[int], sponsored: Sequence[bool]) -> str:
    """A slate as a word: a letter of `CODES` for each place, in capitals where sponsored."""
    letters = [CODES[place] for place in candidate]
    return "".join(
        one.upper() if paid else one for one, paid in zip(letters, sponsored, strict=True)
    )


def read_slate(word: str) -> list[tuple[int, bool]]:
    """Candidates of a slate's word and whether their places are sponsored.

    Raises
    ------
    ValueError
        For a letter that does not stand for a candidate.
    """
    found = []
    for letter in word:
        small = letter.lower()
        if small not in CODES:
            raise ValueError(f"word={word!r}: expected letters of {CODES!r}")
        found.append((CODES.index(small), letter != small))
    return found


CUISINES = ("Burgers", "Curry", "Noodles", "Pizza", "Salads", "Sushi", "Tacos", "Tapas")


def shop_window(sessions: Sessions, row: int) -> pd.DataFrame:
    """The 30 restaurants that one session could show, as the app knows them.

    Returns
    -------
    DataFrame, a row for each candidate
        ``name`` (a cuisine and a number), ``cuisine``, ``price`` ($), ``eta`` (minutes),
        ``rating`` (stars), ``bid`` ($ per click; 0 for those who do not advertise).
    """
    world = sessions.world
    restaurant = sessions.restaurant[row]
    cuisine = [CUISINES[kind] for kind in world.cuisine[restaurant]]
    return pd.DataFrame(
        {
            "name": [f"{kind} No. {n}" for kind, n in zip(cuisine, restaurant, strict=True)],
            "cuisine": cuisine,
            "price": world.price[restaurant].astype(float),
            "eta": sessions.eta[row].astype(float),
            "rating": world.rating[restaurant].astype(float),
            "bid": world.bid[restaurant].astype(float),
        }
    )


def make_slates(seed: int, menu: Sequence[Configuration]) -> list[str]:
    """The hungry customer's slate under each configuration, as words."""
    sessions = world_sessions(seed)
    row = hungry_customer(sessions)
    one = sessions[slice(row, row + 1)]
    words = []
    for configuration in menu:
        scores: Scores = ranker_scores(seed, configuration.model)[slice(row, row + 1)]
        slates = show_slates(one, scores, configuration)
        words.append(slate_word(slates.candidate[0].tolist(), slates.sponsored[0].tolist()))
    return words


def town() -> Sessions:
    """The sessions behind the menu: world 0, 5,000 sessions."""
    return world_sessions(WORLD)
