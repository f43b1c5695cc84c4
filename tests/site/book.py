"""What the built book holds: its pages, and the labs on each."""

import functools
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import ROOT

# Elsewhere for `make chapter`, which builds one page.
BUILT = Path(os.environ.get("LAUNCHLAB_BUILT", ROOT / "_build" / "html"))
NO_PAGES = ("_static", "frames")
NOT_BUILT = "The book is not built: run `make book` first."
_LAB = re.compile(r'<section class="launchlab[^>]* id="lab-([a-z0-9-]+)"')
_DATA = r'id="lab-{}".*?<script type="application/json" class="ll-data">(.*?)</script>'


class Lab(NamedTuple):
    """A lab: the page that it stands on, and its name."""

    page: str
    name: str

    def __str__(self) -> str:
        return f"{self.page}#{self.name}"

    @property
    def data(self) -> dict[str, Any]:
        """All that the page gives to the script."""
        return _data(self)

    @property
    def selector(self) -> str:
        """Where the lab is in its page."""
        return f"#lab-{self.name}"

    @property
    def notebook(self) -> Path:
        """The notebook that the page was made from."""
        return (ROOT / self.page).with_suffix(".ipynb")


@functools.cache
def _data(lab: Lab) -> dict[str, Any]:
    found = re.search(_DATA.format(lab.name), text(lab.page), re.DOTALL)
    assert found, f"{lab}: no data in the page"
    data: dict[str, Any] = json.loads(found[1])
    return data


@functools.cache
def text(page: str) -> str:
    """A page's HTML; the book is not built anew while its tests run."""
    return (BUILT / page).read_text(encoding="utf-8")


@functools.cache
def pages() -> tuple[str, ...]:
    """Every page of the book, relative to its root, but those that lead to others.

    The pages on which a lab stands alone are not among them: see `tests.site.test_site_frames`.
    """
    found = (path.relative_to(BUILT) for path in BUILT.rglob("*.html"))
    names = sorted(path.as_posix() for path in found if path.parts[0] not in NO_PAGES)
    return tuple(name for name in names if 'http-equiv="refresh"' not in text(name).lower())


@functools.cache
def labs(page: str | None = None) -> tuple[Lab, ...]:
    """Every lab of a page, or of the book."""
    wanted = pages() if page is None else [page]
    return tuple(Lab(one, name) for one in wanted for name in _LAB.findall(text(one)))


def asking(page: str | None = None) -> list[Lab]:
    """Every lab of a page, or of the book, that asks for a prediction."""
    return [lab for lab in labs(page) if lab.data["question"]]


def asking_pages() -> list[str]:
    """Every page with a lab that asks for a prediction."""
    return sorted({lab.page for lab in asking()})


def has_charts(page: str) -> bool:
    """Whether a page has a lab or a plain chart."""
    return 'class="launchlab' in text(page)


def ends(control: dict[str, Any]) -> tuple[Any, Any]:
    """The values at both ends of a control of a lab's data."""
    if control["kind"] == "range":
        return control["low"], control["high"]
    return control["values"][0], control["values"][-1]
