"""What customers see: a slate as a small app screen, for a page or a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from launchlab.markup import render
from launchlab.stakeholders.customer import read_slate

# Four or more screens stand narrower, so that a page shows them in one row and a phone in two.
_WIDE, _NARROW, _MANY = 11.0, 7.8, 4
_ON_ALL, _ON_SOME = 0.24, 0.1


def phones_html(
    slates: Mapping[str, str], window: pd.DataFrame, tint_from: int | None = None
) -> str:
    """Slates side by side, each as a list under its heading; what several show is tinted.

    Parameters
    ----------
    slates : mapping of str to str
        Heading to a slate's word (:func:`launchlab.stakeholders.customer.read_slate`).
    window : DataFrame
        The restaurants (:func:`launchlab.stakeholders.customer.shop_window`).
    tint_from : int, optional
        How many screens have to show a restaurant for it to be tinted, at least 2; left out, all
        of them. What all show is darker than what only some show.

    Returns
    -------
    str
        HTML with inline styles, so that it looks the same in a page and in JupyterLab; it takes
        its colours from its surroundings.
    """
    if tint_from is not None and tint_from < 2:
        raise ValueError(f"tint_from={tint_from}: expected at least 2 screens")
    shown = Counter(place for word in slates.values() for place in {p for p, _ in read_slate(word)})
    least = len(slates) if tint_from is None else tint_from
    tints = {
        place: _ON_ALL if screens == len(slates) else _ON_SOME
        for place, screens in shown.items()
        if screens >= max(2, least)
    }
    screens = [(heading, _places(word, window, tints)) for heading, word in slates.items()]
    least_rem = _NARROW if len(screens) >= _MANY else _WIDE
    return render(__package__, "phones.html", screens=screens, least_rem=least_rem)


def _places(
    word: str, window: pd.DataFrame, tints: Mapping[int, float]
) -> list[tuple[str, bool, str, float]]:
    """For each place: the name, whether it is an ad, the details, how strongly it is tinted."""
    found = []
    for candidate, paid in read_slate(word):
        row = window.iloc[candidate]
        details = f"${row.price:.0f} · {row.eta:.0f} min · {row.rating:.1f} ★"
        found.append((str(row["name"]), paid, details, tints.get(candidate, 0.0)))
    return found
