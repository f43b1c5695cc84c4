"""How many sessions are inside at once: those that are scored, and those that wait for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class FullError(RuntimeError):
    """There is no place: come back later."""


class Room:
    """Counts places; used by one event loop, and needs no lock for that reason.

    Parameters
    ----------
    capacity : int
        At least 1. What waits beyond it would only be answered too late: a queue without an end
        makes every answer slow, and a clear "no" lets the app show its own list at once.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity={capacity}, expected 1 or more")
        self.capacity, self.inside = capacity, 0

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place.

        Raises
        ------
        FullError
            If there is none.
        """
        if self.inside >= self.capacity:
            raise FullError(f"{self.inside} sessions are inside, which is all there is room for")
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
