"""What happens in a notebook's kernel, for all tests that ask: found once.

`question` is one more cell. Run after all others, it writes a file: what the labs' widgets did when
every control was moved, and what the labs' functions return. `tests.rerun` adds it to the copies
that nbval runs. Where that was not done, ``python -m tests.kernel NOTEBOOK SEED FILE`` runs the
notebook in a kernel of its own (Playwright and a kernel's client do not share a process).
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from launchlab.memo import CACHE_VARIABLE
from launchlab.publish import stale
from tests import patience
from tests.conftest import ROOT

RUNS = ROOT / ".cache" / "kernels"
POINTS = ROOT / ".cache" / "points"

RANDOM_STATES = 200
MOST_ENDS = 256
# Halves of sentences' last digits: at no to four decimals, small and large, both signs.
HALVES = [
    sign * float(f"{kept}5e-{decimals + 1}")
    for sign in (1, -1)
    for decimals in range(5)
    for kept in (0, 2, 14, 99)
]
# States at which the two lives once told different things.
REMEMBERED = {
    "hold-release": [
        # 1,450,000 $: 1,400,000 in Python, 1,500,000 in JavaScript.
        {"step": "more", "weeks": 7, "sessions": 30_000, "late": 1, "chance": 1.45, "loss": 100}
    ],
}
# Every digit of a double: a rule is compared before it is rounded.
DIGITS = 17


def ask(notebook: Path, seed: int) -> dict[str, Any]:
    """Return what a run of a notebook finds: that of an earlier run, if all it rests on is as then.

    Parameters
    ----------
    notebook : Path
    seed : int
        Of the random states at which rules are asked.

    Returns
    -------
    dict
        ``live``: what `live_check` says, or ``failure``, and how many widgets were shown;
        ``labs``: for each lab what `collect` finds.
    """
    kept = place(notebook, seed)
    # Two workers may want the same notebook at once: the second waits, and reads what is there.
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _run(notebook, seed, kept)
    answer: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return answer


def asks(notebook: Path) -> bool:
    """Whether a notebook has a lab, by its text, so that those without cost no kernel."""
    return "Experiment(" in notebook.read_text(encoding="utf-8")


def place(notebook: Path, seed: int) -> Path:
    """Where the answer for a notebook lies, or will: its name holds all that the answer rests on.

    Parameters
    ----------
    notebook : Path
    seed : int
    """
    digest = hashlib.sha256(f"{stale.key(notebook, stale.read(notebook))} {seed}".encode())
    for path in (notebook, Path(__file__), Path(__file__).with_name("live_check.py")):
        digest.update(path.read_bytes())
    RUNS.mkdir(parents=True, exist_ok=True)
    return RUNS / f"{notebook.stem}-{digest.hexdigest()[:16]}.json"


def question(notebook: Path, seed: int, kept: Path) -> str:
    """Source of the cell that writes the answer into a file, and shows nothing.

    Parameters
    ----------
    notebook : Path
    seed : int
        Of the random states at which rules are asked.
    kept : Path
        From `place`, for all who ask later.
    """
    return (
        "import sys as _sys\n"
        f"_sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.kernel import answer as _answer\n"
        f"_answer(get_ipython(), {str(notebook)!r}, {int(seed)}, {str(kept)!r})"
    )


def _run(notebook: Path, seed: int, kept: Path) -> None:
    # A reader's kernel is live, and has no cache. Here models come from the build's: `tests.rerun`
    # trains all of them anew, and the functions of labs are called all the same.
    environment = {
        **os.environ,
        "LAUNCHLAB_MODE": "live",
        "OMP_NUM_THREADS": "1",
        CACHE_VARIABLE: str(POINTS),
    }
    command = [sys.executable, "-m", "tests.kernel", str(notebook), str(seed), str(kept)]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience.PROGRAM,
    )
    assert ran.returncode == 0, f"{notebook}: {ran.stderr[-3000:]}"


def answer(shell: Any, notebook: str, seed: int, kept: str) -> None:
    """Write what is asked of the experiments among a notebook's names (runs in its kernel)."""
    from launchlab.lab.show import MODE_VARIABLE
    from launchlab.memo import RECHECK_VARIABLE
    from tests.live_check import check, count_widgets

    # From here on it is a reader's kernel. What was to be computed afresh has been, by the page.
    os.environ[MODE_VARIABLE] = "live"
    os.environ.pop(RECHECK_VARIABLE, None)
    space = dict(shell.user_ns)
    try:
        live = {"failure": "", **check(space)}
    except AssertionError as error:
        live = {"failure": str(error)}
    labs = collect(space, seed)
    live["widgets"] = count_widgets(shell, Path(notebook))
    path = Path(kept)
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps({"live": live, "labs": labs}, allow_nan=False), encoding="utf-8")
    new.replace(path)


def collect(space: dict[str, Any], seed: int) -> dict[str, Any]:
    """The numbers of every experiment among a notebook's names (runs in its kernel)."""
    from launchlab.lab import Experiment

    found = {thing.name: thing for thing in space.values() if isinstance(thing, Experiment)}
    return {
        name: _rule(thing, seed) if thing.rule else _grid(thing) for name, thing in found.items()
    }


def _grid(experiment: Any) -> dict[str, Any]:
    """All points, by way of the cache; `tests.rerun` computes some of them afresh."""
    from launchlab.lab.declare.frame import encode

    points = experiment.points()
    return {
        "measured": list(experiment.measured),
        "points": [_point(point, experiment.digits, encode) for point in points],
    }


def _rule(experiment: Any, seed: int) -> dict[str, Any]:
    """What the page gets, and what Python makes of corners, random states and ties."""
    import random

    from launchlab.lab.declare.frame import decode, encode
    from launchlab.lab.lives.page import corners, rule_script

    rng = random.Random(seed)
    states = [*corners(experiment), *_ends(experiment), *REMEMBERED.get(experiment.name, [])]
    for _ in range(RANDOM_STATES):
        states.append({one.name: _random(one, rng) for one in experiment.controls})
    points = [experiment.point(state) for state in states]
    return {
        "script": rule_script(experiment),
        "table": encode([experiment.rule.table], digits=12),
        "templates": {name: text.public() for name, text in experiment.templates.items()},
        "rule": [_point(point, DIGITS, encode) for point in points],
        "start": decode(encode([experiment.point(experiment.defaults).frame], DIGITS)),
        "ties": _ties(experiment),
    }


def _ends(experiment: Any) -> list[dict[str, Any]]:
    """Every combination of the controls' ends; where they are too many, each at its high end."""
    import itertools

    low, high = (
        {one.name: one.check(one.ends[end]) for one in experiment.controls} for end in (0, 1)
    )
    if 2 ** len(low) > MOST_ENDS:
        return [low, high, *({**low, name: value} for name, value in high.items())]
    combined = itertools.product(*zip(low.values(), high.values(), strict=True))
    return [dict(zip(low, ends, strict=True)) for ends in combined]


def _ties(experiment: Any) -> list[dict[str, Any]]:
    """What is written where a column of the default frame is a half, or the float beside it.

    Of templates there is nothing to compare: `tests.twins.test_twins_say` does, for all of them.
    """
    import math

    from launchlab.lab.declare.panels import as_card

    frame = experiment.point(experiment.defaults).frame
    templated = "sentence" in experiment.templates
    found = []
    for name in frame.select_dtypes("float"):
        for half in HALVES:
            for value in (math.nextafter(half, -math.inf), half, math.nextafter(half, math.inf)):
                tied = frame.assign(**{name: value})
                cards = experiment.cards(tied) if experiment.cards else []
                found.append(
                    {
                        "column": name,
                        "half": half,
                        "value": value,
                        "sentence": None if templated else experiment.sentence(tied),
                        "cards": [as_card(card).public() for card in cards] or None,
                        "record": experiment.record.text(tied) if experiment.record else None,
                    }
                )
    return found


def _random(control: Any, rng: Any) -> Any:
    if hasattr(control, "values"):
        return rng.choice(control.values)
    steps = round((control.high - control.low) / control.step)
    return control.check(control.low + rng.randint(0, steps) * control.step)


def _point(point: Any, digits: int, encode: Any) -> dict[str, Any]:
    from launchlab.lab.declare.frame import decode

    columns = decode(encode([point.frame], digits))
    return {
        "state": point.state,
        "columns": columns,
        "sentence": point.sentence,
        "heading": point.heading,
        "cards": list(point.cards) or None,
        "record": point.record or None,
    }


def main(notebook: str, seed: str, kept: str) -> None:
    """Run a notebook in a kernel, with the cell that asks at its end."""
    import nbformat
    from nbclient import NotebookClient

    read = nbformat.read(notebook, as_version=4)
    read.cells.append(nbformat.v4.new_code_cell(question(Path(notebook), int(seed), Path(kept))))
    folder = {"metadata": {"path": str(Path(notebook).parent)}}
    NotebookClient(read, timeout=patience.EVENT, resources=folder).execute()


if __name__ == "__main__":
    main(*sys.argv[1:])
