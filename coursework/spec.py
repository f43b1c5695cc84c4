"""What an assignment asks for: questions, probes, points and minutes.

A master ``NAME.py`` holds the text; ``NAME.toml`` beside it says what is graded.
A *probe* is an expression that is evaluated in the student's finished notebook
and in the solution's; the two values are compared outside both. (It has nothing
to do with the *probe set* of `launchlab.ratings`.)
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

ASSIGNMENTS = Path(__file__).parent / "assignments"
#: In an expression, the grader writes a fresh number in place of this.
FRESH = "{seed}"

T = TypeVar("T")


class SpecError(ValueError):
    """An assignment's file says something that cannot be graded."""


@dataclass(frozen=True)
class Probe:
    """One expression whose value earns points.

    Parameters
    ----------
    expression
        Python, evaluated in the finished notebook, such as ``best_weight`` or
        ``net_orders(3)``. ``{seed}`` in it becomes a fresh number at every
        grading, the same for the student and the solution.
    points
        What a right value earns, above 0.
    says
        What the value is, in words that a student reads beside the mark.
    rtol, atol
        A number is right within ``atol + rtol * |expected|``.
    seconds
        How long the expression may take.
    """

    expression: str
    points: float
    says: str
    rtol: float = 1e-6
    atol: float = 0.0
    seconds: float = 10.0

    def __post_init__(self) -> None:
        where = f"the probe {self.expression!r}"
        _text(where, "expression", self.expression)
        _text(where, "says", self.says)
        _number(where, "points", self.points, above=0)
        _number(where, "rtol", self.rtol, least=0)
        _number(where, "atol", self.atol, least=0)
        _number(where, "seconds", self.seconds, above=0)
        try:
            compile(self.expression.replace(FRESH, "0"), "<probe>", "eval")
        except SyntaxError as error:
            raise SpecError(f"{where}: expected one Python expression ({error.msg})") from error

    def with_seed(self, seed: int) -> str:
        """Return the expression with ``{seed}`` replaced."""
        return self.expression.replace(FRESH, str(seed))


@dataclass(frozen=True)
class Question:
    """One question: what it asks, and how it is marked.

    Parameters
    ----------
    name
        As in the master, such as ``q1``.
    title
        A few words.
    minutes
        How long it is expected to take.
    probes
        What the grader checks.
    written_points
        What a person marks by the rubric, 0 where nobody does.
    """

    name: str
    title: str
    minutes: float
    probes: tuple[Probe, ...] = ()
    written_points: float = 0.0

    def __post_init__(self) -> None:
        where = f"question {self.name!r}"
        if not isinstance(self.name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise SpecError(f"{where}: name: expected small letters, digits and _, such as q1")
        _text(where, "title", self.title)
        _number(where, "minutes", self.minutes, above=0)
        _number(where, "written_points", self.written_points, least=0)
        if not self.probes and not self.written_points:
            raise SpecError(f"{where}: expected probes or written_points, got neither")

    @property
    def probe_points(self) -> float:
        """What the grader can give."""
        return sum(probe.points for probe in self.probes)

    @property
    def points(self) -> float:
        """All points of the question."""
        return self.probe_points + self.written_points


@dataclass(frozen=True)
class Assignment:
    """An assignment: its name, title, time limits and questions.

    Parameters
    ----------
    name
        The name of its files, such as ``objectives``.
    title
        As the notebook's first heading has it.
    questions
        In the order of the notebook.
    run_seconds
        How long the whole notebook may run when it is graded.
    cell_seconds
        How long one cell may.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    run_seconds: float = 180.0
    cell_seconds: float = 60.0

    def __post_init__(self) -> None:
        where = f"assignment {self.name!r}"
        _text(where, "title", self.title)
        _number(where, "run_seconds", self.run_seconds, above=0)
        _number(where, "cell_seconds", self.cell_seconds, above=0)
        if not self.questions:
            raise SpecError(f"{where}: expected at least one question")
        names = [question.name for question in self.questions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise SpecError(f"{where}: two questions are called {twice[0]!r}")

    @property
    def probe_points(self) -> float:
        """What the grader can give."""
        return sum(question.probe_points for question in self.questions)

    @property
    def points(self) -> float:
        """All points, written parts included."""
        return sum(question.points for question in self.questions)

    @property
    def minutes(self) -> float:
        """The expected time in minutes."""
        return sum(question.minutes for question in self.questions)


def names() -> tuple[str, ...]:
    """Return the names of the course's assignments, in alphabetical order."""
    return tuple(sorted(path.stem for path in ASSIGNMENTS.glob("*.toml")))


def load(name: str, private: Path | None = None) -> Assignment:
    """Read one assignment.

    Parameters
    ----------
    name
        Such as ``objectives``.
    private
        An instructor's folder. A ``NAME.toml`` there adds its questions'
        probes to those of the same name here, and new questions at the end;
        where it says ``replace = true`` it stands in place of the public one.

    Raises
    ------
    SpecError
        When there is no such assignment, or a file says what cannot be graded:
        the message names file, key and what was expected.
    """
    public = ASSIGNMENTS / f"{name}.toml"
    own = None if private is None else Path(private) / f"{name}.toml"
    # The public folder, named as the private one, adds nothing to itself.
    if own is not None and own.is_file() and own.resolve() != public.resolve():
        more, replaces = _read(own, name)
        if replaces or not public.is_file():
            return more
        return _merged(_read(public, name)[0], more)
    if not public.is_file():
        raise SpecError(f"there is no assignment {name!r}; expected one of: {', '.join(names())}")
    return _read(public, name)[0]


def _merged(public: Assignment, more: Assignment) -> Assignment:
    """Add the probes and questions of ``more`` to the public assignment."""
    extra = {question.name: question for question in more.questions}
    questions = [
        replace(question, probes=question.probes + extra.pop(question.name).probes)
        if question.name in extra
        else question
        for question in public.questions
    ]
    return replace(public, questions=(*questions, *extra.values()))


def _read(path: Path, name: str) -> tuple[Assignment, bool]:
    """Read one file; return also whether it replaces the public one."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: not TOML: {error}") from error
    replaces = data.pop("replace", False)
    try:
        questions = tuple(_question(entry) for entry in _tables(data, "questions"))
        return _make(Assignment, {**data, "name": name, "questions": questions}), replaces
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from error


def _question(data: Mapping[str, Any]) -> Question:
    probes = tuple(_make(Probe, entry) for entry in _tables(data, "probes"))
    return _make(Question, {**data, "probes": probes})


def _tables(data: Mapping[str, Any], key: str) -> Iterable[Mapping[str, Any]]:
    entries = data.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SpecError(f"{key}: expected tables, written [[{key}]]")
    return entries


def _make(kind: type[T], data: Mapping[str, Any]) -> T:
    """Make a dataclass from a table; unknown and missing keys are named."""
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    unknown = [key for key in data if key not in known]
    if unknown:
        raise SpecError(f"unknown key {unknown[0]!r}; expected one of: {', '.join(known)}")
    try:
        return kind(**data)
    except TypeError as error:
        raise SpecError(f"{dict(data).get('name', kind.__name__)}: {error}") from error


def _text(where: str, key: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise SpecError(f"{where}: {key} is {value!r}, expected a text")


def _number(
    where: str, key: str, value: object, *, above: float = -math.inf, least: float = -math.inf
) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not (value > above and value >= least):  # type: ignore[arg-type, operator]
        bound = f"above {above:g}" if math.isfinite(above) else f"of at least {least:g}"
        raise SpecError(f"{where}: {key} is {value!r}, expected a number {bound}")
