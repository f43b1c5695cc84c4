"""Whose file is it? How Canvas, Moodle and people name what lies in one archive.

What an LMS writes stands at the front of a name; the rest is the student's, who may write there
what looks like somebody else's. So one way of naming is found for the whole archive.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coursework.archives import Member
from coursework.names import Roster, key

#: Canvas: ``lovelaceada_12345_67890_name.ipynb``, with ``_LATE`` behind the student.
_CANVAS = re.compile(
    r"(?P<student>.+?)(?P<late>_late)?_(?P<id>\d+)_((?P<order>\d+)_(?P<file>.*)|text\.html)$",
    re.IGNORECASE | re.DOTALL,
)
#: The same where names are hidden: ``anon_aB3dE_67890_name.ipynb``.
_ANONYMOUS = re.compile(
    r"(?P<early>late_)?(?P<student>anon(ymous)?_\w{5})(?P<late>_late)?_"
    r"((?P<order>\d+)_(?P<file>.*)|text\.html)$",
    re.IGNORECASE | re.DOTALL,
)
#: Moodle: ``Ada Lovelace_12345_assignsubmission_file_``, a folder or the beginning of a name.
_MOODLE = re.compile(
    r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(_(?P<file>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
#: A notebook's ending, whatever a browser or an editor has added to it.
NOTEBOOK = re.compile(r"\.ipynb([\s_-]*\(?\d{0,3}\)?)?(\.(txt|json|html?|bin|download))?\s*$", re.I)
_ENDING = re.compile(r"\.(zip|html?|pdf|py|docx?|odt|rtf|md|txt|json|7z|rar|tar|gz|tgz)$", re.I)
#: What is handed in, though it is no notebook.
_WORK = re.compile(r"\.(zip|html?|pdf|py|docx?|odt|rtf|7z|rar|tar|gz|tgz)$", re.I)
_WRAPPERS = {"submissions", "submission", "download", "downloads", "abgaben"}


@dataclass(frozen=True)
class Whose:
    """Whose file it is.

    Parameters
    ----------
    student, ident
        As the archive has them.
    file
        The file's own name, without what the LMS has put before it.
    late
        Whether the LMS calls it late.
    order
        Larger for what was handed in later, where the LMS numbers that.
    by_lms
        Whether the LMS has written the name.
    tells_late
        Whether the name would say so if it were late.
    """

    student: str
    ident: str
    file: str
    late: bool = False
    order: float = 0.0
    by_lms: bool = False
    tells_late: bool = False


Pattern = Callable[[str, bool], Whose | None]


def _canvas(part: str, folder: bool) -> Whose | None:
    found = _ANONYMOUS.match(part) or _CANVAS.match(part)
    if found is None:
        return None
    said = found.groupdict()
    late = bool(said["late"] or said.get("early"))
    file = said["file"] or "text.html"
    order = float(said["order"] or 0)
    return Whose(said["student"], said.get("id") or "", file, late, order, True, True)


def _moodle(part: str, folder: bool) -> Whose | None:
    found = _MOODLE.match(part)
    if found is None or (not folder and not found["file"]):
        return None
    return Whose(found["student"], found["id"], found["file"] or "", by_lms=True)


def canvas(part: str) -> Whose | None:
    """Return whose a name is by Canvas's pattern."""
    return _canvas(part, False)


def moodle(part: str) -> Whose | None:
    """Return whose the name of a folder or file is by Moodle's pattern."""
    return _moodle(part, True)


# Archives are small trees: a name leads to what lies below it, and to nothing for a file.
Tree = dict[str, "Tree"]


def _tree(members: Sequence[Member]) -> Tree:
    tree: Tree = {}
    for member in members:
        at = tree
        for part in member.parts:
            at = at.setdefault(part, {})
    return tree


def _roots(tree: Tree, pattern: Pattern, at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the folders in which most names follow a pattern; none unless most folders do."""
    if len(at) > 20:
        return set()
    hits = sum(pattern(name, bool(below)) is not None for name, below in tree.items())
    if 2 * hits > len(tree):
        return {at}
    folders = {name: below for name, below in tree.items() if below}
    found = [_roots(below, pattern, (*at, name)) for name, below in folders.items()]
    inside = [one for one in found if one]
    return set().union(*inside) if 2 * len(inside) > len(folders) else set()


def _named_by(tree: Tree) -> tuple[Pattern | None, set[tuple[str, ...]]]:
    """Return the pattern of an archive, and the folders in which it is to be found."""
    candidates = [(pattern, _roots(tree, pattern)) for pattern in (_canvas, _moodle)]
    candidates = [(pattern, roots) for pattern, roots in candidates if roots]
    if len(candidates) < 2:
        return candidates[0] if candidates else (None, set())
    # Both fit: what stands further in front is the LMS's, the other is what students wrote.
    votes = 0
    for root in candidates[0][1] & candidates[1][1]:
        below = tree
        for part in root:
            below = below[part]
        for name, inside in below.items():
            one, other = (pattern(name, bool(inside)) for pattern, _ in candidates)
            if one and other and len(one.student) != len(other.student):
                votes += 1 if len(one.student) < len(other.student) else -1
    if votes:
        return candidates[0] if votes > 0 else candidates[1]
    # What lies further up was not named by students.
    return min(candidates, key=lambda one: min(len(root) for root in one[1]))


def is_notebook(file: str, strictly: bool = False) -> bool:
    """Say whether a file is called a notebook, be it ``toy.ipynb.txt``.

    Parameters
    ----------
    file
        Its name.
    strictly
        Whether nothing may stand behind ``.ipynb``.
    """
    return file.casefold().endswith(".ipynb") if strictly else NOTEBOOK.search(file) is not None


def stem(file: str) -> str:
    """Return a file's name without its endings: ``toy`` of ``toy.ipynb.txt`` and of ``toy.zip``."""
    short = NOTEBOOK.sub("", _ENDING.sub("", file) if is_notebook(_ENDING.sub("", file)) else file)
    return (_ENDING.sub("", short) or short).strip() or file


def version(file: str, name: str) -> int | None:
    """Say which version of the assignment's own notebook a file's name calls it.

    Parameters
    ----------
    file
        Such as ``toy.ipynb``, ``toy (1).ipynb``, ``toy-2.ipynb`` or ``Copy of toy_v3.ipynb``.
    name
        The assignment's, such as ``toy``.

    Returns
    -------
    int or None
        0 for the first; None where it is called otherwise.
    """
    left = re.sub(r"^(copy of|kopie von|copie de|copia de)\s+", "", key(stem(file)))
    due, number = key(name), 0
    while True:
        if re.sub(r"[\s_-]+", " ", left) == re.sub(r"[\s_-]+", " ", due):
            return number
        found = re.search(
            r"[\s_.-]*(\((\d{1,3})\)|v(\d{1,3})|(?<=[\s_.-])(\d{1,3})|[\s_.-](copy|kopie)(\d{0,3})"
            r"|[\s_.-](final|solution|completed|done))$",
            left,
        )
        if not found:
            return None
        digits = next((part for part in found.group(2, 3, 4, 6) if part), "")
        number = max(number, int(digits) if digits else 1 if found[5] else 0)
        left = left[: found.start()]


def _wrapper(tree: Tree, roster: Roster, assignment: str, outer: str) -> int:
    """Return how many folders lie around the students of an archive that no LMS has named."""
    around: list[str] = []
    while len(tree) == 1 and all(tree.values()):
        ((name, tree),) = tree.items()
        if roster.find(name).people:
            return len(around)
        around.append(name)
    files = [one for one, inside in tree.items() if not inside and is_notebook(one)]
    own = assignment and any(version(one, assignment) is not None for one in files)
    known = any(roster.find(stem(one)).people for one in tree)
    if known or sum(map(bool, tree.values())) > 1 or (len(files) > 1 and not own):
        return len(around)
    # What is left may be one student's; only what is called so lies around it.
    called = [key(name) in _WRAPPERS or key(name) == key(outer) for name in around]
    return (*called, False).index(False)


def sort_out(
    members: Sequence[Member], roster: Roster, assignment: str = "", outer: str = ""
) -> list[tuple[Member, Whose | None]]:
    """Say whose each member of an archive is.

    Parameters
    ----------
    members
        All of one archive.
    roster
        Who may be found; an empty one where there is none.
    assignment
        The assignment's name, or an empty text.
    outer
        What the archive itself is called, without its ending.

    Returns
    -------
    list of (Member, Whose or None)
        In the same order; None for a file beside the students' own.
    """
    tree = _tree(members)
    pattern, roots = _named_by(tree)
    deep = 0 if pattern else _wrapper(tree, roster, assignment, outer)
    out: list[tuple[Member, Whose | None]] = []
    for member in members:
        whose = None
        if pattern:
            root = next((one for one in roots if member.parts[: len(one)] == one), None)
            if root is not None and len(member.parts) > len(root):
                at = len(root)
                whose = pattern(member.parts[at], len(member.parts) > at + 1)
                if whose and len(member.parts) > at + 1:
                    whose = Whose(**{**vars(whose), "file": member.file})
        if whose is None:
            whose = _plain(member, deep if len(member.parts) > deep else 0, roster)
        out.append((member, whose))
    return out


def _plain(member: Member, deep: int, roster: Roster) -> Whose | None:
    """Say whose a member is where each student has a folder, or a file."""
    top = member.parts[deep]
    if len(member.parts) > deep + 1 or "folder" in member.problem or "link, not" in member.problem:
        return Whose(top, "", member.file)
    called = stem(top)
    work = is_notebook(top) or _WORK.search(top) is not None or member.problem != ""
    return Whose(called, "", top) if work or roster.find(called).people else None
