"""Claims of the chapter "Freeze, and the team": what waiting costs, and what a team earns.

Claims about money read the shipped tables for the first 20 worlds and compute any other world;
claims about drift retrain their models.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

import numpy as np

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Outcomes, relative_change
from launchlab.market.drift import Drift, changed_share
from launchlab.serving.latency import latency_ms
from launchlab.stakeholders.frozen import (
    drift_rows,
    drifted_outcomes,
    drifted_sessions,
    lost_noise,
    margin_lost,
)
from launchlab.stakeholders.money import WEEKS_A_YEAR, Freeze, LostMargin, Team
from launchlab.zoo.rankers import BASELINE
from launchlab.zoo.table import at_latency, zoo_rows, zoo_table
from launchlab.zoo.training_noise import training_noise

RATE = 0.02
"""Share of the world that changes in a week, unless stated otherwise. Assumed."""

SESSIONS = 100_000.0


# --------------------------------------------------------------------------- waiting


@lru_cache(maxsize=256)
def margin(seed: int, ranker: str, multiplier: float = 1.0) -> Effect:
    """Margin of a ranker at its latency, $ per session.

    The error comes from which customers were drawn, and is that of the difference from 200
    boosted trees.
    """
    rows = zoo_rows(seed, (ranker, BASELINE)).set_index("ranker")
    waits = [latency_ms(name, multiplier=multiplier) for name in rows.index]
    margins = at_latency(rows, np.array(waits))["margin"] / 1_000
    error = rows.loc[ranker, "margin_change_se"] / 100 * margins[BASELINE]
    return Effect(float(margins[ranker]), float(error))


def gain(seed: int, better: str, worse: str, multiplier: float = 1.0) -> Effect:
    """Margin of one ranker less that of another, each at its own latency, $ per session.

    The error covers which customers were drawn and, unless one ranker is popularity, the use of a
    single training log.
    """
    one, other = (margin(seed, name, multiplier) for name in (better, worse))
    noise = 0.0
    if "popularity" not in (better, worse):
        noise = training_noise(better, worse) / 100 * other.value
    return Effect(one.value - other.value, math.hypot(one.error, other.error, noise))


def delay_cost(
    seed: int, better: str = "hgb200", worse: str = "logistic", multiplier: float = 1.0
) -> Effect:
    """What a freeze of four weeks costs at 100,000 sessions a week, thousand $."""
    found = gain(seed, better, worse, multiplier)
    cost, error = (Freeze().cost_of_delay(SESSIONS, x) / 1e3 for x in (found.value, found.error))
    return Effect(float(cost), float(error))


def break_even_chance(
    seed: int,
    better: str = "hgb200",
    sessions: float = SESSIONS,
    **assumptions: float,
) -> Effect:
    """Weekly chance of a breach, percent, at which the freeze costs as much as it averts."""
    found = gain(seed, better, "logistic")
    freeze = Freeze(**assumptions)
    low, value, high = (
        100 * freeze.break_even_chance(sessions, found.value + step * found.error)
        for step in (-1, 0, 1)
    )
    return Effect(value, (high - low) / 2)


# --------------------------------------------------------------------------- drift


@lru_cache(maxsize=32)
def _outcomes(
    seed: int, share: float, ranker: str, trained: str, drift: Drift, log_seed: int = 0
) -> Outcomes:
    return drifted_outcomes(seed, share, ranker, trained, drift=drift, log_seed=log_seed)


def fresh_line_over_old_trees(
    seed: int,
    week: int = 52,
    rate: float = RATE,
    measure: str = "orders",
    ranker: str = "hgb50",
    **drift: Any,
) -> Effect:
    """Gain of a fresh logistic regression over boosted trees frozen at week 0, percent.

    The error covers which customers were drawn, and the use of a single training log.
    """
    share = changed_share(rate, week)
    old = _outcomes(seed, share, ranker, "frozen", Drift(**drift))
    new = _outcomes(seed, share, "logistic", "fresh", Drift(**drift))
    customer = drifted_sessions(seed, share).customer
    value, error = relative_change(old, new, measure, clusters=customer)
    return Effect(value, math.hypot(error, training_noise("logistic", "hgb200")))


@cache
def log_noise() -> float:
    """How much the orders of 50 trees vary from one training log to another, percent (RMS)."""
    orders = zoo_table().pivot(index="world", columns="ranker", values="orders")
    change = 100 * (orders["hgb50-log1"] / orders["hgb50-log2"] - 1)
    return float(np.sqrt((change**2).mean()))


def fresh_over_frozen(seed: int, week: int = 4, rate: float = RATE) -> Effect:
    """Orders of trees trained on a different log in a later week against week 0's, percent.

    The error covers which customers were drawn, and the difference between two training logs.
    """
    share = changed_share(rate, week)
    old = _outcomes(seed, share, "hgb50", "frozen", Drift())
    new = _outcomes(seed, share, "hgb50", "fresh", Drift(), log_seed=1)
    customer = drifted_sessions(seed, share).customer
    value, error = relative_change(old, new, "orders", clusters=customer)
    return Effect(value, math.hypot(error, log_noise()))


# --------------------------------------------------------------------------- the team


def lost_margin(seed: int) -> tuple[LostMargin, LostMargin]:
    """What frozen trees lose in a world, $ per session, and its standard error in the same form.

    The error covers which customers were drawn, and the use of a single training log.
    """
    rows = drift_rows(seed)
    lost = margin_lost(rows=rows)[seed]
    rows = rows.query("ranker == 'hgb50' and log_seed == 0")
    fresh, frozen = (rows[rows["trained"] == how].set_index("share") for how in ("fresh", "frozen"))
    drawn = frozen["margin_change_se"] / 100 * fresh["margin"] / 1_000
    error = np.hypot(drawn, np.where(lost.index > 0, lost_noise(), 0.0))
    margin = float(fresh["margin"].iloc[0]) / 1_000
    shares = lost.index.to_numpy()
    return LostMargin(shares, lost.to_numpy(), margin), LostMargin(shares, error)


def let_go(seed: int, sessions: float = 50_000.0, rate: float = RATE, **assumptions: Any) -> Effect:
    """Net present value of letting a team of three go rather than keeping it, thousand $.

    The error of a model's loss is assumed to be the same in all weeks, which overstates it.
    """
    lost, error = lost_margin(seed)
    team = Team(**assumptions)
    wide = -team.let_go(error, rate).per_session
    return Effect(float(team.let_go(lost, rate).at(sessions)) / 1e3, wide * sessions / 1e3)


def let_go_large(seed: int, sessions: float = 1_000_000.0, **assumptions: Any) -> Effect:
    """`let_go` in a larger business."""
    return let_go(seed, sessions, **assumptions)


def automate(
    seed: int, sessions: float = 300_000.0, rate: float = RATE, **assumptions: Any
) -> Effect:
    """Net present value of automatic retraining with one maintainer, thousand $.

    Compared with keeping the team or letting it go, whichever is better.
    """
    lost, error = lost_margin(seed)
    team = Team(**assumptions)
    go, automatic = (float(f(lost, rate).at(sessions)) for f in (team.let_go, team.automate))
    missed, unsure = (-f(error, rate).per_session for f in (team.let_go, team.automate))
    # Both depend on the same models' loss, so their errors are correlated.
    wide = abs(missed - unsure) if go > 0 else unsure
    return Effect((automatic - max(0.0, go)) / 1e3, wide * sessions / 1e3)


def pays_for(
    seed: int,
    better: str = "logistic",
    worse: str = "popularity",
    sessions: float = 50_000.0,
    wage: float = Team().loaded_wage,
) -> Effect:
    """Margin that a better ranker adds in a year, less one wage, thousand $."""
    found = gain(seed, better, worse)
    yearly = sessions * WEEKS_A_YEAR / 1e3
    return Effect(found.value * yearly - wage / 1e3, found.error * yearly)


def trees_pay(seed: int, sessions: float = 100_000.0, **assumptions: Any) -> Effect:
    """`pays_for` with 200 boosted trees over logistic regression."""
    return pays_for(seed, "hgb200", "logistic", sessions, **assumptions)


CLAIMS = [
    Claim(
        name="freeze-costs",
        statement=(
            "Holding 200 boosted trees back for four weeks, while logistic regression stays, costs"
            " margin at 100,000 sessions a week."
        ),
        effect=delay_cost,
        couplings=[Coupling("multiplier", "models {} times as slow", 1.0, 1_000.0, log=True)],
        unit="thousand $",
        variants=[
            Variant("tuned", "800 tuned trees held back", {"better": "hgb800_tuned"}),
            Variant(
                "tuned-over-200",
                "800 tuned trees held back while 200 stay",
                {"better": "hgb800_tuned", "worse": "hgb200"},
            ),
            Variant("10x", "models take 10 times as long", {"multiplier": 10.0}),
        ],
        expected=19,
    ),
    Claim(
        name="freeze-break-even",
        statement=(
            "At 100,000 sessions a week the four weeks' freeze breaks even with a weekly chance of"
            " breach below half a per cent."
        ),
        effect=break_even_chance,
        couplings=[
            Coupling("sessions", "{} sessions a week", SESSIONS, 1e6, log=True),
            Coupling("breach_loss", "a breach that costs ${}", 2e6, 1e5, log=True),
            Coupling("late_weeks", "a fix that comes {} weeks sooner", 8.0, 0.5, steps=15),
        ],
        unit="% a week",
        low=-math.inf,
        high=0.5,
        variants=[
            Variant("tuned", "800 tuned trees held back", {"better": "hgb800_tuned"}),
            Variant("same", "the fix comes 4 weeks sooner, not 8", {"late_weeks": 4.0}),
            Variant("1m", "1 million sessions a week", {"sessions": 1e6}),
            Variant("10m", "10 million sessions a week", {"sessions": 1e7}),
            Variant("20m-loss", "a breach costs $20 million, not 2", {"breach_loss": 2e7}),
        ],
    ),
    Claim(
        name="drift-fresh-line-old-trees",
        statement=(
            "After a year at 2 % a week, a fresh logistic regression brings more orders than"
            " boosted trees frozen at week 0."
        ),
        effect=fresh_line_over_old_trees,
        unit="%",
        variants=[
            Variant("week-13", "after 13 weeks", {"week": 13}),
            Variant("week-26", "after 26 weeks", {"week": 26}),
            Variant("week-20-rate-5", "after 20 weeks at 5 %", {"week": 20, "rate": 0.05}),
            Variant("bait", "new badges go with good quality (+0.3)", {"badge_quality": 0.3}),
            Variant("kitchens", "only restaurants change", {"tastes": False}),
            Variant("tastes", "only customers change", {"kitchens": False}),
            Variant("margin", "margin instead of orders", {"measure": "margin"}),
        ],
        expected=18,
    ),
    Claim(
        name="drift-four-weeks",
        statement=(
            "After four weeks at 2 % a week, trees trained anew bring more orders than those of"
            " week 0."
        ),
        effect=fresh_over_frozen,
        unit="%",
        variants=[
            Variant("week-13", "after 13 weeks", {"week": 13}),
            Variant("week-26", "after 26 weeks", {"week": 26}),
        ],
        expected=15,
    ),
    Claim(
        name="team-small",
        statement=(
            "At 50,000 sessions a week, letting a team of three go is worth more over a year than"
            " keeping it."
        ),
        effect=let_go,
        couplings=[
            Coupling("rate", "a town that changes by {} % a week", RATE, 0.1, scale=100),
            Coupling("loaded_wage", "a wage of ${}", 180_000.0, 30_000.0, steps=30),
            Coupling("sessions", "{} sessions a week", 50_000.0, 1e6, log=True),
        ],
        unit="thousand $",
        variants=[
            Variant("26-weeks", "over 26 weeks", {"horizon": 26}),
            Variant("rate-5", "the world changes by 5 % a week", {"rate": 0.05}),
            Variant(
                "new-work", "the team adds 2 % of margin a year by new work", {"new_gain": 0.02}
            ),
            Variant("cheap", "a loaded wage of $90,000", {"loaded_wage": 90_000.0}),
        ],
        expected=19,
    ),
    Claim(
        name="team-large",
        statement=(
            "At a million sessions a week, letting a team of three go is worth less over a year"
            " than keeping it."
        ),
        effect=let_go_large,
        couplings=[
            Coupling("sessions", "{} sessions a week", 1e6, 1e4, log=True),
            Coupling("rate", "a town that changes by {} % a week", RATE, 0.001, scale=100),
        ],
        unit="thousand $",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("26-weeks", "over 26 weeks", {"horizon": 26}),
            Variant("rate-1", "the world changes by 1 % a week", {"rate": 0.01}),
            Variant("rate-5", "by 5 % a week", {"rate": 0.05}),
            Variant(
                "new-work", "the team adds 2 % of margin a year by new work", {"new_gain": 0.02}
            ),
            Variant("10m", "10 million sessions a week", {"sessions": 1e7}),
        ],
    ),
    Claim(
        name="team-automatic",
        statement=(
            "At 300,000 sessions a week, automatic retraining with one maintainer is worth more"
            " over a year than either keeping all three or letting them go."
        ),
        effect=automate,
        couplings=[
            Coupling("sessions", "{} sessions a week", 300_000.0, 3e7, log=True),
            Coupling(
                "new_gain", "new work that adds {} % of the margin a year", 0.0, 0.1, scale=100
            ),
        ],
        unit="thousand $",
        variants=[
            Variant(
                "new-work", "the team adds 2 % of margin a year by new work", {"new_gain": 0.02}
            ),
            Variant("small", "50,000 sessions a week", {"sessions": 50_000.0}),
            Variant("1m", "1 million sessions a week", {"sessions": 1e6}),
            Variant("10m", "10 million sessions a week", {"sessions": 1e7}),
            Variant("rate-5", "the world changes by 5 % a week", {"rate": 0.05}),
        ],
        expected=18,
    ),
    Claim(
        name="team-line-pays",
        statement=(
            "At 50,000 sessions a week, logistic regression instead of popularity adds more margin"
            " than one person costs."
        ),
        effect=pays_for,
        couplings=[
            Coupling("sessions", "{} sessions a week", 50_000.0, 1_000.0, log=True),
            Coupling("wage", "a wage of ${}", 180_000.0, 2e6, log=True),
        ],
        unit="thousand $ a year",
        variants=[
            Variant("10k", "10,000 sessions a week", {"sessions": 1e4}),
            Variant("100k", "100,000 sessions a week", {"sessions": 1e5}),
        ],
        expected=18,
    ),
    Claim(
        name="team-trees-pay",
        statement=(
            "At 100,000 sessions a week, 200 boosted trees instead of logistic regression add more"
            " margin than one more person costs."
        ),
        effect=trees_pay,
        couplings=[
            Coupling("sessions", "{} sessions a week", 100_000.0, 1_000.0, log=True),
            Coupling("wage", "a wage of ${}", 180_000.0, 2e6, log=True),
        ],
        unit="thousand $ a year",
        variants=[
            Variant("50k", "50,000 sessions a week", {"sessions": 5e4}),
            Variant("1m", "1 million sessions a week", {"sessions": 1e6}),
        ],
        expected=14,
    ),
]
