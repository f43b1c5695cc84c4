"""A food-delivery marketplace whose truth is known: world, sessions, ads, outcomes, rankers.

From a world to a policy's scorecard, in four lines::

    world = make_world(seed=0)
    ranker = make_ranker("hgb200").fit(make_logs(world))
    sessions = draw_sessions(world, 5_000, seed=1)
    evaluate(sessions, ranker.score(sessions), AdPolicy(slots=3, weight=1.0)).rows()

Everything is assumed and nothing is measured, except the size of the latency effect. See
:class:`Couplings` for the assumptions on which findings depend, and ``SANITY_BANDS`` for the
bounds that keep the money believable.
"""

from .ads import AdPolicy, adjust_bids, run_auction
from .evaluate import evaluate, evaluate_blocks, settle_bids
from .features import FEATURES, make_features
from .logs import Logs, make_logs, popularity_score, slate_log_propensities, top_propensities
from .outcomes import (
    MEASURES,
    Outcomes,
    attention,
    expected_outcomes,
    sample_outcomes,
    stay_probability,
    true_scores,
)
from .rankers import (
    RANKERS,
    ClassifierRanker,
    EnsembleRanker,
    Ranker,
    make_ranker,
    mean_scores,
)
from .scorecard import SANITY_BANDS, Scorecard, gini, make_scorecard, relative_change
from .sessions import Sessions, draw_sessions, session_blocks
from .slates import Scores, Slates, blend, build_slates, organic_slates, top_slate
from .world import Couplings, World, make_world

__all__ = [
    "FEATURES",
    "MEASURES",
    "RANKERS",
    "SANITY_BANDS",
    "AdPolicy",
    "ClassifierRanker",
    "Couplings",
    "EnsembleRanker",
    "Logs",
    "Outcomes",
    "Ranker",
    "Scorecard",
    "Scores",
    "Sessions",
    "Slates",
    "World",
    "adjust_bids",
    "attention",
    "blend",
    "build_slates",
    "draw_sessions",
    "evaluate",
    "evaluate_blocks",
    "expected_outcomes",
    "gini",
    "make_features",
    "make_logs",
    "make_ranker",
    "make_scorecard",
    "make_world",
    "mean_scores",
    "organic_slates",
    "popularity_score",
    "relative_change",
    "run_auction",
    "sample_outcomes",
    "session_blocks",
    "settle_bids",
    "slate_log_propensities",
    "stay_probability",
    "top_propensities",
    "top_slate",
    "true_scores",
]
