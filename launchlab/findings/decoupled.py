"""Claims of the chapter "One model or several": decoupled scores against one blended label."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Scores, Sessions, make_logs, make_world
from launchlab.market.logs import N_LOGGED
from launchlab.market.rankers import make_ranker
from launchlab.stakeholders.blended import (
    blended_worth,
    decoupled_worth,
    fit_blended,
    inflated,
    new_bids,
    recalibrated,
    slate_dollars,
)
from launchlab.zoo.launch import paired_change
from launchlab.zoo.rankers import world_sessions

_RANKER = "hgb50"
_HELD_OUT_LOG = 1


@lru_cache(maxsize=2)
def _scores(seed: int) -> tuple[Sessions, Scores, Scores]:
    """Fresh sessions, the decoupled models' scores for them, and scores for a held-out log."""
    world = make_world(seed)
    ranker = make_ranker(_RANKER).fit(make_logs(world))
    held_out = make_logs(world, N_LOGGED // 2, seed=_HELD_OUT_LOG)
    sessions = world_sessions(seed)
    return sessions, ranker.score(sessions), ranker.score(held_out.sessions)


@lru_cache(maxsize=32)
def _dollars(
    seed: int, design: str, weight: float, share: float, sees_bid: bool = False
) -> NDArray[np.float64]:
    """Blended dollars of each session under a design, after bids have changed."""
    world = make_world(seed)
    sessions, scores, _ = _scores(seed)
    bids = new_bids(world, share)
    if design == "decoupled":
        worth: NDArray[np.floating] = decoupled_worth(sessions, scores, bids, weight)
    else:
        trained_on = bids if design == "retrained" else world.bid
        model = fit_blended(make_logs(world), trained_on, weight, sees_bid=sees_bid)
        worth = blended_worth(model, sessions, bids if sees_bid else None)
    return slate_dollars(sessions, worth, bids, weight)


def decoupled_gain(
    seed: int,
    against: str = "stale",
    weight: float = 1.0,
    share: float = 1.0,
    sees_bid: bool = False,
) -> Effect:
    """Gain of decoupled scores over a blended model, percent of blended dollars."""
    ours = _dollars(seed, "decoupled", weight, share)
    theirs = _dollars(seed, against, weight, share, sees_bid)
    return Effect(*paired_change(theirs, ours, _scores(seed)[0].customer))


def own_objective(seed: int, weight: float = 1.0, sees_bid: bool = False) -> Effect:
    """`decoupled_gain` while bids are still those of training."""
    return decoupled_gain(seed, "stale", weight, 0.0, sees_bid)


def retrained_gain(seed: int, weight: float = 1.0, sees_bid: bool = False) -> Effect:
    """`decoupled_gain` over a blended model that was retrained on the new bids."""
    return decoupled_gain(seed, "retrained", weight, 1.0, sees_bid)


def stale_cost(seed: int, weight: float = 1.0) -> Effect:
    """Gain of a blended model from retraining after bids have changed, percent."""
    stale, fresh = (_dollars(seed, one, weight, 1.0) for one in ("stale", "retrained"))
    return Effect(*paired_change(stale, fresh, _scores(seed)[0].customer))


def _clicks(seed: int, factor: float, weight: float, right: bool) -> NDArray[np.float64]:
    world = make_world(seed)
    sessions, scores, held_out = _scores(seed)
    wrong = inflated(scores, factor)
    if right:
        logs = make_logs(world, N_LOGGED // 2, seed=_HELD_OUT_LOG)
        wrong = recalibrated(
            wrong, inflated(held_out, factor), logs.candidate[:, 0], logs.clicked[:, 0]
        )
    worth = decoupled_worth(sessions, wrong, world.bid, weight)
    return slate_dollars(sessions, worth, world.bid, weight)


def miscalibration_cost(seed: int, factor: float = 5.0, weight: float = 1.0) -> Effect:
    """Loss from counting every click ``factor`` times, percent of blended dollars."""
    good, bad = (_clicks(seed, k, weight, right=False) for k in (1.0, factor))
    change, error = paired_change(good, bad, _scores(seed)[0].customer)
    return Effect(-change, error)


def recalibration_gain(seed: int, factor: float = 5.0, weight: float = 1.0) -> Effect:
    """Gain from recalibrating those scores on held-out logs, percent."""
    bad, mended = (_clicks(seed, factor, weight, right=right) for right in (False, True))
    return Effect(*paired_change(bad, mended, _scores(seed)[0].customer))


_WEIGHTS = [
    Variant("4", "a dollar of ads counts 4", {"weight": 4.0}),
    Variant("sees", "the blended model sees the bid", {"sees_bid": True}),
]

_DOLLAR = Coupling("weight", "a dollar of ads that counts ${}", 1.0, 4.0, steps=1)

_TOO_HIGH = Coupling(
    "factor", "the odds of a click {} times too high", 5.0, 1.1, steps=28, log=True
)

CLAIMS = [
    Claim(
        name="decoupled-own-objective",
        statement="While nothing changes, two models combined at serving earn more than one model"
        " of the blended label.",
        effect=own_objective,
        unit="%",
        variants=_WEIGHTS,
    ),
    Claim(
        name="decoupled-after-change",
        statement="After the bids have changed, two models combined at serving earn more than"
        " yesterday's blended model.",
        effect=decoupled_gain,
        couplings=[_DOLLAR],
        unit="%",
        variants=_WEIGHTS,
    ),
    Claim(
        name="decoupled-against-retrained",
        statement="Two models combined at serving earn more even than a blended model that was"
        " retrained on the new bids.",
        effect=retrained_gain,
        couplings=[_DOLLAR],
        unit="%",
        variants=_WEIGHTS,
    ),
    Claim(
        name="blend-goes-stale",
        statement="After the bids have changed, a retrained blended model earns more than"
        " yesterday's.",
        effect=stale_cost,
        unit="%",
        variants=[Variant("4", "a dollar of ads counts 4", {"weight": 4.0})],
    ),
    Claim(
        name="miscalibration-costs",
        statement="With the odds of every click five times too high, two models combined at serving"
        " earn less.",
        effect=miscalibration_cost,
        couplings=[_TOO_HIGH],
        unit="% lost",
        variants=[
            Variant("2", "twice too high", {"factor": 2.0}),
            Variant("20", "twenty times too high", {"factor": 20.0}),
        ],
    ),
    Claim(
        name="recalibration-mends",
        statement="Recalibrating those clicks on a log that the model has not seen brings dollars"
        " back.",
        effect=recalibration_gain,
        couplings=[replace(_TOO_HIGH, steps=14)],
        unit="%",
        variants=[Variant("2", "twice too high", {"factor": 2.0})],
    ),
]
