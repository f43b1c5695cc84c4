"""Compare one probe's value with the solution's. Pure, and outside every sandbox.

Both values have come through JSON, so that there is nothing to be run or
believed in them: only numbers, texts, truth values, nothing, lists and objects.
"""

import builtins
import math
from dataclasses import dataclass
from typing import Any

from coursework.sandbox.inside.plain import DEEPEST, MOST_BYTES, MOST_VALUES
from coursework.spec import Probe

_OF_PYTHON = {name for name, kind in vars(builtins).items() if isinstance(kind, type)}
#: Errors of libraries that an honest answer ends in.
_OF_LIBRARIES = {
    *("LinAlgError", "UFuncTypeError", "AxisError", "IndexingError", "NotFittedError"),
    *("URLError", "HTTPError", "gaierror", "PackageNotFoundError"),
}
_OURS = {
    "was not reached",
    "no answer",
    "gave no answer",
    "ended the process, or wrote no answer",
    f"more than {MOST_VALUES} values, expected a short answer",
    f"more than {MOST_BYTES} bytes, expected a short answer",
    f"nested deeper than {DEEPEST} levels",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a value is right.

    Parameters
    ----------
    right
        Whether it earns the probe's points.
    reason
        Why not, in words for the student; empty where it is right. It never
        holds the expected value.
    """

    right: bool
    reason: str = ""


def compare(expected: Any, got: Any, probe: Probe) -> Verdict:
    """Say whether a student's value is the solution's.

    Parameters
    ----------
    expected
        The solution's value, plain JSON data.
    got
        The student's, of the same kind.
    probe
        Its tolerances: a number is right within ``atol + rtol * |expected|``.

    Returns
    -------
    Verdict
        Numbers within tolerance, texts but for blanks at their ends, lists of
        one length element by element, objects of the same keys in any order.
        ``True`` is not 1, and NaN is never right where a number is due.
    """
    reason = _difference(expected, got, probe, "")
    return Verdict(not reason, reason)


def reworded(problem: Any, probe: Probe) -> str:
    """Return in the grader's own words why there is no answer.

    What is said about an answer comes from a process that has seen the question, and stands on a
    page that students read. So nothing of it is passed on but which of a few things it is.

    Parameters
    ----------
    problem
        As the sandbox says it.
    probe
        What was asked.
    """
    text = str(problem)
    if text in _OURS or text == f"took longer than {probe.seconds:g} s":
        return text
    kind = text.removeprefix("a value of type ").partition(",")[0]
    if text.startswith("a value of type ellipsis"):
        return "not answered yet: it is still the ..."
    if text.startswith("a value of type "):
        return (
            f"a value of type {kind}, expected plain data"
            if kind in _OF_PYTHON
            else ("a value of another type than plain data")
        )
    if text.startswith("could not be evaluated: "):
        return "could not be evaluated: the notebook's processes leave no room"
    kind = text.partition(":")[0]
    return kind if kind in _OF_PYTHON | _OF_LIBRARIES else "an error"


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (None)"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "no plain value"


def _difference(expected: Any, got: Any, probe: Probe, where: str) -> str:
    """Return what is wrong in words, or an empty text."""
    due, found = _kind(expected), _kind(got)
    if due != found:
        return f"{where}expected {due}, found {found}"
    if isinstance(expected, list):
        if len(expected) != len(got):
            return f"{where}expected {len(expected)} values, found {len(got)}"
        pairs = [(f"value {i}: ", a, b) for i, (a, b) in enumerate(zip(expected, got, strict=True))]
    elif isinstance(expected, dict):
        missing = [key for key in expected if key not in got]
        more = [key for key in got if key not in expected]
        if missing or more:
            # The key that is too much is the student's text, and the student has seen the question.
            return (
                f"{where}the key {missing[0]!r} is missing" if missing else f"{where}a key too much"
            )
        pairs = [(f"{key}: ", expected[key], got[key]) for key in expected]
    elif due == "a number":
        return _number_difference(float(expected), got, probe, where)
    elif due == "a text":
        return "" if expected.strip() == got.strip() else f"{where}another text is due"
    else:
        return "" if expected == got else f"{where}the other truth value is due"
    for inside, one, other in pairs:
        reason = _difference(one, other, probe, where + inside)
        if reason:
            return reason
    return ""


def _number_difference(expected: float, got: Any, probe: Probe, where: str) -> str:
    try:
        value = float(got)
    except OverflowError:
        return f"{where}the number is too large"
    if math.isnan(expected):
        # An honest "there is no such number": the solution says so too.
        return "" if math.isnan(value) else f"{where}expected no number (NaN)"
    if math.isnan(value):
        return f"{where}NaN where a number is due"
    if math.isinf(expected) or math.isinf(value):
        return "" if expected == value else f"{where}infinite where a finite number is due"
    if abs(value - expected) <= probe.atol + probe.rtol * abs(expected):
        return ""
    side = "too large" if value > expected else "too small"
    return f"{where}the number is {side}"
