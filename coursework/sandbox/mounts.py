"""What a sandbox shows: its folders, its environment, and the command that makes it."""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursework.sandbox.order import Limits, Mode

CHECKOUT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).with_name("inside")
HOME = "/home/student"
INSIDE_SHOWN = "/grader/inside"
#: Folders that can be written, each a file system of its own.
WRITABLE = (HOME, "/tmp", "/dev/shm")
# Of /etc only what programs need to start, to know the time and to find a font.
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_MB = 1 << 20


def _system() -> Iterator[str]:
    """Mount the programs and libraries of this machine, read-only."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def shown() -> list[str]:
    """Return the folders of Python and of the package, outermost first."""
    found = importlib.util.find_spec("launchlab")
    package = list(found.submodule_search_locations or ()) if found else []
    folders = {os.path.abspath(path) for path in (sys.base_prefix, sys.prefix, *package)}
    return sorted(folders - {"/", "/usr"})


def _within(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _mounts(hidden: Sequence[Path]) -> Iterator[str]:
    """Mount what is shown, with an empty folder over each hidden one that lies in it."""
    covers = sorted({os.path.realpath(path) for path in hidden} - {"/"})
    folders = shown()

    def cover(path: str) -> Iterator[str]:
        if os.path.isdir(path):
            yield from ("--tmpfs", path, "--remount-ro", path)
        elif os.path.exists(path):
            yield from ("--ro-bind", os.devnull, path)

    yield from _system()
    # Folders on the way would be made for their owner alone, and the student is another user.
    ways = {str(way) for path in folders for way in Path(path).parents} - {"/", "/usr"}
    for path in (*sorted(ways), "/home", "/grader"):
        if not _within(path, "/usr"):
            yield from ("--perms", "0755", "--dir", path)
    # A hidden folder may hold a shown one (a checkout its package), so it comes before it ...
    for path in covers:
        if _within(path, "/usr") and path != "/usr":
            yield from cover(path)
    for path in folders:
        yield from ("--ro-bind", path, path)
    # ... and one inside a shown one after it.
    for path in covers:
        if any(_within(path, folder) and path != folder for folder in folders):
            yield from cover(path)


def environment(seed: int, home: str) -> dict[str, str]:
    """Return the variables that a notebook sees."""
    one = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "HOME": home,
        "USER": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # The order of a set of texts must not change a mark.
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "LAUNCHLAB_CLASS_SEED": str(seed),
        "LAUNCHLAB_GRADING": "1",
        "LOKY_MAX_CPU_COUNT": "1",
        **{f"{name}_NUM_THREADS": "1" for name in one},
    }


@functools.cache
def _bwrap_says() -> str:
    """Return what ``bwrap --help`` prints, or nothing where there is none."""
    path = shutil.which("bwrap")
    if path is None:
        return ""
    return subprocess.run([path, "--help"], capture_output=True, text=True, check=False).stdout


def command(
    mode: Mode, limits: Limits, tests: Path, hidden: Sequence[Path], seed: int
) -> list[str]:
    """Return the command that makes the sandbox, without the program to run in it.

    Parameters
    ----------
    mode
        ``root`` leaves it to the runner to become another user; ``user``
        makes a user namespace.
    limits
        Of them, the sizes of what can be written.
    tests
        Folder of the public checks.
    hidden
        Files and folders that must not be seen, wherever they lie.
    seed
        As the notebook reads it.
    """
    spaces = ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    if mode == "root":
        spaces = [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
        spaces += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    elif "--disable-userns" in _bwrap_says():
        spaces += ["--disable-userns"]
    size, part = str(limits.files_mb * _MB), str(limits.files_mb * _MB // 4)
    variables = environment(seed, HOME)
    return [
        shutil.which("bwrap") or "bwrap",
        *spaces,
        *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"),
        *(text for item in variables.items() for text in ("--setenv", *item)),
        # What can be written comes first: the course itself may lie below /tmp or this very home.
        *("--perms", "1777", "--size", part, "--tmpfs", "/tmp"),
        *("--perms", "0755", "--dir", "/home"),
        *("--perms", "0777", "--size", size, "--tmpfs", HOME),
        *_mounts(hidden),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--size", part, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *("--ro-bind", str(tests), f"{HOME}/tests"),
        *("--ro-bind", str(INSIDE), INSIDE_SHOWN),
        # Through /proc a process of the same user can be written, also bubblewrap's own.
        *("--remount-ro", "/proc"),
        # The root of a sandbox is itself memory, and would be without limit.
        *("--remount-ro", "/", "--chdir", HOME),
    ]
