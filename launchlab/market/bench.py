"""How fast the marketplace is: ``python -m launchlab.market.bench``.

Times are CPU milliseconds of one thread (``time.thread_time``), the least of several repetitions,
because wall-clock time on a shared machine also measures other users. Memory is the peak that
Python and numpy allocate. Set ``OMP_NUM_THREADS=1`` for comparable figures.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable

from .evaluate import evaluate, evaluate_blocks, settle_bids
from .outcomes import expected_outcomes, true_scores
from .sessions import draw_sessions, session_blocks
from .slates import build_slates
from .world import World, make_world

N_SESSIONS = 20_000
TARGET_MS = 150.0
"""Target for ``total_ms``: 20,000 sessions drawn, ranked and evaluated on one core."""


def bench() -> dict[str, float]:
    """Measure the marketplace.

    Returns
    -------
    dict of str to float
        In CPU ms for 20,000 sessions unless the name says otherwise: world_ms (one world), draw_ms,
        score_ms (true scores), rank_ms (ranking and ad auction), outcomes_ms, settle_ms
        (advertisers' reaction, on 4,000 sessions), total_ms (draw, score, and everything
        :func:`evaluate` does), rescore_5000_ms (evaluating 5,000 cached sessions again),
        time_ratio_4x (total for four times the sessions, in blocks, over four times the total: 1 is
        linear), peak_mb (of 20,000 sessions in blocks) and peak_ratio_4x (peak for 80,000 over it:
        1 is bounded).
    """
    world = make_world(0)
    sessions = draw_sessions(world, N_SESSIONS, 0)
    scores = true_scores(sessions)
    slates = build_slates(sessions, scores)
    few, few_scores = sessions[:5_000], scores[:5_000]

    def whole() -> None:
        drawn = draw_sessions(world, N_SESSIONS, 0)
        evaluate(drawn, true_scores(drawn))

    figures = {
        "world_ms": _cpu_ms(lambda: make_world(0), 3),
        "draw_ms": _cpu_ms(lambda: draw_sessions(world, N_SESSIONS, 0)),
        "score_ms": _cpu_ms(lambda: true_scores(sessions)),
        "rank_ms": _cpu_ms(lambda: build_slates(sessions, scores)),
        "outcomes_ms": _cpu_ms(lambda: expected_outcomes(sessions, slates)),
        "settle_ms": _cpu_ms(lambda: settle_bids(sessions, scores)),
        "total_ms": _cpu_ms(whole),
        "rescore_5000_ms": _cpu_ms(lambda: evaluate(few, few_scores)),
    }
    once = _cpu_ms(lambda: _in_blocks(world, N_SESSIONS))
    figures["time_ratio_4x"] = _cpu_ms(lambda: _in_blocks(world, 4 * N_SESSIONS), 3) / (4 * once)
    figures["peak_mb"] = _peak_mb(lambda: _in_blocks(world, N_SESSIONS))
    figures["peak_ratio_4x"] = (
        _peak_mb(lambda: _in_blocks(world, 4 * N_SESSIONS)) / figures["peak_mb"]
    )
    return figures


def _in_blocks(world: World, n_sessions: int) -> None:
    evaluate_blocks(session_blocks(world, n_sessions, 0), true_scores)


def _cpu_ms(work: Callable[[], object], repetitions: int = 7) -> float:
    work()
    best = float("inf")
    for _ in range(repetitions):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return 1_000.0 * best


def _peak_mb(work: Callable[[], object]) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def main() -> None:
    """Print the figures, one per line."""
    figures = bench()
    for name, value in figures.items():
        print(f"market.{name:16s} {value:8.1f}")
    verdict = "met" if figures["total_ms"] < TARGET_MS else "MISSED"
    print(f"target for total_ms: under {TARGET_MS:.0f}: {verdict}")


if __name__ == "__main__":
    main()
