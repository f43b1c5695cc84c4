"""What a hand-out says of itself: for which data it was made.

Names are written differently by a roster and by an LMS, and a seed hangs on each letter. A notebook
that tells its seed can be held against the one that it is graded with.
"""

import json
import re
from collections.abc import Iterable

_SAYS = "*Handed out with the data of seed {seed}.*"
_TOLD = re.compile(r"Handed out with the data of seed (\d{1,10})\.")


def told(notebook: bytes, seed: int) -> bytes:
    """Return a notebook whose first cell of text says its seed.

    Parameters
    ----------
    notebook
        As `build.make` made it.
    seed
        Of the data that go with it.
    """
    whole = json.loads(notebook)
    first = next(cell for cell in whole["cells"] if cell["cell_type"] == "markdown")
    text = f"{''.join(first['source'])}\n\n{_SAYS.format(seed=seed)}"
    first["source"] = text.splitlines(keepends=True)
    return f"{json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True)}\n".encode()


def seed_of(texts: Iterable[str]) -> int | None:
    """Return the seed that a notebook's cells of text tell, or None where they do not."""
    for text in texts:
        if found := _TOLD.search(text):
            return int(found[1])
    return None


def other_data(texts: Iterable[str], seed: int) -> str:
    """Say that a notebook was handed out with other data than it is graded with; else nothing.

    Parameters
    ----------
    texts
        Its cells of text.
    seed
        Of the data that it is graded with.
    """
    own = seed_of(texts)
    if own is None or own == seed:
        return ""
    return (
        f"it was handed out with the data of seed {own} and is graded with those of seed {seed}: "
        "expected the roster and the secret that it was built with"
    )
