"""``python -m launchlab.stages.menu``: the menu of configurations in world 0, and its readers.

The five models are trained and 600 configurations evaluated: about a minute of CPU.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import fields
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from launchlab.lab import points
from launchlab.market import Couplings, Scores, Sessions
from launchlab.market.menu import (
    MODELS,
    SHORTLISTS,
    Configuration,
    configurations,
    evaluate_menu,
    show_slates,
)
from launchlab.market.rankers import ENSEMBLE
from launchlab.market.sessions import N_CANDIDATES
from launchlab.market.stakeholders import Business
from launchlab.market.zoo import sources
from launchlab.stages import writing

from .rankers import N_SESSIONS, SESSION_SEED, ranker_scores, world_sessions
from .tables import OVERHEAD_MS, latency_table

LATENCY_SIGMA = 0.5
"""Spread of a request's latency: lognormal, this is the standard deviation of its logarithm.
Assumed: a measured p95 would be that of one machine's other work."""

STANDS_FOR = 10
"""For latency, each of a session's 30 candidates stands for this many: a city's app scores
hundreds, and the table of latencies has columns for that."""

WORLD = 0
CODES = "abcdefghijklmnopqrstuvwxyzäéöü"
"""A letter for each of 30 candidates; a slate is a word, sponsored places in capitals."""


def request_latency(model: str, shortlist: int = N_CANDIDATES, multiplier: float = 1.0) -> float:
    """Median latency of a request, ms: overhead and the model's own time for the shortlist.

    Parameters
    ----------
    model : str
        One of ``RANKERS``.
    shortlist : int, default 30
        Candidates scored; each stands for ``STANDS_FOR``. Between the columns of the frozen table
        the time is taken to grow in a straight line.
    multiplier : float, default 1
        The model's own time is taken this many times.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For an unknown model, or numbers out of range.
    """
    table = latency_table()
    if model not in table.index:
        raise ValueError(f"model={model!r}, expected one of {', '.join(table.index)}")
    if not 1 <= shortlist <= N_CANDIDATES:
        raise ValueError(f"shortlist={shortlist!r}, expected 1 to {N_CANDIDATES}")
    if not 0 <= multiplier < np.inf:
        raise ValueError(f"multiplier={multiplier!r}, expected a finite number >= 0")
    columns = (30, 300, 1_000)
    times = [table.loc[model, f"ms_{rows}"] for rows in columns]
    return float(OVERHEAD_MS + multiplier * np.interp(STANDS_FOR * shortlist, columns, times))


def mean_latency(median_ms: float) -> float:
    """Mean of a lognormal latency with the given median, ms."""
    return float(median_ms * np.exp(LATENCY_SIGMA**2 / 2))


def p95_latency(median_ms: float) -> float:
    """95th percentile of a lognormal latency with the given median, ms."""
    return float(median_ms * np.exp(LATENCY_SIGMA * NormalDist().inv_cdf(0.95)))


def share_over(median_ms: float, limit_ms: float) -> float:
    """Share of requests that take longer than a limit, 0 to 1.

    Raises
    ------
    ValueError
        If the limit or the median is not positive.
    """
    for name, value in (("median_ms", median_ms), ("limit_ms", limit_ms)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name}={value!r}, expected a positive finite number")
    return NormalDist().cdf(float(np.log(median_ms / limit_ms)) / LATENCY_SIGMA)


def artefacts(model: str, shortlist: int = N_CANDIDATES) -> int:
    """Things to patch, test and roll out.

    A model of orders and one of clicks for each member; for tuned models the two jobs that search
    their settings anew at each training; and the service that makes the shortlist, if there is one.
    """
    members = len(ENSEMBLE) if model == "ensemble5" else 1
    searches = 2 if model.endswith("_tuned") else 0
    return 2 * members + searches + (shortlist < N_CANDIDATES)


def with_costs(menu: pd.DataFrame, business: Business | None = None) -> pd.DataFrame:
    """A menu with what its configurations cost.

    Parameters
    ----------
    menu : DataFrame
        From :func:`launchlab.market.menu.evaluate_menu`.
    business : Business, optional
        The default one if not given.

    Returns
    -------
    DataFrame
        With ``p50_ms``, ``p95_ms``, ``artefacts``, ``people`` and ``profit`` (M$ a year) besides.
    """
    business = business or Business()
    median = [request_latency(m, k) for m, k in zip(menu["model"], menu["shortlist"], strict=True)]
    return menu.assign(
        p50_ms=median,
        p95_ms=[p95_latency(one) for one in median],
        artefacts=[artefacts(m, k) for m, k in zip(menu["model"], menu["shortlist"], strict=True)],
        people=menu["model"].map(business.people),
        profit=business.profit(menu),
    )


def make_menu(
    seed: int,
    menu: Sequence[Configuration],
    *,
    couplings: Couplings | None = None,
    business: Business | None = None,
    half: int | None = None,
) -> pd.DataFrame:
    """Outcomes and costs of configurations in a world, each at its own latency.

    Parameters
    ----------
    seed : int
        The world's.
    menu : sequence of Configuration
    couplings : Couplings, optional
        Assumptions of the world.
    business : Business, optional
    half : {0, 1}, optional
        Measure on one half of the sessions only.

    Returns
    -------
    DataFrame
        As :func:`launchlab.market.menu.evaluate_menu`, with the columns of `with_costs`.
    """
    sessions = world_sessions(seed, couplings)
    models = sorted({one.model for one in menu})
    scores = {model: ranker_scores(seed, model, couplings) for model in models}
    if half is not None:
        middle = len(sessions) // 2
        rows = slice(0, middle) if half == 0 else slice(middle, None)
        sessions = sessions[rows]
        scores = {model: one[rows] for model, one in scores.items()}
    latency = {
        (model, shortlist): mean_latency(request_latency(model, shortlist))
        for model in models
        for shortlist in {one.shortlist for one in menu}
    }
    return with_costs(evaluate_menu(sessions, scores, menu, latency), business)


@lru_cache(maxsize=32)
def world_menu(
    seed: int,
    couplings: Couplings | None = None,
    models: tuple[str, ...] = MODELS,
    half: int | None = None,
) -> pd.DataFrame:
    """The menu of a world without shortlists: 150 configurations, for claims over worlds.

    Kept where ``LAUNCHLAB_CACHE`` names a folder. Treat it as read-only: callers share it.

    Parameters
    ----------
    seed : int
        The world's.
    couplings : Couplings, optional
        Assumptions of the world.
    models : tuple of str
        Fewer models are trained faster.
    half : {0, 1}, optional
        Measure on one half of the sessions only: what differs between halves is noise.

    Returns
    -------
    DataFrame
        As `make_menu`, with the default `Business`.
    """
    folder = points.PACKAGE / "market"
    made_from = [
        sources(),
        points.package_hash(folder, only=("menu.py", "scorecard.py")),
        points.package_hash(points.PACKAGE / "stages", only=("menu.py", "rankers.py")),
        repr((seed, couplings or Couplings(), models, half, points.versions())),
    ]
    key = f"menu-{hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:20]}"
    known: pd.DataFrame | None = points.load(key)
    if known is None:
        menu = configurations(models, shortlists=(N_CANDIDATES,))
        made = make_menu(seed, menu, couplings=couplings, half=half)
        known = made.drop(columns=["people", "profit"])
        points.store(key, known)
    return with_costs(known)


# --------------------------------------------------------------------------- one hungry customer


def hungry_customer(sessions: Sessions) -> int:
    """Row of the session whose slates the chapters show: the first dry dinner session of a customer
    who has ordered before from at least five of the candidates' neighbours."""
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
        For a letter that stands for no candidate.
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


# --------------------------------------------------------------------------- the file


@cache
def _menu() -> pd.DataFrame:
    with files("launchlab.stages").joinpath("menu.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def menu_table(business: Business | None = None) -> pd.DataFrame:
    """The menu of 600 configurations in world 0: outcomes, costs, and one customer's slate.

    Parameters
    ----------
    business : Business, optional
        Another size of business or another wage.

    Returns
    -------
    DataFrame, a row for each of 5 models x 4 shortlists x 3 margin weights x 10 ad weights
        The columns of :func:`launchlab.market.menu.evaluate_menu` (but ``clicks`` and the
        sanity rows), those of `with_costs`, and ``slate``: see `read_slate`.

    Notes
    -----
    Measured on 5,000 sessions in closed form, each configuration at its own mean latency, and
    advertisers' bids settled under it. The slates are shown with the world's bids.
    """
    return with_costs(_menu(), business)


KEPT = ("orders", "ad_revenue", "margin", "gmv", "life_value", "exposure_gini")


def main() -> None:
    """Make the menu and its provenance, and say what was written."""
    writing.need_one_thread()
    menu = configurations()
    table = make_menu(WORLD, menu)
    levers = [one.name for one in fields(Configuration)]
    table = table[[*levers, *KEPT]].assign(slate=make_slates(WORLD, menu))
    folder = Path(__file__).parent
    table.to_csv(folder / "menu.csv", index=False, float_format="%.5g")
    kept = writing.made_by(
        "launchlab.stages.menu",
        world=WORLD,
        sessions=N_SESSIONS,
        session_seed=SESSION_SEED,
        models=list(MODELS),
        shortlists=list(SHORTLISTS),
        hungry_customer=hungry_customer(world_sessions(WORLD)),
        cpu_seconds=round(time.process_time(), 1),
    )
    (folder / "menu.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"wrote menu.csv ({len(table)} rows) and menu.json; {kept['cpu_seconds']} s CPU")


def town() -> Sessions:
    """The sessions behind the menu: world 0, 5,000 sessions."""
    return world_sessions(WORLD)


if __name__ == "__main__":
    writing.keep_points()
    main()
