"""Run ``python -m launchlab.publish build|serve``."""

import sys

from launchlab.publish.build import main

if __name__ == "__main__":
    sys.exit(main())
