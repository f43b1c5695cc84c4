"""``python -m launchlab.claims``: recompute every claim (``make claims``)."""

import os
import sys
from pathlib import Path

from launchlab.claims import RESULTS
from launchlab.lab.claims import main
from launchlab.lab.points import CACHE_VARIABLE

if __name__ == "__main__":
    # Claims of one world share its trained models.
    os.environ.setdefault(CACHE_VARIABLE, str(Path(".cache", "points").absolute()))
    sys.exit(main("launchlab.claims", RESULTS, Path(".cache", "claims")))
