"""What it takes to serve a model, or a committee: how long people wait, and what it costs.

Shipped in ``results``, each file with the command that makes it. Measured once, because a time
measured on a shared machine says as much about its other users as about the model:
``latency.csv`` (``OMP_NUM_THREADS=1 python -m launchlab.serving.measure_latency``),
``member_cost.csv`` (``... launchlab.serving.costs``) and ``tree_latency.csv``
(``... launchlab.serving.device``). Computed over 20 worlds: ``bagged.csv``
(``... launchlab.serving.bagged``) and ``remedies.csv`` (``... launchlab.serving.remedies``).
"""

from launchlab.serving.committee import accuracy_by_answers, train_committee
from launchlab.serving.device import OneMoreTree, trees_measured_once
from launchlab.serving.fanout import (
    FANOUT_JAVASCRIPT,
    LIMIT_JAVASCRIPT,
    NET_GAIN_JAVASCRIPT,
    Stragglers,
)
from launchlab.serving.latency import OVERHEAD_MS, latency_ms, latency_table

__all__ = [
    "FANOUT_JAVASCRIPT",
    "LIMIT_JAVASCRIPT",
    "NET_GAIN_JAVASCRIPT",
    "OVERHEAD_MS",
    "OneMoreTree",
    "Stragglers",
    "accuracy_by_answers",
    "latency_ms",
    "latency_table",
    "train_committee",
    "trees_measured_once",
]
