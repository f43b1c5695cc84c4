"""The page that says what a build was made of: notebooks, claims, labs, and the site's size."""

from __future__ import annotations

import gzip
import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from launchlab import reach
from launchlab.claims import wording
from launchlab.claims.claim import Result
from launchlab.markup import render

SITE = '<p class="ll-site-size">The size is written down when the build has ended.</p>'
"""Stands in the page until the site is there to be measured."""

FRAME_TIMES = Path(__file__).with_name("frame-times.json")
"""What ``python -m tests.bench.frames`` has measured last."""

_LAB = re.compile(r'<section class="launchlab[^>]*? id="lab-(?P<name>[^"]+)".*?</section>', re.S)
_DATA = re.compile(r'<script type="application/json" class="ll-data">(.*?)</script>', re.S)
_UNKNOWN = "–"


@dataclass(frozen=True)
class Ran:
    """A notebook as it was last executed.

    Parameters
    ----------
    address : str
        Of its page, seen from the page of the status.
    title : str
    seconds : float or None
        None where this build knows no execution.
    megabytes : float or None
        The most memory that its kernel held; None where it was not measured.
    """

    address: str
    title: str
    seconds: float | None
    megabytes: float | None


@dataclass(frozen=True)
class Frozen:
    """A lab as it lies in its page.

    Parameters
    ----------
    name, address, title : str
    states : int or None
        Settings that were computed; None where the page computes them itself.
    bytes : int
        Of its HTML, gzipped.
    """

    name: str
    address: str
    title: str
    states: int | None
    bytes: int


@dataclass(frozen=True)
class FrameTimes:
    """How long labs took to follow a slider, when that was last measured.

    Parameters
    ----------
    on : str
        The day, such as 2027-01-31; empty where nothing was measured.
    where : str
        Browser and machine.
    labs : mapping
        By a lab's name, two numbers of milliseconds: what half of the moves needed of script, and
        within which 19 of 20 moves were painted.
    """

    on: str = ""
    where: str = ""
    labs: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def text(self) -> str:
        """What is kept in a file, a line for each lab."""
        head = json.dumps(asdict(self) | {"labs": None})
        labs = (f"{json.dumps(name)}: {list(took)}" for name, took in sorted(self.labs.items()))
        return head.replace("null", "{\n" + ",\n".join(labs) + "\n}") + "\n"


def read_frame_times(path: Path = FRAME_TIMES) -> FrameTimes:
    """What was kept in a file; nothing, where there is none."""
    if not path.is_file():
        return FrameTimes()
    kept = json.loads(path.read_text(encoding="utf-8"))
    labs = {name: (float(script), float(paint)) for name, (script, paint) in kept["labs"].items()}
    return FrameTimes(kept["on"], kept["where"], labs)


def labs_of(notebook: Any, address: str) -> list[Frozen]:
    """The labs that an executed notebook shows.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With its outputs.
    address : str
        Of its page.
    """
    outputs = (out for cell in notebook.cells for out in cell.get("outputs", ()))
    shown = (out.get("data", {}).get("text/html", "") for out in outputs)
    return [lab for text in shown for lab in _labs("".join(text), address)]


def _labs(text: str, address: str) -> Iterable[Frozen]:
    for found in _LAB.finditer(text):
        data = _DATA.search(found[0])
        assert data is not None, found["name"]
        given = json.loads(data[1])
        # What a rule computes is not in the page.
        states = len(given["sentences"]) if "grid" in given else None
        size = len(gzip.compress(found[0].encode(), mtime=0))
        yield Frozen(found["name"], f"{address}#lab-{found['name']}", given["title"], states, size)


def notebooks_html(ran: Sequence[Ran]) -> str:
    """A table of notebooks, and what they ran on."""
    versions = {"Python": platform.python_version(), **reach.versions()}
    used = ", ".join(f"{name} {number}" for name, number in versions.items())
    rows = [
        [
            (one.address, one.title),
            _UNKNOWN if one.seconds is None else f"{one.seconds:.1f}",
            _UNKNOWN if one.megabytes is None else f"{one.megabytes:,.0f}",
        ]
        for one in ran
    ]
    known = [one.seconds for one in ran if one.seconds is not None]
    said = f"{len(ran)} notebooks, {sum(known):,.0f} s in all. On {used}."
    heads = ["notebook", "seconds", "memory, MB"]
    return render(__package__, "status.html", said=said, heads=heads, rows=rows)


def claims_html(results: Sequence[Result], index: str) -> str:
    """A table of claims: in how many worlds each held, and what ends it.

    Parameters
    ----------
    results : sequence of Result
    index : str
        Address of the page that lists all claims, seen from the page with the table.
    """
    rows = [
        [
            (f"{index}#claim-{one.claim.name}", one.claim.statement),
            wording.count(one),
            "; ".join([*wording.breaks(one), *wording.stays(one)]) or _UNKNOWN,
        ]
        for one in sorted(results, key=lambda result: result.claim.name)
    ]
    whole = sum(one.count() == len(one.values()) for one in results)
    said = f"{len(results)} claims; {whole} of them held in all of their worlds."
    heads = ["claim", "held in", "ends at"]
    return render(__package__, "status.html", said=said, heads=heads, rows=rows)


def labs_html(labs: Sequence[Frozen], frames: FrameTimes) -> str:
    """A table of labs: how many settings lie in the page, how large they are, and how quick.

    Parameters
    ----------
    labs : sequence of Frozen
    frames : FrameTimes
        A lab that is not in it was declared after it was measured.
    """
    rows = [
        [
            (one.address, one.title),
            "by a rule" if one.states is None else f"{one.states:,}",
            f"{one.bytes / 1000:.1f}",
            *(f"{took:.1f}" for took in frames.labs.get(one.name, ())),
        ]
        for one in labs
    ]
    heads = ["lab", "settings", "KB, gzipped", "script, ms", "painted, ms"]
    rows = [row + [_UNKNOWN] * (len(heads) - len(row)) for row in rows]
    total = sum(one.bytes for one in labs)
    said = f"{len(labs)} labs, {total / 1000:,.0f} KB gzipped in all."
    if frames.on:
        said += f" Times of {frames.on}: {frames.where}."
    return render(__package__, "status.html", said=said, heads=heads, rows=rows)


def site_html(site: Path) -> str:
    """A sentence about a built site: its files, its size, and its largest files."""
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    pages = sum(path.suffix == ".html" for path in sizes)
    largest = sorted(sizes, key=lambda path: -sizes[path])[:5]
    listed = ", ".join(
        f"{path.relative_to(site).as_posix()} ({sizes[path] / 1e6:.1f} MB)" for path in largest
    )
    return render(
        __package__,
        "site.html",
        files=f"{len(sizes):,}",
        pages=f"{pages:,}",
        size=f"{sum(sizes.values()) / 1e6:.1f}",
        largest=listed,
    )
