"""Claims: findings that are computed anew in many simulated worlds and tested.

A claim is a statement, a function of a world's seed that returns an effect, and the band in which
the effect should lie. Its results are a small committed file, made by ``make claims``; the tests
recompute one rotating world of each claim and compare.

A count over worlds is not a measurement of the real world: worlds are seeds of one hand-set model.
So a claim keeps three things apart: *noise* (the standard error within each world), *differences
between worlds* (the dots), and *assumptions* (variants, in which the same effect is computed under
other assumptions).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import json
import math
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import altair as alt
import joblib
import pandas as pd

from launchlab.lab import points
from launchlab.lab.theme import BLUE, GREY, ORANGE

WORLDS = 20
_DIGITS = 4


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
    """Another assumption under which a claim is computed again.

    Parameters
    ----------
    name : str
        Lower case with hyphens.
    label : str
        What a reader sees, for example "latency elasticity 0 %".
    assumptions : dict
        Keyword arguments for the claim's effect.
    """

    name: str
    label: str
    assumptions: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A finding with the means to test it.

    Parameters
    ----------
    name : str
        Lower case with hyphens; also the name of its result file.
    statement : str
        The finding, as a sentence that ends in a full stop.
    effect : callable
        ``effect(seed, **assumptions) -> Effect``.
    unit : str
        Unit of the effect.
    low, high : float
        The claim holds in a world whose effect lies strictly between them.
    expected : int
        In how many of 20 worlds it is expected to hold: what the chapter's words rest on.
    variants : sequence of Variant
        Other assumptions, for headline claims.
    sources : sequence of str
        Subpackages of the package whose sources the effect depends on, for resuming.
    tolerance : float
        A recomputed effect may differ by this share of the spread over worlds.
    worlds : str
        What the seeds stand for, in the plural. Resamplings of one data set are no worlds, and
        must not be called so.
    """

    name: str
    statement: str
    effect: Callable[..., Effect]
    unit: str
    low: float = 0.0
    high: float = math.inf
    expected: int = WORLDS
    variants: Sequence[Variant] = ()
    sources: Sequence[str] = ("market",)
    tolerance: float = 0.02
    worlds: str = "simulated worlds"

    def __post_init__(self) -> None:
        owner = f"Claim {self.name!r}"
        if not self.low < self.high:
            raise ValueError(f"{owner}: low={self.low!r}, expected less than high={self.high!r}")
        if not 0 <= self.expected <= WORLDS:
            raise ValueError(f"{owner}: expected={self.expected!r}, expected 0 to {WORLDS}")
        names = [variant.name for variant in self.variants]
        if len(set(names)) < len(names) or "" in names:
            raise ValueError(f"{owner}: variants {names!r}, expected distinct names")

    @property
    def short(self) -> str:
        """The last word of ``worlds``: "worlds", "splits"."""
        return self.worlds.split()[-1]

    def holds(self, value: float) -> bool:
        """Whether an effect lies in the claim's band."""
        return self.low < value < self.high

    def assumptions(self, variant: str) -> dict[str, Any]:
        """Keyword arguments of a variant; of the claim itself for the empty name."""
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
    claim : Claim
    effects : dict
        Variant name (empty: the claim's own assumptions) to world seed to `Effect`.
    """

    claim: Claim
    effects: dict[str, dict[int, Effect]] = field(default_factory=dict)

    def values(self, variant: str = "") -> list[float]:
        """Effects in the order of the seeds."""
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
            Whether the claim holds in all worlds or none; or, where it is mixed, whether the
            standard errors are as wide as the spread (noise) or narrower (worlds differ).
        """
        values, effects = self.values(), self.effects.get("", {})
        if self.count() in (0, len(values)):
            return "none" if self.count() == 0 else "all"
        noise = mean(effect.error**2 for effect in effects.values())
        return "noise" if noise > 0.5 * stdev(values) ** 2 else "differs"

    def sentence(self) -> str:
        """The finding with its count, its size, and what a mixed count means."""
        average, deviation = self.spread()
        total = len(self.values())
        text = (
            f"{self.claim.statement} In {self.count()} of {total} {self.claim.worlds}: "
            f"{_number(average)} {self.claim.unit} on average, standard deviation over "
            f"{self.claim.short} {_number(deviation, signed=False)}."
        )
        kind = self.kind()
        if kind == "noise":
            text += (
                " A dot's own standard error is about as wide as the spread of the dots: "
                f"differences between {self.claim.short} may be chance."
            )
        if kind == "differs":
            text += (
                " The standard errors are narrower than the spread: "
                f"{self.claim.short} differ in this."
            )
        return text

    def variants_sentence(self) -> str:
        """Under which other assumptions the claim was computed again, and how often it held."""
        parts = [
            f"{variant.label}: {self.count(variant.name)} of {len(self.values(variant.name))} "
            f"(mean {_number(mean(self.values(variant.name)))})"
            for variant in self.claim.variants
        ]
        return "Under other assumptions: " + "; ".join(parts) + "." if parts else ""


def _number(value: float, *, signed: bool = True) -> str:
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.01 else 4
    return f"{value:{'+' if signed else ''},.{decimals}f}".replace("-", "−")


def dots(result: Result) -> alt.TopLevelMixin:
    """One line of dots, a dot for each world, with its standard error.

    Parameters
    ----------
    result : Result

    Returns
    -------
    altair chart
    """
    claim = result.claim
    edges = [edge for edge in (claim.low, claim.high) if math.isfinite(edge)]
    frame = pd.DataFrame(
        [
            {
                "world": seed,
                "effect": effect.value,
                "from": effect.value - effect.error,
                "to": effect.value + effect.error,
                "holds": "holds" if claim.holds(effect.value) else "does not hold",
            }
            for seed, effect in sorted(result.effects[""].items())
        ]
    )
    frame["row"] = frame["effect"].rank(method="first")
    base = alt.Chart(frame)
    y = alt.Y("row:Q").axis(None)
    color = (
        alt.Color("holds:N")
        .scale(domain=["holds", "does not hold"], range=[BLUE, ORANGE])
        .legend(None)
    )
    shape = (
        alt.Shape("holds:N")
        .scale(domain=["holds", "does not hold"], range=["circle", "cross"])
        .legend(None)
    )
    one = claim.short.removesuffix("s")
    title = f"{claim.unit}, each {one}"  # short: a phone clips the axis titles of charts
    near = alt.Scale(zero=False)  # what matters is where the dots lie to the band's edges
    errors = base.mark_rule(strokeWidth=1.5, opacity=0.6).encode(
        alt.X("from:Q", scale=near).title(title), alt.X2("to:Q"), y, color
    )
    marks = base.mark_point(size=45).encode(
        alt.X("effect:Q", scale=near).title(title), y, color, shape
    )
    lines = [
        base.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.datum(edge, scale=near))
        for edge in edges
    ]
    total = len(frame)
    where = "between the dashed lines" if len(edges) == 2 else "beyond the dashed line"
    chart: alt.TopLevelMixin = alt.layer(*lines, errors, marks).properties(
        height=130,
        title=alt.TitleParams(
            f"Holds in {result.count()} of {total} {claim.short}",
            subtitle=f"one dot a {one}, bar: standard error within it; "
            f"dots {where} hold (crosses do not)",
        ),
        description=(
            f"{total} dots in order of size, one for each {one}, on an axis of "
            f"{claim.unit}; {result.count()} lie where the claim holds."
        ),
    )
    return chart


# --------------------------------------------------------------------------- files


def result_path(folder: Path, claim: Claim) -> Path:
    """Where a claim's result is kept."""
    return folder / f"{claim.name}.json"


def read(folder: Path, claim: Claim) -> Result:
    """Read a claim's recorded result.

    Raises
    ------
    FileNotFoundError
        If it was never computed; the message names the command.
    """
    path = result_path(folder, claim)
    if not path.exists():
        raise FileNotFoundError(f"no result for claim {claim.name!r}: run `make claims`")
    kept = json.loads(path.read_text(encoding="utf-8"))
    effects = {
        variant: {int(seed): Effect(*pair) for seed, pair in worlds.items()}
        for variant, worlds in kept["effects"].items()
    }
    return Result(claim, effects)


def write(folder: Path, result: Result) -> None:
    """Write a claim's result: effects at four significant digits, and how they were made."""
    effects = {
        variant: {
            str(seed): [float(f"{effect.value:.{_DIGITS}g}"), float(f"{effect.error:.2g}")]
            for seed, effect in sorted(worlds.items())
        }
        for variant, worlds in result.effects.items()
    }
    kept = {
        "statement": result.claim.statement,
        "unit": result.claim.unit,
        "made_by": "make claims",
        "versions": points.versions(),
        "effects": effects,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    result_path(folder, result.claim).write_text(text + "\n", encoding="utf-8")


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
        Within the claim's tolerance: a share of the spread over worlds, and never less than the
        digits that the file keeps.
    """
    recorded = result.effects[variant][seed].value
    values = result.values(variant)
    spread = stdev(values) if len(values) > 1 else 0.0
    allowed = max(result.claim.tolerance * spread, 2 * abs(recorded) * 10.0**-_DIGITS)
    return abs(fresh.value - recorded) <= allowed


# --------------------------------------------------------------------------- running


def collect(package: str) -> list[Claim]:
    """Every claim declared in a package's modules, in a list called ``CLAIMS``.

    Raises
    ------
    ValueError
        If two claims share a name.
    """
    root = importlib.import_module(package)
    found: list[Claim] = []
    for module in pkgutil.iter_modules(root.__path__):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{package}.{module.name}")
            found.extend(getattr(loaded, "CLAIMS", ()))
    names = [claim.name for claim in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two claims are called {twice[0]!r}")
    return found


def _key(claim: Claim, variant: str) -> str:
    """Changes with whatever the effect is computed from."""
    sources = [points.package_hash(points.PACKAGE / name) for name in claim.sources]
    parts = [claim.name, variant, sources, points.versions(), repr(claim.assumptions(variant))]
    function = claim.effect
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    if file:
        parts.append(hashlib.sha256(Path(file).read_bytes()).hexdigest())
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _one(claim: Claim, variant: str, seed: int, kept: Path) -> tuple[str, str, int, Effect]:
    """Compute one world, or take what an interrupted run left."""
    if kept.exists():
        with contextlib.suppress(ValueError, TypeError, KeyError):
            return claim.name, variant, seed, Effect(*json.loads(kept.read_text()))
    effect = claim.effect(seed, **claim.assumptions(variant))
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps([float(effect.value), float(effect.error)]))
    os.replace(part, kept)
    return claim.name, variant, seed, effect


def compute(
    claims: Sequence[Claim],
    scratch: Path,
    *,
    worlds: int = WORLDS,
    jobs: int = 1,
    report: Callable[[int, int, str], None] | None = None,
) -> Iterator[Result]:
    """Compute claims over worlds, through joblib and whatever backend is active.

    Parameters
    ----------
    claims : sequence of Claim
    scratch : Path
        Where finished worlds are kept, so that an interrupted run goes on.
    worlds : int
        Seeds 0 to ``worlds - 1``.
    jobs : int
        Processes.
    report : callable, optional
        Told (done, total, what) after each world.

    Yields
    ------
    Result
        A claim's result as soon as its worlds are done.
    """
    by_name = {claim.name: claim for claim in claims}
    # World by world, so that claims sharing a world's trained models meet a warm cache.
    tasks = [
        (claim, variant, seed, scratch / claim.name / _key(claim, variant) / f"{seed}.json")
        for seed in range(worlds)
        for claim in claims
        for variant in ("", *(one.name for one in claim.variants))
    ]
    effects: dict[str, dict[str, dict[int, Effect]]] = {}
    left = {name: sum(task[0].name == name for task in tasks) for name in by_name}
    run = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")
    done: Iterable[Any] = run(joblib.delayed(_one)(*task) for task in tasks)
    for number, (name, variant, seed, effect) in enumerate(done, start=1):
        effects.setdefault(name, {}).setdefault(variant, {})[seed] = effect
        left[name] -= 1
        if report:
            report(number, len(tasks), f"{name} world {seed}")
        if left[name] == 0:
            yield Result(by_name[name], effects[name])


@contextlib.contextmanager
def backend(scheduler: str | None) -> Iterator[None]:
    """Run joblib on a Dask cluster if an address is given, else on this machine's processes.

    Raises
    ------
    ValueError
        If ``distributed`` is not installed.
    """
    if scheduler is None:
        yield
        return
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            "--scheduler needs Dask: pip install distributed, on this machine and the workers"
        ) from None
    with Client(scheduler, timeout="10s"), joblib.parallel_config(backend="dask"):
        yield


def main(package: str, results: Path, scratch: Path, arguments: Sequence[str] | None = None) -> int:
    """Run ``make claims``.

    Parameters
    ----------
    package : str
        Where claims are declared.
    results, scratch : Path
        Where results, and worlds of an interrupted run, are kept.
    arguments : sequence of str, optional
    """
    parser = argparse.ArgumentParser(description="Recompute every claim over 20 worlds.")
    parser.add_argument("names", nargs="*", help="claims to recompute (all, if left out)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on")
    asked = parser.parse_args(arguments)
    claims = collect(package)
    unknown = sorted(set(asked.names) - {claim.name for claim in claims})
    if unknown:
        print(f"No claim is called {unknown[0]!r}; there are:", *sorted(c.name for c in claims))
        return 2
    claims = [claim for claim in claims if not asked.names or claim.name in asked.names]
    started = time.monotonic()
    changed = []

    def report(done: int, total: int, what: str) -> None:
        end = "\n" if done == total or not sys.stderr.isatty() else "\r"
        if sys.stderr.isatty() or done % 20 == 0 or done == total:
            print(f"{done}/{total} {what:<60}", end=end, file=sys.stderr, flush=True)

    with backend(asked.scheduler):
        for result in compute(claims, scratch, jobs=asked.jobs, report=report):
            write(results, result)
            print(f"{result.claim.name}: {result.count()} of {WORLDS}")
            if result.count() != result.claim.expected:
                changed.append(f"{result.claim.name} (expected {result.claim.expected})")
    seconds = time.monotonic() - started
    if changed:
        print(
            f"{len(changed)} claims do not hold as often as their chapters say: "
            + ", ".join(changed)
        )
        return 1
    print(f"{len(claims)} claims recomputed in {seconds:.0f} s, all as often as expected")
    return 0
