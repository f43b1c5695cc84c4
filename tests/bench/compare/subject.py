"""The front page's lab, as the book declares it, for everything that is compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = ROOT / "book" / "index.ipynb"
# Both sliders' levels: the lab as it stands, and a finer one of 147 points.
GRIDS = {
    "small": ([1, 2, 3, 5, 10, 20, 30, 50], [0.2, 0.5, 1, 2, 3]),
    "large": ([1, 2, 3, 5, 10, 20, 50], [round(0.2 + 0.14 * step, 2) for step in range(21)]),
}


def source(grid: str = "small") -> str:
    """The code of the front page's lab, with the levels of a grid, and without showing it."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    text = next(
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "better_later" in "".join(cell["source"])
    )
    members, stragglers = GRIDS[grid]
    for old, new in (
        ("SIZES = [1, 2, 3, 5, 10, 20, 30, 50]", f"SIZES = {members}"),
        ("[0.2, 0.5, 1, 2, 3], default=1,", f"{stragglers}, default={stragglers[2]},"),
        ("better_later.show()", ""),
    ):
        if old not in text:
            raise ValueError(f"{NOTEBOOK}: has no {old!r} any more")
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
    exec(compile(source(grid), str(NOTEBOOK), "exec"), names)
    return Subject(*GRIDS[grid], names)
