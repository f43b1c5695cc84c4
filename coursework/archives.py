"""What lies in a folder or a zip, without unpacking it: names, times, and contents one at a time.

No link is followed, nothing is written to disk, and no single member can stop the others: what
cannot be read is listed with its problem. A zip's names are taken as the bytes they are.
"""

import bisect
import contextlib
import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from coursework import reading, text

#: The largest file that is read, and how many and how much of a zip inside of a zip.
MOST_BYTES = reading.MOST_BYTES
MOST_INSIDE, MOST_BYTES_INSIDE = 1000, 5 * MOST_BYTES
_UTF8 = 0x800
_JUNK = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True)
class Member:
    """A file, an empty folder, or what is neither.

    Parameters
    ----------
    parts
        Its path, as it is written there; nothing of it leads outside.
    where
        The same, as it may be shown.
    load
        Reads it: the content, or None with the reason.
    problem
        Why it cannot be read, as far as that is known without reading it.
    modified
        When it was changed; a later one is larger.
    """

    parts: tuple[str, ...]
    where: str
    load: Callable[[], tuple[bytes | None, str]]
    problem: str = ""
    modified: tuple[float, ...] = ()

    @property
    def file(self) -> str:
        """The last part of its path."""
        return self.parts[-1]


def _broken(parts: tuple[str, ...], where: str, problem: str) -> Member:
    return Member(parts, where, lambda: (None, problem), problem)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[list[Member], list[tuple[str, str]]]]:
    """Open a folder or zip; its members can be read until it is closed.

    Yields
    ------
    members
        In the order of their names in a folder, and as they stand in a zip.
    skipped
        What systems leave behind, such as ``.DS_Store``: where, and why.

    Raises
    ------
    FileNotFoundError
        When there is no such folder or zip.
    ValueError
        When the file is no zip.
    """
    path = Path(path)
    if path.is_dir():
        yield _sifted(_in_folder(path))
    elif path.is_file():
        if not zipfile.is_zipfile(path):
            raise ValueError(f"{path}: expected a folder or a zip")
        with path.open("rb") as file:
            try:
                archive, flagged = _zip(file)
            except (zipfile.BadZipFile, struct.error, OSError, ValueError) as error:
                raise ValueError(f"{path}: a broken zip: {error}") from error
            with archive:
                yield _sifted(_in_zip(archive, flagged))
    else:
        raise FileNotFoundError(f"{path}: there is no such folder or zip")


@contextlib.contextmanager
def inside(content: bytes, outer: Member) -> Iterator[list[Member]]:
    """Open a zip that lies in a folder or zip; an unreadable one has a member that says so."""
    try:
        archive, flagged = _zip(io.BytesIO(content))
    except Exception as error:  # whatever a broken zip makes zipfile raise
        yield [_broken(outer.parts, outer.where, f"a broken zip: {error}")]
        return
    with archive:
        infos = archive.infolist()
        if len(infos) > MOST_INSIDE or sum(one.file_size for one in infos) > MOST_BYTES_INSIDE:
            yield [_broken(outer.parts, outer.where, "too large a zip")]
            return
        members, _ = _sifted(_in_zip(archive, flagged))
        yield [
            Member(one.parts, f"{outer.where}/{one.where}", one.load, one.problem, one.modified)
            for one in members
        ]


def _sifted(found: Iterator[Member]) -> tuple[list[Member], list[tuple[str, str]]]:
    members, skipped = [], []
    for one in found:
        *folders, last = (part.casefold() for part in one.parts)
        # A notebook whose name is nothing but its ending is somebody's work.
        hidden = last.startswith(".") and (last.startswith("._") or not last.endswith(".ipynb"))
        if hidden or last in _JUNK or any(part[0] == "." or part in _JUNK for part in folders):
            skipped.append((one.where, "a hidden file"))
        else:
            members.append(one)
    return members, skipped


# Folders ------------------------------------------------------------------------------------


def _in_folder(folder: Path) -> Iterator[Member]:
    unread: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=unread.append, followlinks=False):
        for name in sorted(folders):
            path = Path(at, name)
            if path.is_symlink():
                # A folder that is a link is listed here and not walked into.
                yield _broken(*_named(path, folder), "a link, not followed")
        folders.sort()
        if not folders and not files and Path(at) != folder:
            yield _broken(*_named(Path(at), folder), "the folder is empty")
        for name in sorted(files):
            path = Path(at, name)
            modified = (path.lstat().st_mtime,)
            yield Member(*_named(path, folder), _reader(path), _unfit(path), modified)
    for error in unread:
        path = Path(os.fsdecode(error.filename or folder))
        if path != folder:
            yield _broken(*_named(path, folder), f"could not be read: {error.strerror}")


def _named(path: Path, folder: Path) -> tuple[tuple[str, ...], str]:
    parts = path.relative_to(folder).parts
    return parts, text.line("/".join(parts))


def _unfit(path: Path) -> str:
    kept = path.lstat()
    if not stat.S_ISREG(kept.st_mode):
        return "a link or device, not a file"
    if kept.st_size > MOST_BYTES:
        return f"{kept.st_size / 2**20:.0f} MB, expected at most {MOST_BYTES // 2**20} MB"
    return ""


def _reader(path: Path) -> Callable[[], tuple[bytes | None, str]]:
    def load() -> tuple[bytes | None, str]:
        try:
            if problem := _unfit(path):
                return None, problem
            with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
                return file.read(MOST_BYTES), ""
        except OSError as error:
            return None, f"could not be read: {error.strerror}"

    return load


# Zips ---------------------------------------------------------------------------------------


class _Unflagged(io.RawIOBase):
    """A zip in which no name is said to be UTF-8: one bit of some of its bytes is cleared."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: list[int] = []

    def clear(self, headers: Iterable[int]) -> None:
        """Clear the bit in flags that lie so many bytes from the beginning."""
        self._places = sorted({*self._places, *(at + 1 for at in headers)})

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1, /) -> bytes:
        at = self._file.tell()
        content = bytearray(self._file.read(size))
        first = bisect.bisect_left(self._places, at)
        for place in self._places[first : bisect.bisect_left(self._places, at + len(content))]:
            content[place - at] &= ~(_UTF8 >> 8) & 0xFF
        return bytes(content)


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """Return where the list of a zip's members begins, and its length."""
    size = file.seek(0, io.SEEK_END)
    begin = max(0, size - 22 - 2**16)
    file.seek(begin)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise zipfile.BadZipFile("it has no list of members")
    (length, offset) = struct.unpack_from("<LL", tail, place + 12)
    end = begin + place
    if 0xFFFFFFFF in (length, offset) or tail[place + 8 : place + 12] == b"\xff" * 4:
        end -= 20 + 56
        file.seek(max(end, 0))
        record = file.read(56)
        if record[:4] != b"PK\x06\x06":
            raise zipfile.BadZipFile("its list of members cannot be found")
        (length,) = struct.unpack_from("<Q", record, 40)
    if length > end:
        raise zipfile.BadZipFile("its list of members is cut off")
    return end - length, length


def _zip(file: IO[bytes]) -> tuple[zipfile.ZipFile, list[bool]]:
    """Open a zip in which every name is read as the bytes that it is; say which are UTF-8.

    One name that says it is UTF-8 and is not would otherwise keep zipfile from reading any member.
    """
    start, length = _directory(file)
    file.seek(start)
    listed = file.read(length)
    at, flagged, headers = 0, [], []
    while at + 46 <= len(listed) and listed[at : at + 4] == b"PK\x01\x02":
        (flags,) = struct.unpack_from("<H", listed, at + 8)
        flagged.append(bool(flags & _UTF8))
        headers.append(start + at + 8)
        at += 46 + sum(struct.unpack_from("<HHH", listed, at + 28))
    unflagged = _Unflagged(file)
    unflagged.clear(headers)
    archive = zipfile.ZipFile(unflagged)
    # Before each member's content the same flags stand again.
    unflagged.clear(one.header_offset + 6 for one in archive.infolist())
    return archive, flagged


def _spelled(info: zipfile.ZipInfo, flagged: bool) -> str:
    """Return a member's name: as UTF-8 where it is that, flagged or not."""
    raw = info.orig_filename.encode("cp437")
    if flagged:
        return raw.decode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _in_zip(archive: zipfile.ZipFile, flagged: list[bool]) -> Iterator[Member]:
    spelled = map(_spelled, archive.infolist(), flagged)
    names = [name.replace("\0", "").replace("\\", "/") for name in spelled]
    above = {name[:at] for name in names for at, sign in enumerate(name.rstrip("/")) if sign == "/"}
    for info, name in zip(archive.infolist(), names, strict=True):
        given = name.split("/")
        outside = name.startswith("/") or ".." in given or re.match("[A-Za-z]:", name) is not None
        parts = tuple(part for part in given if part not in ("", ".", "..") and part[-1:] != ":")
        where = text.line(name)
        if name.endswith("/"):
            if parts and name.rstrip("/") not in above:
                yield _broken(parts, where, "the folder is empty")
            continue
        if outside or not parts:
            # Nothing is unpacked, so it could do no harm; but no LMS writes such a name.
            yield _broken(parts or ("unnamed",), where, "its name leads out of the zip")
            continue
        modified = tuple(float(part) for part in info.date_time)
        yield Member(parts, where, _unpacker(archive, info), _unfit_entry(info), modified)


def _unfit_entry(info: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link or device, not a file"
    if info.flag_bits & 0x1:
        return "encrypted: it cannot be read without its password"
    return f"more than {MOST_BYTES // 2**20} MB" if info.file_size > MOST_BYTES else ""


def _unpacker(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Callable[[], tuple[bytes | None, str]]:
    def load() -> tuple[bytes | None, str]:
        if problem := _unfit_entry(info):
            return None, problem
        try:
            with archive.open(info) as file:
                # What the zip says of its size may be a lie.
                content = file.read(MOST_BYTES + 1)
        except Exception as error:  # whatever a broken zip makes zipfile raise
            return None, text.line(f"could not be unpacked: {error}")
        if len(content) > MOST_BYTES:
            return None, f"more than {MOST_BYTES // 2**20} MB"
        return content, ""

    return load
