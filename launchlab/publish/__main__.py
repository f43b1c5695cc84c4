"""Run ``python -m launchlab.publish COMMAND``; ``--help`` lists the commands."""

import signal
import sys
from typing import Any


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def _run() -> int:
    # Here, because loading it takes a second, in which someone may press Ctrl-C too.
    from launchlab.publish.command import main

    return main()


if __name__ == "__main__":
    # However a terminal or a job ends this, what it has started ends too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        print("\nStopped.")
        sys.exit(130)
