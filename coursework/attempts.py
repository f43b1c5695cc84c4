"""Which of one student's attempts counts, where it is the best."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from coursework.marks import LOOK, Result
from coursework.policy import Lateness


@dataclass(frozen=True)
class Try:
    """One attempt, graded.

    Parameters
    ----------
    result
        What the grader found.
    late
        What being late costs it.
    """

    result: Result
    late: Lateness

    @property
    def final(self) -> float:
        """What the probes earned, less the deduction."""
        return self.result.score - self.late.deduction(self.result.score)


def best(tries: Sequence[Try]) -> Try:
    """Return the attempt with the highest mark after deduction; of two such ones the later.

    Where an attempt is not graded in full, or nobody knows when it was handed in, it might be the
    best one: a person looks.

    Parameters
    ----------
    tries
        One or more, the earliest first.
    """
    chosen = max(reversed(tries), key=lambda one: one.final)
    result, late = chosen.result, chosen.late
    most = sum(mark.most for mark in result.marks)
    others = [one for one in tries if one is not chosen]
    unsure = [one for one in others if one.late.look or one.result.status in LOOK]
    if unsure and (late.look or result.status in LOOK or chosen.final < most):
        first = unsure[0]
        why = first.late.look or first.result.status
        reason = f"another attempt may be better: {first.result.where}: {why}"
        status = "flagged" if result.status == "graded" else result.status
        said = "; ".join(part for part in (reason, result.reason) if part)
        result = dataclasses.replace(result, status=status, reason=said)
    return Try(result, late)
