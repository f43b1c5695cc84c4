"""What customers see: a slate as a small screen of the app, for a page or a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pandas as pd

from launchlab.stakeholders.customer import read_slate

_SCREEN = (
    "border:2px solid var(--ll-grey,#6b6b6b);border-radius:14px;padding:0.5rem 0.7rem;"
    "flex:1 1 11rem;min-width:0;max-width:16rem"
)
_PLACE = "display:block;border-top:1px solid var(--ll-line,#d5d9de);padding:0.25rem 0"
_AD = "border:1px solid currentColor;border-radius:3px;padding:0 0.25rem;font-size:0.8em"


def phones_html(slates: Mapping[str, str], window: pd.DataFrame) -> str:
    """Slates side by side, each as a list under the name of whoever would show it.

    Parameters
    ----------
    slates : mapping of str to str
        Heading to a slate's word (:func:`launchlab.stakeholders.customer.read_slate`).
    window : DataFrame
        The restaurants (:func:`launchlab.stakeholders.customer.shop_window`).

    Returns
    -------
    str
        HTML whose styles stand in the elements, so that it looks the same in a page and in
        JupyterLab, and takes its colours from its surroundings.
    """
    screens = "".join(_screen(heading, word, window) for heading, word in slates.items())
    return (
        '<div class="launchlab" style="display:flex;flex-wrap:wrap;gap:0.7rem;line-height:1.3">'
        f"{screens}</div>"
    )


def _screen(heading: str, word: str, window: pd.DataFrame) -> str:
    places = []
    for candidate, paid in read_slate(word):
        row = window.iloc[candidate]
        ad = f' <span style="{_AD}">Ad</span>' if paid else ""
        details = f"{row.price:.0f} $ · {row.eta:.0f} min · {row.rating:.1f} stars"
        places.append(
            f'<li style="{_PLACE}"><b>{html.escape(row["name"])}</b>{ad}<br>'
            f'<span style="font-size:0.9em">{details}</span></li>'
        )
    return (
        f'<div style="{_SCREEN}"><p style="margin:0.1rem 0 0.3rem"><b>{html.escape(heading)}</b>'
        f'</p><ol style="list-style:none;margin:0;padding:0">{"".join(places)}</ol></div>'
    )
