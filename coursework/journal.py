"""Results that an interrupted run has finished, so that the next one need not make them again."""

import dataclasses
import json
from pathlib import Path

from coursework.marks import Mark, Result

#: Only what another run would find again is kept; what a busy machine may have ended is not.
LASTING = ("graded", "flagged", "unreadable")


def keep(path: Path, result: Result) -> None:
    """Keep a result, unless another run may find another one."""
    if result.status not in LASTING or result.reason.startswith("the grader failed"):
        return
    new = path.with_suffix(".new")
    new.write_text(json.dumps(dataclasses.asdict(result)), encoding="utf-8")
    new.replace(path)


def kept(path: Path) -> Result | None:
    """Return a kept result; None when it was never finished, or is of another version."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(Mark(**mark) for mark in data.pop("marks"))
        return Result(**data, marks=found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
