"""The zoo: some 40 rankers of the marketplace, trained in many worlds, and what each one brings.

Training is slow, so the results are shipped in ``results``. Each is read by the names given here,
and made by the command below it:

- ``zoo.csv`` (and its provenance, ``zoo.json``): offline metrics and outcomes of every ranker in
  each of 20 worlds, at any latency. `zoo_table`, `zoo_rows`, `at_latency`, `ranker_notes`.
  ``OMP_NUM_THREADS=1 python -m launchlab.zoo.make_table``
- ``scores.npz``: each ranker's predictions for 1,000 sessions of world 0. `zoo_scores`. Made by the
  same command.
- ``training_noise.csv``: how much a gain depends on the training log. `training_noise`.
  ``OMP_NUM_THREADS=1 python -m launchlab.zoo.make_training_noise``
"""

from launchlab.zoo.launch import hurry, launched, paired_change
from launchlab.zoo.rankers import (
    BASELINE,
    VARIANTS,
    ranker_notes,
    ranker_scores,
    world_sessions,
)
from launchlab.zoo.table import WORLDS, at_latency, provenance, zoo_rows, zoo_scores, zoo_table
from launchlab.zoo.training import trained_scores
from launchlab.zoo.training_noise import training_noise

__all__ = [
    "BASELINE",
    "VARIANTS",
    "WORLDS",
    "at_latency",
    "hurry",
    "launched",
    "paired_change",
    "provenance",
    "ranker_notes",
    "ranker_scores",
    "trained_scores",
    "training_noise",
    "world_sessions",
    "zoo_rows",
    "zoo_scores",
    "zoo_table",
]
