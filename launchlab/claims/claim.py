"""What a claim is: a finding with the means to test it, and its recorded effects over worlds.

A count over worlds is not a measurement of the real world: worlds are seeds of one hand-set model.
A claim therefore keeps three things apart: *noise* (the standard error within each world),
*differences between worlds* (the dots), and *assumptions* (variants, which compute the same effect
under different assumptions).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean, stdev
from typing import Any

import numpy as np

from launchlab.rounding import significant

WORLDS = 20
"""Worlds that a claim is computed in: seeds 0 to 19."""


@dataclass(frozen=True)
class Effect:
    """What a claim measured in one world.

    Parameters
    ----------
    value : float
        In the claim's unit.
    error : float
        Standard error within the world (finite sessions, one training run); 0 if exact.
    """

    value: float
    error: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"Effect value={self.value!r}, expected a finite number")
        if not math.isfinite(self.error) or self.error < 0:
            raise ValueError(f"Effect error={self.error!r}, expected a finite number >= 0")


@dataclass(frozen=True)
class Variant:
    """A different assumption under which a claim is computed again.

    Parameters
    ----------
    name : str
        Lower case with hyphens.
    label : str
        What a reader sees, for example "latency elasticity 0 %".
    assumptions : dict
        Keyword arguments for the claim's effect; empty in a recorded result.
    """

    name: str
    label: str
    assumptions: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Coupling:
    """A number that a claim assumes, and the way on which it is moved until the claim ends.

    Parameters
    ----------
    name : str
        A keyword argument of the claim's effect.
    label : str
        What a reader sees, with ``{}`` where the number stands: "{} sessions a week".
    usual, farthest : float
        The claim's own value, and the last that is tried.
    steps : int, default 32
        In how many steps the way between them is divided.
    log : bool, default False
        Whether each step multiplies; otherwise it adds. Both numbers are then above 0.
    whole : bool, default False
        Whether only whole numbers are tried.
    scale : float, default 1
        What the number is multiplied by before a reader sees it, 100 for percent.
    between : sequence of float
        The values between the two that are tried, where not every one can be computed.
    """

    name: str
    label: str
    usual: float
    farthest: float
    steps: int = 32
    log: bool = False
    whole: bool = False
    scale: float = 1.0
    between: Sequence[float] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "between", tuple(self.between))
        if self.label.count("{}") != 1:
            raise ValueError(f"coupling {self.name!r}: label={self.label!r}, expected one {{}}")
        if self.usual == self.farthest:
            raise ValueError(f"coupling {self.name!r}: farthest={self.farthest!r}, as usual")
        if self.log and min(self.usual, self.farthest) <= 0:
            raise ValueError(f"coupling {self.name!r}: log=True, expected values above 0")
        way = [self.usual, *self.between, self.farthest]
        if self.between and sorted(way, reverse=not self.rises) != way:
            raise ValueError(f"coupling {self.name!r}: between={self.between!r}, expected in order")

    @property
    def values(self) -> tuple[float, ...]:
        """The values on the way, from the claim's own outwards, to three significant digits."""
        if self.between:
            return (float(self.usual), *map(float, self.between), float(self.farthest))
        space = np.geomspace if self.log else np.linspace
        way = space(self.usual, self.farthest, self.steps + 1)[1:-1]
        # The shortest text that reads back as the same number, so that files keep it.
        near = [float(f"{round(one) if self.whole else one:.3g}") for one in way]
        return tuple(dict.fromkeys([float(self.usual), *near, float(self.farthest)]))

    def argument(self, value: float) -> dict[str, Any]:
        """The keyword argument that moves it to a value."""
        return {self.name: round(value) if self.whole else value}

    def number(self, value: float) -> str:
        """A value as a reader sees it: "300,000", "3.46 million"."""
        value *= self.scale
        millions = abs(value) >= 1e6
        text = significant(value / 1e6 if millions else value, 3).replace("-", "−")
        return f"{text}\N{NO-BREAK SPACE}million" if millions else text

    def written(self, value: float) -> str:
        """A value with what it is: "300,000 sessions a week"."""
        return self.label.format(self.number(value))

    @property
    def rises(self) -> bool:
        """Whether it is moved upwards."""
        return self.farthest > self.usual


@dataclass(frozen=True)
class Break:
    """What became of a claim as one coupling was moved.

    Parameters
    ----------
    counts : dict
        Value to the number of worlds in which the claim held, for the values that were tried.
    effects : dict
        World seed to `Effect`, at the breaking point, or at the last value if there is none.
    """

    counts: dict[float, int]
    effects: dict[int, Effect]

    def point(self, coupling: Coupling) -> float | None:
        """The value from which on the claim holds in fewer than half of the worlds, if any."""
        ended = [one for one, held in self.counts.items() if 2 * held < len(self.effects)]
        return min(ended, key=lambda one: abs(one - coupling.usual), default=None)

    def last(self, coupling: Coupling) -> float:
        """The last value at which the claim still holds in at least half of the worlds."""
        held = [one for one, count in self.counts.items() if 2 * count >= len(self.effects)]
        return max(held, key=lambda one: abs(one - coupling.usual))


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a claim says and when it holds: all that a page needs to show the result.

    Parameters
    ----------
    name : str
        Lower case with hyphens; also the name of its result file.
    statement : str
        The finding, as a sentence that ends in a full stop.
    unit : str
        Unit of the effect.
    low, high : float
        The claim holds in a world whose effect lies strictly between them.
    expected : int
        In how many of 20 worlds the claim is expected to hold; the chapter's text relies on this.
    variants : sequence of Variant
        Alternative assumptions, for headline claims.
    couplings : sequence of Coupling
        Numbers that are moved until the claim ends, for headline claims; the one that matters most
        first.
    tolerance : float
        A recomputed effect may differ by this share of the spread over worlds.
    worlds : str
        What the seeds stand for, in the plural. Resamplings of one data set are not worlds and
        must not be called that.
    """

    name: str
    statement: str
    unit: str
    low: float = 0.0
    high: float = math.inf
    expected: int = WORLDS
    variants: Sequence[Variant] = ()
    couplings: Sequence[Coupling] = ()
    tolerance: float = 0.02
    worlds: str = "simulated worlds"

    def __post_init__(self) -> None:
        owner = f"Claim {self.name!r}"
        object.__setattr__(self, "variants", tuple(self.variants))
        object.__setattr__(self, "couplings", tuple(self.couplings))
        if not self.low < self.high:
            raise ValueError(f"{owner}: low={self.low!r}, expected less than high={self.high!r}")
        if not 0 <= self.expected <= WORLDS:
            raise ValueError(f"{owner}: expected={self.expected!r}, expected 0 to {WORLDS}")
        names = [variant.name for variant in self.variants]
        if len(set(names)) < len(names) or "" in names:
            raise ValueError(f"{owner}: variants {names!r}, expected distinct names")
        moved = [coupling.name for coupling in self.couplings]
        if len(set(moved)) < len(moved):
            raise ValueError(f"{owner}: couplings {moved!r}, expected distinct names")

    @property
    def short(self) -> str:
        """The last word of ``worlds``: "worlds", "splits"."""
        return self.worlds.split()[-1]

    def holds(self, value: float) -> bool:
        """Whether an effect lies in the claim's band."""
        return self.low < value < self.high


@dataclass(frozen=True, kw_only=True)
class Claim(Statement):
    """A statement with the means to test it; all other parameters are those of a `Statement`.

    Parameters
    ----------
    effect : callable
        ``effect(seed, **assumptions) -> Effect``, for any seed. Define it in a module: its
        dependencies are taken to be everything that module reaches.
    """

    effect: Callable[..., Effect]

    def assumptions(self, variant: str) -> dict[str, Any]:
        """Keyword arguments of a variant; the empty name stands for the claim itself."""
        if not variant:
            return {}
        for one in self.variants:
            if one.name == variant:
                return one.assumptions
        raise ValueError(f"Claim {self.name!r}: no variant {variant!r}")


@dataclass(frozen=True)
class Result:
    """A claim's recorded effects.

    Parameters
    ----------
    claim : Statement
    effects : dict
        Variant name (empty for the claim's own assumptions) to world seed to `Effect`.
    breaks : dict
        Coupling name to `Break`.
    """

    claim: Statement
    effects: dict[str, dict[int, Effect]] = field(default_factory=dict)
    breaks: dict[str, Break] = field(default_factory=dict)

    def values(self, variant: str = "") -> list[float]:
        """Values of the effects, in order of the seeds."""
        return [effect.value for _, effect in sorted(self.effects.get(variant, {}).items())]

    def count(self, variant: str = "") -> int:
        """In how many worlds the claim holds."""
        return sum(self.claim.holds(value) for value in self.values(variant))

    def spread(self) -> tuple[float, float]:
        """Mean and standard deviation over worlds."""
        values = self.values()
        return mean(values), stdev(values)

    def kind(self) -> str:
        """Tell noise from differences between worlds.

        Returns
        -------
        {"all", "none", "noise", "differs"}
            Whether the claim holds in all worlds or in none; if the result is mixed, whether the
            standard errors account for more than half of the variance over worlds ("noise") or
            not ("differs").
        """
        values, effects = self.values(), self.effects.get("", {})
        if self.count() in (0, len(values)):
            return "none" if self.count() == 0 else "all"
        noise = mean(effect.error**2 for effect in effects.values())
        return "noise" if noise > 0.5 * stdev(values) ** 2 else "differs"

    def sentence(self) -> str:
        """The finding with its count."""
        count = f"{self.count()} of {len(self.values())}"
        return f"{self.claim.statement} In {count} {self.claim.worlds}."
