"""The lab as a page of Panel's: ``python -m tests.bench.compare.panel_page GRID FOLDER``.

Runs in an environment of its own, see requirements.txt. Prints the build's CPU seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import panel as pn
from bokeh.resources import CDN, INLINE

from tests.bench.compare.subject import load


def main(grid: str, folder: Path) -> None:
    """Write the page twice: with its libraries inside, and with links to them."""
    subject = load(grid)
    names = subject.names
    pn.extension("vega")
    members = pn.widgets.DiscreteSlider(
        name="Trees in the committee", options=subject.members, value=5
    )
    stragglers = pn.widgets.DiscreteSlider(
        name="Slow answers (%)", options=subject.stragglers, value=subject.stragglers[2]
    )

    def chart(members, stragglers):
        frame = names["committee"](members, stragglers)
        return names["committee_chart"](frame).properties(width=700)

    def sentence(members, stragglers):
        return names["committee_sentence"](names["committee"](members, stragglers))

    page = pn.Column(
        "### A better answer, a later answer",
        members,
        stragglers,
        pn.pane.Vega(pn.bind(chart, members, stragglers)),
        pn.pane.Markdown(pn.bind(sentence, members, stragglers)),
    )
    started = time.process_time()
    page.save(
        folder / "inline.html", embed=True, resources=INLINE, max_opts=50, max_states=1000,
        title="Panel", progress=False,
    )  # fmt: skip
    seconds = time.process_time() - started
    page.save(
        folder / "linked.html", embed=True, resources=CDN, max_opts=50, max_states=1000,
        title="Panel", progress=False,
    )  # fmt: skip
    print(json.dumps({"build_cpu_s": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
