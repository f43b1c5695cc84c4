"""Breaking points: how far a number that a claim assumes can be moved before the claim ends.

A claim has ended where it holds in fewer than half of the worlds. The search halves the way from
the claim's own value to the farthest one, and so takes it that a claim which has ended stays ended
farther out; what it tried is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import joblib

from launchlab.claims.claim import WORLDS, Break, Claim, Coupling, Effect, Result
from launchlab.claims.world import effect_in


def halved(values: Sequence[float], ended: Callable[[float], bool]) -> float | None:
    """The first of some values at which something has ended; None if it has not at the last.

    Parameters
    ----------
    values : sequence of float
        At the first of them it has not ended, which is not asked.
    ended : callable
        Whether it has ended at a value; asked of about log2(len(values)) of them.
    """
    if not ended(values[-1]):
        return None
    holds, over = 0, len(values) - 1
    while over - holds > 1:
        middle = (holds + over) // 2
        if ended(values[middle]):
            over = middle
        else:
            holds = middle
    return values[over]


def most_values(coupling: Coupling) -> int:
    """How many values a search tries at most."""
    return 1 + (len(coupling.values) - 2).bit_length()


def find(
    claim: Claim,
    coupling: Coupling,
    usual: int,
    kept: Path,
    *,
    jobs: int = 1,
    report: Callable[[float, int], None] | None = None,
) -> Break:
    """Search a claim's breaking point.

    Parameters
    ----------
    claim : Claim
    coupling : Coupling
        One of the claim's.
    usual : int
        In how many worlds the claim holds under its own assumptions.
    kept : Path
        Folder of finished worlds, from which an interrupted search resumes.
    jobs : int, default 1
        Number of processes.
    report : callable, optional
        Called as ``report(value, held)`` after each value.

    Returns
    -------
    Break

    Raises
    ------
    ValueError
        If the claim does not hold in at least half of the worlds to begin with, or if a value is
        one that it cannot be computed for.
    """
    if 2 * usual < WORLDS:
        raise ValueError(
            f"claim {claim.name!r} holds in {usual} of {WORLDS} worlds, expected at least half: "
            "it has nothing to break"
        )
    counts = {coupling.values[0]: usual}
    effects: dict[float, dict[int, Effect]] = {}

    def ended(value: float) -> bool:
        tasks = (
            joblib.delayed(effect_in)(seed, claim, coupling.argument(value), kept)
            for seed in range(WORLDS)
        )
        try:
            effects[value] = dict(enumerate(joblib.Parallel(n_jobs=jobs)(tasks)))
        except ValueError as error:
            raise ValueError(
                f"claim {claim.name!r} with {coupling.written(value)}: {error}"
            ) from error
        counts[value] = sum(claim.holds(one.value) for one in effects[value].values())
        if report:
            report(value, counts[value])
        return 2 * counts[value] < WORLDS

    point = halved(coupling.values, ended)
    return Break(counts, effects[coupling.values[-1] if point is None else point])


def told(result: Result) -> Iterator[str]:
    """Breaking points as lines of text."""
    for coupling in result.claim.couplings:
        one = result.breaks[coupling.name]
        point, last = one.point(coupling), one.last(coupling)
        held = f"  holds in {one.counts[last]} with {coupling.written(last)}"
        if point is None:
            yield f"{held}, and was not tried farther out"
        else:
            yield f"{held}, in {one.counts[point]} with {coupling.written(point)}: it breaks there"
