"""What the service was seen to do: load, restarts, answers, ONNX; and two tables of labs."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from launchlab import shipped


@cache
def _table(name: str) -> pd.DataFrame:
    return shipped.read_table(__package__, name, comment="#")


def contract_table() -> pd.DataFrame:
    """In how many sessions each fault shows: see `launchlab.software.make_serving`."""
    return _table("contract.csv").copy()


def door_table() -> pd.DataFrame:
    """What becomes of orders by what is done about implausible offers, at each share of them.

    Changes in percent stand in the columns serve, usual, leave_out and refuse: see
    `launchlab.software.make_serving`.
    """
    return _table("door.csv").copy()


def record(name: str) -> dict[str, Any]:
    """A record with how it was made.

    Parameters
    ----------
    name : {"load", "restart", "tour", "onnx", "onnx-newer"}
    """
    found: dict[str, Any] = json.loads(shipped.read_text(__package__, f"{name}.json"))
    return found


def load_table() -> pd.DataFrame:
    """How long clients waited, by how many there were, the room's capacity, and replicas."""
    return pd.DataFrame(record("load")["rows"])
