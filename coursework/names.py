"""Whose is this? Names as people, file systems and an LMS write them, found on a roster.

A student who is called *José Muñoz* on the roster may come as ``Muñoz, José``, in another Unicode
form, with two blanks, as ``muñozjosé`` from Canvas, or as ``Jos├⌐ Mu├▒oz`` from a zip that does
not say how its names are written. Whoever cannot be told for sure is nobody.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: How a zip's names may have been written, other than zipfile takes them to be.
_READ_AS = ("cp437", "cp1252", "latin-1", "mac_roman")
_WRITTEN_AS = ("utf-8", "cp1252", "cp850", "mac_roman", "cp932", "gbk", "cp1251", "cp866")
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    }
)


def key(name: str) -> str:
    """Return what two spellings of one name have in common.

    The same Unicode form, small letters, one plain blank between words, typewriter's quotes and
    hyphens, and nothing invisible.
    """
    shown = "".join(
        sign if sign.isspace() else "" if unicodedata.category(sign) in ("Cf", "Cc") else sign
        for sign in name
    )
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold())
    return " ".join(folded.translate(_SAME).split())


def flipped(name: str) -> str:
    """Return "First Last" of "Last, First"; other names as they are."""
    parts = [part.strip() for part in re.split("[,\uff0c\u3001]", name)]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else name


def squeezed(name: str) -> str:
    """Return the letters and digits alone, as Canvas does in a file's name."""
    return "".join(sign for sign in key(name) if unicodedata.category(sign)[0] in "LMN")


def _broken(name: str) -> bool:
    """Say whether there is in it what no name holds, such as half of a letter."""
    return any(unicodedata.category(sign)[0] in "CS" for sign in name)


def _orders(name: str) -> set[str]:
    """Return the squeezed name, with the last names first too, wherever they begin."""
    words = key(flipped(name)).split()
    turned = (words[at:] + words[:at] for at in range(max(len(words), 1)))
    return {squeezed(name), *(squeezed(" ".join(one)) for one in turned)}


def misread(name: str) -> list[str]:
    """Return what a name may have been before somebody read it in the wrong encoding."""
    if name.isascii():
        return []
    found = []
    # On Linux a name that is no UTF-8 comes with its bytes escaped, and with nothing misread.
    ways = [("utf-8", "surrogateescape"), *((read, "strict") for read in _READ_AS)]
    for (read, errors), written in itertools.product(ways, _WRITTEN_AS):
        try:
            other = name.encode(read, errors).decode(written)
        except UnicodeError:
            continue
        if other != name and other not in found:
            found.append(other)
    return found


@dataclass(frozen=True)
class Person:
    """Somebody on the roster.

    Parameters
    ----------
    student
        The name, unique on the roster: two of one name have their numbers behind it.
    ident
        The LMS's number, or an empty text.
    called
        The name alone.
    more
        What else the roster says, such as the section: small-lettered heading to text.
    """

    student: str
    ident: str = ""
    called: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """Who is meant: one, none, or several that cannot be told apart."""

    people: tuple[Person, ...] = ()

    @property
    def sure(self) -> Person | None:
        """The one who is meant, if it is one."""
        return self.people[0] if len(self.people) == 1 else None


class Roster:
    """A class, in which names and numbers can be looked up.

    Parameters
    ----------
    people
        In the order of the roster.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people = tuple(people)
        self._names: dict[str, list[Person]] = {}
        self._loose: dict[str, list[Person]] = {}
        self._numbers: dict[str, list[Person]] = {}
        for one in self.people:
            called = one.called or one.student
            for form in {key(called), key(flipped(called)), key(one.student)}:
                self._names.setdefault(form, []).append(one)
            for form in _orders(called):
                self._loose.setdefault(form, []).append(one)
            if one.ident:
                self._numbers.setdefault(key(one.ident), []).append(one)

    def __bool__(self) -> bool:
        return bool(self.people)

    def find(self, name: str, ident: str = "", loose: bool = True) -> Match:
        """Look somebody up: by name, then by number, then by what an LMS or a zip makes of names.

        Parameters
        ----------
        name
            As it stands in the archive, sheet or file of marks.
        ident
            The LMS's number, or an empty text.
        loose
            Whether to try the last of the three.
        """
        number = self._numbers.get(key(ident), []) if ident else []
        named = self._either(self._names, key(name), key(flipped(name)))
        if len(named) > 1:
            both = [one for one in named if one in number]
            return Match(tuple(both or named))
        if named or number:
            return Match(tuple(named or number))
        if not loose:
            return Match()
        guesses = _guesses(name)
        for guess in guesses:
            if meant := self._either(self._names, key(guess), key(flipped(guess))):
                return Match(tuple(meant))
        # Only what is left out on purpose may be left out: a broken letter is no such thing.
        whole = (guess for guess in guesses if squeezed(guess) and not _broken(guess))
        for guess in whole:
            if meant := self._loose.get(squeezed(guess), []):
                return Match(tuple(meant))
        return Match()

    @staticmethod
    def _either(where: Mapping[str, Sequence[Person]], *forms: str) -> list[Person]:
        found: list[Person] = []
        for form in forms:
            found += [one for one in where.get(form, ()) if one not in found]
        return found


def _guesses(name: str) -> list[str]:
    """Return other spellings of a name, the likeliest first."""
    guesses = [name, name.replace("_", " "), re.sub(r"[\s_-]*\(\d+\)$", "", name), *misread(name)]
    # Moodle writes a group before the name: "Group 1-Ada Lovelace".
    guesses += [name[at + 1 :] for at, sign in enumerate(name) if sign == "-"]
    return guesses
