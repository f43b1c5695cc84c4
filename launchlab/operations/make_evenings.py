"""``python -m launchlab.operations.make_evenings``: make the table of evenings anew.

Takes about ten seconds of CPU for each world; what was computed is kept in ``.cache/points``.
"""

from __future__ import annotations

import json
from typing import Any

from launchlab import shipped
from launchlab.operations.evening import evening
from launchlab.operations.evenings import NAME, WORLDS

MODULE = "launchlab.operations.make_evenings"
DIGITS = 5


def rounded(value: Any) -> Any:
    """The same nested mapping with every number to five significant digits."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}")


def main() -> None:
    """Compute each world's evening and write the file."""
    shipped.need_one_thread()
    here = shipped.folder(__file__)
    here.mkdir(exist_ok=True)
    found = {str(seed): rounded(evening(seed)) for seed in range(WORLDS)}
    about = "What a session of a Friday evening brings, by world, model and fault."
    text = json.dumps({"about": about, **shipped.made_by(MODULE), "worlds": found}, indent=1)
    (here / NAME).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
