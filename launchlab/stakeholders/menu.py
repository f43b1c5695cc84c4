"""``python -m launchlab.stakeholders.menu``: the menu of configurations, with what each costs.

Trains the five models and evaluates 600 configurations, in about a minute of CPU.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from functools import cache, lru_cache

import pandas as pd

from launchlab import shipped
from launchlab.market import Couplings
from launchlab.market.rankers import ENSEMBLE
from launchlab.market.sessions import N_CANDIDATES
from launchlab.memo import memo
from launchlab.serving.latency import mean_latency, p95_latency, request_latency
from launchlab.stakeholders.configurations import (
    MODELS,
    SHORTLISTS,
    Configuration,
    configurations,
    evaluate_menu,
)
from launchlab.stakeholders.customer import WORLD, hungry_customer, make_slates, town
from launchlab.stakeholders.people import Business
from launchlab.zoo.rankers import N_SESSIONS, SESSION_SEED, ranker_scores, world_sessions


def artefacts(model: str, shortlist: int = N_CANDIDATES) -> int:
    """Number of things to patch, test and roll out.

    A model of orders and one of clicks for each member; for tuned models, also the two jobs that
    search their settings again at each training; and the shortlist service, if there is one.
    """
    members = len(ENSEMBLE) if model == "ensemble5" else 1
    searches = 2 if model.endswith("_tuned") else 0
    return 2 * members + searches + (shortlist < N_CANDIDATES)


def with_costs(menu: pd.DataFrame, business: Business | None = None) -> pd.DataFrame:
    """Add to a menu what its configurations cost.

    Parameters
    ----------
    menu : DataFrame
        From :func:`launchlab.stakeholders.configurations.evaluate_menu`.
    business : Business, optional
        The default business if not given.

    Returns
    -------
    DataFrame
        The menu with ``p50_ms``, ``p95_ms``, ``artefacts``, ``people`` and ``profit`` (M$ a year)
        added.
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
        The world's seed.
    menu : sequence of Configuration
    couplings : Couplings, optional
        Assumptions of the world.
    business : Business, optional
    half : {0, 1}, optional
        Measure on one half of the sessions only.

    Returns
    -------
    DataFrame
        As from `launchlab.stakeholders.configurations.evaluate_menu`, with the columns that
        `with_costs` adds.
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

    Cached if ``LAUNCHLAB_CACHE`` names a folder. Callers share the returned frame, so treat it as
    read-only.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
        Assumptions of the world.
    models : tuple of str
        Models on the menu; fewer train faster.
    half : {0, 1}, optional
        Measure on one half of the sessions only; differences between the halves are noise.

    Returns
    -------
    DataFrame
        As from `make_menu`, with the default `Business`.
    """
    return with_costs(_world_menu(seed, couplings or Couplings(), models, half))


@memo
def _world_menu(
    seed: int, couplings: Couplings, models: tuple[str, ...], half: int | None
) -> pd.DataFrame:
    menu = configurations(models, shortlists=(N_CANDIDATES,))
    made = make_menu(seed, menu, couplings=couplings, half=half)
    return made.drop(columns=["people", "profit"])


@cache
def _menu() -> pd.DataFrame:
    return shipped.read_table(__package__, "menu.csv")


def menu_table(business: Business | None = None) -> pd.DataFrame:
    """The menu of 600 configurations in world 0: outcomes, costs, and one customer's slate.

    Parameters
    ----------
    business : Business, optional
        A business of a different size, or with a different wage.

    Returns
    -------
    DataFrame, a row for each of 5 models x 4 shortlists x 3 margin weights x 10 ad weights
        The columns of `launchlab.stakeholders.configurations.evaluate_menu` (except ``clicks`` and
        the sanity rows), those that `with_costs` adds, and ``slate``: see
        `launchlab.stakeholders.customer.read_slate`.

    Notes
    -----
    Measured on 5,000 sessions in closed form, with each configuration at its own mean latency and
    advertisers' bids adjusted to it. The slates use the world's bids.
    """
    return with_costs(_menu(), business)


KEPT = ("orders", "ad_revenue", "margin", "gmv", "life_value", "exposure_gini")


def main() -> None:
    """Make the menu and its provenance, and print what was written."""
    shipped.need_one_thread()
    menu = configurations()
    table = make_menu(WORLD, menu)
    levers = [one.name for one in fields(Configuration)]
    table = table[[*levers, *KEPT]].assign(slate=make_slates(WORLD, menu))
    folder = shipped.folder(__file__)
    table.to_csv(folder / "menu.csv", index=False, float_format="%.5g")
    kept = shipped.made_by(
        "launchlab.stakeholders.menu",
        world=WORLD,
        sessions=N_SESSIONS,
        session_seed=SESSION_SEED,
        models=list(MODELS),
        shortlists=list(SHORTLISTS),
        hungry_customer=hungry_customer(town()),
        cpu_seconds=round(time.process_time(), 1),
    )
    shipped.write_record(folder / "menu.json", kept)
    print(f"wrote menu.csv ({len(table)} rows) and menu.json; {kept['cpu_seconds']} s CPU")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
