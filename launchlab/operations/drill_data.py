"""What the page's drill is given: numbers, towns and words, all as Python has them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from launchlab.operations import drill, drill_chance
from launchlab.operations.drill_story import story
from launchlab.operations.evenings import evenings
from launchlab.operations.strategies import FIRST_LOOK, STRATEGIES


@cache
def data() -> dict[str, Any]:
    """All that ``drill.js`` needs, ready for JSON."""
    numbers = {
        "minutes": drill_chance.MINUTES,
        "seeds": drill_chance.SEEDS,
        "campaign_from": drill.CAMPAIGN_FROM,
        "away": drill.AWAY,
        "rollback_takes": drill.ROLLBACK_TAKES,
        "alarm_from": drill_chance.ALARM_FROM,
        "alarm_spread": drill_chance.ALARM_SPREAD,
        "false_alarm": drill_chance.FALSE_ALARM,
        "false_features": drill_chance.FALSE_FEATURES,
        "false_psi": drill_chance.FALSE_PSI,
        "false_psi_spread": drill_chance.FALSE_PSI_SPREAD,
        "level_sd": drill_chance.LEVEL_SD,
        "ads_sd": drill.ADS_SD,
        "window": drill.WINDOW,
        "red_p99": drill.RED_P99,
        "red_total": drill.RED_TOTAL,
        "red_z": drill.RED_Z,
        "looks_at": drill.LOOKS_AT,
        "first_look": FIRST_LOOK,
        "order_worth": drill.ORDER_WORTH,
        "call_costs": drill.CALL_COSTS,
    }
    return {
        "numbers": numbers,
        "frame": drill.frame(),
        "worlds": evenings(),
        "story": story(),
        "strategies": STRATEGIES,
    }


def script(name: str) -> str:
    """Text of one of the drill's scripts or style sheets."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
