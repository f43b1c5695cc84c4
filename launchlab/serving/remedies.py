"""``python -m launchlab.serving.remedies``: ways to keep an ensemble's gain at a lower cost.

Distilled students, cascades, and a pair of members rank the marketplace's sessions beside the
ensemble in 20 worlds: about fifteen seconds of CPU per world, besides the zoo's own models.
"""

from __future__ import annotations

import itertools
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from launchlab import shipped
from launchlab.market import Scores, Sessions, make_logs, make_ranker, make_world
from launchlab.market.features import make_features
from launchlab.market.rankers import ENSEMBLE
from launchlab.market.slates import top_slate
from launchlab.memo import memo
from launchlab.serving.latency import OVERHEAD_MS, latency_table, request_latency
from launchlab.zoo.held_out import auc, held_out_log
from launchlab.zoo.launch import launched, paired_change
from launchlab.zoo.rankers import BASELINE, ranker_scores, world_sessions
from launchlab.zoo.table import WORLDS

CUTS = (8, 12, 15, 20)
"""How many of 30 candidates a cascade's first model lets through."""

BIG = ("hgb800_tuned", "ensemble5")
"""Second models of cascades, and teachers."""

FIRST = "logistic"
"""First model of cascades."""

STUDENTS = {200: 0.05, 50: 0.1}
"""Learning rate by number of trees: those of hgb200 and hgb50."""

LABELS = ("hard", "soft", "fresh")
"""What a student learns from. Hard: the logged orders, 0 or 1. Soft: hgb800_tuned's probabilities
for the same rows. Fresh: the ensemble's probabilities for rows without labels."""

_TEACHER = "hgb800_tuned"
_HALF = 2_500
"""Sessions before this index may be learnt from; all remedies are judged on those from it on."""


def student(trees: int) -> Any:
    """An unfitted student: boosted trees with squared error, and otherwise the zoo's settings.

    Parameters
    ----------
    trees : {200, 50}

    Raises
    ------
    ValueError
        For any other number.
    """
    if trees not in STUDENTS:
        raise ValueError(f"trees={trees!r}, expected one of {tuple(STUDENTS)}")
    return HistGradientBoostingRegressor(
        max_iter=trees,
        learning_rate=STUDENTS[trees],
        max_leaf_nodes=15,
        early_stopping=False,
        random_state=0,
    )


def cascade(first: NDArray[np.floating[Any]], then: Scores, cut: int) -> Scores:
    """Scores of a second model for those candidates that a first model ranks highest.

    Parameters
    ----------
    first : ndarray of float, shape (n, c)
        The first model's scores.
    then : Scores
        The second model's scores, of the same shape.
    cut : int
        Number of candidates let through, 1 to c; the others score 0 and are shown last.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If shapes differ or the cut is out of range.
    """
    if first.shape != then.order.shape:
        raise ValueError(f"first has shape {first.shape}: expected {then.order.shape}")
    if not 1 <= cut <= first.shape[1]:
        raise ValueError(f"cut={cut!r}, expected 1 to {first.shape[1]}")
    through = np.zeros(first.shape, dtype=bool)
    np.put_along_axis(through, top_slate(first, cut), True, axis=1)
    none = np.float32(0.0)
    return Scores(np.where(through, then.order, none), np.where(through, then.click, none))


def _student_probabilities(seed: int) -> dict[str, NDArray[np.float32]]:
    """Order probabilities of all students for the second half of the sessions, by remedy."""
    logs, sessions = make_logs(make_world(seed)), world_sessions(seed)
    shown = make_features(logs.sessions, logs.candidate)
    ordered = logs.ordered.ravel()
    teacher: Any = make_ranker(_TEACHER)
    soft = teacher.estimator.fit(shown, ordered.astype(np.int8)).predict_proba(shown)[:, 1]
    unlabelled = make_features(sessions[:_HALF])
    lessons = {
        "hard": (shown, ordered.astype(float)),
        "soft": (shown, soft),
        "fresh": (unlabelled, ranker_scores(seed, "ensemble5").order[:_HALF].ravel()),
    }
    judged = sessions[_HALF:]
    rows = make_features(judged)
    found = {}
    for trees, labels in itertools.product(STUDENTS, LABELS):
        guess = student(trees).fit(*lessons[labels]).predict(rows)
        chance = np.clip(guess, 0, 1).astype(np.float32).reshape(judged.shape)
        # Squared error may predict outside [0, 1]; clipping loses only the order beyond the ends.
        found[f"student-{trees}-{labels}"] = chance
    return found


def best_pair(seed: int) -> tuple[str, str]:
    """The two members of the ensemble whose mean ranks a held-out log best, by AUC of orders."""
    sessions = world_sessions(seed)[:_HALF]
    held_out = held_out_log(sessions)
    happened = held_out.ordered.ravel()

    def score(pair: tuple[str, str]) -> float:
        one, other = (ranker_scores(seed, name).order[:_HALF] for name in pair)
        both = one + other
        return auc(np.take_along_axis(both, held_out.candidate, axis=1).ravel(), happened)

    return max(itertools.combinations(ENSEMBLE, 2), key=score)


def _orders(seed: int) -> tuple[dict[str, Scores], tuple[str, str], Sessions]:
    """All remedies' scores for the sessions judged, the pair, and those sessions.

    The click probabilities, which only ads depend on, are always the baseline's, except in
    cascades, where candidates that are cut score 0.
    """
    judged = world_sessions(seed)[_HALF:]
    click = ranker_scores(seed, BASELINE).click[_HALF:]

    def of(order: NDArray[np.float32]) -> Scores:
        return Scores(order, click)

    zoo = {name: of(ranker_scores(seed, name).order[_HALF:]) for name in (BASELINE, FIRST, *BIG)}
    found = dict(zoo)
    for big, cut in itertools.product(BIG, CUTS):
        found[f"cascade-{cut}-{big}"] = cascade(zoo[FIRST].order, zoo[big], cut)
    pair = best_pair(seed)
    one, other = (ranker_scores(seed, name).order[_HALF:] for name in pair)
    found["pair"] = of((one + other) / np.float32(2))
    found.update({name: of(order) for name, order in _student_probabilities(seed).items()})
    return found, pair, judged


def remedy_ms(remedy: str, pair: tuple[str, str] | None = None) -> float:
    """A remedy's own time for a request of 300 candidates, from the frozen table, ms.

    A student costs as much as the zoo's model with the same number of trees. The time of a
    cascade's second model is interpolated linearly between 30 and 300 candidates.

    Parameters
    ----------
    remedy : str
        A name in `remedies_table`.
    pair : tuple of two str, optional
        Members of "pair".

    Raises
    ------
    ValueError
        For an unknown name, or for "pair" without its members.
    """
    times = latency_table()["ms_300"]
    if remedy in times:
        return float(times[remedy])
    kind, *rest = remedy.split("-")
    if kind == "pair" and pair is not None:
        return float(times[list(pair)].sum())
    if kind == "student" and rest[0] in ("200", "50"):
        return float(times[f"hgb{rest[0]}"])
    if kind == "cascade" and rest[1] in times:
        return float(times[FIRST]) + request_latency(rest[1], int(rest[0])) - OVERHEAD_MS
    raise ValueError(f"remedy={remedy!r}, pair={pair!r}: expected a name of the table, and a pair")


@lru_cache(maxsize=4)
@memo
def remedy_rows(seed: int) -> pd.DataFrame:
    """A world's rows of the table: see `remedies_table`.

    Callers share the returned frame and must not change it.

    Parameters
    ----------
    seed : int
        The world's seed.
    """
    remedies, pair, judged = _orders(seed)
    base = launched(judged, remedies[BASELINE]).measure("orders")
    rows = []
    for name, scores in remedies.items():
        orders = launched(judged, scores).measure("orders")
        change, error = paired_change(base, orders, judged.customer)
        rows.append(
            {
                "world": seed,
                "remedy": name,
                "note": " + ".join(pair) if name == "pair" else "",
                "ms": remedy_ms(name, pair),
                "orders_change": change,
                "orders_change_se": error,
            }
        )
    return pd.DataFrame(rows)


@cache
def _table() -> pd.DataFrame:
    return shipped.read_table(__package__, "remedies.csv", comment="#", keep_default_na=False)


def remedies_table() -> pd.DataFrame:
    """What each way to keep an ensemble's gain brings and costs, in 20 worlds.

    Returns
    -------
    DataFrame, a row for each world and remedy
        ``world``; ``remedy``: "hgb200" (the baseline), "logistic", "hgb800_tuned", "ensemble5",
        "pair" (two members of ensemble5, chosen on a held-out log and named in ``note``),
        "cascade-{cut}-{second model}", "student-{trees}-{labels}" (see `LABELS`);
        ``ms``: CPU for a request of 300 candidates, orders and clicks, from the frozen table;
        ``orders_change``, ``orders_change_se``: percent against hgb200 at 0 ms, and the standard
        error from which customers were drawn.

    Notes
    -----
    All are judged on the second 2,500 of the world's 5,000 fresh sessions. The pair was chosen, and
    "fresh" students learnt, on the first 2,500. The teacher of "soft" is hgb800_tuned, because the
    ensemble's predictions for the logged rows would mean training its five members again in each
    world.
    """
    return _table().copy()


def main() -> None:
    """Make the table; its header says how it was made."""
    shipped.need_one_thread()
    table = shipped.in_worlds(remedy_rows, WORLDS)
    head = (
        "Orders and cost of distilled, cascaded and pruned rankers: see remedies_table().",
        shipped.cost_line("less where models came from the cache"),
    )
    path = shipped.folder(__file__) / "remedies.csv"
    shipped.write_table(
        path, table, head, "launchlab.serving.remedies", index=False, float_format="%.5g"
    )


if __name__ == "__main__":
    shipped.keep_computed()
    main()
