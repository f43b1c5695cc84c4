"""One lab, as the book declares its labs, for everything that is compared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

LAB = Path(__file__).with_name("committee.py")
# Both sliders' levels: the lab as it stands, and a finer one of 147 points.
GRIDS = {
    "small": ([1, 2, 3, 5, 10, 20, 30, 50], [0.2, 0.5, 1, 2, 3]),
    "large": ([1, 2, 3, 5, 10, 20, 50], [round(0.2 + 0.14 * step, 2) for step in range(21)]),
}


def source(grid: str = "small") -> str:
    """The lab's code with the levels of a grid."""
    text = LAB.read_text(encoding="utf-8")
    members, stragglers = GRIDS[grid]
    for old, new in (
        ("SIZES = [1, 2, 3, 5, 10, 20, 30, 50]", f"SIZES = {members}"),
        ("[0.2, 0.5, 1, 2, 3], default=1,", f"{stragglers}, default={stragglers[2]},"),
    ):
        if old not in text:
            raise ValueError(f"{LAB}: has no {old!r} any more")
        text = text.replace(old, new)
    return text


@dataclass
class Subject:
    """The lab's parts, and the levels of its two sliders."""

    members: list[int]
    stragglers: list[float]
    names: dict[str, Any]

    @property
    def states(self) -> list[tuple[int, float]]:
        """All points of the grid."""
        return list(product(self.members, self.stragglers))


def load(grid: str = "small") -> Subject:
    """Run the lab's code."""
    names: dict[str, Any] = {"__name__": "subject"}
    exec(compile(source(grid), str(LAB), "exec"), names)
    return Subject(*GRIDS[grid], names)
