"""What all tests share: the folder of the book, and how much hypothesis tries."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]

# No deadline: the machines that run this are shared, and a slow example is no wrong one.
settings.register_profile("launchlab", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("launchlab")


class ByPage(LoadScopeScheduling):
    """Give a worker whole pages of the book, or else whole files.

    The tests of one page share what a kernel computed for it and the lab they have open; those of
    other files share trained models. (xdist's own groups are not honoured under pytest 9.)
    """

    def _split_scope(self, nodeid: str) -> str:
        page = re.search(r"\[([^#\]]+\.html)", nodeid)
        return page[1] if page else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Use it where whole scopes are asked for."""
    return ByPage(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of ``_config.yml``."""
    return ROOT
