"""A filter of system calls that no notebook needs, for bubblewrap's ``--seccomp``.

Limits of memory and of files hold as long as nobody can mount a file system or
make a user namespace of his own, in which he would be root, and as long as all
memory belongs to a process or to a file system of fixed size. The other calls
refused here are doors into the kernel or into other processes rather than
tools of a notebook. Of sockets there are those of this machine alone, as the
kernels of Jupyter use them. Written by hand, since a few dozen comparisons do
not earn a dependency.
Source: ``seccomp(2)`` and ``linux/seccomp.h``, ``linux/filter.h``.
"""

import platform
import struct

_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_NEW_USER = 0x1000_0000
# Numbers from the kernel's tables, asm/unistd_64.h and asm-generic/unistd.h.
_AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
#: Processors whose numbers are known here.
MACHINES = tuple(_AUDIT)
_CLONE = {"x86_64": 56, "aarch64": 220}
#: What is refused, by name: its number on x86_64 and on aarch64.
REFUSED = {
    # Doors into the kernel, and out of the sandbox.
    "mount": (165, 40),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "syslog": (103, 116),
    # Doors into other processes.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    # Memory that belongs to no process.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semctl": (66, 191),
    "mq_open": (240, 180),
    "io_setup": (206, 0),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
_COLUMN = {"x86_64": 0, "aarch64": 1}
_SOCKETS = {"x86_64": (41, 53), "aarch64": (198, 199)}
_UNIX, _INET = 1, 2
_ANY_PROTOCOL, _TCP, _UDP = 0, 6, 17
_CLONE3 = 435
# Where struct seccomp_data has what is compared.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 32
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

    # Each jump is a number of steps to pass over: when equal, and when not.
    family = [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 7, 0, _UNIX),
        (_EQUAL, 1, 0, _INET),
        (_RETURN, 0, 0, _FAIL | _EAFNOSUPPORT),
        (_LOAD, 0, 0, _THIRD_ARGUMENT),
        (_EQUAL, 3, 0, _ANY_PROTOCOL),
        (_EQUAL, 2, 0, _TCP),
        (_EQUAL, 1, 0, _UDP),
        (_RETURN, 0, 0, _FAIL | _EAFNOSUPPORT),
        (_LOAD, 0, 0, _NUMBER),
    ]
    refused = [numbers[_COLUMN[machine]] for numbers in REFUSED.values()]
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        # The same kernel also takes the calls of 32-bit programs, under other numbers.
        (_EQUAL, 1, 0, _AUDIT[machine]),
        (_RETURN, 0, 0, _FAIL | _EPERM),
        (_LOAD, 0, 0, _NUMBER),
        *(refuse_if(_AT_LEAST, 0x4000_0000, _EPERM) if machine == "x86_64" else []),
        *(step for number in refused for step in refuse_if(_EQUAL, number, _EPERM)),
        # Its flags lie in memory, where a filter cannot look; the C library then takes clone.
        *refuse_if(_EQUAL, _CLONE3, _ENOSYS),
        *(
            step
            for number in _SOCKETS[machine]
            for step in ((_EQUAL, 0, len(family), number), *family)
        ),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *refuse_if(_ANY_BIT, _NEW_USER, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
