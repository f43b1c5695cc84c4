"""Read what a class has handed in: a folder of notebooks, or a zip from an LMS.

Nothing is unpacked to disk, no link is followed, and nothing is lost: what
cannot be read becomes a submission with a problem, what is not graded is
listed with the reason.
"""

import dataclasses
import hashlib
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursework.reading import MOST_BYTES, read_notebook

#: Canvas: ``ulovelaceada_12345_67890_name.ipynb``, with ``_LATE`` and a number for each attempt.
_CANVAS = re.compile(
    r"(?P<student>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<order>\d+)_.*?(-(?P<attempt>\d+))?$"
)
#: Moodle: ``Ada Lovelace_12345_assignsubmission_file_``, a folder or the beginning of a name.
_MOODLE = re.compile(r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?.*$")


@dataclass(frozen=True)
class Submission:
    """One student's notebook.

    Parameters
    ----------
    student
        As the file or folder names the student.
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
    """

    student: str
    where: str
    cells: tuple[str, ...] = ()
    problem: str = ""
    digest: str = ""
    ident: str = ""
    late: bool = False


@dataclass(frozen=True)
class Ignored:
    """A file that is not graded, and why."""

    where: str
    reason: str


@dataclass(frozen=True)
class _Found:
    """A file before it is read: ``order`` is larger for a later one of the same student."""

    student: str
    where: str
    ident: str
    late: bool
    order: tuple[float, ...]
    content: bytes | None
    problem: str


def read(path: Path) -> tuple[list[Submission], list[Ignored]]:
    """Read all submissions of a folder or zip.

    Parameters
    ----------
    path
        A folder of notebooks, a folder with one folder for each student, or
        the zip that Canvas or Moodle offers.

    Returns
    -------
    submissions
        One for each student, sorted by student. Of several the latest counts. Two students of one
        name are told apart by the LMS's number, which is then a part of their names.
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
    ignored: list[Ignored] = []
    if path.is_dir():
        found = list(_in_folder(path, ignored))
    elif path.is_file():
        if not zipfile.is_zipfile(path):
            raise ValueError(f"{path}: expected a folder or a zip")
        found = list(_in_zip(path, ignored))
    else:
        raise FileNotFoundError(f"{path}: there is no such folder or zip")
    by_student: dict[tuple[str, str], list[_Found]] = {}
    for one in sorted(found, key=lambda one: (one.student, one.ident, one.order, one.where)):
        by_student.setdefault((one.student, one.ident), []).append(one)
    for several in by_student.values():
        latest = several[-1].where
        ignored += [Ignored(one.where, f"{latest} is later") for one in several[:-1]]
    names = Counter(student for student, _ in by_student)
    submissions = []
    for (student, ident), several in by_student.items():
        name = f"{student} ({ident})" if names[student] > 1 and ident else student
        submissions.append(dataclasses.replace(_parsed(several[-1]), student=name))
    return submissions, ignored


def by_roster(submissions: Sequence[Submission], roster: Mapping[str, str]) -> list[Submission]:
    """Give each submission the name that the roster has for its student.

    An LMS changes names: Canvas makes ``lovelaceada`` of "Ada Lovelace". So who is not on the
    roster by name is looked for by the LMS's number.

    Parameters
    ----------
    submissions
        As read.
    roster
        Student to the LMS's number, or to an empty text.

    Returns
    -------
    list of Submission
        In the same order; who is not found keeps the name that the file has.
    """
    names = {ident: student for student, ident in roster.items() if ident}
    return [
        one
        if one.student in roster or one.ident not in names
        else dataclasses.replace(one, student=names[one.ident])
        for one in submissions
    ]


def _shown(name: str) -> str:
    """Return a name that can be printed; bytes that are no UTF-8 are written as they are."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _who(where: PurePosixPath) -> tuple[str, str, bool, tuple[float, ...]]:
    """Return student, number, whether late, and order, from a path inside the folder or zip."""
    top = where.parts[0] if len(where.parts) > 1 else where.stem
    canvas, moodle = _CANVAS.match(where.stem), _MOODLE.match(top)
    if moodle:
        return moodle["student"], moodle["id"], False, ()
    if canvas and len(where.parts) == 1:
        order = (float(canvas["order"]), float(canvas["attempt"] or 0))
        return canvas["student"], canvas["id"], bool(canvas["late"]), order
    return top, "", False, ()


def _in_folder(folder: Path, ignored: list[Ignored]) -> Iterator[_Found]:
    for at, folders, files in os.walk(folder, followlinks=False):
        # A folder that is a link is listed here and not walked into.
        for name in sorted(folders):
            if Path(at, name).is_symlink():
                ignored.append(Ignored(_relative(Path(at, name), folder), "a link, not followed"))
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = Path(at, name)
            where = _relative(path, folder)
            if not name.endswith(".ipynb"):
                ignored.append(Ignored(where, "no notebook"))
                continue
            student, ident, late, order = _who(PurePosixPath(where))
            content, problem = _content(path)
            changed = path.lstat().st_mtime
            yield _Found(student, where, ident, late, (*order, changed), content, problem)


def _relative(path: Path, folder: Path) -> str:
    return _shown(path.relative_to(folder).as_posix())


def _content(path: Path) -> tuple[bytes | None, str]:
    kept = path.lstat()
    if not stat.S_ISREG(kept.st_mode):
        return None, "a link or device, not a file"
    if kept.st_size > MOST_BYTES:
        return None, f"{kept.st_size / 2**20:.0f} MB, expected at most {MOST_BYTES // 2**20} MB"
    try:
        return path.read_bytes(), ""
    except OSError as error:
        return None, f"could not be read: {error.strerror}"


def _in_zip(path: Path, ignored: list[Ignored]) -> Iterator[_Found]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            where = _shown(entry.filename)
            inside = PurePosixPath(where)
            if entry.is_dir():
                continue
            if inside.is_absolute() or ".." in inside.parts or "\\" in where:
                ignored.append(Ignored(where, "its name leads out of the zip"))
                continue
            if any(part.startswith((".", "__MACOSX")) for part in inside.parts):
                ignored.append(Ignored(where, "a hidden file"))
                continue
            if inside.suffix != ".ipynb":
                ignored.append(Ignored(where, "no notebook"))
                continue
            student, ident, late, order = _who(inside)
            content, problem = _entry(archive, entry)
            written = tuple(float(part) for part in entry.date_time)
            yield _Found(student, where, ident, late, (*order, *written), content, problem)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[bytes | None, str]:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return None, "a link or device, not a file"
    try:
        with archive.open(entry) as file:
            # What the zip says of its size may be a lie.
            content = file.read(MOST_BYTES + 1)
    except Exception as error:  # whatever a broken or encrypted zip makes zipfile raise
        return None, f"could not be unpacked: {error}"
    if len(content) > MOST_BYTES:
        return None, f"more than {MOST_BYTES // 2**20} MB"
    return content, ""


def _parsed(found: _Found) -> Submission:
    digest = hashlib.sha256(found.content or b"").hexdigest()[:16]
    problem, cells = found.problem, tuple[str, ...]()
    if found.content is not None:
        cells, problem = code_cells(found.content)
    return Submission(found.student, found.where, cells, problem, digest, found.ident, found.late)


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
