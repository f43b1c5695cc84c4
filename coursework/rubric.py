"""By what a person marks: the criteria of each written question, from a few lines of TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUBRICS = Path(__file__).parent / "rubrics"


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at.

    Parameters
    ----------
    name
        In a word or a few.
    levels
        What earns 0, 1, 2 and so on, in words.
    """

    name: str
    levels: tuple[str, ...]


def read(name: str, path: Path | None = None) -> dict[str, tuple[Criterion, ...]]:
    """Read a rubric: question to its criteria.

    Parameters
    ----------
    name
        The assignment.
    path
        An instructor's own file. Without one, the course's counts where it has one.

    Raises
    ------
    ValueError
        When the file says what is no rubric: the message names file, key and what was expected.
    """
    public = RUBRICS / f"{name}.toml"
    if path is None and not public.is_file():
        return {}
    try:
        data = tomllib.loads((path or public).read_text(encoding="utf-8-sig"))
        return {question: _criteria(question, given) for question, given in data.items()}
    except ValueError as error:
        raise ValueError(f"{path or public}: {error}") from error


def _criteria(question: str, given: Any) -> tuple[Criterion, ...]:
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise ValueError(f"{question} is {given!r}, expected tables, written [[{question}]]")
    return tuple(_criterion(question, one) for one in given)


def _criterion(question: str, given: Mapping[str, Any]) -> Criterion:
    if set(given) != {"name", "levels"}:
        raise ValueError(f"{question} has {', '.join(given)}, expected name and levels")
    name, levels = given["name"], given["levels"]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{question}: name is {name!r}, expected a text")
    if (
        not isinstance(levels, list)
        or not levels
        or not all(isinstance(one, str) for one in levels)
    ):
        raise ValueError(f"{question}: levels is {levels!r}, expected a list of texts")
    return Criterion(name, tuple(levels))
