"""What all tests share: the folder of the book, and how much hypothesis tries."""

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline: the machines that run this are shared, and a slow example is no wrong one.
settings.register_profile("launchlab", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("launchlab")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of ``_config.yml``."""
    return ROOT
