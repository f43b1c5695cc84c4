"""A filter of system calls that no notebook needs, for bubblewrap's ``--seccomp``.

Limits of memory and of files hold as long as nobody can mount a file system or
make a user namespace of his own, in which he would be root; the other calls
refused here are doors into the kernel rather than tools of a notebook.
Written by hand, since a dozen comparisons do not earn a dependency.
Source: ``seccomp(2)`` and ``linux/seccomp.h``, ``linux/filter.h``.
"""

import platform
import struct

_EPERM, _ENOSYS = 1, 38
_NEW_USER = 0x1000_0000
# Numbers from the kernel's tables, asm/unistd_64.h and asm-generic/unistd.h.
_AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
# open_tree to fspick, mount_setattr: the same numbers on both.
_NEWER = (428, 429, 430, 431, 432, 433, 442)
_REFUSED = {
    # ptrace, mount, umount2, add_key, request_key, keyctl, unshare, perf_event_open, setns, bpf,
    # userfaultfd, io_uring_setup, pidfd_getfd.
    "x86_64": (101, 165, 166, 248, 249, 250, 272, 298, 308, 321, 323, 425, 438, *_NEWER),
    "aarch64": (117, 40, 39, 217, 218, 219, 97, 241, 268, 280, 282, 425, 438, *_NEWER),
}
_CLONE3 = 435
# Where struct seccomp_data has what is compared.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF_0000, 0x0005_0000


def program(machine: str | None = None) -> bytes | None:
    """Return the filter as compiled for one kind of processor.

    Parameters
    ----------
    machine
        As ``platform.machine()`` names it; this one, if left out.

    Returns
    -------
    bytes or None
        None for a processor whose numbers are not known here.
    """
    machine = platform.machine() if machine is None else machine
    if machine not in _AUDIT:
        return None

    def refuse_if(comparison: int, value: int, error: int) -> list[tuple[int, int, int, int]]:
        return [(comparison, 0, 1, value), (_RETURN, 0, 0, _FAIL | error)]

    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        # The same kernel also takes the calls of 32-bit programs, under other numbers.
        (_EQUAL, 1, 0, _AUDIT[machine]),
        (_RETURN, 0, 0, _FAIL | _EPERM),
        (_LOAD, 0, 0, _NUMBER),
        *(refuse_if(_AT_LEAST, 0x4000_0000, _EPERM) if machine == "x86_64" else []),
        *(step for number in _REFUSED[machine] for step in refuse_if(_EQUAL, number, _EPERM)),
        # Its flags lie in memory, where a filter cannot look; the C library then takes clone.
        *refuse_if(_EQUAL, _CLONE3, _ENOSYS),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *refuse_if(_ANY_BIT, _NEW_USER, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
