"""bubblewrap, which the tests of the grader need: ``python -m tests.sandbox_path --install``.

As root on Debian it is installed with apt-get when it is missing; elsewhere the
last line is the command that installs it. Only Linux has it: on other systems
the tests that need it are skipped (``bubblewrap`` in ``conftest.py``).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from coursework.sandbox import how_to_install
from tests.browser_path import APT_GET, is_debian


def install() -> None:
    """Install bubblewrap with apt-get, its messages on standard error."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("No sandbox yet: apt-get installs bubblewrap", file=sys.stderr)
    for command in (["apt-get", "update", "--quiet"], [*APT_GET, "--quiet", "bubblewrap"]):
        subprocess.run(
            command, check=True, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )


def main(arguments: Sequence[str]) -> int:
    """Return 0 where bubblewrap is or cannot be, 1 after a line that says how to get it."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        wanted = shutil.which("bwrap") is None and "--install" in arguments
        if wanted and os.geteuid() == 0 and is_debian():
            install()
    except subprocess.CalledProcessError as error:
        print(f"No sandbox: {error}", file=sys.stderr)
    if shutil.which("bwrap") is None:
        print(f"The grader's tests need bubblewrap: {how_to_install()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
