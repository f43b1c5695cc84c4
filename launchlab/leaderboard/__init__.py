"""Leaderboards on scikit-learn's digits: what they show, and what the private images say.

A *world* is the seed of a split of the 1,797 images and of everything trained or drawn after it.
Worlds share the images, so a count over worlds shows only that a finding is not the luck of one
split.
"""

from launchlab.leaderboard.attack import (
    Attack,
    attack,
    expected_attack_score,
    random_votes,
)
from launchlab.leaderboard.boards import (
    BOARDS,
    Board,
    ladder,
    ladder_of_scores,
    parameter_free_ladder,
    plain,
    show_on,
)
from launchlab.leaderboard.orders import Climb, mean_climb
from launchlab.leaderboard.submissions import (
    PRIVATE,
    PUBLIC,
    growing_committee,
    odd_or_even,
    tree_submissions,
)
from launchlab.leaderboard.variance import LEARNERS, benchmark_runs, difference_error

__all__ = [
    "BOARDS",
    "LEARNERS",
    "PRIVATE",
    "PUBLIC",
    "Attack",
    "Board",
    "Climb",
    "attack",
    "benchmark_runs",
    "difference_error",
    "expected_attack_score",
    "growing_committee",
    "ladder",
    "ladder_of_scores",
    "mean_climb",
    "odd_or_even",
    "parameter_free_ladder",
    "plain",
    "random_votes",
    "show_on",
    "tree_submissions",
]
