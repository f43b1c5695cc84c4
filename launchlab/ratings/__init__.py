"""The Netflix Prize in miniature: simulated ratings, twenty recommenders, and their blends.

Two thousand users and 600 items, simulated (`make_ratings`); recommenders with scikit-learn's fit
and predict (`MEMBERS`, `train_crew`); blends computed from second moments (`Moments`,
`ridge_blend`); a board with a quiz half and a test half (`Prize`); and the effect of an upgraded
or a stale member on a stack (`upgrade_member`, `stale_member`).
"""

from launchlab.ratings.base import Recommender
from launchlab.ratings.blend import (
    BLEND_JAVASCRIPT,
    PENALTY,
    PICK_JAVASCRIPT,
    Ambiguity,
    Blend,
    Moments,
    best_single,
    decompose,
    greedy_path,
    paired_error,
    plain_mean,
    ridge_blend,
    share_of_gain,
    single,
)
from launchlab.ratings.boosted import Boosted
from launchlab.ratings.factors import ALS, SVD, NonNegative
from launchlab.ratings.means import Biases, Clusters, Means, TimeBiases
from launchlab.ratings.members import MEMBERS, Crew, train_crew, train_member
from launchlab.ratings.neighbours import Neighbours
from launchlab.ratings.prize import Prize, best_of_random, flattery, halves
from launchlab.ratings.recorded import member_moments, member_provenance, member_table
from launchlab.ratings.upgrade import Change, change_member, stale_member, upgrade_member
from launchlab.ratings.world import ITEMS, USERS, Part, Ratings, RatingsCouplings, make_ratings

__all__ = [
    "ALS",
    "BLEND_JAVASCRIPT",
    "ITEMS",
    "MEMBERS",
    "PENALTY",
    "PICK_JAVASCRIPT",
    "SVD",
    "USERS",
    "Ambiguity",
    "Biases",
    "Blend",
    "Boosted",
    "Change",
    "Clusters",
    "Crew",
    "Means",
    "Moments",
    "Neighbours",
    "NonNegative",
    "Part",
    "Prize",
    "Ratings",
    "RatingsCouplings",
    "Recommender",
    "TimeBiases",
    "best_of_random",
    "best_single",
    "change_member",
    "decompose",
    "flattery",
    "greedy_path",
    "halves",
    "make_ratings",
    "member_moments",
    "member_provenance",
    "member_table",
    "paired_error",
    "plain_mean",
    "ridge_blend",
    "share_of_gain",
    "single",
    "stale_member",
    "train_crew",
    "train_member",
    "upgrade_member",
]
