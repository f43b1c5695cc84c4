"""Read what a class has handed in: a folder of notebooks, or a zip from an LMS.

Nothing is unpacked to disk, no link is followed, and nothing is lost: what cannot be read becomes
a submission with a problem, what is not graded is listed with the reason. How archives are opened
stands in ``archives``, how their names are understood in ``layout`` and ``names``.
"""

import contextlib
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coursework import archives, layout, text
from coursework.archives import Member
from coursework.layout import Whose
from coursework.names import Person, Roster, key
from coursework.reading import Text, read_notebook, read_whole

#: Which of several attempts counts: the last, the first, the last that is not late, or the best,
#: which only grading tells.
Attempt = Literal["last", "first", "on time", "best"]


@dataclass(frozen=True)
class Submission:
    """One student's notebook.

    Parameters
    ----------
    student
        As the file or folder names the student, or as the roster does.
    where
        Where it lay in the folder or zip.
    cells
        The sources of its code cells; empty when there is a problem.
    problem
        Why it cannot be run, or an empty text.
    digest
        SHA-256 of the file, 16 digits.
    ident
        The LMS's number of the student, or an empty text.
    late
        Whether the LMS calls it late.
    flag
        Why a person has to look although it can be run, or an empty text.
    note
        What else is to be said of it, or an empty text.
    unmatched
        Why nobody on the roster is meant for sure, or an empty text.
    maybe
        The students on the roster who may be meant.
    called
        The name exactly as it stands in the archive.
    otherwise
        What the only notebook is called, where that is neither the assignment's name nor the
        student's: an empty text for most.
    tells_late
        Whether the LMS would have said so if it were late.
    modified
        When the file was changed, as the archive has it: see `archives.Member`.
    others
        Where the best attempt counts, the earlier ones.
    texts
        Its cells of text.
    """

    student: str
    where: str
    cells: tuple[str, ...] = ()
    problem: str = ""
    digest: str = ""
    ident: str = ""
    late: bool = False
    flag: str = ""
    note: str = ""
    unmatched: str = ""
    maybe: tuple[str, ...] = ()
    called: str = ""
    otherwise: str = ""
    tells_late: bool = False
    modified: tuple[float, ...] = ()
    others: tuple["Submission", ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def attempts(self) -> tuple["Submission", ...]:
        """The others and this one, the latest; each with whose it is and what is unclear."""
        mine = {
            name: getattr(self, name)
            for name in ("student", "ident", "flag", "unmatched", "maybe", "called")
        }
        return (*(dataclasses.replace(one, **mine) for one in self.others), self)


@dataclass(frozen=True)
class Ignored:
    """A file that is not graded, and why; ``stray`` when no student's."""

    where: str
    reason: str
    stray: bool = False


@dataclass(frozen=True)
class _File:
    """A file of one student's, and its place in the order of what was handed in."""

    member: Member
    whose: Whose
    version: int | None
    place: int
    note: str = ""

    @property
    def order(self) -> tuple[float, ...]:
        """Larger for a later one."""
        return (self.whose.order, *self.member.modified)


def read(
    path: Path, name: str = "", roster: Roster | None = None, attempt: Attempt = "last"
) -> tuple[list[Submission], list[Ignored]]:
    """Read all submissions of a folder or zip.

    Parameters
    ----------
    path
        A folder of notebooks, a folder with one folder for each student, or
        the zip that Canvas or Moodle offers.
    name
        The assignment's name. Of several notebooks of one student's, the one that is called so
        counts; where none is, a person looks. Without a name the latest counts.
    roster
        Helps to tell a student's folder from one around all students. The names stay the
        archive's: see ``by_roster``.
    attempt
        Which of several attempts counts.

    Returns
    -------
    submissions
        One for each student, sorted by student. Two students of one name are told apart by the
        LMS's number, which is then a part of their names.
    ignored
        Every other file, with the reason.

    Raises
    ------
    FileNotFoundError
        When there is no such folder or zip.
    ValueError
        When the file is no zip.
    """
    path = Path(path)
    with archives.opened(path) as (members, skipped):
        ignored = [Ignored(where, reason) for where, reason in skipped]
        by_student: dict[tuple[str, str], list[_File]] = {}
        sorted_out = layout.sort_out(members, roster or Roster(), name, path.stem)
        for place, (member, whose) in enumerate(sorted_out):
            if whose is None:
                ignored.append(Ignored(member.where, "no notebook", stray=True))
                continue
            number = layout.version(whose.file, name) if name else 0
            mine = _File(member, whose, number, place)
            by_student.setdefault((key(whose.student), whose.ident), []).append(mine)
        chosen = [_choose(files, name, attempt, ignored) for files in by_student.values()]
    names = Counter(key(one.called) for one in chosen)
    found = [
        dataclasses.replace(one, student=text.name(f"{one.called} ({one.ident})"))
        if names[key(one.called)] > 1 and one.ident
        else one
        for one in chosen
    ]
    return sorted(found, key=lambda one: (one.student, one.ident, one.where)), ignored


def by_roster(
    submissions: Sequence[Submission], roster: Roster | Mapping[str, str]
) -> list[Submission]:
    """Give each submission the name that the roster has for its student.

    An LMS changes names: Canvas makes ``lovelaceada`` of "Ada Lovelace". So who is not on the
    roster by name is looked for by the LMS's number.

    Parameters
    ----------
    submissions
        As read.
    roster
        A class, or student to the LMS's number (an empty text where there is none).

    Returns
    -------
    list of Submission
        One for each student. Who is not found, or not for sure, keeps the name that the file has
        and says so in ``unmatched``. Where one student is found twice, ``flag`` says so.
    """
    if not isinstance(roster, Roster):
        roster = Roster(Person(student, ident) for student, ident in roster.items())
    out: dict[str, Submission] = {}
    for one in submissions:
        match = roster.find(one.called or one.student, one.ident)
        if match.sure:
            named = dataclasses.replace(one, student=match.sure.student)
        else:
            several = tuple(person.student for person in match.people)
            why = f"may be {' or '.join(several)}" if several else "not on the roster"
            named = dataclasses.replace(one, unmatched=why, maybe=several)
        place = named.student
        while place in out and (named.unmatched or out[place].unmatched):
            # Whoever only looks like somebody else keeps a row of their own.
            place = f"{place}*"
        out[place] = _both(out[place], named) if place in out else named
    return list(out.values())


def _both(one: Submission, other: Submission) -> Submission:
    """Return one submission of two that one student seems to have handed in."""
    kept = other if one.problem and not other.problem else one
    if one.digest and one.digest == other.digest:
        return kept
    flag = f"handed in twice under different names: {one.where}; {other.where}"
    flags = [flag, *(part for part in (one.flag, other.flag) if part)]
    return dataclasses.replace(kept, flag="; ".join(flags), where=f"{one.where}; {other.where}")


# One student's files ------------------------------------------------------------------------


def _choose(
    files: Sequence[_File], name: str, attempt: Attempt, ignored: list[Ignored]
) -> Submission:
    """Return a student's submission; every file that is not graded is listed."""
    spellings = sorted({one.whose.student for one in files})
    given = [one for one in files if layout.is_notebook(one.whose.file, strictly=True)]
    rest = [one for one in files if one not in given]
    if given:
        best = _best(given, attempt, ignored)
        ignored += [Ignored(one.member.where, "no notebook") for one in rest]
    else:
        best = _rescued(rest, name, attempt, ignored)
    if len(spellings) > 1 and not best.flag:
        both = " and ".join(repr(text.name(one)) for one in spellings[:2])
        best = dataclasses.replace(best, flag=f"handed in as {both}")
    return best


def _best(files: Sequence[_File], attempt: Attempt, ignored: list[Ignored]) -> Submission:
    """Return the submission of one of several notebooks, and list the others."""
    own = [one for one in files if one.version is not None]
    among = sorted(own or files, key=lambda one: (one.order, one.version or 0, one.place))
    in_time = [one for one in among if not one.whose.late]
    if attempt == "first":
        kept = among[0]
    else:
        kept = (in_time or among)[-1] if attempt == "on time" else among[-1]
    flag = "" if own else _which(files, kept, "none of several notebooks has the assignment's name")
    rivals = [one for one in own if one is not kept]
    newest = max(own, key=lambda one: (one.version or 0, one.order), default=kept)
    alike = [one for one in rivals if one.order == kept.order and one.version == kept.version]
    if attempt == "last" and (alike or (newest is not kept and not kept.whose.order)):
        # Neither the numbers nor the times say for sure which one is meant.
        flag = _which([kept, newest, *alike], kept, "it is not clear which notebook is meant")
    graded = rivals if attempt == "best" else []
    for one in files:
        if one is not kept and one not in graded:
            how = "called as the assignment is" if own and one not in own else "later"
            how = "the attempt that counts" if attempt != "last" and one in own else how
            ignored.append(Ignored(one.member.where, f"{kept.member.where} is {how}"))
    file = kept.whose.file or kept.member.file
    strange = not own and key(layout.stem(file)) != key(kept.whose.student)
    otherwise = text.line(file) if strange else ""
    others = tuple(_parsed(one) for one in among if one in graded)
    return dataclasses.replace(_parsed(kept), flag=flag, otherwise=otherwise, others=others)


def _which(files: Sequence[_File], kept: _File, why: str) -> str:
    """Return a flag, unless all files hold the same."""
    contents = {one.member.load()[0] for one in files} if len(files) > 1 else set()
    names = ", ".join(one.whose.file or one.member.file for one in files if one is not kept)
    graded = kept.whose.file or kept.member.file
    return text.line(f"{why}: {graded} was graded, not {names}") if len(contents) > 1 else ""


def _rescued(
    files: Sequence[_File], name: str, attempt: Attempt, ignored: list[Ignored]
) -> Submission:
    """Read what can be read where a student has handed in no file that is called a notebook."""
    found: list[tuple[_File, bytes]] = []
    problems: list[tuple[_File, str]] = []
    for one in files:
        content, problem = one.member.load()
        if content is None:
            problems.append((one, problem))
        elif content[:4] == b"PK\x03\x04" or content[:4] == b"PK\x05\x06":
            inner, why = _inside(one, content, name)
            found += inner
            problems += [(one, why)] if not inner else []
        elif layout.is_notebook(one.whose.file) or _looks_like_one(content):
            found.append((one, content))
        else:
            problems.append((one, "no notebook"))
    if not found:
        first, why = problems[0]
        others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        said = text.line(f"{first.whose.file or first.member.file}: {why}{others}")
        ignored += [Ignored(one.member.where, problem) for one, problem in problems[1:]]
        return dataclasses.replace(_unread(first, said), digest="")
    ignored += [Ignored(one.member.where, problem) for one, problem in problems]
    held = {id(one): content for one, content in found}
    loaded = [
        dataclasses.replace(
            one, member=dataclasses.replace(one.member, load=_given(held[id(one)])), note="read"
        )
        for one, _ in found
    ]
    best = _best(loaded, attempt, ignored)
    return dataclasses.replace(best, note=f"not handed in as a notebook: {best.where}")


def _given(content: bytes) -> Callable[[], tuple[bytes | None, str]]:
    return lambda: (content, "")


def _inside(outer: _File, content: bytes, name: str) -> tuple[list[tuple[_File, bytes]], str]:
    """Return the notebooks of a zip that a student handed in, or why there are none."""
    found, why = [], "a zip with no notebook in it"
    with archives.inside(content, outer.member) as members:
        for place, member in enumerate(members):
            if not layout.is_notebook(member.file):
                why = member.problem or why
                continue
            inner, problem = member.load()
            if inner is None:
                why = problem
                continue
            whose = dataclasses.replace(outer.whose, file=member.file)
            number = layout.version(member.file, name) if name else 0
            found.append((_File(member, whose, number, place), inner))
    return found, why


def _looks_like_one(content: bytes) -> bool:
    start = _utf8(content[:200_000]).lstrip()
    return start[:1] == b"{" and b'"cells"' in content and b'"nbformat"' in content


def _utf8(content: bytes) -> bytes:
    """Return a text file as UTF-8 without a mark, whichever Unicode form an editor gave it."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode("utf-16").encode("utf-8", "replace")
    return content.removeprefix(b"\xef\xbb\xbf")


def _unread(file: _File, problem: str) -> Submission:
    whose, student = file.whose, text.name(file.whose.student) or "(no name)"
    return Submission(
        student,
        file.member.where,
        problem=problem,
        ident=text.name(whose.ident),
        late=whose.late,
        called=whose.student,
        tells_late=whose.tells_late,
        modified=file.member.modified,
    )


def _parsed(file: _File) -> Submission:
    content, problem = file.member.load()
    if content is None:
        return dataclasses.replace(_unread(file, problem), digest=hashlib.sha256().hexdigest()[:16])
    found = read_whole(_utf8(content))
    return dataclasses.replace(
        _unread(file, text.line(found.problem)),
        cells=found.cells,
        digest=hashlib.sha256(content).hexdigest()[:16],
        texts=found.texts,
    )


def code_cells(content: bytes) -> tuple[tuple[str, ...], str]:
    """Return the sources of a notebook's code cells, and what is wrong with it.

    The kernel that it names does not matter: its code is run as Python.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    cells
        Empty when something is wrong.
    problem
        In words, or an empty text.
    """
    return read_notebook(content)
