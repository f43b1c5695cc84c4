"""``python -m launchlab.ratings.make_moments``: retrain the twenty recommenders of world 0.

Writes ``results/moments.json``: moments of their predictions, numbers of parameters, and training
CPU time. This takes half a minute.
"""

from __future__ import annotations

import json

import numpy as np

from launchlab import shipped
from launchlab.ratings import MEMBERS, Crew, Moments, halves, make_ratings, train_crew, train_member

WORLD = 0
DECIMALS = 10
_FITS = 5


def parts_of(crew: Crew) -> dict[str, Moments]:
    """Moments of the probe set, and of the quiz and test halves."""
    quiz, test = halves(crew)
    return {"probe": crew.probe_moments, "quiz": quiz, "test": test}


def training_seconds(world: int = WORLD, fits: int = _FITS) -> dict[str, float]:
    """For each member, the least thread CPU seconds of several fits; members take turns."""
    train = make_ratings(world).train
    turns = [{name: train_member(name, train)[1] for name in MEMBERS} for _ in range(fits)]
    return {name: min(turn[name] for turn in turns) for name in MEMBERS}


def upper(moments: Moments) -> list[float]:
    """The upper triangle of a matrix of moments, row by row, rounded."""
    return [round(float(x), DECIMALS) for x in moments.values[np.triu_indices(len(moments.values))]]


def main() -> None:
    """Make the file, and print what was written."""
    shipped.need_one_thread("CPU times are those of one thread")
    crew, seconds = train_crew(WORLD), training_seconds()
    members = [
        {"member": name, "parameters": size, "cpu_seconds": float(f"{seconds[name]:.3g}")}
        for name, size in zip(crew.names, crew.parameters, strict=True)
    ]
    kept = shipped.made_by(
        "launchlab.ratings.make_moments",
        world=WORLD,
        note=f"cpu_seconds: least of {_FITS} fits, one thread, members in turn; upper: upper "
        "triangles of the means of products of 1, the members' predictions and the truth",
        members=members,
    )
    for name, moments in parts_of(crew).items():
        kept[name] = {"n": moments.n, "upper": upper(moments)}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in kept.items()]
    path = shipped.folder(__file__) / "moments.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"wrote {path.name}, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
