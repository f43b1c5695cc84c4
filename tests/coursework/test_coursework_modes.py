"""A mode of the sandbox in which a limit does not hold is refused by its trial."""

import os

import pytest

from coursework.sandbox import modes
from coursework.sandbox.order import Job, Limits
from coursework.sandbox.start import run

BOMB = """
import os, time
started = 0
try:
    while started < 60:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        started += 1
except OSError:
    pass
"""


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("mode", ["root", "user"] if os.geteuid() == 0 else ["user"])
def test_a_mode_that_is_not_refused_limits_processes(mode):
    """The host's root is exempt from that limit, so its mode of users must be refused."""
    trouble = modes.trial(mode)
    ran = run(
        Job((BOMB,), (("started", 10.0),), run_seconds=60, cell_seconds=30),
        mode,
        limits=Limits(processes=20),
    )
    held = b'"value": 60' not in ran.results
    assert held or "more processes than allowed" in trouble
    assert modes.find_mode() != mode or held
