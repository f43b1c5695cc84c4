"""Compute claims over worlds: what ``make claims`` runs."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib

from launchlab.claims import breaking
from launchlab.claims.claim import WORLDS, Break, Claim, Effect, Result
from launchlab.claims.recorded import read, rewrite_head, write
from launchlab.claims.world import effect_in


def collect(package: str) -> list[Claim]:
    """Every claim that a package's modules declare in their lists called ``CLAIMS``.

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


def _one(claim: Claim, variant: str, seed: int, kept: Path) -> tuple[str, str, int, Effect]:
    effect = effect_in(seed, claim, claim.assumptions(variant), kept, variant)
    return claim.name, variant, seed, effect


def compute(
    claims: Sequence[Claim],
    scratch: Path,
    *,
    worlds: int = WORLDS,
    jobs: int = 1,
    report: Callable[[int, int, str], None] | None = None,
) -> Iterator[Result]:
    """Compute claims over worlds, through joblib's active backend.

    Parameters
    ----------
    claims : sequence of Claim
    scratch : Path
        Folder for finished worlds, from which an interrupted run resumes: see `launchlab.memo`.
    worlds : int
        Seeds 0 to ``worlds - 1``.
    jobs : int
        Number of processes.
    report : callable, optional
        Called as ``report(done, total, what)`` after each world.

    Yields
    ------
    Result
        A claim's result, as soon as all its worlds are done.
    """
    by_name = {claim.name: claim for claim in claims}
    # World by world, so that claims which share a world's trained models find them in the cache.
    tasks = [
        (claim, variant, seed, scratch)
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


def breaks_of(
    result: Result, claim: Claim, scratch: Path, jobs: int, say: Callable[[str], None]
) -> dict[str, Break]:
    """Search all breaking points of a claim, and say how long that takes.

    Parameters
    ----------
    result : Result
        The claim's effects under its own assumptions.
    claim : Claim
    scratch : Path
        As for `compute`.
    jobs : int
        Number of processes.
    say : callable
        Called with each line of text.
    """
    left = sum(map(breaking.most_values, claim.couplings))
    say(f"{claim.name}: up to {left} values, each in {WORLDS} worlds")
    started, done = time.monotonic(), 0

    def report(value: float, held: int) -> None:
        nonlocal done
        done += 1
        seconds = time.monotonic() - started
        say(
            f"  {coupling.written(value)}: holds in {held}; {seconds:.0f} s, and for at most "
            f"{left - done} more values about {seconds / done * (left - done):.0f} s"
        )

    found = {}
    for coupling in claim.couplings:
        found[coupling.name] = breaking.find(
            claim, coupling, result.count(), scratch, jobs=jobs, report=report
        )
        # A search ends early where nothing ends the claim.
        left -= breaking.most_values(coupling) - (len(found[coupling.name].counts) - 1)
    return found


def break_claims(
    claims: Sequence[Claim], results: Path, scratch: Path, jobs: int, say: Callable[[str], None]
) -> None:
    """Search and record the breaking points of claims whose effects are recorded."""
    for claim in claims:
        known = read(results, claim.name)
        known = Result(claim, known.effects, breaks_of(known, claim, scratch, jobs, say))
        write(results, known)
        print(f"{claim.name}: {known.count()} of {WORLDS}", *breaking.told(known), sep="\n")


def _chosen(claims: Sequence[Claim], asked: argparse.Namespace) -> list[Claim]:
    """The claims that are asked for.

    Raises
    ------
    ValueError
        If a name is none of them, or if a claim that is to be broken has no number to move.
    """
    by_name = {claim.name: claim for claim in claims}
    movable = [claim.name for claim in claims if claim.couplings]
    names = [*asked.names, *([asked.broken] if asked.broken not in ("", "all") else [])]
    for name in names:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=4, cutoff=0.3) or sorted(by_name)
            raise ValueError(f"No claim is called {name!r}; near it: {', '.join(near)}")
    if asked.broken == "all":
        names = movable
    elif asked.broken and asked.broken not in movable:
        raise ValueError(
            f"Claim {asked.broken!r} names no number to move; these do: {', '.join(movable)}"
        )
    return [claim for claim in claims if not names or claim.name in names]


def main(package: str, results: Path, scratch: Path, arguments: Sequence[str] | None = None) -> int:
    """Run ``make claims``.

    Parameters
    ----------
    package : str
        Package whose modules declare the claims.
    results, scratch : Path
        Folders for results, and for the worlds of an interrupted run.
    arguments : sequence of str, optional
    """
    parser = argparse.ArgumentParser(description="Recompute every claim over 20 worlds.")
    parser.add_argument("names", nargs="*", help="claims to recompute (all, if left out)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--heads", action="store_true", help="only write words and bands anew, compute nothing"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on")
    parser.add_argument(
        "--break", dest="broken", default="", metavar="NAME", help="search where a claim ends"
    )
    asked = parser.parse_args(arguments)
    try:
        claims = _chosen(collect(package), asked)
    except ValueError as error:
        print(error)
        return 2
    if asked.heads:
        try:
            for claim in claims:
                rewrite_head(results, claim)
        except (FileNotFoundError, ValueError) as error:
            print(error)
            return 1
        print(f"{len(claims)} results say what their claims say; nothing was computed")
        return 0
    started = time.monotonic()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if asked.broken:
        try:
            with backend(asked.scheduler):
                break_claims(claims, results, scratch, asked.jobs, say)
        except (FileNotFoundError, ValueError) as error:
            print(error)
            return 1
        print(f"Recorded in {results} after {time.monotonic() - started:.0f} s")
        return 0
    changed, waiting = [], []

    def report(done: int, total: int, what: str) -> None:
        end = "\n" if done == total or not sys.stderr.isatty() else "\r"
        if sys.stderr.isatty() or done % 20 == 0 or done == total:
            print(f"{done}/{total} {what:<60}", end=end, file=sys.stderr, flush=True)

    with backend(asked.scheduler):
        for result in compute(claims, scratch, jobs=asked.jobs, report=report):
            if result.claim.couplings:
                waiting.append(result)
            else:
                write(results, result)
            print(f"{result.claim.name}: {result.count()} of {WORLDS}")
            if result.count() != result.claim.expected:
                changed.append(f"{result.claim.name} (expected {result.claim.expected})")
        for result in waiting:
            claim = next(one for one in claims if one.name == result.claim.name)
            breaks = breaks_of(result, claim, scratch, asked.jobs, say)
            write(results, replace(result, breaks=breaks))
    seconds = time.monotonic() - started
    if changed:
        print(
            f"{len(changed)} claims do not hold as often as their chapters say: "
            + ", ".join(changed)
        )
        return 1
    print(f"{len(claims)} claims recomputed in {seconds:.0f} s, all as often as expected")
    return 0
