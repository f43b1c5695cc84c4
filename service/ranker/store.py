"""Releases side by side in a folder, and a pointer that says which one is served.

The pointer, ``current.json``, is replaced as a whole: a reader sees the old one or the new one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ranker import release


class StoreError(ValueError):
    """Something that cannot be done with the releases, and why, in one sentence."""


@dataclass(frozen=True)
class Pointer:
    """Which release is served.

    Attributes
    ----------
    release : str
    before : tuple of str
        The releases served before it, the latest last: where a rollback goes.
    held : str
        Why no release may go out now; empty if one may.
    """

    release: str
    before: tuple[str, ...] = ()
    held: str = ""


class Store:
    """A folder of releases.

    Parameters
    ----------
    folder : Path
        Holds a folder for each release, and ``current.json``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "current.json"

    def names(self) -> list[str]:
        """All releases, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("*/manifest.json"))

    def pointer(self) -> Pointer:
        """What is served now.

        Raises
        ------
        StoreError
            If the pointer is missing or cannot be read.
        """
        try:
            found = json.loads(self._file.read_text("utf-8"))
            return Pointer(str(found["release"]), tuple(found["before"]), str(found["held"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self._file} cannot be read: {error}") from error

    def stamp(self) -> tuple[int, int] | None:
        """Changes when the pointer does; costs one look at the file's entry."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def read(self, name: str) -> release.Release:
        """Read a release, which has to keep its contract.

        Raises
        ------
        StoreError
            If there is none of that name.
        ReleaseError
            If it must not be served.
        """
        if name not in self.names():
            raise StoreError(f"release={name!r}, expected one of {', '.join(self.names())}")
        return release.read(self.folder / name)

    def use(self, name: str) -> Pointer:
        """Switch to a release, unless releases are held or it breaks its contract."""
        with self._alone():
            now = self.pointer()
            if now.held:
                raise StoreError(f"releases are held: {now.held} (a rollback is still possible)")
            self.read(name)
            if name == now.release:
                return now
            return self._write(replace(now, release=name, before=(*now.before, now.release)))

    def rollback(self) -> Pointer:
        """Go back to the release before; also while releases are held, for it is no new one."""
        with self._alone():
            now = self.pointer()
            if not now.before:
                raise StoreError(f"there is no release before {now.release!r}")
            self.read(now.before[-1])
            return self._write(replace(now, release=now.before[-1], before=now.before[:-1]))

    def hold(self, why: str) -> Pointer:
        """Let no release out until `resume`."""
        if not why.strip():
            raise StoreError("hold: expected a reason that others can read")
        with self._alone():
            return self._write(replace(self.pointer(), held=why.strip()))

    def resume(self) -> Pointer:
        """Let releases out again."""
        with self._alone():
            return self._write(replace(self.pointer(), held=""))

    def _write(self, pointer: Pointer) -> Pointer:
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(pointer), indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._file)
        return pointer

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let two commands at once take turns."""
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
