"""What the page's desk is given: towns, luck and words, all as Python has them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from scipy.stats import norm

from launchlab.capstone.afterwards import A_WEEK, SAYS
from launchlab.capstone.draws import SCALE, control_weeks, draw, held_out
from launchlab.capstone.limits import LIMITS
from launchlab.capstone.menu import CONTROL, MARGIN_WORDS, MENU, MODEL_WORDS, menu_table
from launchlab.capstone.releases import A_DAY, PLAN, faults, looks, luck, rate_of
from launchlab.capstone.strategies import STRATEGIES, choose, keeps
from launchlab.capstone.town import MEASURES

TOWNS = 10
"""Towns of the desk, the first ones."""

RELEASES = 20
"""Releases whose luck the desk has."""

SINGLE = tuple(name for name in STRATEGIES if name != "random")


def _town(seed: int) -> dict[str, Any]:
    table, truth, control = draw(seed), held_out(seed), control_weeks(seed).mean()
    errors = [f"{name}_se" for name in MEASURES]
    ratio, error = table[list(MEASURES)].to_numpy(), table[errors].to_numpy()
    chosen = {}
    for name in SINGLE:
        chance = choose(name, ratio, error)
        chosen[name] = int(chance.argmax()) if chance.any() else -1
    return {
        "draw": _whole(np.hstack([ratio, error])),
        "later": _whole(truth.to_numpy()),
        "rate": rate_of(seed),
        "control": [float(control[name]) for name in MEASURES],
        "best": float(truth["margin"][keeps(truth)].max()),
        "faults": [[one.words, one.loss] for one in faults(seed)],
        "chosen": chosen,
    }


def _whole(values: Any) -> list[list[int]]:
    found: list[list[int]] = np.round(SCALE * values).astype(int).tolist()
    return found


@cache
def data() -> dict[str, Any]:
    """All that ``desk.js`` needs, ready for JSON."""
    table = menu_table()
    drawn = [luck(seed) for seed in range(RELEASES)]
    return {
        "scale": SCALE,
        "limits": {"orders": LIMITS.orders, "ads": LIMITS.ads},
        "z": {"low": float(norm.ppf(0.8)), "lower": float(norm.ppf(0.95))},
        "menu": [list(vars(one).values()) for one in MENU],
        "control": CONTROL,
        "words": list(table["words"]),
        "models": MODEL_WORDS,
        "sorted": [[weight, text] for weight, text in MARGIN_WORDS.items()],
        "p95": [float(one) for one in table["p95_ms"]],
        "artefacts": [int(one) for one in table["artefacts"]],
        "shares": PLAN.shares,
        "a_day": A_DAY,
        "a_week": A_WEEK,
        "bounds": looks(),
        "luck": [
            {"faulty": one.faulty, "which": one.which, "noise": one.noise.tolist()} for one in drawn
        ],
        "towns": [_town(seed) for seed in range(TOWNS)],
        "strategies": {name: STRATEGIES[name] for name in SINGLE},
        "says": SAYS,
    }


def script(name: str) -> str:
    """Text of one of the desk's scripts or style sheets."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
