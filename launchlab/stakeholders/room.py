"""The meeting room: from weights and limits to a proposal, and what each person gives up.

The rule is small enough for a page to apply on its own: ``room.js`` is its twin, and the tests
compare the two at random settings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from launchlab.rounding import fixed
from launchlab.stakeholders.configurations import TODAY
from launchlab.stakeholders.customer import CODES, hungry_customer, read_slate, shop_window, town
from launchlab.stakeholders.menu import menu_table
from launchlab.stakeholders.people import (
    FIVE,
    INFRASTRUCTURE,
    LEVERS,
    PRODUCT,
    Stakeholder,
    row_of,
)

WEIGHTED = ("ml", "sales", "manager")
"""Stakeholders whose wishes are weighted. Product and infrastructure set limits instead."""

QUARTER_WEEKS = 13
DECIMALS = {"ml": 1, "sales": 1, "product": 0, "infrastructure": 0, "manager": 3}
# What stands before a change, after it in a chart, and after it in a sentence, which several share.
_CHANGES = {
    "ml": ("", "", " orders"),
    "sales": ("$", "", " of ads"),
    "product": ("", " ms", " ms"),
    "infrastructure": ("", "", " artefacts"),
    "manager": ("$", " M", " million a year"),
}
# More of it is worse in a way that a plain sign hides: said in words.
_DIRECTIONS = {"product": ("slower", "faster")}
_UNCHANGED = 1e-9
MINUS = "\N{MINUS SIGN}"
COLUMNS = (
    *LEVERS,
    "orders",
    "ad_revenue",
    "p95_ms",
    "artefacts",
    "profit",
    "slate",
)
NAMES = {
    "logistic": "Logistic regression",
    "hgb50": "50 boosted trees",
    "hgb200": "200 boosted trees",
    "hgb800_tuned": "800 tuned boosted trees",
    "ensemble5": "The Committee",
}


def room_table() -> pd.DataFrame:
    """The shipped menu's columns that the room needs: 600 rows, five significant digits."""
    table = menu_table()[list(COLUMNS)].copy()
    for name in ("p95_ms", "profit"):
        table[name] = [float(f"{value:.5g}") for value in table[name]]
    return table


def choose(
    table: pd.DataFrame,
    weights: dict[str, float],
    p95_limit: float = np.inf,
    artefact_cap: float = np.inf,
) -> int:
    """Position of the row with the largest weighted utility within the limits.

    Parameters
    ----------
    table : DataFrame
        From `room_table`.
    weights : dict of str to float
        For each of ``WEIGHTED``, at least 0.
    p95_limit : float
        Maximum milliseconds at p95.
    artefact_cap : float
        Maximum number of artefacts.

    Returns
    -------
    int
        Of rows with equal utility, one that changes the fewest levers of what runs today.

    Raises
    ------
    ValueError
        If no configuration is within the limits.
    """
    allowed = (table["p95_ms"] <= p95_limit) & (table["artefacts"] <= artefact_cap)
    if not allowed.any():
        raise ValueError(
            f"p95_limit={p95_limit!r}, artefact_cap={artefact_cap!r}: no configuration keeps them"
        )
    total = np.zeros(len(table))
    for one in FIVE:
        if one.name in WEIGHTED:
            total += weights[one.name] * one.utility(table).to_numpy()
    moved = sum((table[lever] != getattr(TODAY, lever)).to_numpy().astype(int) for lever in LEVERS)
    found, highest, fewest = -1, -np.inf, np.inf
    for row in np.flatnonzero(allowed):
        if total[row] > highest + 1e-9 or (total[row] > highest - 1e-9 and moved[row] < fewest):
            found, highest, fewest = int(row), max(total[row], highest), moved[row]
    return found


def meet(
    table: pd.DataFrame,
    *,
    ml: float,
    sales: float,
    manager: float,
    p95_limit: float,
    artefact_cap: int,
    freeze: int,
) -> pd.DataFrame:
    """What the weights and limits propose, and where that leaves each of the five.

    Parameters
    ----------
    table : DataFrame
        From `room_table`.
    ml, sales, manager : float
        Weights.
    p95_limit : float
        Product's limit, ms.
    artefact_cap : int
        Infrastructure's cap.
    freeze : int
        Weeks of the quarter in which today's model keeps running, 0 to 13.

    Returns
    -------
    DataFrame, a row for each of the five
        ``today``, ``value`` (the quarter's average; p95 does not average and artefacts are whole,
        so those two are the release's own once it runs in the quarter),
        ``ideal`` and ``regret`` in each one's unit; ``percent``, the regret in percent of the
        ideal; ``place`` and ``place_today``, from 0 (the worst row of the table for them) to 100
        (their ideal); ``moved`` (how ``value`` differs from today, in words for a chart), ``told``
        (for a sentence) and ``most`` (who moved furthest between their worst and their ideal); the
        proposal's levers and slate; the setting; and who is ``better`` and ``worse`` off, in words.
    """
    weights = {"ml": ml, "sales": sales, "manager": manager}
    row = choose(table, weights, p95_limit, artefact_cap)
    today = table.index.get_loc(row_of(table, TODAY))
    released = 1 - freeze / QUARTER_WEEKS
    rows = []
    for one in FIVE:
        column, best = one.values(table), one.best(table)
        worst = float(column.min() if one.more else column.max())
        now = float(column.iloc[today])
        part = math.ceil(released) if one in (PRODUCT, INFRASTRUCTURE) else released
        value = now + part * (float(column.iloc[row]) - now)
        regret = abs(best - value)
        rows.append(
            {
                "who": one.label,
                "unit": one.unit,
                "today": now,
                "value": value,
                "ideal": best,
                "regret": regret,
                "percent": 100 * regret / abs(best),
                "place": 100 * (value - worst) / (best - worst),
                "place_today": 100 * (now - worst) / (best - worst),
                "moved": _change(one, value - now, short=True),
                "told": _change(one, value - now),
                "name": NAMES[table["model"].iloc[row]],
                **{lever: table[lever].iloc[row] for lever in LEVERS},
                "slate": table["slate"].iloc[row],
                "freeze": freeze,
                "p95_limit": p95_limit,
                "artefact_cap": artefact_cap,
                **weights,
            }
        )
    frame = pd.DataFrame(rows)
    far = (frame["place"] - frame["place_today"]).abs()
    better, worse = _changed(frame)
    return frame.assign(
        most=(frame.index == _furthest(far)), better=", ".join(better), worse=", ".join(worse)
    )


def _furthest(far: pd.Series) -> int:
    """Who moved furthest; the first of those who moved equally far."""
    found = 0
    for place, distance in enumerate(far):
        # Equal but for the last bits, which the two languages compute differently.
        if distance > far[found] + _UNCHANGED:
            found = place
    return found


# --------------------------------------------------------------------------- in words


def _number(one: Stakeholder, value: float) -> str:
    return fixed(value, DECIMALS[one.name])


def _amount(one: Stakeholder, value: float) -> str:
    number = _number(one, value)
    if one.unit.startswith("$ "):
        return f"${number} {one.unit[2:]}"
    if one.unit.startswith("M$ "):
        return f"${number} million {one.unit[3:]}"
    return f"{number} {one.unit}"


def _short(one: Stakeholder, value: float) -> str:
    before, brief, _ = _CHANGES[one.name]
    return f"{before}{_number(one, value)}{brief}"


def _change(one: Stakeholder, by: float, *, short: bool = False) -> str:
    if abs(by) <= _UNCHANGED:
        return "as today"
    before, brief, after = _CHANGES[one.name]
    size = _number(one, abs(by))
    if one.name in _DIRECTIONS:
        return f"{size}{after} {_DIRECTIONS[one.name][by < 0]}"
    return f"{'+' if by > 0 else MINUS}{before}{size}{brief if short else after}"


def proposal(frame: pd.DataFrame) -> str:
    """The proposed configuration in words."""
    one = frame.iloc[0]
    return (
        f"{NAMES[one.model]}, asked about {one.shortlist} of 30 candidates, margin weight "
        f"{fixed(one.margin_weight, 1)}, ad weight {fixed(one.ad_weight, 2)}"
    )


def _of_each(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Stakeholder, tuple[Any, ...]]]:
    """Each of the five with some of their row's columns (a row of all takes a hundred times it)."""
    rows = zip(*(frame[column] for column in columns), strict=True)
    yield from zip(FIVE, rows, strict=True)


def _changed(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Who gains and who loses against today, each with their change."""
    better: list[str] = []
    worse: list[str] = []
    for one, (value, today, told) in _of_each(frame, "value", "today", "told"):
        by = value - today
        if abs(by) > _UNCHANGED:
            (better if (by > 0) == one.more else worse).append(f"{one.label} ({told})")
    return better, worse


def worse_off(frame: pd.DataFrame) -> int:
    """How many of the five have less than today."""
    return len(_changed(frame)[1])


@cache
def _windows() -> list[str]:
    sessions = town()
    return list(shop_window(sessions, hungry_customer(sessions))["name"])


def slate_lines(word: str, window: list[str]) -> list[str]:
    """A slate's places in words, one line each."""
    return [
        f"{place}. {window[candidate]}{' (Ad)' if paid else ''}"
        for place, (candidate, paid) in enumerate(read_slate(word), start=1)
    ]


def cards(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Five scorecards, each in its stakeholder's unit, and the slate."""
    found = []
    for one, (value, regret, ideal, today) in _of_each(frame, "value", "regret", "ideal", "today"):
        given = f"regret {_short(one, regret)}: their ideal is {_short(one, ideal)}"
        lines = [
            "their ideal" if regret < _UNCHANGED else given,
            f"today {_short(one, today)}",
            one.question,
        ]
        found.append(_card(one.label, _amount(one, value), lines))
    lines = slate_lines(frame["slate"].iloc[0], _windows())
    when = "sees" if frame["freeze"].iloc[0] == 0 else "sees once it is released"
    return [*found, _card("The slate", f"one hungry customer {when}", lines)]


def _card(title: str, figure: str, lines: list[str]) -> dict[str, Any]:
    """A card, as the mapping of parts that a lab accepts."""
    return {"title": title, "figure": figure, "lines": lines}


def record(frame: pd.DataFrame) -> str:
    """A decision record: what ships, under which weights and limits, and who gave up what."""
    row = frame.iloc[0]
    held = row.freeze == QUARTER_WEEKS
    ships = "We ship nothing this quarter. What waits" if held else "We ship"
    lines = [
        "DECISION RECORD",
        f"{ships}: {proposal(frame)}.",
        f"Weights: ML engineers {fixed(row.ml, 1)}, sales {fixed(row.sales, 1)}, "
        f"manager {fixed(row.manager, 1)}.",
        f"Limits: p95 at most {fixed(row.p95_limit, 0)} ms, at most {row.artefact_cap} artefacts.",
        "Release: none in these 13 weeks; the numbers below are today's."
        if held
        else f"Release: after a freeze of {row.freeze} of 13 weeks; orders, ads and profit are the "
        "quarter's average.",
        "Who gave up what, against their own ideal:",
    ]
    for one, (value, regret) in _of_each(frame, "value", "regret"):
        # Of what is better low, nothing is given up: there is more of it.
        up = f"{_number(one, regret)} {'given up' if one.more else 'more than their ideal'}"
        lines.append(
            f"- {one.label}: {_amount(one, value)}, "
            + ("nothing given up" if regret < _UNCHANGED else up)
        )
    lines += [
        "The customer of our example sees, once it is released:",
        *slate_lines(row["slate"], _windows()),
    ]
    lines += ["Agreed by: ____________________", "We reopen this when: ____________________"]
    return "\n".join(lines)


def choice_javascript(table: pd.DataFrame) -> str:
    """The page's twin of `choose` for a table: ``chosenRow(table, controls)``, and ``WHO``.

    Parameters
    ----------
    table : DataFrame
        Columns as in `room_table`, except the slate; contains today's configuration.
    """
    who: list[dict[str, Any]] = [
        {
            "name": one.name,
            "label": one.label,
            "measure": one.measure,
            "unit": one.unit,
            "question": one.question,
            "more": one.more,
            "weighted": one.name in WEIGHTED,
            "decimals": DECIMALS[one.name],
            "change": _CHANGES[one.name],
            "directions": _DIRECTIONS.get(one.name),
        }
        for one in FIVE
    ]
    today = int(table.index.get_loc(row_of(table, TODAY)))
    return _with_constants("choice.js", {"WHO": who, "TODAY": today})


def javascript() -> str:
    """The page's twin of `meet`, `cards` and `record`."""
    constants = {"NAMES": NAMES, "WINDOW": _windows(), "CODES": list(CODES)}
    return choice_javascript(room_table()) + "\n" + _with_constants("room.js", constants)


def _with_constants(name: str, constants: dict[str, Any]) -> str:
    lines = [f"const {key} = {json.dumps(value)};" for key, value in constants.items()]
    text = files("launchlab.stakeholders").joinpath(name).read_text(encoding="utf-8")
    return "\n".join([*lines, text])
