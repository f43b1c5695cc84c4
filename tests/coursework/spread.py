"""How far a class differs: ``OMP_NUM_THREADS=1 python -m tests.coursework.spread [NAME ...]``.

Runs each assignment's solution with the seeds of sixty students and writes ``spread.csv`` beside
this file: a row for each probe, with how often one student's answer is wrong for another, and for
a conclusion in how many towns the book's own turns round. Some fifteen minutes of CPU.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursework import marks, spec
from coursework.compare import compare
from coursework.sandbox.inside.plain import plain
from coursework.seeds import class_seed
from coursework.submissions import code_cells
from tests.conftest import ROOT

TABLE = Path(__file__).with_name("spread.csv")
STUDENTS = tuple(f"student {number}" for number in range(60))
FRESH = 20_261
COLUMNS = (
    *("assignment", "question", "says", "points", "function", "distinct", "differ"),
    *("public", "flips", "nearest", "unit", "answers"),
)


@dataclass(frozen=True)
class Conclusion:
    """A finding of the book that is asked for anew in each student's town.

    Parameters
    ----------
    public
        What the book found, as the answer would say it.
    distance
        Expression: how far the town is from where the answer turns, 0 or more.
    unit
        Of that distance.
    """

    public: Any
    distance: str
    unit: str


CONCLUSIONS = {
    "capstone": {
        "surer_is_dearer": Conclusion(
            True, "abs(surer / loose - 1) * 100", "% of the cost (4 is tolerated)"
        ),
        "peeking_worse": Conclusion(
            False,
            "abs(peeking_costs / never_costs - 1) * 100",
            "% of never looking (5 is tolerated)",
        ),
        "winner_was_best": Conclusion(
            False,
            "min((100 * abs(later.margin[looked_at] / one - 1) for one in"
            " later.margin[kept_in(later)].drop(looked_at, errors='ignore')), default=9.0)",
            "% of margin from the next best",
        ),
        "manager_got_it": Conclusion(
            False, "abs(came[2] / promised[2] - 1) * 100", "% of the promise"
        ),
    },
    "objectives": {
        "life_falls": Conclusion(
            True, "abs(all_clicks['life_value'])", "% of the value (0.2 is tolerated)"
        ),
        "decision": Conclusion(
            "ship",
            "min(abs(end - LEAST) for end in interval) / (interval[1] - interval[0]) * 3.92",
            "standard errors",
        ),
        "in_a_quarter": Conclusion(False, "abs(weeks / 13 - 1) * 100", "% of a quarter"),
        "replay_leans": Conclusion(
            "high", "abs(replayed / estimate - 1) * 100", "% of the estimate"
        ),
        "under_a_fifth": Conclusion(
            True, "abs(effective / 4000 - 1) * 100", "% of a fifth of the log"
        ),
    },
    "ensembling": {
        "pays": Conclusion(
            False,
            "abs(ensemble_error / ((test - test_target) ** 2).mean(axis=1).min() - 1) * 100",
            "% of the error",
        ),
        "upgrade_hurts": Conclusion(
            True, "abs(kept_error / blend_error - 1) * 100", "% of the error"
        ),
        "in_time": Conclusion(
            False,
            "abs(Stragglers(share=TOWN['straggling']).quantile(0.99, 4) / TOWN['limit'] - 1) * 100",
            "% of the limit",
        ),
        "stays_ahead": Conclusion(
            True,
            "abs((1 + OFFER['gain']) * (1 - OFFER['lost'] / 100) ** OFFER['slower'] - 1) * 100",
            "% of orders",
        ),
        "worth_it": Conclusion(False, "abs(needed / SESSIONS - 1) * 100", "% of the sessions"),
    },
    "software": {
        "trees_lose_less": Conclusion(
            True, "abs(loss['hgb50'] - loss['logistic'])", "percentage points (0.5 is tolerated)"
        ),
        "ads_rise": Conclusion(
            True, "abs(ads(server) / ads(trainer) - 1) * 100", "% of ads (1 is tolerated)"
        ),
        "naive_alarm": Conclusion(True, "abs(naive_psi / 0.2 - 1) * 100", "% of the limit"),
        "worse_than_none": Conclusion(
            True, "abs(leaky.orders / POPULARITY - 1) * 100", "% of orders"
        ),
        "canary_sees": Conclusion(
            True, "abs(lost / least_here - 1) * 100", "% of the least loss (10 is tolerated)"
        ),
        "upper_needed": Conclusion(
            True,
            "min(abs(100 * one.orders / clean.orders - 99) for one in RELEASES)",
            "% of orders from harmful",
        ),
    },
    "operations": {
        "adding_misleads": Conclusion(
            True, "abs(abs(added_up - within_days) - 2)", "percentage points from the 2"
        ),
        "tiny_loses_more": Conclusion(
            True, "abs(tiny / tenth - 1) * 100", "% of what the canary of 10 % loses"
        ),
        "stages_best": Conclusion(
            False,
            "100 * releases.stages_differ(SERVICE, CHANCES, LEVEL)",
            "% of the cost (1 is tolerated)",
        ),
        "loudest_harmless": Conclusion(
            True,
            "abs(costs_here[loudest] - 3)",
            "percentage points from worth waking for",
        ),
        "mean_drowns": Conclusion(
            True, "abs(peak_work / naive - 1) * 100", "% of the servers (2 is tolerated)"
        ),
    },
    "stakeholders": {
        "half_of_ads": Conclusion(
            True, "abs(conflict(menu)[1][0] - 50)", "percentage points (1 is tolerated)"
        ),
        "dearer_wish": Conclusion(
            "orders",
            "abs(conflict(menu)[2][0] - conflict(menu)[2][1])",
            "percentage points (1 is tolerated)",
        ),
        "binding": Conclusion(
            ["ad_revenue", "orders"],
            "min(p if p > 1e-7 else 9 for p in agreed.prices.values())",
            "$ of margin per order or dollar of ads",
        ),
        "dearer": Conclusion(
            True,
            "abs(order_price - menu.margin[today] / menu.orders[today])",
            "$ per order (0.25 is tolerated)",
        ),
        "half_ok": Conclusion(False, "abs(share_here - 0.5) * 100", "% of the traffic"),
    },
}


def solution(name: str) -> tuple[str, ...]:
    """The cells of an assignment's solution, without its checks."""
    cells, problem = code_cells((ROOT / "solutions" / name / f"{name}.ipynb").read_bytes())
    assert problem == ""
    return tuple(cell for cell in cells if not cell.startswith("grader.check("))


def finished(name: str, seed: int) -> dict[str, Any]:
    """The variables of the solution, run in this process with a student's seed."""
    before = dict(os.environ)
    os.environ["LAUNCHLAB_CLASS_SEED"] = str(seed)
    space: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in solution(name):
                exec(cell, space)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return space


def answers(
    name: str, seed: int, space: dict[str, Any] | None = None
) -> tuple[list[Any], dict[str, float]]:
    """What the solution answers to each probe, and each conclusion's distance from its turn.

    Its variables may be given, if `finished` has computed them already.
    """
    space = finished(name, seed) if space is None else space
    asked = marks.probes(spec.load(name))
    values = [plain(eval(answer_of(probe).with_seed(FRESH), space)) for _, probe in asked]
    away = {
        one: float(eval(conclusion.distance, space))
        for one, conclusion in CONCLUSIONS[name].items()
    }
    return values, away


def answer_of(probe: spec.Probe) -> spec.Probe:
    """The probe, or where it looks at what an answer brings, one that looks at the answer."""
    for name in ("best_dial", "best_ridge"):
        if name in probe.expression:
            return dataclasses.replace(probe, expression=name, rtol=1e-9)
    if "(chosen," in probe.expression:
        # Several plans may be near enough to the best: which ones is asked for, too.
        each = probe.expression.replace("(chosen,", "(one,")
        every = f"[one for one in PLANS if {each}]"
        return dataclasses.replace(probe, expression=f"{{'chosen': chosen, 'right': {every}}}")
    return probe


def right_for(mine: Any, theirs: Any, probe: spec.Probe) -> bool:
    """Whether a classmate's answer earns the points of a probe in my town."""
    if isinstance(mine, dict) and set(mine) == {"chosen", "right"}:
        return theirs["chosen"] in mine["right"]
    return compare(mine, theirs, answer_of(probe)).right


def conclusion_of(probe: spec.Probe, name: str) -> str:
    """The conclusion that a probe asks for; an empty text where it asks for none."""
    first = probe.expression.split()[0]
    return first if first in CONCLUSIONS[name] else ""


def is_function(probe: spec.Probe) -> bool:
    """Whether a function is asked, whose code is right for everybody, not a value."""
    return "your function" in probe.says


def letter(value: Any) -> str:
    """A conclusion in two letters, or fewer."""
    parts = value if isinstance(value, list) else [value]
    return "".join(str(part)[: 2 if len(parts) == 1 else 1] for part in parts) or "-"


def rows(name: str, found: Sequence[tuple[list[Any], dict[str, float]]]) -> Iterable[list[Any]]:
    """The table's rows of one assignment, from the answers of its students."""
    for place, (question, asked) in enumerate(marks.probes(spec.load(name))):
        values = [one[place] for one, _ in found]
        pairs = [(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
        differ = sum(not right_for(a, b, asked) for a, b in pairs) / len(pairs)
        distinct: list[Any] = []
        for value in values:
            if not any(right_for(one, value, asked) for one in distinct):
                distinct.append(value)
        row = [name, question, asked.says, f"{asked.points:g}", is_function(asked) * 1]
        row += [len(distinct), f"{differ:.2f}"]
        which = conclusion_of(asked, name)
        if which:
            public = CONCLUSIONS[name][which]
            # Of another kind is an answer only where either counts, and the probe says True.
            kind = type(public.public)
            turned = [value for value in values if isinstance(value, kind)]
            flips = sum(value != public.public for value in turned) / len(values)
            nearest = min(away[which] for _, away in found)
            row += [letter(public.public), f"{flips:.2f}", f"{nearest:.3g}", public.unit]
            row += [" ".join(letter(value) for value in values)]
        yield row + [""] * (len(COLUMNS) - len(row))


def main(names: Sequence[str]) -> None:
    """Write the table; rows of assignments that are not named stay as they are."""
    kept: list[list[Any]] = []
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.reader(file) if row[0] not in ("assignment", *names)]
    for name in names:
        found = []
        for student in STUDENTS:
            found.append(answers(name, class_seed("a secret", name, student)))
            print(name, student, file=sys.stderr)
        kept += list(rows(name, found))
    kept.sort(key=lambda row: row[0])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *kept])


if __name__ == "__main__":
    main(sys.argv[1:] or spec.names())
