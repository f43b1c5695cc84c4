"""What becomes of a prediction: a typed answer is read, judged once, and kept as a record.

``front/prediction.js`` is the JavaScript twin of `read`, `record` and `verdict`; ``front/kept.js``
says how a browser keeps records, and how a later edition of the book reads them.
"""

from __future__ import annotations

import math
import re
from typing import Any

from launchlab.rounding import fixed, significant

# Raise it when a field changes its meaning; see kept.js.
SCHEMA = 1
# How sure a reader may say they are: as a record holds it, and in words.
SURE = {"guess": "a guess", "fairly": "fairly sure", "certain": "certain"}
NO_BREAK = "\u00a0"

_SPACES = re.compile("[ \t\r\n\u00a0\u2007\u2009\u202f]+")
_MINUS = re.compile("[\u2212\u2012\u2013\uff0d]")
_ANSWER = re.compile(r"(\$?) ?([+-]?) ?(\$?) ?([0-9.,][0-9.,'\u2019 ]*)(.*)", re.DOTALL)
# Units of a count: "8 of 20". What two counts differ by is a number alone.
_COUNTED = ("of ", "in ")
# Plurals that are measured, or counted on average; what other plurals name is whole.
_MEASURED = ("points", "times", "places", "orders")
# A miss by this factor is told without its size, which says no more.
_FAR = 10
# What readers write for a unit, beside the unit itself.
_OTHER_NAMES = {
    "%": ("percent", "per cent"),
    "$": ("dollar", "dollars"),
    "ms": ("milliseconds",),
    "points": ("percentage points", "%", "percent"),
    "of 100": ("%", "percent"),
    "in 100": ("%", "percent"),
}


class AnswerError(ValueError):
    """A typed answer cannot be taken; the message asks for another one."""


def read(question: dict[str, Any], text: str) -> float:
    """The number that a reader has typed.

    A comma may be the decimal mark ("89,6"), a minus the typographic one, and the unit may be
    typed too ("12 %", "$4"). A comma before exactly three digits has two readings: "1,500" is
    fifteen hundred in English and one and a half elsewhere. It is read as the one that lies in the
    question's range; if both do, the reader is asked. Before three zeros ("1,000") it is a
    thousand: nobody writes one so.

    Parameters
    ----------
    question : dict
        As `Question.public` returns it.
    text : str

    Raises
    ------
    AnswerError
        If it is no number, lies outside the range, or has two readings.
    """
    low, high, unit = question["low"], question["high"], question["unit"]
    typed = _SPACES.sub(" ", text).strip(" ")
    parts = _ANSWER.fullmatch(_MINUS.sub("-", typed))
    if low is None:
        wanted = "Write a number, or skip"
        low, high = -math.inf, math.inf
    else:
        wanted = f"Write a number from {span(low, high, unit)}, or skip"
    values: list[float] = []
    if parts and _is_unit(unit, parts[1] or parts[3], parts[5]):
        sign = -1 if parts[2] == "-" else 1
        # Adding 0 makes 0 of -0.
        values = [sign * float(one) + 0.0 for one in _readings(parts[4].strip(" "))]
    if not values:
        raise AnswerError(f"{wanted}.")
    fitting = [value for value in values if low <= value <= high and math.isfinite(value)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        whole, parted = (significant(value, 6).replace(",", "") for value in fitting)
        raise AnswerError(
            f"“{typed}” may mean {whole} or {parted}: write it without the comma, or skip."
        )
    raise AnswerError(f"{wanted}: {typed[:40]} lies outside.")


def _is_unit(unit: str, money: str, rest: str) -> bool:
    """Whether what is typed around a number is its unit, the beginning of it, or nothing."""
    if money and (rest or not unit.startswith("$")):
        return False
    words = unit.lower().split(" ")
    names = {" ".join(words[:count]) for count in range(len(words) + 1)}
    names.update(_OTHER_NAMES.get(unit, ()), _OTHER_NAMES.get(words[0], ()), [_one(unit).lower()])
    return rest.strip(" ").lower() in names


def _readings(text: str) -> list[str]:
    """The decimals that digits with marks may mean; none, if they are put together wrongly."""
    if re.fullmatch(r"[0-9]+[.,]?", text):
        return [text.rstrip(".,")]
    if re.fullmatch(r"[0-9]*\.[0-9]+", text):
        return [text]
    if re.fullmatch(r"[0-9]{1,3}([ '\u2019][0-9]{3})+([.,][0-9]+)?", text):
        return [re.sub(r"[ '\u2019]", "", text).replace(",", ".")]
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+", text):
        return [text.replace(",", "")]
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3}){2,}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", text):
        return [text.replace(".", "").replace(",", ".")]
    if re.fullmatch(r"[1-9][0-9]{0,2},000", text):
        return [text.replace(",", "")]
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text):
        return [text.replace(",", ""), text.replace(",", ".")]
    if re.fullmatch(r"[0-9]*,[0-9]+", text):
        return [text.replace(",", ".")]
    return []


def _one(unit: str) -> str:
    """A unit after the number 1: "world" of "worlds"."""
    return unit[:-1] if len(unit) > 3 and unit.endswith("s") else unit


def _is_whole(unit: str) -> bool:
    """Whether a unit's numbers are whole: "of 20", "sessions a week"."""
    noun = unit.split(" ")[0]
    plural = len(noun) > 3 and noun.endswith("s")
    return unit.startswith(_COUNTED) or (plural and noun not in _MEASURED)


def quantity(value: float, unit: str, digits: int) -> str:
    """A number with its unit: a typographic minus, a no-break space, and "$4".

    Parameters
    ----------
    value : float
    unit : str
    digits : int
        Significant digits at most.
    """
    text = significant(value, digits)
    sign = "\u2212" if text.startswith("-") else ""
    text = text.removeprefix("-")
    if unit.startswith("$"):
        sign, unit = f"{sign}$", unit[1:].strip(" ")
    unit = _one(unit) if text == "1" else unit
    return f"{sign}{text}{NO_BREAK if unit else ''}{unit}"


def span(low: float, high: float, unit: str) -> str:
    """A range with its unit: "0 to 50 %"."""
    unit = "" if unit.startswith(_COUNTED) else unit
    return f"{quantity(low, '$' if unit == '$' else '', 6)} to {quantity(high, unit, 6)}"


def distance(off: float, unit: str) -> str:
    """How far two values are apart; percentages differ by points."""
    if unit.startswith("%"):
        unit = "points"
    unit = "" if unit.startswith(_COUNTED) else unit
    return quantity(off, unit, 2 if off < 100 else 3)


def record(asked: dict[str, Any], said: Any, sure: str | None) -> dict[str, Any]:
    """A prediction, with all that it takes to judge it without the lab.

    Parameters
    ----------
    asked : dict
        The question as a page gets it: see `launchlab.lab.lives.page.asked`.
    said : float, or an option's value, or None
        None: the reader has skipped the question.
    sure : str, optional
        A key of `SURE`.

    Returns
    -------
    dict
        JSON data. Of options, ``said`` and ``truth`` are the names.
    """
    names = dict(zip(asked["values"], asked["names"], strict=True))
    named = names.get if names else lambda value: value
    return {
        "schema": SCHEMA,
        "lab": asked["lab"],
        "question": asked["text"],
        "setting": asked["setting"],
        "words": asked["words"],
        "said": None if said is None else named(said),
        "truth": named(asked["truth"]),
        "unit": asked["unit"],
        "tolerance": asked["tolerance"],
        "sure": sure,
        "book": asked["book"],
    }


def verdict(kept: dict[str, Any]) -> str:
    """What is said of a prediction, by its record alone; nothing where the reader skipped.

    Parameters
    ----------
    kept : dict
        From `record`.
    """
    said, truth, unit = kept["said"], kept["truth"], kept["unit"]
    if said is None:
        return ""
    if isinstance(truth, str):
        guess, right, judged = f"“{said}”", f"“{truth}”", "Right." if said == truth else ""
    else:
        if _is_whole(unit):
            truth = float(fixed(truth).replace(",", ""))
        guess, right = quantity(said, unit, 4), quantity(truth, unit, 3)
        if significant(said, 3) == significant(truth, 3):
            judged = "Right."
        elif abs(said - truth) <= kept["tolerance"]:
            judged = f"Close: {distance(abs(said - truth), unit)} off."
        elif said * truth > 0 and not 1 / _FAR < said / truth < _FAR:
            too = "high" if said > truth else "low"
            right, judged = f"{right}; your guess was far too {too}", ""
        else:
            judged = f"That is {distance(abs(said - truth), unit)} off."
    sure = f" ({SURE[kept['sure']]})" if kept["sure"] else ""
    parts = [f"You predicted {guess}{sure}.", f"It is {right}.", judged]
    return " ".join([*filter(None, parts), f"Asked at: {kept['words']}."])
