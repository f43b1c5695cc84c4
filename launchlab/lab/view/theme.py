"""The one chart theme of the book.

Colours are CSS variables with fallbacks: the style sheet sets them for light and dark pages, so
a chart follows the reader's choice without being drawn again. They need Vega's SVG renderer.
"""

from __future__ import annotations

from typing import Any

import altair as alt

# The five, and nobody and nothing else (see `launchlab.lab.view.people`). Distinguishable with the
# common colour-vision deficiencies (after Okabe and Ito, 2008), darkened until each has a contrast
# of at least 4.5:1 against the page's paper. The style sheet has the variants for the dark.
BLUE = "var(--ll-blue, #0067a5)"
ORANGE = "var(--ll-orange, #b84a00)"
GREEN = "var(--ll-green, #00795a)"
GREY = "var(--ll-grey, #5f6b76)"
PURPLE = "var(--ll-purple, #a0468c)"
# All else: what counts is drawn in ink, what it is compared with in the one accent; axes, rules and
# asides are muted, and a third series, if there has to be one, is the colour of stone. What
# stands on a bar has the paper's.
INK = "var(--ll-ink, #2a2622)"
ACCENT = "var(--ll-accent, #85603a)"
MUTED = "var(--ll-muted, #6b6257)"
STONE = "var(--ll-stone, #948876)"
LINE = "var(--ll-line, #ddd5c6)"
PAPER = "var(--ll-paper, #fbf8f2)"
SERIES = [INK, ACCENT, STONE, MUTED]
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"


def theme() -> alt.theme.ThemeConfig:
    """Vega-Lite configuration shared by every chart of the book."""
    return alt.theme.ThemeConfig(
        {
            "height": 260,
            "config": {
                "background": "transparent",
                # The figure around the chart has one written description, which labels for every
                # mark would drown out.
                "aria": False,
                "font": FONT,
                "view": {"stroke": None},
                "range": {"category": SERIES},
                "mark": {"color": INK, "aria": False},
                "rule": {"color": MUTED},
                "text": {"color": INK, "fontSize": 13},
                "line": {"strokeWidth": 2.5},
                "point": {"size": 60, "filled": True, "opacity": 1},
                "title": {
                    "color": INK,
                    "subtitleColor": INK,
                    "anchor": "start",
                    "frame": "group",
                    "fontSize": 14,
                    "subtitleFontSize": 13,
                    "offset": 10,
                },
                "axis": {
                    "labelColor": MUTED,
                    "titleColor": MUTED,
                    "labelFontSize": 12,
                    "titleFontSize": 12,
                    "titleFontWeight": "normal",
                    "gridColor": LINE,
                    "domainColor": MUTED,
                    "tickColor": MUTED,
                    "labelOverlap": True,
                    "tickCount": 6,
                },
                "header": {"labelColor": INK, "titleColor": INK},
                "legend": {"labelColor": INK, "titleColor": INK, "orient": "top"},
            },
        }
    )


def responsive(spec: dict[str, Any], width: int | str = "container") -> dict[str, Any]:
    """A copy of a single or layered spec with the given width, by default that of its container.

    Specs of side-by-side views have no single width and are returned unchanged.
    """
    if "mark" not in spec and "layer" not in spec:
        return spec
    return {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def take_title(spec: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Split the title off a spec.

    The page shows the title as text, which wraps on a phone and can be read aloud; Vega would
    shrink the plot until the title fits.

    Returns
    -------
    spec : dict
        Without its title.
    lines : list of str
        Title and, if there is one, subtitle; empty without a title.
    """
    title = spec.get("title")
    if not title:
        return spec, []
    given = title if isinstance(title, dict) else {"text": title}
    lines = [given[key] for key in ("text", "subtitle") if given.get(key)]
    joined = [" ".join(line) if isinstance(line, list) else str(line) for line in lines]
    return {key: value for key, value in spec.items() if key != "title"}, joined
