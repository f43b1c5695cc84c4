"""The log of what was served: a line of JSON for each session, features included.

Training on these rows, and not on rows made again later, is the surest cure for a difference
between training and serving.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any


class ServedLog:
    """Appends lines to a file; a full disk costs lines, and no answers.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    written, lost : int
        Lines that are in the file, and lines that could not be written.
    """

    def __init__(self, path: Path) -> None:
        self.written = self.lost = 0
        self._lock = threading.Lock()
        self._file = path.open("ab", buffering=0)

    def write(self, record: dict[str, Any]) -> None:
        """Append a record as one line, in one piece."""
        line = json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with self._lock:
            try:
                self._file.write(line)
            except OSError:
                self.lost += 1
            else:
                self.written += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()
