"""What a Friday evening brings, by the simulator's truth, under each thing that can go wrong.

Two models share the evening: the one that ran before, and the distilled one that ships at 17:00.
Everything here is an expectation over sessions; the noise of an evening is drawn elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Couplings,
    Scores,
    Sessions,
    build_slates,
    draw_sessions,
    expected_outcomes,
    make_logs,
    settle_bids,
    stay_probability,
)
from launchlab.market.rankers import make_estimator
from launchlab.memo import memo
from launchlab.serving.remedies import student
from launchlab.software.faults import SERVING_FAULTS, Fed
from launchlab.software.gates import psi
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import offers_logged, offers_now
from launchlab.software.town import make_town

N_SERVED = 3_000
EVENING = 18
"""Sessions from this hour on make the evening."""

TREES = 50
"""Of the student that ships, and of the model before it."""

TEACHER = "hgb800_tuned"
OLD_LOG, EVENING_SEED = 100, 17
CAMPAIGN = 0.25
"""By how much a competitor's coupons raise the utility of not ordering here. Assumed."""

SECOND = 1_000.0
"""A wait, ms, at which the share of customers who leave is computed."""

MEASURES = ("orders", "ad_revenue", "margin")
_EVERY = 8  # one row in so many is compared


FED: dict[str, Fed] = {
    name: SERVING_FAULTS[fault].fed
    for name, fault in (
        ("seconds", "seconds"),
        ("history", "join"),
        ("cuisine", "cuisine"),
        ("dry", "dry"),
    )
}
"""What the new model is fed when the serving path is wrong."""


def _dinner(sessions: Sessions) -> Sessions:
    return sessions[sessions.hour >= EVENING]


def _rates(sessions: Sessions, scores: Scores, bids: NDArray[np.float32]) -> dict[str, float]:
    found = expected_outcomes(sessions, build_slates(sessions, scores, bids=bids))
    return {name: float(found.measure(name).mean()) for name in MEASURES}


@memo
def evening(seed: int, couplings: Couplings | None = None) -> dict[str, Any]:
    """What a session brings in a town, by model and by what is wrong.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.

    Returns
    -------
    dict
        ``rates``: for "old" and "new", with a dash and the fault behind it where one is ("new-dry",
        "old-campaign"), orders, ad_revenue and margin of a session ($). ``leaves``:
        share of customers who leave for each millisecond that they wait. ``psi``: largest PSI of a
        feature, by fault.
    """
    town = make_town(seed, couplings)
    before = make_logs(town.world, len(town.logs), seed=OLD_LOG)
    old_rows = offers_logged(before).rows
    old = order_model("hgb50", old_rows, before.ordered)
    teacher: Any = make_estimator(TEACHER, 0).fit(town.shown.rows, town.ordered.astype(np.int8))
    new = student(TREES).fit(town.shown.rows, teacher.predict_proba(town.shown.rows)[:, 1])
    clicks = order_model("hgb50", old_rows, before.clicked)

    sessions = _dinner(draw_sessions(town.world, N_SERVED, seed=EVENING_SEED))
    offers = offers_now(sessions)
    shape = sessions.shape

    def old_scores(rows: NDArray[np.float32]) -> Scores:
        return Scores(chances(old, rows, shape), chances(clicks, rows, shape))

    def new_scores(rows: NDArray[np.float32]) -> Scores:
        chance = np.clip(new.predict(rows), 0, 1).astype(np.float32).reshape(shape)
        return Scores(chance, chances(clicks, rows, shape))

    usual = old_scores(offers.rows)
    bids = settle_bids(sessions, usual)
    tempted = replace(sessions, outside=sessions.outside + np.float32(CAMPAIGN))
    healthy = new_scores(offers.rows)
    rates = {
        "old": _rates(sessions, usual, bids),
        "new": _rates(sessions, healthy, bids),
        "old-campaign": _rates(tempted, usual, bids),
        "new-campaign": _rates(tempted, healthy, bids),
        "old-seconds": _rates(sessions, old_scores(FED["seconds"](offers)), bids),
    }
    moved = {}
    for fault, fed in FED.items():
        rows = fed(offers)
        rates[f"new-{fault}"] = _rates(sessions, new_scores(rows), bids)
        moved[fault] = max(
            psi(offers.rows[::_EVERY, column], rows[::_EVERY, column])
            for column in range(rows.shape[1])
        )
    leaves = (1 - float(stay_probability(sessions, SECOND).mean())) / SECOND
    return {"rates": rates, "leaves": leaves, "psi": moved}
