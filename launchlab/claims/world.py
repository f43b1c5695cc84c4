"""One claim in one world: computed, or taken from what an interrupted run left."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from launchlab import memo, reach
from launchlab.claims.claim import Claim, Effect


@cache
def _reached(module: str) -> str:
    # A process imports a module once, so what it reaches is read once too.
    return reach.reached([module])


def effect_in(
    seed: int, claim: Claim, assumptions: dict[str, Any], kept: Path, name: str = ""
) -> Effect:
    """A claim's effect in a world.

    Parameters
    ----------
    seed : int
        The world's seed.
    claim : Claim
    assumptions : dict
        Keyword arguments for the claim's effect.
    kept : Path
        Folder of finished worlds.
    name : str, default ""
        What the assumptions are called.

    Returns
    -------
    Effect
    """
    reached = _reached(claim.effect.__module__)
    key = memo.key_of(claim.name, name, seed, assumptions, reached)
    known = memo.load(key, kept)
    if known is None:
        effect = claim.effect(seed, **assumptions)
        known = (float(effect.value), float(effect.error))
        memo.store(key, known, kept)
    return Effect(*known)
