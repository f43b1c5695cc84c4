"""``python -m launchlab.claims``: recompute every claim (``make claims``)."""

import sys
from pathlib import Path

from launchlab.claims import RESULTS
from launchlab.lab.claims import main

if __name__ == "__main__":
    sys.exit(main("launchlab.claims", RESULTS, Path(".cache", "claims")))
