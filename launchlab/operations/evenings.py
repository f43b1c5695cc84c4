"""The evenings of twenty towns, as shipped: a memo of `launchlab.operations.evening.evening`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from launchlab import shipped

WORLDS = 20
"""Towns of the shipped file: seeds 0 to 19."""

NAME = "evenings.json"


@cache
def evenings() -> tuple[dict[str, Any], ...]:
    """What `evening` returns for each town, to five significant digits."""
    found = json.loads(shipped.read_text(__package__, NAME))["worlds"]
    return tuple(found[str(seed)] for seed in range(WORLDS))
