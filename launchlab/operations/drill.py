"""The fire drill: an evening that moves minute by minute, and what a reader's choices cost.

`step` is a pure function of a state and an action. Its twin in the page is ``drill.js``; the two
agree to the last bit, because both do the same additions in the same order and draw from the same
generator. Nothing here may therefore use a library's logarithm, exponential or formatting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from launchlab.operations.drill_chance import MINUTES, Chance, chance
from launchlab.operations.drill_story import (
    BETTER,
    CALLED,
    LOOKS,
    MESSAGES,
    SCENARIOS,
    WORSE,
    Case,
    Scenario,
)
from launchlab.operations.evenings import evenings
from launchlab.operations.queues import HOURS, mean_ms, percentile_ms
from launchlab.operations.sequential import bounds

START_HOUR = 17
SESSIONS_A_DAY = 500_000 / 7
SERVICE_MS = 120.0
BUSIEST = 0.45
"""Utilisation of each model's two replicas in the busiest minute; twice that if one is missing."""

CAMPAIGN_FROM = 75
"""Minute from which the competitor's offer counts: 18:15."""

AWAY = 0.67
"""Share of the sessions that a public holiday leaves."""

ROLLBACK_TAKES = 5
ADS_SD = 0.4
"""Of a session's ad revenue ($). Assumed."""

NEVER = 10_000
"""A minute that does not come."""

ORDER_WORTH, CALL_COSTS = 8.0, 200.0
"""Dollars. What a lost order costs: about four of margin, and as much again for what a disappointed
customer no longer orders. What it costs to call somebody in from their evening. Both assumed."""

LOOKS_AT = tuple(range(15, MINUTES, 15))
"""Minutes at which those who wait for significance look."""

WINDOW = 30
RED_P99, RED_TOTAL, RED_Z = 2_000.0, -10.0, -1.645


# ------------------------------------------------------------------- what is true


@cache
def frame() -> dict[str, Any]:
    """What all evenings share, rounded, for both languages.

    Returns
    -------
    dict
        ``sessions``: expected of one arm, by minute. ``p99`` and ``p99_slow``: ms by minute with
        two replicas and with one. ``wait`` and ``wait_slow``: mean ms. ``bounds``: of the test at
        each of `LOOKS_AT`.
    """
    middle = np.arange(24) + 0.5
    at = START_HOUR + (np.arange(MINUTES) + 0.5) / 60
    share = np.interp(at, middle, HOURS) / 60
    sessions = SESSIONS_A_DAY * share / 2
    busy = BUSIEST * share / share.max()
    gathered = np.cumsum(sessions)[np.array(LOOKS_AT) - 1]
    return {
        "sessions": [round(float(one), 2) for one in sessions],
        "p99": [round(percentile_ms(0.99, 2, float(one), SERVICE_MS)) for one in busy],
        "p99_slow": [round(percentile_ms(0.99, 1, float(2 * one), SERVICE_MS)) for one in busy],
        "wait": [round(mean_ms(2, float(one), SERVICE_MS), 1) for one in busy],
        "wait_slow": [round(mean_ms(1, float(2 * one), SERVICE_MS), 1) for one in busy],
        "bounds": [
            round(float(one), 3) for one in bounds("obrien-fleming", gathered / gathered[-1])
        ],
    }


@dataclass(frozen=True, eq=False)
class Evening:
    """One evening to play: what a seed draws, in a town whose truth is known.

    Attributes
    ----------
    seed : int
    name : str
        The scenario.
    town : int
    truth : dict
        As `launchlab.operations.evening.evening` returns.
    drawn : Chance
    stays : list of float
        By minute, share of the customers who would have stayed that stays if a replica is missing.
    """

    seed: int
    name: str
    town: int
    truth: dict[str, Any]
    drawn: Chance
    stays: list[float]

    @property
    def about(self) -> Scenario:
        """The scenario."""
        return next(one for one in SCENARIOS if one.name == self.name)


def make_evening(
    seed: int, scenario: str | None = None, truth: dict[str, Any] | None = None
) -> Evening:
    """The evening of a seed.

    Parameters
    ----------
    seed : int
        0 to 9,999.
    scenario : str, optional
        In place of the one that the seed draws.
    truth : dict, optional
        In place of that of the town which the seed draws.

    Raises
    ------
    ValueError
        If the seed is out of range, or there is no such scenario.
    """
    drawn = chance(seed)
    names = [one.name for one in SCENARIOS]
    name = names[drawn.scenario] if scenario is None else scenario
    if name not in names:
        raise ValueError(f"scenario={scenario!r}, expected one of {', '.join(names)}")
    known = evenings()[drawn.town] if truth is None else truth
    waits, slow = frame()["wait"], frame()["wait_slow"]
    leaves = known["leaves"]
    stays = [1 - leaves * (slow[m] - waits[m]) for m in range(MINUTES)]
    return Evening(seed, name, drawn.town, known, drawn, stays)


@dataclass(frozen=True)
class State:
    """Where the evening stands.

    Attributes
    ----------
    minute : int
        Since 17:00.
    back_at, cured_at : int
        Minute from which everybody has the old model again, and from which what was wrong is
        mended; `NEVER` if not.
    lost_orders, lost_ads : float
        In expectation, against the same evening with a release as it was meant to be.
    called : tuple of str
    pending : tuple of (int, str)
        When who answers.
    looked : tuple of str
        What has been looked at.
    log : tuple of (int, str, str, str)
        Minute, kind ("message", "answer", "look", "you", "event"), who or what, text.
    over : bool
    """

    minute: int = 0
    back_at: int = NEVER
    cured_at: int = NEVER
    lost_orders: float = 0.0
    lost_ads: float = 0.0
    called: tuple[str, ...] = ()
    pending: tuple[tuple[int, str], ...] = ()
    looked: tuple[str, ...] = ()
    log: tuple[tuple[int, str, str, str], ...] = ()
    over: bool = False


def _rates(evening: Evening, minute: int, state: State, meant: bool) -> list[float]:
    """Orders and ads of a session, for the new model's arm and the old one's, in expectation."""
    rates, name = evening.truth["rates"], evening.name
    well = meant or minute >= state.cured_at
    back = not meant and minute >= state.back_at
    tempted = name == "campaign" and minute >= CAMPAIGN_FROM
    behind = "-campaign" if tempted else ""
    old = "old-seconds" if name == "units" and not well else "old" + behind
    keeps = 1.0
    if back:
        new = old
    else:
        broken = f"new-{name}" in rates and name != "campaign" and not well
        new = f"new-{name}" if broken else "new" + behind
        if name == "slow" and not well:
            keeps = evening.stays[minute]
    return [
        keeps * rates[new]["orders"],
        keeps * rates[new]["ad_revenue"],
        rates[old]["orders"],
        rates[old]["ad_revenue"],
    ]


def expected_sessions(evening: Evening, minute: int) -> float:
    """Sessions of one arm in a minute, in expectation."""
    away = AWAY if evening.name == "holiday" else 1.0
    found: float = frame()["sessions"][minute] * evening.drawn.level * away
    return found


def _count(mean: float, variance: float, z: float) -> int:
    return max(0, math.floor(mean + math.sqrt(variance) * z + 0.5))


def counts(evening: Evening, minute: int, state: State) -> list[float]:
    """What is seen of one minute: sessions, orders and ads of the new arm, and of the old one."""
    n = expected_sessions(evening, minute)
    z = evening.drawn.noise[minute]
    rates = _rates(evening, minute, state, meant=False)
    found: list[float] = []
    for arm in (0, 1):
        sessions = max(1, _count(n, n, z[3 * arm]))
        chance_, ads = rates[2 * arm], rates[2 * arm + 1]
        orders = _count(sessions * chance_, sessions * chance_ * (1 - chance_), z[3 * arm + 1])
        money = max(0.0, sessions * ads + ADS_SD * math.sqrt(sessions) * z[3 * arm + 2])
        found += [sessions, min(orders, sessions), money]
    return found


def alarm(evening: Evening, state: State) -> tuple[str, float]:
    """The input alarm that rings, and its PSI; an empty name if none does."""
    drawn, feature = evening.drawn, evening.about.feature
    if state.minute < drawn.alarm_from or state.minute >= state.back_at:
        return "", 0.0
    if feature:
        psi: float = evening.truth["psi"][evening.name]
        return (feature, psi) if state.minute < state.cured_at else ("", 0.0)
    return (drawn.false_feature, drawn.false_psi) if drawn.false_alarm else ("", 0.0)


def reading(evening: Evening, n: list[float]) -> float:
    """What both arms against their usual Friday let one conclude.

    Looked at again and again, two standard errors mislead far more often than once in twenty. One
    arm counts as moved beyond three, and then alone if the two differ beyond two.

    Parameters
    ----------
    evening : Evening
    n : list of float
        Sessions, orders and ads of the new arm, and of the old one.

    Returns
    -------
    float
        0: too early to tell, 1: the new arm has fallen, 2: the old one, 3: both, 4: the new one is
        ahead.
    """
    one, two = n[1] / n[0], n[4] / n[3]
    if not (0 < one < 1 and 0 < two < 1):
        return 0
    usual = evening.truth["rates"]["old"]["orders"]
    first, second = math.sqrt(one * (1 - one) / n[0]), math.sqrt(two * (1 - two) / n[3])
    spread = math.sqrt(one * (1 - one) / n[0] + two * (1 - two) / n[3])
    moved, old_moved = (one - usual) / first, (two - usual) / second
    apart = (one - two) / spread
    if moved < -2 and old_moved < -2:
        return 3 if min(moved, old_moved) < -3 and apart > -2 else 0
    if old_moved < -3 and apart > 2:
        return 2
    if moved < -3 and apart < -2:
        return 1
    if moved > 3 and old_moved > -2 and apart > 2:
        return 4
    return 0


def facts(evening: Evening, state: State) -> dict[str, float]:
    """What the dashboards show, as numbers.

    Parameters
    ----------
    evening : Evening
    state : State

    Returns
    -------
    dict
        ``release`` and ``control``: orders per 1,000 sessions since 17:00; ``change``, percent,
        with ``error`` (1.96 standard errors, as are ``release_error`` and ``control_error``) and
        ``z``; ``usual``: the old model's on usual Fridays; ``reading``: as `reading` returns.
        ``ads_release``, ``ads_control``: $ per 1,000 sessions since 17:00; ``ads``: change,
        percent. ``p99``, ``p99_control``: ms. ``alarm``: 1 or 0; ``psi``. ``total``: orders of the
        last 30 minutes against last Friday's, percent. ``minute``. What was done, 1 or 0:
        ``back``, a rollback is ordered; ``mended``.
    """
    n = [0.0] * 6
    before = now = 0.0
    usual = evening.truth["rates"]["old"]["orders"]
    for minute in range(state.minute):
        seen = counts(evening, minute, state)
        if minute < state.back_at:
            n = [one + more for one, more in zip(n, seen, strict=True)]
        if minute >= state.minute - WINDOW:
            now += seen[1] + seen[4]
            before += 2 * frame()["sessions"][minute] * evening.drawn.friday * usual
    minute = max(0, min(state.minute, MINUTES) - 1)
    slow = evening.name == "slow" and minute < state.cured_at and minute < state.back_at
    jitter = 1 + 0.05 * evening.drawn.noise[minute][6]
    p99 = math.floor(frame()["p99_slow" if slow else "p99"][minute] * jitter + 0.5)
    found: dict[str, float] = {
        "minute": state.minute,
        "usual": 1000 * usual,
        "release": 0.0,
        "control": 0.0,
        "change": 0.0,
        "error": 0.0,
        "release_error": 0.0,
        "control_error": 0.0,
        "z": 0.0,
        "reading": 0.0,
        "ads_release": 0.0,
        "ads_control": 0.0,
        "ads": 0.0,
        "p99": p99,
        "p99_control": math.floor(frame()["p99"][minute] * jitter + 0.5),
        "alarm": 1.0 if alarm(evening, state)[0] else 0.0,
        "psi": alarm(evening, state)[1],
        "total": 100 * (now / before - 1) if before > 0 else 0.0,
        "back": 1.0 if state.back_at < NEVER else 0.0,
        "mended": 1.0 if state.minute >= state.cured_at else 0.0,
    }
    if n[0] > 0 and n[4] > 0 and n[5] > 0:
        one, two = n[1] / n[0], n[4] / n[3]
        spread = math.sqrt(one * (1 - one) / n[0] + two * (1 - two) / n[3])
        found.update(
            release=1000 * one,
            control=1000 * two,
            change=100 * (one / two - 1),
            error=196 * spread / two,
            release_error=1960 * math.sqrt(one * (1 - one) / n[0]),
            control_error=1960 * math.sqrt(two * (1 - two) / n[3]),
            reading=reading(evening, n),
            z=(one - two) / spread if spread > 0 else 0.0,
            ads_release=1000 * n[2] / n[0],
            ads_control=1000 * n[5] / n[3],
            ads=100 * ((n[2] / n[0]) / (n[5] / n[3]) - 1),
        )
    return found


def red(found: dict[str, float]) -> tuple[str, ...]:
    """Whose dashboards are red."""
    lights = (
        ("ml", found["z"] < RED_Z and found["minute"] >= WINDOW),
        ("product", found["p99"] > RED_P99),
        ("infrastructure", found["alarm"] > 0),
        ("manager", found["total"] < RED_TOTAL and found["minute"] >= WINDOW),
    )
    return tuple(name for name, on in lights if on)


# ------------------------------------------------------------------- what you do


def grouped(value: float) -> str:
    """The size of a number, whole, a half up, in groups of three."""
    return f"{math.floor(abs(value) + 0.5):,}"


def _tell(cases: tuple[Case, ...], found: dict[str, float]) -> str:
    for fact, sign, number, text in cases:
        if not fact or (found[fact] > number if sign == ">" else found[fact] < number):
            for name, value in found.items():
                text = text.replace("{" + name + "}", grouped(value))
            return text
    return ""


ACTIONS = (
    "wait N (minutes)",
    *(f"look {name}" for name in LOOKS),
    *(f"call {name}" for name in CALLED),
    "rollback",
    "run",
)


def begin(evening: Evening) -> State:
    """17:00: the release is out, to half of the sessions."""
    return State(log=((0, "event", "", "The understudy answers half of the sessions."),))


def step(evening: Evening, state: State, action: str) -> State:
    """What an action leads to.

    Parameters
    ----------
    evening : Evening
    state : State
    action : str
        "wait 5", "look arms", "call ml", "rollback" or "run" (let it run to the end).

    Returns
    -------
    State

    Raises
    ------
    ValueError
        If the evening is over, or there is no such action.
    """
    if state.over:
        raise ValueError(f"action={action!r}: the evening is over, expected none")
    verb, _, what = action.partition(" ")
    if verb == "wait" and what.isdecimal() and 1 <= int(what) <= MINUTES:
        return _advance(evening, state, int(what))
    if verb == "look" and what in LOOKS:
        look = LOOKS[what]
        later = _advance(
            evening, _note(state, "you", what, f"You look: {look.label}."), look.minutes
        )
        cases = look.found.get(evening.name, look.found[""])
        found = _note(later, "look", what, _tell(cases, facts(evening, later)))
        sooner = _cured(evening, replace(found, looked=(*found.looked, what)))
        if sooner.cured_at < found.cured_at:
            return _note(sooner, "you", "", "You tell those at work on it what you have found.")
        return sooner
    if verb == "call" and what in CALLED:
        if what in state.called:
            return _note(state, "you", what, "You have called them already.")
        said = ", and tell them what you have found" if _knows(evening, state) else ""
        noted = _note(state, "you", what, f"You call them{said}.")
        due = state.minute + CALLED[what].minutes
        return _cured(
            evening,
            replace(noted, called=(*state.called, what), pending=(*state.pending, (due, what))),
        )
    if action == "rollback":
        if state.back_at < NEVER:
            return _note(state, "you", "", "You have rolled back already.")
        noted = _note(state, "you", "", "You roll back. It takes five minutes.")
        return replace(noted, back_at=state.minute + ROLLBACK_TAKES)
    if action == "run":
        said = "You let it run." if state.back_at == NEVER else "You wait until nine."
        noted = _note(state, "you", "", said)
        return _advance(evening, noted, MINUTES - state.minute)
    raise ValueError(f"action={action!r}, expected one of {', '.join(ACTIONS)}")


def _knows(evening: Evening, state: State) -> bool:
    """Whether a look has shown the cause."""
    return any(look in evening.about.shown for look in state.looked)


def _cured(evening: Evening, state: State) -> State:
    """When it will be mended: sooner, if those who were called are told the cause."""
    about, at = evening.about, state.cured_at
    for due, who in state.pending:
        if who in about.cures:
            at = min(at, due - CALLED[who].minutes + about.cures[who])
            if _knows(evening, state):
                at = min(at, max(state.minute, due) + about.told)
    return replace(state, cured_at=at)


def _note(state: State, kind: str, who: str, text: str) -> State:
    return replace(state, log=(*state.log, (state.minute, kind, who, text)))


def _advance(evening: Evening, state: State, minutes: int) -> State:
    """Let minutes pass; each one is paid for, and brings what it brings."""
    for _ in range(min(minutes, MINUTES - state.minute)):
        m = state.minute
        n = expected_sessions(evening, m)
        meant, got = (_rates(evening, m, state, meant=which) for which in (True, False))
        state = replace(
            state,
            minute=m + 1,
            lost_orders=state.lost_orders + n * (meant[0] - got[0]) + n * (meant[2] - got[2]),
            lost_ads=state.lost_ads + n * (meant[1] - got[1]) + n * (meant[3] - got[3]),
        )
        state = _happen(evening, state)
    if state.minute >= MINUTES and not state.over:
        state = replace(_note(state, "event", "", "Your shift is over."), over=True)
    return state


def _happen(evening: Evening, state: State) -> State:
    """What a new minute brings."""
    if state.minute == state.back_at:
        state = _note(state, "event", "", "Everybody has the old model again.")
    if state.minute == state.cured_at:
        state = _note(state, "event", "", "What was wrong is mended.")
    if state.minute == evening.drawn.alarm_from and alarm(evening, state)[0]:
        feature = alarm(evening, state)[0]
        state = _note(state, "event", "", f"An input alarm rings: {feature}.")
    for due, who in state.pending:
        if due == state.minute:
            says, told = CALLED[who].says, CALLED[who].told
            answer = says.get(evening.name, says[""])
            if _knows(evening, state):
                answer = told.get(evening.name, answer)
            state = _note(state, "answer", who, answer)
    for which in ("", evening.name):
        for when, who, cases in MESSAGES.get(which, ()):
            # Who has been called in is there, and writes no more.
            if when == state.minute and who not in state.called:
                text = _tell(cases, facts(evening, state))
                state = _note(state, "message", who, text) if text else state
    return state


def cost(state: State, worth: float = ORDER_WORTH, call: float = CALL_COSTS) -> float:
    """What the evening has cost so far, $: orders and ads lost, and people called.

    Parameters
    ----------
    state : State
    worth : float, default 8
        Of an order, $.
    call : float, default 200
        Of calling somebody in, $.
    """
    return worth * state.lost_orders + state.lost_ads + call * len(state.called)


Plan = tuple[tuple[int, str], ...]
"""What somebody did: the minute, and the action."""


def replay(evening: Evening, plan: Plan) -> State:
    """Play an evening by a plan, and wait wherever it says nothing, until 21:00.

    Parameters
    ----------
    evening : Evening
    plan : tuple of (int, str)
        In the order of time. What should have begun earlier than it can begins when it can.
    """
    state = begin(evening)
    for minute, action in plan:
        if minute > state.minute and not state.over:
            state = step(evening, state, f"wait {minute - state.minute}")
        if not state.over:
            state = step(evening, state, action)
    return state if state.over else step(evening, state, f"wait {MINUTES - state.minute}")


def differences(
    evening: Evening, plan: Plan, worth: float = ORDER_WORTH, call: float = CALL_COSTS
) -> list[float]:
    """What each action of a plan has cost: against the same evening without it, all else as it was.

    Parameters
    ----------
    evening : Evening
    plan : tuple of (int, str)
    worth, call : float
        As in `cost`.

    Returns
    -------
    list of float
        $; below 0 for an action that has saved something.
    """
    whole = cost(replay(evening, plan), worth, call)
    without = (plan[:place] + plan[place + 1 :] for place in range(len(plan)))
    return [whole - cost(replay(evening, one), worth, call) for one in without]


def stretches(evening: Evening, plan: Plan, worth: float = ORDER_WORTH) -> list[tuple[int, float]]:
    """What the minutes cost: those before the first action of a plan, and those after each.

    Parameters
    ----------
    evening : Evening
    plan : tuple of (int, str)
    worth : float
        As in `cost`.

    Returns
    -------
    list of (int, float)
        Minutes, and what was lost in them, $; people who were called are not counted.
    """
    state, ends = begin(evening), []
    for minute, action in plan:
        if minute > state.minute and not state.over:
            state = step(evening, state, f"wait {minute - state.minute}")
        ends.append(state)
        if not state.over:
            state = step(evening, state, action)
    ends.append(state if state.over else step(evening, state, f"wait {MINUTES - state.minute}"))
    found, minute, lost = [], 0, 0.0
    for end in ends:
        so_far = cost(end, worth, 0.0)
        found.append((end.minute - minute, so_far - lost))
        minute, lost = end.minute, so_far
    return found


def lesson(evening: Evening, worth: float = ORDER_WORTH) -> str:
    """What an evening teaches, told when it is over.

    Where nothing was wrong, the town decides whether to go back to the old model gained something.

    Parameters
    ----------
    evening : Evening
    worth : float
        As in `cost`.
    """
    about = evening.about
    if not about.harmless:
        return about.lesson
    back, run = (cost(replay(evening, ((0, action),)), worth) for action in ("rollback", "run"))
    return f"{about.lesson} {WORSE if back < run else BETTER}"
