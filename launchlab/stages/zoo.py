"""``python -m launchlab.stages.zoo``: make the zoo table, its provenance and the scores anew.

About a minute of CPU a world. Finished worlds are kept in ``.cache/stages``, so that an
interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.lab import points
from launchlab.market import (
    MEASURES,
    RANKERS,
    Couplings,
    Outcomes,
    Scores,
    Sessions,
    build_slates,
    expected_outcomes,
    settle_bids,
)
from launchlab.market.scorecard import WEEKS, retention, weeks_stayed
from launchlab.market.world import PATIENCE_SIGMA

from . import offline, writing
from .rankers import (
    BASELINE,
    N_SESSIONS,
    SESSION_SEED,
    TABLE_RANKERS,
    VARIANTS,
    ranker_notes,
    ranker_scores,
    world_sessions,
)
from .tables import LINEAR, SCORES_SESSIONS, SCORES_WORLD, WORLDS

CHANGES = ("orders", "clicks", "ad_revenue", "margin", "life_value")
"""Measures with a change against the baseline."""

_HERE = Path(__file__).parent


def launched(sessions: Sessions, scores: Scores, latency_ms: float = 0.0) -> Outcomes:
    """Expected outcomes of a ranker launched for everybody: default ads, bids settled under it.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    scores : Scores
        Of the same shape.
    latency_ms : float, default 0

    Returns
    -------
    Outcomes
    """
    slates = build_slates(sessions, scores, bids=settle_bids(sessions, scores))
    return expected_outcomes(sessions, slates, latency_ms)


def session_values(outcomes: Outcomes, measure: str, couplings: Couplings) -> NDArray[np.float64]:
    """What each session adds to a measure, shape (n,): their mean is the measure per session.

    Parameters
    ----------
    outcomes : Outcomes
        Of n sessions.
    measure : str
        One of ``MEASURES``, or "life_value": $ over 26 weeks per customer. That is no mean over
        sessions, so these are its linearised values (mean + influence), for standard errors.
    couplings : Couplings
        The world's: they hold the retention slope.
    """
    if measure != "life_value":
        return outcomes.measure(measure)
    margin, experience = outcomes.measure("margin"), outcomes.measure("experience")
    stays = retention(float(experience.mean()), couplings)
    weeks = weeks_stayed(stays)
    later = np.arange(1, WEEKS)
    slope = np.sum(later * stays ** (later - 1)) * couplings.retention_slope * stays * (1 - stays)
    values: NDArray[np.float64] = margin * weeks
    values += margin.mean() * slope * (experience - experience.mean())
    return values


def paired_change(
    base: NDArray[np.float64], new: NDArray[np.float64], clusters: NDArray[np.integer[Any]]
) -> tuple[float, float]:
    """Relative change of a mean over the same sessions and its standard error, both in percent.

    Parameters
    ----------
    base, new : ndarray of float, shape (n,)
        Values of the same sessions.
    clusters : ndarray of int, shape (n,)
        Customers: their sessions are not independent.

    Raises
    ------
    ValueError
        If shapes differ or the base's mean is 0.
    """
    if not base.shape == new.shape == clusters.shape or base.ndim != 1:
        raise ValueError(
            f"shapes {base.shape}, {new.shape}, {clusters.shape}: expected (n,) thrice"
        )
    mean = base.mean()
    if mean == 0:
        raise ValueError("base has mean 0: expected another")
    ratio = new.mean() / mean
    _, group = np.unique(clusters, return_inverse=True)
    influence = np.bincount(group, (new - ratio * base) / mean)
    return float(100 * (ratio - 1)), float(100 * np.sqrt(np.sum(influence**2)) / len(base))


def hurry(sessions: Sessions) -> NDArray[np.float64]:
    """Each session's customer's hurry: 1 / patience, of mean 1 over customers, shape (n,)."""
    patience = sessions.world.patience[sessions.customer].astype(np.float64)
    values: NDArray[np.float64] = 1 / (patience * np.exp(PATIENCE_SIGMA**2 / 2))
    return values


def cumulants(
    weights: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[float, float, float]:
    """First three cumulants of values, weighted; weights and values of shape (n,).

    Raises
    ------
    ValueError
        If the weights add up to 0.
    """
    total = weights.sum()
    if total == 0:
        raise ValueError("weights add up to 0: expected another sum")
    mean = float(weights @ values / total)
    away = values - mean
    return mean, float(weights @ away**2 / total), float(weights @ away**3 / total)


def make_row(
    sessions: Sessions, held_out: offline.HeldOut, scores: Scores, base: Scores
) -> dict[str, float]:
    """A ranker's row of the table: see ``zoo_table`` for the columns.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    held_out : HeldOut
        What the past policy showed in them.
    scores, base : Scores
        The ranker's and the baseline's, for the same sessions.

    Returns
    -------
    dict of str to float
        All columns but world, ranker and family.
    """
    row: dict[str, float] = {}
    customers = np.repeat(held_out.customer, held_out.candidate.shape[1])
    for what, happened in (("order", held_out.ordered), ("click", held_out.clicked)):
        mine, others = (
            np.take_along_axis(getattr(one, what), held_out.candidate, axis=1)
            for one in (scores, base)
        )
        rows = happened.ravel()
        row[f"auc_{what}"] = offline.auc(mine.ravel(), rows)
        row[f"auc_{what}_se"] = offline.auc_difference_error(
            mine.ravel(), others.ravel(), rows, customers
        )
        row[f"log_loss_{what}"] = offline.log_loss(mine[:, 0], happened[:, 0])

    couplings = sessions.world.couplings
    outcomes, usual = launched(sessions, scores), launched(sessions, base)
    for name in MEASURES:
        row[name] = float(outcomes.measure(name).mean()) * (1 if name == "experience" else 1_000)
    row["life_value"] = row["margin"] * weeks_stayed(retention(row["experience"], couplings))
    for name in CHANGES:
        row[f"{name}_change"], row[f"{name}_change_se"] = paired_change(
            session_values(usual, name, couplings),
            session_values(outcomes, name, couplings),
            sessions.customer,
        )
    in_a_hurry = hurry(sessions)
    for name in LINEAR:
        found = cumulants(outcomes.measure(name), in_a_hurry)
        row.update({f"{name}_k{order}": value for order, value in enumerate(found, start=1)})
    return row


def make_world_table(seed: int, rankers: Sequence[str] = TABLE_RANKERS) -> pd.DataFrame:
    """One world's rows of the table, trained and evaluated anew.

    Parameters
    ----------
    seed : int
        The world's.
    rankers : sequence of str
        Of ``TABLE_RANKERS``; the baseline is trained in any case.

    Returns
    -------
    DataFrame
    """
    sessions = world_sessions(seed)
    held_out = offline.held_out_log(sessions)
    base = ranker_scores(seed, BASELINE)
    family = ranker_notes()["family"]
    rows = [
        {
            "world": seed,
            "ranker": name,
            "family": family[name],
            **make_row(sessions, held_out, ranker_scores(seed, name), base),
        }
        for name in rankers
    ]
    return pd.DataFrame(rows)


def write_scores(path: Path) -> None:
    """Write the zoo's scores for 1,000 sessions of world 0, in half precision."""
    arrays: dict[str, Any] = {}
    for name in RANKERS:
        if name != "ensemble5":  # the mean of others
            scores = ranker_scores(SCORES_WORLD, name)[slice(SCORES_SESSIONS)]
            arrays[f"{name}_order"] = scores.order.astype(np.float16)
            arrays[f"{name}_click"] = scores.click.astype(np.float16)
    np.savez_compressed(path, **arrays)


def _scratch(seed: int) -> Path:
    """Where a finished world is kept; changes with whatever it is made from."""
    digest = hashlib.sha256(points.package_hash(points.PACKAGE / "market").encode())
    for name in ("offline.py", "rankers.py", "zoo.py"):
        digest.update((_HERE / name).read_bytes())
    return Path(".cache", "stages", digest.hexdigest()[:16], f"{seed}.json")


@contextlib.contextmanager
def _without_cache() -> Iterator[None]:
    kept = os.environ.pop(points.CACHE_VARIABLE, None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ[points.CACHE_VARIABLE] = kept


def _make_or_take(seed: int) -> dict[str, Any]:
    path = _scratch(seed)
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    started = time.process_time()
    # The first world is always trained anew, so that its CPU seconds are those of all the work.
    with contextlib.nullcontext() if seed else _without_cache():
        table = make_world_table(seed)
    made = {
        "cpu_seconds": round(time.process_time() - started, 1),
        "rows": json.loads(table.to_json(orient="records", double_precision=15)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(made), encoding="utf-8")
    os.replace(part, path)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table, its provenance and the scores, and say what was written.

    Parameters
    ----------
    arguments : sequence of str, optional
        Of the command line.
    """
    parser = argparse.ArgumentParser(description="Make the zoo table and the scores anew.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    writing.need_one_thread()
    made = []
    for seed in range(worlds):
        made.append(_make_or_take(seed))
        seconds = made[-1]["cpu_seconds"]
        print(f"{seed + 1}/{worlds} world {seed}: {seconds:.0f} s CPU", file=sys.stderr, flush=True)
    write_scores(_HERE / "scores.npz")
    table = pd.DataFrame([row for world in made for row in world["rows"]])
    table.to_csv(_HERE / "zoo.csv", index=False, float_format="%.6g")
    kept = writing.made_by(
        "launchlab.stages.zoo",
        worlds=list(range(worlds)),
        sessions=N_SESSIONS,
        session_seed=SESSION_SEED,
        held_out_seed=offline.HELD_OUT_SEED,
        baseline=BASELINE,
        rankers=len(TABLE_RANKERS),
        variants=len(VARIANTS),
        cpu_seconds=[world["cpu_seconds"] for world in made],
        cpu_seconds_note="training, scoring and evaluation of each world; world 0 always all of"
        " it, the others less where LAUNCHLAB_CACHE held trained scores",
    )
    (_HERE / "zoo.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    total = sum(world["cpu_seconds"] for world in made)
    print(f"wrote zoo.csv ({len(table)} rows), zoo.json and scores.npz; {total:.0f} s CPU now")


if __name__ == "__main__":
    os.environ.setdefault(points.CACHE_VARIABLE, str(Path(".cache", "points").absolute()))
    main()
