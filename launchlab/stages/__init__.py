"""Stages: results too slow at a click, kept as small files with the commands that make them.

Results stand in this package, each with a reader here and a command that makes it anew.

- ``latency.csv``: what one request costs each ranker. `latency_table`, `latency_ms`.
  ``OMP_NUM_THREADS=1 python -m launchlab.stages.latency``
- ``zoo.csv`` (and its provenance, ``zoo.json``): offline metrics and outcomes of some 40 rankers in
  each of 20 worlds, at any latency. `zoo_table`, `at_latency`, `ranker_notes`.
  ``OMP_NUM_THREADS=1 python -m launchlab.stages.zoo``
- ``scores.npz``: what each ranker of the zoo says about 1,000 sessions of world 0. `zoo_scores`.
  Made by the same command.
- ``training_noise.csv``: how much a gain hangs on the log of one training. `training_noise`.
  ``OMP_NUM_THREADS=1 python -m launchlab.stages.training_noise``
- ``menu.csv`` (and ``menu.json``): 600 configurations in world 0, for the stakeholders.
  :mod:`launchlab.stages.menu`. ``OMP_NUM_THREADS=1 python -m launchlab.stages.menu``
- ``drift.csv`` (and ``drift.json``): frozen and fresh models in 20 drifting worlds.
  :mod:`launchlab.stages.drift`. ``OMP_NUM_THREADS=1 python -m launchlab.stages.drift``
- ``ratings.json``: what twenty recommenders say in one world of ratings, as moments, with their
  parameters and training CPU. `member_moments`, `member_table`.
  ``OMP_NUM_THREADS=1 python -m launchlab.stages.ratings``

`pair_gains` and `agreement` compare offline with online gains over pairs of the table's rankers.

A decision in the book rests on these files; a measurement made by a reader stands beside them.
"""

from launchlab.stages.members import member_moments, member_provenance, member_table
from launchlab.stages.pairs import Agreement, agreement, pair_gains
from launchlab.stages.rankers import BASELINE, VARIANTS, ranker_notes
from launchlab.stages.tables import (
    ENSEMBLE_CALLS,
    OVERHEAD_MS,
    WORLDS,
    at_latency,
    latency_ms,
    latency_table,
    provenance,
    training_noise,
    zoo_scores,
    zoo_table,
)

__all__ = [
    "BASELINE",
    "ENSEMBLE_CALLS",
    "OVERHEAD_MS",
    "VARIANTS",
    "WORLDS",
    "Agreement",
    "agreement",
    "at_latency",
    "latency_ms",
    "latency_table",
    "member_moments",
    "member_provenance",
    "member_table",
    "pair_gains",
    "provenance",
    "ranker_notes",
    "training_noise",
    "zoo_scores",
    "zoo_table",
]
