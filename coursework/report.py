"""How a class did: ``python -m coursework.report grades.csv --assignment NAME --out report.html``.

One page with the book's charts: scores, difficulty and discrimination of each question, how many
wait for a person, and how long the grader took. It needs no network, and names no student.
"""

import argparse
import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import altair as alt
import pandas as pd
from markupsafe import Markup

from coursework import gradebook, items, spec, text
from coursework.items import ClassReport, Item
from coursework.marks import rounded
from coursework.spec import Assignment
from launchlab.lab.view import vega
from launchlab.markup import render

_STYLE = Path(__file__).parent / "templates" / "report.css"


def _drawn(chart: alt.Chart | alt.HConcatChart) -> Markup:
    """Return a chart as a picture in the page; what it says stands beside it in words."""
    return Markup(vega.picture(chart.to_dict(), None, ""))


def scores_chart(found: ClassReport) -> alt.Chart:
    """Return how many students have which score."""
    table = pd.DataFrame({"score": list(found.scores)})
    step = math.ceil(found.points / 30)
    most = step * math.ceil(found.points / step)
    chart: alt.Chart = (
        alt.Chart(table, height=220)
        .mark_bar()
        .encode(
            alt.X("score:Q", title="score")
            .bin(step=step, extent=[0, most])
            .scale(domain=[0, most]),
            alt.Y("count():Q", title="students").axis(tickMinStep=1),
        )
    )
    return chart


def items_chart(found: Sequence[Item]) -> alt.HConcatChart:
    """Return for each question the share that was earned, and how it tells students apart."""
    known = [one for one in found if one.difficulty is not None]
    table = pd.DataFrame(
        {
            "question": [one.name for one in known],
            "share": [one.difficulty for one in known],
            "correlation": [one.discrimination for one in known],
        }
    )
    base = alt.Chart(table, width=240, height=30 * max(len(known), 2)).mark_bar()
    named = alt.Y("question:N", sort=None, title=None)
    earned = base.encode(
        alt.X("share:Q", title="share of its points earned").axis(format="%").scale(domain=[0, 1]),
        named,
    )
    tells = base.encode(
        alt.X("correlation:Q", title="correlation with the rest").scale(domain=[-1, 1]),
        named.axis(None),
    )
    chart: alt.HConcatChart = earned | tells
    return chart


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"


def _row(one: Item) -> list[str]:
    tells = "" if one.discrimination is None else f"{one.discrimination:+.2f}".replace("-", "−")
    counts = [str(one.full), str(one.none)]
    return [one.name, one.title, rounded(one.points), _share(one.difficulty), tells, *counts]


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    middle, most, total = statistics.median(seconds), max(seconds), sum(seconds) / 60
    return (
        f"A notebook took the grader {middle:.0f} s in the middle and {most:.0f} s at most; all "
        f"together {total:.0f} minutes, divided by how many ran at once."
    )


def _middle(found: ClassReport) -> str:
    if not found.scores:
        return "No score may go out yet."
    low, middle, high = min(found.scores), statistics.median(found.scores), max(found.scores)
    return (
        f"{len(found.scores)} scores may go out, of {rounded(found.points)} points: from "
        f"{rounded(low)} to {rounded(high)}, and {rounded(middle)} in the middle."
    )


def page(assignment: Assignment, found: ClassReport) -> str:
    """Return the page (HTML)."""
    count = max((one.students for one in found.items), default=0)
    tells = any(one.discrimination is not None for one in found.items)
    return render(
        __package__ or "coursework",
        "report.html",
        title=assignment.title,
        style=Markup(_STYLE.read_text(encoding="utf-8")),
        statuses=", ".join(f"{many} {status}" for status, many in found.statuses.items()),
        waiting=found.waiting,
        middle=_middle(found),
        scores=_drawn(scores_chart(found)) if found.scores else "",
        items=_drawn(items_chart(found.items)) if tells else "",
        rows=[_row(one) for one in found.items],
        count=count,
        few=count < items.ENOUGH,
        times=_times(found.seconds),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when the page is written, 2 when it is not.
    """
    parser = argparse.ArgumentParser(prog="python -m coursework.report", description=__doc__)
    parser.add_argument("sheet", type=Path, help="the grade sheet, such as grades.csv")
    parser.add_argument("--assignment", required=True, help=f"one of: {', '.join(spec.names())}")
    parser.add_argument("--private", type=Path, help="folder of private questions")
    parser.add_argument("--out", type=Path, default=Path("report.html"), help="the page")
    asked = parser.parse_args(arguments)
    try:
        assignment = spec.load(asked.assignment, asked.private)
        book = gradebook.read(asked.sheet)
        missing = [one.name for one in assignment.questions if one.name not in book.questions]
        if missing:
            raise ValueError(
                f"{asked.sheet}: there is no column {missing[0]!r}: another assignment?"
            )
        made = page(assignment, items.about(book.rows, assignment))
        asked.out.write_text(made, encoding="utf-8")
    except (ValueError, OSError) as error:
        text.say(f"There is no report: {error}", sys.stderr)
        return 2
    text.say(f"The report is {asked.out}", sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
