"""Four weeks later: what became of a choice, and what each of the five says to it, in their unit.

The words are data, which the page interprets as `said` does: the first case that fits is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from launchlab.capstone.draws import control_weeks, held_out
from launchlab.capstone.limits import LIMITS
from launchlab.capstone.menu import menu_table
from launchlab.capstone.releases import A_DAY, Fault
from launchlab.capstone.strategies import keeps

A_WEEK = 7 * A_DAY
"""Sessions of a week."""


@dataclass(frozen=True)
class Choice:
    """What somebody shipped, and what they did with the release.

    Parameters
    ----------
    town : int
    place : int
        On the menu.
    fault : Fault or None
        What the release carried.
    stopped : bool
        Whether they stopped it. A fault that was stopped is mended, and the release goes out; a
        release that was stopped without a fault stays where it is.
    """

    town: int
    place: int
    fault: Fault | None = None
    stopped: bool = False


def facts(choice: Choice) -> dict[str, float]:
    """What the four weeks brought, against the control in the same weeks.

    Parameters
    ----------
    choice : Choice

    Returns
    -------
    dict
        ``orders``, ``ads``, ``margin``: percent against the control. ``orders_thousand``: orders
        per 1,000 sessions, and ``ads_thousand``: $ per 1,000 sessions, both against the control.
        ``money``: $1,000 of margin a week against the control, ``missed``: what the best that kept
        the limits would have brought on top. ``p95``, ``artefacts``. ``fault``, ``stopped``: 1 or
        0. ``short``, ``ads_short``: 1 if the release, as it went out, lay below the limit on
        orders, or on ads.
        ``broken``: how many of the two limits were broken.
    """
    truth, control = held_out(choice.town), control_weeks(choice.town).mean()
    kept_back = choice.stopped and choice.fault is None
    harm = choice.fault.loss if choice.fault else 0.0
    lost = 0.0 if choice.stopped else harm
    # A fault is taken to cost as large a share of ads and margin as of orders.
    ratio = {
        name: 1.0 if kept_back else float(truth[name][choice.place]) * (1 - lost)
        for name in ("orders", "ads", "margin")
    }
    best = float(truth["margin"][keeps(truth)].max())
    row = menu_table().loc[choice.place]
    out = {name: float(truth[name][choice.place]) * (1 - harm) for name in ("orders", "ads")}
    return {
        "orders": 100 * (ratio["orders"] - 1),
        "ads": 100 * (ratio["ads"] - 1),
        "margin": 100 * (ratio["margin"] - 1),
        "orders_thousand": 1_000 * float(control["orders"]) * (ratio["orders"] - 1),
        "ads_thousand": 1_000 * float(control["ads"]) * (ratio["ads"] - 1),
        "money": A_WEEK / 1_000 * float(control["margin"]) * (ratio["margin"] - 1),
        "missed": A_WEEK / 1_000 * float(control["margin"]) * (best - ratio["margin"]),
        "p95": float(row["p95_ms"]),
        "artefacts": float(row["artefacts"]),
        "short": float(out["orders"] < LIMITS.orders),
        "ads_short": float(out["ads"] < LIMITS.ads),
        "fault": float(choice.fault is not None),
        "stopped": float(choice.stopped),
        "broken": float(ratio["orders"] < LIMITS.orders) + float(ratio["ads"] < LIMITS.ads),
    }


Case = tuple[tuple[tuple[str, str, float], ...], str]
"""Conditions (fact, sign, number), all of which must hold, and what is then said. In a text,
``{fact}`` is the fact's size as a whole number."""

HEALTHY_STOPPED = (("stopped", ">", 0.5), ("fault", "<", 0.5))
FAULT_OUT = (("stopped", "<", 0.5), ("fault", ">", 0.5))
FAULT_STOPPED = (("stopped", ">", 0.5), ("fault", ">", 0.5))

SAYS: dict[str, tuple[Case, ...]] = {
    "ml": (
        (
            (*HEALTHY_STOPPED, ("short", ">", 0.5)),
            "No bug in it. It was below the limit all by itself, and you saw it in time.",
        ),
        (
            (*HEALTHY_STOPPED, ("ads_short", ">", 0.5)),
            "You stopped a release that kept its promise to me. I looked for the bug all week.",
        ),
        (
            HEALTHY_STOPPED,
            "You stopped a release that kept its promise. I looked for the bug all week.",
        ),
        (
            (*FAULT_OUT, ("orders", "<", -5.0)),
            "{orders_thousand} orders fewer per 1,000 sessions, and part "
            "of that is a bug we shipped.",
        ),
        (
            (("orders", "<", -5.0),),
            "{orders_thousand} orders fewer per 1,000 sessions. We had agreed on less.",
        ),
        (
            FAULT_OUT,
            "There was a bug in it. The limit had room for the bug, and "
            "I would still have liked to know.",
        ),
        (
            (("orders", "<", -2.0),),
            "{orders_thousand} orders fewer per 1,000 sessions. I signed "
            "that. I counted them anyway.",
        ),
        (
            (("orders", "<", 0.0),),
            "{orders_thousand} orders fewer per 1,000 sessions. I can live with that.",
        ),
        ((), "Not an order fewer than the control. Who would have thought."),
    ),
    "sales": (
        (
            (*HEALTHY_STOPPED, ("ads_short", ">", 0.5)),
            "Nothing shipped, and what you had chosen would not have kept my five per cent. I had "
            "told my advertisers otherwise.",
        ),
        (
            HEALTHY_STOPPED,
            "Nothing shipped, so no more ads than last month. I had told my advertisers otherwise.",
        ),
        (
            (("ads", "<", 0.0),),
            "${ads_thousand} less per 1,000 sessions. That is not what “more” means.",
        ),
        (
            (("ads", "<", 5.0),),
            "${ads_thousand} more per 1,000 sessions. I was promised "
            "five per cent, and so were my advertisers.",
        ),
        (
            (("ads", ">", 15.0),),
            "${ads_thousand} more per 1,000 sessions! You could have had "
            "margin for half of that. I won't complain.",
        ),
        ((), "${ads_thousand} more per 1,000 sessions. As promised."),
    ),
    "product": (
        (HEALTHY_STOPPED, "Nobody waits longer. Nobody gets anything either."),
        (
            (),
            "{p95} ms at p95. Nobody has written to us about it, which "
            "is the best thing I can say.",
        ),
    ),
    "infrastructure": (
        (
            FAULT_STOPPED,
            "You stopped it before everybody had it. A week to mend it, and out it went. "
            "Thank you.",
        ),
        (
            FAULT_OUT,
            "We found it in week five, in a log that nobody reads. It "
            "had been there since your first day.",
        ),
        (
            (("artefacts", ">", 2.5),),
            "{artefacts} things to patch. One of them is your shortlist, "
            "and it is the one that pages us.",
        ),
        ((), "{artefacts} things to patch. I slept."),
    ),
    "manager": (
        (
            (*HEALTHY_STOPPED, ("short", ">", 0.5)),
            "Rightly stopped. It lay below the limit from the start: a week gone, nothing shipped.",
        ),
        (
            (*HEALTHY_STOPPED, ("ads_short", ">", 0.5)),
            "It would have broken the limit on ads. ${missed} thousand a week were on the table "
            "for a choice that kept both.",
        ),
        (
            HEALTHY_STOPPED,
            "${missed} thousand a week were on the table. You stopped it: tell me what you saw.",
        ),
        (
            (("broken", ">", 0.5), ("money", "<", 5.0)),
            "A limit broken, and nothing to show for it. That one has your name on it.",
        ),
        (
            (("broken", ">", 0.5),),
            "${money} thousand a week more, and a limit broken. I take "
            "the money, you take the meeting.",
        ),
        (
            (("money", "<", 0.0),),
            "In the four weeks both limits kept, and ${money} thousand a week less than if you had "
            "done nothing.",
        ),
        (
            (("missed", ">", 15.0),),
            "${money} thousand a week more, and in the four weeks both limits kept. Another "
            "${missed} thousand were there for the taking.",
        ),
        (
            (),
            "${money} thousand a week more, and in the four weeks both limits kept. There was "
            "hardly more to get. Sign the next one.",
        ),
    ),
}
"""What each of the five says, by case."""


def said(found: dict[str, float]) -> dict[str, str]:
    """What each of the five says to it.

    Parameters
    ----------
    found : dict
        As from `facts`.

    Returns
    -------
    dict of str to str
        By name of the person.
    """
    return {who: _tell(cases, found) for who, cases in SAYS.items()}


def _tell(cases: tuple[Case, ...], found: dict[str, float]) -> str:
    for conditions, text in cases:
        if all(found[f] > n if sign == ">" else found[f] < n for f, sign, n in conditions):
            for name, value in found.items():
                text = text.replace("{" + name + "}", grouped(value))
            return text
    return ""


def grouped(value: float) -> str:
    """The size of a number, whole, a half up, in groups of three; the page writes the same."""
    return f"{math.floor(abs(value) + 0.5):,}"
