"""The frozen form for states that no grid can hold: a table, and a rule in two languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from launchlab.lab.declare.frame import check_frame


@dataclass(frozen=True)
class Rule:
    """The second frozen form: a shipped table and a small JavaScript twin of the function.

    For continuous controls, and for more states than a grid can hold.

    Parameters
    ----------
    table : DataFrame
        Passed to the experiment's function as its first argument.
    javascript : str
        Source that defines ``frame(table, controls)``, which returns a list of row objects,
        ``sentence(rows)`` and, where the experiment has them, ``cards(rows)`` (objects with title,
        figure and lines) and ``record(rows)``.
        ``table`` is an object of columns. The functions must be pure; tests compare them with
        Python at random states. They write numbers with `fixed` and `significant`, the twins of
        those in `launchlab.rounding`, because the two languages' own formats round differently.
    """

    table: pd.DataFrame
    javascript: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", check_frame("Rule table", self.table))
        for name in ("frame", "sentence"):
            if not re.search(rf"\bfunction\s+{name}\s*\(", self.javascript):
                raise ValueError(f"Rule javascript: defines no function {name}()")
