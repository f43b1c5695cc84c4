"""Write a release as files that a service reads: a model, a schema, examples and a manifest.

The service shares no code with this package. What it must know lies in these files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from skops.io import dumps

from launchlab.market import FEATURES, Logs, Sessions
from launchlab.software.asked import as_asked, number
from launchlab.software.door import plausible, usual
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import offers_logged, offers_now

RANKER = "hgb50"
PLACES = 8
N_EXAMPLES = 12
"""Sessions in the contract."""

RAW = {
    "distance": "distance_km",
    "eta": "eta_minutes",
    "price": "price_dollars",
    "rating": "stars",
    "log_n_ratings": "n_ratings",
    "badge": "badge",
}
"""A feature whose range is checked, and the field of an offer that it is made from."""


def sha(content: bytes) -> str:
    """The first twelve digits of a SHA-256."""
    return hashlib.sha256(content).hexdigest()[:12]


def make_schema(logs: Logs) -> dict[str, Any]:
    """What the model expects: features in their order; of raw fields, what is plausible and usual.

    A usual value is the median of what the model has learnt from. It may stand in the place of an
    implausible one, so it has the field's own unit.
    """
    rows = offers_logged(logs).rows
    ranges, medians = plausible(rows), usual(rows)
    # Nobody walks backwards, and the number of ratings is learnt from by its logarithm.
    raw = {RAW[name]: (max(low, 0.0), high) for name, (low, high) in ranges.items()}
    raw["badge"] = ranges["badge"]
    raw["n_ratings"] = (1.0, float(np.exp(ranges["log_n_ratings"][1])))
    middle = {RAW[name]: _short(value) for name, value in medians.items()}
    middle["n_ratings"] = round(_short(float(np.exp(medians["log_n_ratings"]))))
    return {
        "features": list(FEATURES),
        "places": PLACES,
        "plausible": {field: [_short(one) for one in pair] for field, pair in raw.items()},
        "usual": middle,
    }


def make_examples(model: Any, sessions: Sessions) -> list[dict[str, Any]]:
    """The contract: what is asked, and the features and scores that have to come of it."""
    offers = offers_now(sessions)
    n, k = offers.shape
    rows = offers.rows.reshape(n, k, -1)
    scores = chances(model, offers.rows, offers.shape)
    return [
        {
            "session": as_asked(sessions, row),
            "features": [[number(one) for one in offer] for offer in rows[row]],
            "scores": [number(one) for one in scores[row]],
        }
        for row in range(n)
    ]


def write_release(folder: Path, logs: Logs, examples: Sessions) -> None:
    """Train on logs, and write what a service needs into a folder.

    Parameters
    ----------
    folder : Path
        Made if there is none; its name is the release's.
    logs : Logs
    examples : Sessions
        Of the contract.
    """
    shown = offers_logged(logs)
    ordered = logs.ordered.ravel()
    model = order_model(RANKER, shown.rows, ordered)
    content = {
        "model.skops": dumps(model, compression=8),
        "schema.json": _json(make_schema(logs)),
        "examples.json": _json(make_examples(model, examples)),
    }
    manifest = {
        "release": folder.name,
        "made_by": "python -m launchlab.software.make_releases",
        "scikit-learn": sklearn.__version__,
        "ranker": RANKER,
        "logged_sessions": len(logs),
        "data": sha(shown.rows.tobytes() + ordered.tobytes()),
        "files": {name: sha(one) for name, one in content.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in {**content, "manifest.json": _json(manifest, indent=1)}.items():
        (folder / name).write_bytes(one)


def _short(value: float) -> float:
    """Three significant digits: what is plausible is known no better."""
    return float(f"{value:.3g}")


def _json(value: object, indent: int | None = None) -> bytes:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, separators=separators).encode() + b"\n"
