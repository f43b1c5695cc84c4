"""``python -m launchlab.software.make_skew``: make the tables of skews and of leaks anew.

Takes about ten seconds of CPU for each world; what was computed is kept in ``.cache/points``.
"""

from __future__ import annotations

import pandas as pd

from launchlab import shipped
from launchlab.software.leaks import leak_rows
from launchlab.software.served import MODELS, SHARES, skew_rows
from launchlab.software.skew_table import LEAK_WORLDS, SHOWN, WORLDS

MODULE = "launchlab.software.make_skew"


def skews_of(seed: int) -> pd.DataFrame:
    """A world's rows of the table of skews; the shown world has all shares of customers."""
    shares = SHARES if seed == SHOWN else (1.0,)
    return pd.concat([skew_rows(seed, model, shares) for model in MODELS])


def leaks_of(seed: int) -> pd.DataFrame:
    """A world's rows of the table of leaks."""
    return pd.concat([leak_rows(seed, model) for model in MODELS])


def main() -> None:
    """Make both tables and write them."""
    shipped.need_one_thread()
    here = shipped.folder(__file__)
    here.mkdir(exist_ok=True)
    head = ["What a difference between training and serving does, by world, model and fault."]
    skews = shipped.in_worlds(skews_of, WORLDS)
    head.append(shipped.cost_line("less where the cache held scores"))
    table = here / "skews.csv"
    shipped.write_table(table, skews, head, MODULE, index=False, float_format="%.5g")
    head = ["What a leaking window does, by world, model and share of orders it holds too early."]
    leaks = shipped.in_worlds(leaks_of, LEAK_WORLDS)
    head.append(shipped.cost_line("both tables"))
    table = here / "leaks.csv"
    shipped.write_table(table, leaks, head, MODULE, index=False, float_format="%.5g")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
