"""The frozen life: an experiment as HTML without a kernel, with a still for no JavaScript."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd
from markupsafe import Markup

from launchlab import memo
from launchlab.lab.declare.controls import setting_words
from launchlab.lab.declare.declaration import Declaration, Point
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.frame import decode, encode
from launchlab.lab.declare.panels import cards_html, record_html
from launchlab.lab.declare.recheck import recheck
from launchlab.lab.declare.specs import DATA_NAME
from launchlab.lab.view import vega
from launchlab.lab.view.numbers import is_number, plain
from launchlab.lab.view.theme import responsive, take_title
from launchlab.markup import render

# Marks output that must not be published: the Sphinx extension fails the build if it finds any.
ERROR_CLASS = "launchlab-error"
# As many significant digits as both languages agree on (see launchlab.rounding).
_RULE_DIGITS = 12


def _json(data: Any) -> str:
    # "</script>" inside a string would end the element that carries the data.
    # NaN and Infinity are not valid JSON; a single one would break every lab on the page.
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def asked(experiment: Declaration, computed: Sequence[Point]) -> dict[str, Any]:
    """A question with the setting that it is about and the right answer there (JSON data).

    Parameters
    ----------
    experiment : Declaration
        With a question.
    computed : sequence of Point
        Points that are known; if the one asked about is not among them, it is computed.
    """
    assert experiment.question is not None
    setting = experiment.asked_state()
    found = next((point for point in computed if point.state == setting), None)
    return {
        **experiment.question.public(),
        "lab": experiment.name,
        "setting": setting,
        "words": setting_words(experiment.controls, setting),
        "truth": experiment.truth(found or experiment.point(setting)),
        "book": version("launchlab"),
    }


def declaration(
    experiment: Declaration, spec: dict[str, Any], computed: Sequence[Point]
) -> dict[str, Any]:
    """What both front ends need to know about an experiment, apart from its numbers.

    Parameters
    ----------
    experiment : Declaration
    spec : dict
    computed : sequence of Point
        Points that are known.
    """
    untitled, caption = take_title(spec)
    return {
        "name": experiment.name,
        "title": experiment.title,
        "description": experiment.description,
        "reflect": experiment.reflect,
        "controls": [control.public() for control in experiment.controls],
        "question": asked(experiment, computed) if experiment.question else None,
        "presets": [
            {"label": preset.label, "state": experiment.state(**preset.state)}
            for preset in experiment.presets
        ],
        "record": experiment.record.title if experiment.record else "",
        "columns": experiment.columns,
        "digits": experiment.digits,
        "data": DATA_NAME,
        "caption": caption,
        "spec": responsive(untitled),
    }


def payload(experiment: Declaration, spec: dict[str, Any], computed: Sequence[Point]) -> Any:
    """What the page's script gets: the declaration, and either the grid or the rule's table."""
    data = declaration(experiment, spec, computed)
    if experiment.rule:
        data["table"] = encode([experiment.rule.table], _RULE_DIGITS)
        data["templates"] = {name: text.public() for name, text in experiment.templates.items()}
    else:
        data.update(grid(experiment, computed))
    return data


def grid(experiment: Declaration, computed: Sequence[Point]) -> dict[str, Any]:
    """The numbers and texts of points, as the page's script gets them."""
    data: dict[str, Any] = {
        "grid": encode([point.frame for point in computed], digits_of(experiment)),
        "sentences": [point.sentence for point in computed],
    }
    if experiment.heading:
        data["headings"] = [point.heading for point in computed]
    if experiment.cards:
        data["cards"] = [point.cards for point in computed]
    if experiment.record:
        data["records"] = [point.record for point in computed]
    return data


def digits_of(experiment: Declaration) -> int:
    """How many significant digits a page keeps; a rule's frames are not rounded there."""
    return _RULE_DIGITS if experiment.rule else experiment.digits


def freeze(experiment: Declaration, state: dict[str, Any]) -> str:
    """The experiment as self-contained HTML; the page's one script brings it to life.

    Parameters
    ----------
    experiment : Declaration
    state : dict
        Checked state, shown by the still picture.

    Returns
    -------
    str

    Raises
    ------
    ExperimentError
        If a point fails, specs differ between points, a budget is overrun, or a point that is
        computed afresh is not the one that was kept (see `memo.recheck_seed`).
    """
    if experiment.rule:
        computed = [experiment.point(corner) for corner in corners(experiment)]
        start = experiment.point(state)
    else:
        computed = experiment.points()
        seed = memo.recheck_seed()
        if seed is not None:
            recheck(experiment, computed, seed)
        start = next(point for point in computed if point.state == state)
    spec = experiment.check_specs([start, *computed])
    data = payload(experiment, spec, computed)
    data["start"] = state
    # What is written of a rule's frame is rounded.
    rows = encode([start.frame], digits_of(experiment))
    columns = decode(rows)
    still = vega.picture(data["spec"], _records(columns), DATA_NAME)
    record = experiment.record
    text = render(
        __package__,
        "lab.html",
        name=experiment.name,
        title=experiment.title,
        asks=experiment.question.text if experiment.question else "",
        description=experiment.description,
        caption=_caption([start.heading] if start.heading else data["caption"]),
        still=Markup(still),
        sentence=start.sentence,
        cards=cards_html(start.cards) if experiment.cards else "",
        record=record_html(record.title, start.record) if record else "",
        table=_table(columns, experiment.columns, experiment.digits),
        reflect=experiment.reflect,
        data=Markup(_json(data)),
        rule=Markup(rule_script(experiment)) if experiment.rule else "",
    )
    size = len(gzip.compress(text.encode(), mtime=0))
    if size > experiment.byte_budget:
        raise ExperimentError(
            f"experiment {experiment.name!r}: {size:,} bytes gzipped in the page, "
            f"{size - experiment.byte_budget:,} over the budget of {experiment.byte_budget:,}; "
            "ship fewer points, rows or digits, or use the rule form"
        )
    return text


def rule_script(experiment: Declaration) -> str:
    """The classic script that puts the JavaScript of an experiment's rule into the page.

    The script runs before the front end is loaded, so it registers a function: the front end calls
    it with ``fixed`` and ``significant`` from ``rounding.js`` and gets the rule's functions.
    """
    assert experiment.rule is not None
    return (
        f"(window.launchlabRules=window.launchlabRules||{{}})[{_json(experiment.name)}]"
        f"=function(fixed,significant){{{experiment.rule.javascript}\n"
        f"return {{{','.join(experiment.rule_functions)}}};}};"
    )


def corners(experiment: Declaration) -> list[dict[str, Any]]:
    """The default state, and each control moved to either end (rule form has no grid to walk)."""
    defaults = experiment.defaults
    moved = [
        {**defaults, control.name: control.check(end)}
        for control in experiment.controls
        for end in control.ends
    ]
    return [defaults, *moved]


def freeze_chart(spec: dict[str, Any]) -> str:
    """A plain Altair chart as self-hosted HTML; its ``description`` is the text alternative."""
    description = str(spec.get("description", "")).strip()
    if not description:
        return (
            f'<p class="{ERROR_CLASS}">A chart has no text alternative: '
            "expected chart.properties(description=...)</p>"
        )
    untitled, caption = take_title(spec)
    return render(
        __package__,
        "chart.html",
        caption=_caption(caption),
        description=description,
        still=Markup(vega.picture(untitled, None, DATA_NAME)),
        data=Markup(_json(responsive(untitled))),
    )


def _caption(lines: list[str]) -> Markup:
    return render(__package__, "caption.html", lines=lines)


def _records(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = pd.DataFrame(columns, dtype=object).to_dict("records")
    return records


def _table(columns: dict[str, list[Any]], headings: dict[str, str], digits: int) -> Markup:
    """The numbers as an HTML table; the page's script draws the same table."""
    headings = headings or {name: name for name in columns}
    cells = {name: [_cell(value, digits) for value in columns[name]] for name in headings}
    numeric = {name for name in headings if any(map(is_number, columns[name]))}
    return render(
        __package__,
        "table.html",
        heads=[(text, name in numeric) for name, text in headings.items()],
        rows=zip(
            *([(cell, name in numeric) for cell in cells[name]] for name in cells), strict=True
        ),
    )


def _cell(value: Any, digits: int) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else plain(value, min(digits, _readable(value)))


def _readable(value: float) -> int:
    """As many significant digits as a reader can use: three, four below 1, all of a whole number.

    What is below 1 may be a score, of which the fourth decides.
    """
    return max(3, len(str(int(abs(value))))) if abs(value) >= 1 else 4
