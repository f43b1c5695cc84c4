"""Recorded results: one small committed file per claim, and whether a fresh effect agrees with it.

The file holds everything that a page shows of its claim, so a chapter reads the file and imports
no module of findings.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import stdev
from typing import Any

from launchlab import reach
from launchlab.claims.claim import Effect, Result, Statement, Variant

_DIGITS = 4
_HEAD = ("statement", "unit", "low", "high", "expected", "worlds", "tolerance")


def result_path(folder: Path, name: str) -> Path:
    """Path of the result file of a claim."""
    return folder / f"{name}.json"


def read(folder: Path, name: str) -> Result:
    """Read a claim's recorded result.

    Parameters
    ----------
    folder : Path
    name : str
        The claim's name.

    Raises
    ------
    FileNotFoundError
        If the claim was never computed; the message names the command.
    ValueError
        If the file is not what ``make claims`` writes.
    """
    path = result_path(folder, name)
    if not path.exists():
        raise FileNotFoundError(f"no result for claim {name!r}: run `make claims`")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        head = {key: kept[key] for key in _HEAD}
        # JSON has no infinity, so an open end of the band is kept as null.
        head["low"] = -math.inf if head["low"] is None else head["low"]
        head["high"] = math.inf if head["high"] is None else head["high"]
        variants = [Variant(key, label) for key, label in kept["variants"].items()]
        effects = {
            variant: {int(seed): Effect(*pair) for seed, pair in worlds.items()}
            for variant, worlds in kept["effects"].items()
        }
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path.name}: {type(error).__name__}: {error}; expected what `make claims` writes"
        ) from error
    return Result(Statement(name=name, variants=variants, **head), effects)


def write(folder: Path, result: Result, versions: dict[str, str] | None = None) -> None:
    """Write a claim's result: effects to four significant digits, and how they were made.

    Parameters
    ----------
    folder : Path
    result : Result
    versions : dict of str to str, optional
        Versions of the libraries that computed the effects; by default those installed.
    """
    claim = result.claim
    head: dict[str, Any] = {key: getattr(claim, key) for key in _HEAD}
    for edge in ("low", "high"):
        head[edge] = head[edge] if math.isfinite(head[edge]) else None
    effects = {
        variant: {
            str(seed): [float(f"{effect.value:.{_DIGITS}g}"), float(f"{effect.error:.2g}")]
            for seed, effect in sorted(worlds.items())
        }
        for variant, worlds in result.effects.items()
    }
    kept = {
        **head,
        "variants": {variant.name: variant.label for variant in claim.variants},
        "made_by": "make claims",
        "versions": versions or reach.versions(),
        "effects": effects,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kept, indent=1, ensure_ascii=False, allow_nan=False)
    result_path(folder, claim.name).write_text(text + "\n", encoding="utf-8")


def rewrite_head(folder: Path, claim: Statement) -> None:
    """Rewrite a claim's words and band; keep its effects as they are.

    Raises
    ------
    FileNotFoundError
        If the claim was never computed.
    ValueError
        If the file holds no effects for one of the claim's variants.
    """
    path = result_path(folder, claim.name)
    if not path.exists():
        raise FileNotFoundError(f"no result for claim {claim.name!r}: run `make claims`")
    kept = json.loads(path.read_text(encoding="utf-8"))
    effects = {
        variant: {int(seed): Effect(*pair) for seed, pair in worlds.items()}
        for variant, worlds in kept["effects"].items()
    }
    expected = {"", *(variant.name for variant in claim.variants)}
    if set(effects) != expected:
        raise ValueError(
            f"claim {claim.name!r}: recorded for {sorted(effects)}, expected {sorted(expected)}: "
            f'run make claims CLAIMS="{claim.name}"'
        )
    write(folder, Result(claim, effects), kept["versions"])


def agrees(result: Result, seed: int, fresh: Effect, variant: str = "") -> bool:
    """Whether a freshly computed effect agrees with the recorded one.

    Parameters
    ----------
    result : Result
    seed : int
        World.
    fresh : Effect
    variant : str

    Returns
    -------
    bool
        Whether the two differ by at most the claim's tolerance (a share of the spread over
        worlds), or by no more than the rounding of the file.
    """
    recorded = result.effects[variant][seed].value
    values = result.values(variant)
    spread = stdev(values) if len(values) > 1 else 0.0
    allowed = max(result.claim.tolerance * spread, 2 * abs(recorded) * 10.0**-_DIGITS)
    return abs(fresh.value - recorded) <= allowed
