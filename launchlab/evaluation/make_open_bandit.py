"""``python -m launchlab.evaluation.make_open_bandit FILE``: extract the real log from obp.

FILE is the wheel of the Python package obp, which holds the small sample of the Open Bandit
Dataset; nothing is downloaded. Writes ``results/open-bandit.csv.gz``: campaign, policy,
propensity to four digits, click, and the number of impressions that share them. Takes a second.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from launchlab import shipped
from launchlab.evaluation.open_bandit import CAMPAIGNS, FILE

POLICIES = ("random", "bts")
DIGITS = 4
_HEAD = """\
# The Open Bandit Dataset, small sample: 10,000 impressions of each policy in each campaign.
# Saito, Aihara, Matsutani and Narita (2021); from {source}, under the Apache License 2.0.
# Changed: four columns are kept, propensities rounded to {digits} digits, equal rows counted.
# Made by: OMP_NUM_THREADS=1 python -m launchlab.evaluation.make_open_bandit
"""


def extract(wheel: Path) -> pd.DataFrame:
    """The rows of the extract.

    Parameters
    ----------
    wheel : Path
        The package's file, a zip archive.

    Raises
    ------
    ValueError
        If the archive is none, or lacks the sample.
    """
    parts = []
    try:
        with zipfile.ZipFile(wheel) as archive:
            for campaign in CAMPAIGNS:
                for policy in POLICIES:
                    name = f"obp/dataset/obd/{policy}/{campaign}/{campaign}.csv"
                    with archive.open(name) as file:
                        rows = pd.read_csv(file, usecols=["click", "propensity_score"])
                    parts.append(rows.assign(campaign=campaign, policy=policy))
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{wheel}: expected the wheel of obp with its sample ({error})") from error
    table = pd.concat(parts)
    table["propensity"] = [float(f"{value:.{DIGITS}g}") for value in table["propensity_score"]]
    keys = ["campaign", "policy", "propensity", "click"]
    counted: pd.DataFrame = table.groupby(keys).size().rename("impressions").reset_index()
    return counted


def main(given: Sequence[str] | None = None) -> None:
    """Make the file, and print what was written."""
    parser = argparse.ArgumentParser(prog="make_open_bandit", description=__doc__)
    parser.add_argument("wheel", type=Path, help="for example obp-0.4.1-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=shipped.folder(__file__) / FILE)
    asked = parser.parse_args(given)
    try:
        table = extract(asked.wheel)
    except ValueError as error:
        sys.exit(str(error))
    text = _HEAD.format(source=asked.wheel.name, digits=DIGITS) + table.to_csv(index=False)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    # No time and no name in the archive: the same rows make the same bytes.
    asked.out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"wrote {asked.out.name}: {len(table)} rows, {asked.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
