"""Which notebooks failed in the last build, handed on by Sphinx, which is a process of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

FAILED = Path(".cache", "failed.json")


def write(root: Path, lines: Sequence[str]) -> None:
    """Keep what failed, a line for each notebook, for who started the build."""
    (root / FAILED).parent.mkdir(parents=True, exist_ok=True)
    (root / FAILED).write_text(json.dumps(list(lines)), encoding="utf-8")


def read(root: Path) -> list[str]:
    """What failed in the last build, a line for each notebook: its path, cell and error.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.
    """
    try:
        found: list[str] = json.loads((root / FAILED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return sorted(found)
