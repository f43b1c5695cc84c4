"""How much memory a sandbox uses, where the kernel does not add it up.

The memory of its processes, what they have swapped out, their page tables,
what they share without a file, and the most that its sockets can hold. Its
file systems have a size; other ways to memory are refused (``seccomp.py``).
"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from coursework.sandbox.mounts import WRITABLE

_PARTS = ("VmRSS:", "VmSwap:", "VmPTE:")
# What a socket can hold in both directions: twice net.core.wmem_max, and net.ipv4.tcp_rmem and
# tcp_wmem together, as kernels have them.
_SOCKET, _CONNECTION = 1 << 19, 10 << 20


def used(family: Sequence[int], most: int) -> int:
    """Return the bytes that processes use; exact only where more than ``most`` are likely.

    Parameters
    ----------
    family
        Their numbers.
    most
        Below this, what processes share may be counted for each.
    """
    found = sum(map(_resident, family))
    return found if found <= most else sum(map(_proportional, family))


def shared(family: Sequence[int]) -> int:
    """Return the bytes of memory shared without a file, whether anybody still looks at it."""
    sizes: dict[str, int] = {}
    for pid in family:
        with contextlib.suppress(OSError, ValueError):
            for line in Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines():
                if line.endswith("/dev/zero (deleted)"):
                    start, _, end = line.split(" ", 1)[0].partition("-")
                    inode = line.split()[4]
                    # Pieces of one, mapped by several.
                    size = int(end, 16) - int(start, 16)
                    sizes[f"{inode} {start}"] = max(size, sizes.get(f"{inode} {start}", 0))
    return sum(sizes.values())


def sockets(pid: int) -> int:
    """Return the most bytes that the sockets of a process's network can hold."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        total = 0
        for line in Path(f"/proc/{pid}/net/sockstat").read_text().splitlines():
            words = line.split()
            if words[0] == "sockets:":
                total += int(words[2]) * _SOCKET
            elif words[0] == "TCP:":
                total += int(words[2]) * _CONNECTION
        return total
    return 0


def files(pid: int) -> int:
    """Return how many files lie where a sandbox can be written, of which ``pid`` is a process."""
    total = 0
    for place in WRITABLE:
        with contextlib.suppress(OSError):
            found = os.statvfs(f"/proc/{pid}/root{place}")
            total += found.f_files - found.f_ffree
    return total


def _resident(pid: int) -> int:
    """Return the bytes of memory of a process; what is shared counts for each."""
    total = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
            if line.startswith(_PARTS):
                total += int(line.split()[1]) * 1024
    return total


def _proportional(pid: int) -> int:
    """Return the bytes of memory of a process, its part of what is shared."""
    try:
        total = 0
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Pss:", "SwapPss:")):
                total += int(line.split()[1]) * 1024
        return total
    except OSError:
        return _resident(pid)
