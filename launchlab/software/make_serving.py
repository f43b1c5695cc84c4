"""``python -m launchlab.software.make_serving``: make contract.csv and door.csv anew.

What two labs show of one town. Half a minute of CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from launchlab import shipped
from launchlab.software.contract import COMPARED, N_POOL, TOLERANCE, fault_gaps, shows
from launchlab.software.door import POLICIES, cents_scores, ordered

SEED = 0
RANKERS = ("hgb50", "logistic")
SHARES = (0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5)
FALLBACKS = ("popular", "nothing")


def contract_rows(seed: int = SEED, rankers: Sequence[str] = RANKERS) -> pd.DataFrame:
    """In how many of the pool's sessions each fault shows, by what is compared.

    Returns
    -------
    DataFrame
        Columns ranker, fault, compared, showing and pool.
    """
    rows = [
        (ranker, fault, compared, int(shows(found, compared).sum()), N_POOL)
        for ranker in rankers
        for fault, found in fault_gaps(seed, ranker).items()
        for compared in COMPARED
    ]
    return pd.DataFrame(rows, columns=["ranker", "fault", "compared", "showing", "pool"])


def door_rows(
    seed: int = SEED, rankers: Sequence[str] = RANKERS, shares: Sequence[float] = SHARES
) -> pd.DataFrame:
    """What becomes of orders when a share of restaurants sends prices in cents, by policy.

    Returns
    -------
    DataFrame
        Columns ranker, fallback, share, touched (share of sessions with such an offer) and, for
        each policy (serve, usual, leave_out, refuse), the change of orders in percent.
    """
    rows = []
    for ranker in rankers:
        found = cents_scores(seed, ranker)
        clean = found.clean.mean()
        for fallback in FALLBACKS:
            for share in shares:
                row = {"ranker": ranker, "fallback": fallback, "share": share}
                row["touched"] = (found.turn < share).any(axis=1).mean()
                for policy in POLICIES:
                    new = ordered(seed, share, policy, ranker, fallback).mean()
                    row[policy.replace(" ", "_")] = 100 * (new / clean - 1)
                rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Write both tables."""
    shipped.need_one_thread()
    folder = shipped.folder(__file__)
    contract, door = contract_rows(), door_rows()
    note = shipped.cost_line("both tables")
    shipped.write_table(
        folder / "contract.csv",
        contract,
        [
            f"In how many sessions of town {SEED} each serving fault shows: a feature or a score",
            f"that is more than {TOLERANCE:g} away from training's, or another slate.",
            note,
        ],
        "launchlab.software.make_serving",
        index=False,
    )
    shipped.write_table(
        folder / "door.csv",
        door,
        [
            f"Change of orders in town {SEED}, %, when a share of restaurants sends prices in",
            "cents, by what the service does with an implausible offer.",
            note,
        ],
        "launchlab.software.make_serving",
        index=False,
        float_format="%.5g",
    )
    print(f"wrote contract.csv ({len(contract)} rows) and door.csv ({len(door)} rows)")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
