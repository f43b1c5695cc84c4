"""``python -m launchlab.findings``: recompute every claim (``make claims``)."""

import os
import sys
from pathlib import Path

from launchlab.claims.run import main
from launchlab.findings import RESULTS
from launchlab.memo import CACHE_VARIABLE

if __name__ == "__main__":
    # Cached, because claims of the same world share its trained models.
    os.environ.setdefault(CACHE_VARIABLE, str(Path(".cache", "points").absolute()))
    sys.exit(main("launchlab.findings", RESULTS, Path(".cache", "claims")))
