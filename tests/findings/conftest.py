"""What claims share in one run of the tests."""

from pathlib import Path

import pytest

from launchlab.memo import CACHE_VARIABLE


@pytest.fixture(scope="session")
def memo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for this run alone, so that all that lies in it has been computed in this run."""
    return tmp_path_factory.mktemp("memo")


@pytest.fixture(autouse=True)
def one_memo(memo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute a world's models and tables once for all claims that rest on them."""
    monkeypatch.setenv(CACHE_VARIABLE, str(memo_folder))
