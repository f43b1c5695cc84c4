"""Claims as HTML: one line that opens, and the table that closes a chapter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from launchlab.claims import strip, wording
from launchlab.claims.claim import Result
from launchlab.markup import render


@cache
def style() -> str:
    """The style sheet of claims."""
    return files(__package__).joinpath("templates", "claim.css").read_text(encoding="utf-8")


def _carried(styled: bool) -> Markup:
    return Markup("<style>{}</style>").format(Markup(style())) if styled else Markup()


def claim(result: Result, *, styled: bool = False) -> Markup:
    """A claim as one line that opens.

    Parameters
    ----------
    result : Result
    styled : bool, default False
        Whether the style sheet comes with it, for a notebook; a page of the book has it.
    """
    one = result.claim
    return render(
        __package__,
        "claim.html",
        style=_carried(styled),
        name=one.name,
        statement=one.statement,
        count=wording.count(result),
        worlds=one.worlds,
        limits=wording.limits(result),
        strip=strip.strip(result),
        size=wording.size(result),
        noise=wording.noise(result),
        plot=strip.plot(result),
        unit=wording.spoken(one.unit),
        one=one.short.removesuffix("s"),
        average=wording.average(result),
        others=[
            {
                "label": variant.label,
                "count": f"{result.count(variant.name)} of {len(result.values(variant.name))}",
                "average": wording.average(result, variant.name),
            }
            for variant in one.variants
        ],
        moved=wording.moved(result),
        short=one.short,
        total=len(result.values()),
        caveat=wording.caveat(one),
    )


def table_of(results: Sequence[Result], *, styled: bool = False) -> Markup:
    """Several claims as a table.

    Parameters
    ----------
    results : sequence of Result
    styled : bool, default False
        As in `claim`.
    """
    return render(
        __package__,
        "tested.html",
        style=_carried(styled),
        rows=[
            {
                "name": one.claim.name,
                "statement": one.claim.statement,
                "count": wording.count(one),
                "average": wording.quantity(wording.average(one), one.claim.unit),
                "fewest": wording.limits(one) or "–",
            }
            for one in results
        ],
    )
