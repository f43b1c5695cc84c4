"""What a team may ship: 96 configurations, in words, with what each costs to run."""

from __future__ import annotations

from functools import cache

import pandas as pd

from launchlab.market.sessions import N_CANDIDATES
from launchlab.serving.latency import p95_latency, request_latency
from launchlab.stakeholders.configurations import TODAY, Configuration, configurations
from launchlab.stakeholders.menu import artefacts
from launchlab.stakeholders.people import Business

MODELS = ("logistic", "hgb50")
"""The models that answer within Product's limit: see `launchlab.capstone.limits`."""

ALL_MODELS = (*MODELS, "hgb200", "hgb800_tuned", "ensemble5")
"""Every model that somebody proposed, by size."""

SHORTLISTS = (20, N_CANDIDATES)
MARGIN_WEIGHTS = (0.0, 0.5, 0.75, 1.0)
AD_WEIGHTS = (0.5, 1.0, 1.25, 1.5, 2.0, 3.0)

MODEL_WORDS = {
    "logistic": "regression",
    "hgb50": "50 trees",
    "hgb200": "200 trees",
    "hgb800_tuned": "800 tuned trees",
    "ensemble5": "the Committee (five models)",
}
"""What a colleague calls a model."""

MARGIN_WORDS = {
    0.0: "by chance of an order",
    0.5: "half by margin",
    0.75: "mostly by margin",
    1.0: "by margin",
}
"""What a list without its ads is sorted by."""

MENU: tuple[Configuration, ...] = tuple(
    configurations(MODELS, SHORTLISTS, MARGIN_WEIGHTS, AD_WEIGHTS)
)
"""The 96: 2 models x 2 shortlists x 4 margin weights x 6 ad weights; the last varies fastest."""

CONTROL = MENU.index(TODAY)
"""Place of what runs today: the concurrent control."""


def words(configuration: Configuration) -> str:
    """A configuration as one colleague names it to another.

    Parameters
    ----------
    configuration : Configuration
        With levers as on the menu.

    Examples
    --------
    >>> words(MENU[CONTROL])
    '50 trees, all 30 candidates, by chance of an order, ads × 1'
    """
    whole = configuration.shortlist == N_CANDIDATES
    candidates = f"{'all' if whole else 'best'} {configuration.shortlist} candidates"
    return (
        f"{MODEL_WORDS[configuration.model]}, {candidates}, "
        f"{MARGIN_WORDS[configuration.margin_weight]}, ads × {configuration.ad_weight:g}"
    )


def costs(models: tuple[str, ...] = ALL_MODELS) -> pd.DataFrame:
    """What models cost to run, with and without a shortlist.

    Parameters
    ----------
    models : tuple of str
        Names of models.

    Returns
    -------
    DataFrame, a row for each model and shortlist
        ``model``, ``shortlist``, ``p95_ms``, ``artefacts`` (to patch and roll out) and ``people``.
    """
    people = Business().people
    rows = [
        {
            "model": model,
            "shortlist": shortlist,
            "p95_ms": p95_latency(request_latency(model, shortlist)),
            "artefacts": artefacts(model, shortlist),
            "people": people[model],
        }
        for model in models
        for shortlist in SHORTLISTS
    ]
    return pd.DataFrame(rows)


@cache
def _menu_table() -> pd.DataFrame:
    table = pd.DataFrame([vars(one) for one in MENU])
    table["words"] = [words(one) for one in MENU]
    return table.merge(costs(MODELS), on=["model", "shortlist"], how="left", validate="m:1")


def menu_table() -> pd.DataFrame:
    """The menu as a table.

    Returns
    -------
    DataFrame, indexed by place on the menu, 0 to 95
        ``model``, ``shortlist``, ``margin_weight``, ``ad_weight``, ``words``, and the columns of
        `costs`.
    """
    return _menu_table().copy()
