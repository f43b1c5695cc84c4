"""What customers see: a slate as a small app screen, for a page or a notebook."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from launchlab.markup import render
from launchlab.stakeholders.customer import read_slate


def phones_html(slates: Mapping[str, str], window: pd.DataFrame) -> str:
    """Slates side by side, each as a list under its heading; what all show is tinted.

    Parameters
    ----------
    slates : mapping of str to str
        Heading to a slate's word (:func:`launchlab.stakeholders.customer.read_slate`).
    window : DataFrame
        The restaurants (:func:`launchlab.stakeholders.customer.shop_window`).

    Returns
    -------
    str
        HTML with inline styles, so that it looks the same in a page and in JupyterLab; it takes
        its colours from its surroundings.
    """
    words = [{candidate for candidate, _ in read_slate(word)} for word in slates.values()]
    shared = set.intersection(*words) if len(words) > 1 else set()
    screens = [(heading, _places(word, window, shared)) for heading, word in slates.items()]
    return render(__package__, "phones.html", screens=screens)


def _places(word: str, window: pd.DataFrame, shared: set[int]) -> list[tuple[str, bool, str, bool]]:
    """For each place: the name, whether it is an ad, the details, whether all screens have it."""
    found = []
    for candidate, paid in read_slate(word):
        row = window.iloc[candidate]
        details = f"${row.price:.0f} · {row.eta:.0f} min · {row.rating:.1f} stars"
        found.append((str(row["name"]), paid, details, candidate in shared))
    return found
