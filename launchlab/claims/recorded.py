"""Recorded results: one small committed file per claim, and whether a fresh effect agrees with it.

The file holds everything that a page shows of its claim, so a chapter reads the file and imports
no module of findings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import stdev
from typing import Any

from launchlab import reach
from launchlab.claims.claim import Break, Coupling, Effect, Result, Statement, Variant

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
        couplings = [Coupling(**one["coupling"]) for one in kept.get("breaks", ())]
        effects = _effects_of(kept)
        breaks = _breaks_of(kept)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path.name}: {type(error).__name__}: {error}; expected what `make claims` writes"
        ) from error
    said = Statement(name=name, variants=variants, couplings=couplings, **head)
    return Result(said, effects, breaks)


def _worlds(pairs: dict[str, list[float]]) -> dict[int, Effect]:
    return {int(seed): Effect(*pair) for seed, pair in pairs.items()}


def _effects_of(kept: dict[str, Any]) -> dict[str, dict[int, Effect]]:
    return {variant: _worlds(pairs) for variant, pairs in kept["effects"].items()}


def _breaks_of(kept: dict[str, Any]) -> dict[str, Break]:
    return {
        one["coupling"]["name"]: Break(
            {float(value): held for value, held in one["counts"].items()}, _worlds(one["effects"])
        )
        for one in kept.get("breaks", ())
    }


def _pairs(worlds: dict[int, Effect]) -> dict[str, list[float]]:
    """Effects as the file keeps them."""
    return {
        str(seed): [float(f"{effect.value:.{_DIGITS}g}"), float(f"{effect.error:.2g}")]
        for seed, effect in sorted(worlds.items())
    }


def _kept_breaks(result: Result) -> Iterable[dict[str, Any]]:
    for coupling in result.claim.couplings:
        found = result.breaks[coupling.name]
        kept = asdict(coupling)
        if not coupling.between:
            del kept["between"]
        yield {
            "coupling": kept,
            "counts": {str(value): held for value, held in sorted(found.counts.items())},
            "effects": _pairs(found.effects),
        }


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
    kept = {
        **head,
        "variants": {variant.name: variant.label for variant in claim.variants},
        "made_by": "make claims",
        "versions": versions or reach.versions(),
        "effects": {variant: _pairs(worlds) for variant, worlds in result.effects.items()},
    }
    if claim.couplings:
        kept["breaks"] = list(_kept_breaks(result))
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
        If the file holds no effects for one of the claim's variants, or no breaking point for one
        of its couplings.
    """
    path = result_path(folder, claim.name)
    if not path.exists():
        raise FileNotFoundError(f"no result for claim {claim.name!r}: run `make claims`")
    kept = json.loads(path.read_text(encoding="utf-8"))
    effects, breaks = _effects_of(kept), _breaks_of(kept)
    expected = {"", *(variant.name for variant in claim.variants)}
    if set(effects) != expected:
        raise ValueError(
            f"claim {claim.name!r}: recorded for {sorted(effects)}, expected {sorted(expected)}: "
            f'run make claims CLAIMS="{claim.name}"'
        )
    moved = {coupling.name for coupling in claim.couplings}
    if set(breaks) != moved:
        raise ValueError(
            f"claim {claim.name!r}: breaking points recorded for {sorted(breaks)}, expected "
            f"{sorted(moved)}: run make claims BREAK={claim.name}"
        )
    write(folder, Result(claim, effects, breaks), kept["versions"])


def agrees(result: Result, seed: int, fresh: Effect, variant: str = "", broken: str = "") -> bool:
    """Whether a freshly computed effect agrees with the recorded one.

    Parameters
    ----------
    result : Result
    seed : int
        World.
    fresh : Effect
    variant : str
    broken : str
        Name of a coupling at whose breaking point the effect was computed.

    Returns
    -------
    bool
        Whether the two differ by at most the claim's tolerance (a share of the spread over
        worlds), or by no more than the rounding of the file.
    """
    effects = result.breaks[broken].effects if broken else result.effects[variant]
    recorded = effects[seed].value
    values = [effect.value for effect in effects.values()]
    spread = stdev(values) if len(values) > 1 else 0.0
    allowed = max(result.claim.tolerance * spread, 2 * abs(recorded) * 10.0**-_DIGITS)
    return abs(fresh.value - recorded) <= allowed
