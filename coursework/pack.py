"""What goes out in bulk: one zip for a class, with the names by which an LMS finds its students.

Canvas looks in a file's name for the numbers of the student and of what was handed in, as its own
download has them; Moodle for the participant's number and what kind of file it is.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from coursework import layout

#: The page's own name, behind what the LMS needs.
PAGE = "feedback.html"
# The same bytes on every run; a zip cannot hold an earlier time.
_TIME = (1980, 1, 1, 0, 0, 0)


def page_name(where: str, lms: str) -> str:
    """Return what a student's page has to be called.

    Parameters
    ----------
    where
        Where the notebook lay in the download.
    lms
        *canvas* or *moodle*.

    Returns
    -------
    str
        An empty text where the download was none of that LMS's, or hid who it was.
    """
    for part in where.split("/"):
        if lms == "canvas" and (whose := layout.canvas(part)) and whose.ident:
            return part[: len(part) - len(whose.file)] + PAGE
        if lms == "moodle" and (whose := layout.moodle(part)):
            # Moodle splits at underscores, and leaves hidden files out; the name is for people.
            name = re.sub(r"[_/\\]+", " ", whose.student).lstrip(".~ ") or "student"
            return f"{name}_{whose.ident}_assignsubmission_file_{PAGE}"
    return ""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of some files, the same for the same files.

    Parameters
    ----------
    files
        Path in the zip to content.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a zip whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(zipped(files))
    new.replace(path)
