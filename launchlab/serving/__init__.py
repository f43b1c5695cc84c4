"""What it takes to serve a committee of models: how long it makes people wait, what it costs."""

from launchlab.serving.committee import accuracy_by_answers, train_committee
from launchlab.serving.fanout import FANOUT_JAVASCRIPT, Stragglers

__all__ = [
    "FANOUT_JAVASCRIPT",
    "Stragglers",
    "accuracy_by_answers",
    "train_committee",
]
