"""How much time some processes have had, whatever else the machine does.

A clock on the wall runs on while a notebook waits for a busy machine. So two
other times are counted, which a neighbour cannot make longer: the seconds of
the processor, and the *idle* seconds, in which no thread wanted the processor
or a disk. On a quiet machine the two add up to the clock's.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return a process and all its descendants, as far as they can be seen."""
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{one}/task"):
                text = Path(f"/proc/{one}/task/{thread}/children").read_text()
                left += map(int, text.split())
    return found


def everybody() -> list[int]:
    """Return all processes that can be seen: in a sandbox, its own."""
    with contextlib.suppress(OSError):
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return []


class Meter:
    """Adds up the times of some processes; each look brings it up to date.

    Parameters
    ----------
    who
        Returns their numbers, at each look anew.
    looker
        A thread that is awake only because it is looking, so that its state says nothing.

    Attributes
    ----------
    cpu
        Seconds of the processor since the first look, also of processes that have ended: of those
        that nobody waited for, up to the last look at them.
    idle
        Seconds since the first look in which all slept. It stays 0 where the kernel keeps no
        ``schedstat``.
    processes
        How many there were at the last look.
    """

    def __init__(self, who: Callable[[], Iterable[int]], looker: int | None = None) -> None:
        self._who = who
        self._looker = looker
        self._own: dict[tuple[int, str], float] = {}
        self._gone = 0.0
        self._most = 0.0
        self._before: float | None = None
        self._threads: dict[int, float] = {}
        self._busy = 0.0
        self._mark = (time.monotonic(), 0.0)
        self.cpu = 0.0
        self.idle = 0.0
        self.processes = 0
        self.look()

    @property
    def spent(self) -> float:
        """All seconds that count."""
        return self.cpu + self.idle

    def look(self) -> None:
        """Count what has happened since the last look."""
        now = time.monotonic()
        own: dict[tuple[int, str], float] = {}
        threads: dict[int, float] = {}
        with_children = 0.0
        states = ""
        family = list(self._who())
        for pid in family:
            stat = _stat(f"/proc/{pid}/stat")
            if len(stat) < 20:
                continue
            times = [int(part) / _TICKS for part in stat[11:15]]
            own[pid, stat[19]] = times[0] + times[1]
            with_children += sum(times)
            states += self._look_at_threads(pid, stat, threads)
        self.processes = len(family)
        self._gone += sum(had for key, had in self._own.items() if key not in own)
        self._own = own
        # A process that was never seen has told its time to the parent that waited for it; one
        # that nobody waited for was seen, if it lived long enough to matter. Neither has both.
        self._most = max(self._most, with_children, self._gone + sum(own.values()))
        self._before = self._most if self._before is None else self._before
        self.cpu = self._most - self._before
        self._rest(now, threads, states)

    def _look_at_threads(self, pid: int, stat: list[str], threads: dict[int, float]) -> str:
        """Note how long each thread ran or waited to; return their states, a letter each."""
        states = ""
        numbers = [str(pid)]
        if stat[17] != "1":
            with contextlib.suppress(OSError):
                numbers = os.listdir(f"/proc/{pid}/task")
        for number in numbers:
            with contextlib.suppress(OSError, ValueError):
                text = Path(f"/proc/{pid}/task/{number}/schedstat").read_text().split()
                threads[int(number)] = (int(text[0]) + int(text[1])) / 1e9
            if int(number) != self._looker:
                one = stat if len(numbers) == 1 else _stat(f"/proc/{pid}/task/{number}/stat")
                states += one[0] if one else ""
        return states

    def _rest(self, now: float, threads: dict[int, float], states: str) -> None:
        """Count the idle seconds up to now, if everybody sleeps now."""
        if self._threads:
            # Of a thread that is new, all it had is new.
            self._busy += sum(
                max(0.0, had - self._threads.get(one, 0.0)) for one, had in threads.items()
            )
        first, self._threads = not self._threads, threads
        if first or "D" in states or not threads:
            # It waits for a disk, which a neighbour may keep busy.
            self._mark = now, self._busy
        elif "R" not in states:
            # While somebody waits for the processor, the kernel has not yet noted how long.
            since, busy = self._mark
            self.idle += max(0.0, now - since - (self._busy - busy))
            self._mark = now, self._busy


def _stat(path: str) -> list[str]:
    """Return the fields of a ``stat`` from the state on, or nothing."""
    with contextlib.suppress(OSError):
        # What stands in brackets is a name, and may hold anything.
        return Path(path).read_text(errors="replace").rpartition(")")[2].split()
    return []
