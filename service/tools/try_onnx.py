"""``python tools/try_onnx.py RELEASE OUT``: convert a release's model to ONNX and compare scores.

Needs requirements-onnx.txt, in an environment of its own. Writes what came out as JSON, also when
the conversion fails.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skops.io import load

LIBRARIES = ("onnx", "onnxruntime", "protobuf", "scikit-learn", "skl2onnx", "skops")
TRUSTED = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]


def compare(release: Path) -> dict[str, Any]:
    """Scores of the release's examples by scikit-learn and by ONNX."""
    model = load(release / "model.skops", trusted=TRUSTED)
    examples = json.loads((release / "examples.json").read_text("utf-8"))
    rows = np.array([row for one in examples for row in one["features"]], np.float32)
    converted = to_onnx(model, rows[:1], options={"zipmap": False})
    content = converted.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    _, chances = session.run(None, {session.get_inputs()[0].name: rows})
    gap = np.abs(chances[:, 1] - model.predict_proba(rows)[:, 1]).max()
    return {"converted": True, "rows": len(rows), "bytes": len(content), "largest_gap": float(gap)}


def main() -> int:
    """Convert, compare, and write what came out."""
    release, out = map(Path, sys.argv[1:])
    try:
        found = compare(release)
    except Exception as error:  # what libraries raise that do not fit each other
        found = {"converted": False, "error": f"{type(error).__name__}: {error}".split("\n")[0]}
    found = {"release": release.name, "versions": {one: version(one) for one in LIBRARIES}, **found}
    found = {"made_by": "make onnx", **found}
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found))
    return 0 if found["converted"] else 1


if __name__ == "__main__":
    sys.exit(main())
