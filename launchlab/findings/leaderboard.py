"""Claims of the chapter on one score: benchmark variance, flattery, the attack and the Ladder."""

from __future__ import annotations

import math

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.leaderboard import (
    PRIVATE,
    PUBLIC,
    attack,
    benchmark_runs,
    difference_error,
    growing_committee,
    show_on,
    tree_submissions,
)

BENCHMARKS = 40


def _binomial(share: float, count: int) -> float:
    return math.sqrt(share * (1 - share) / count)


def not_ahead(
    seed: int, test_images: int = 100, worse: str = "5 neighbours", better: str = "1 neighbour"
) -> Effect:
    """Percent of 40 benchmarks that do not put the better learner ahead."""
    one = benchmark_runs(worse, BENCHMARKS, seed)[:, :test_images].sum(axis=1)
    other = benchmark_runs(better, BENCHMARKS, seed)[:, :test_images].sum(axis=1)
    share = float((other <= one).mean())
    return Effect(100 * share, 100 * _binomial(share, BENCHMARKS))


def honest_gap(
    seed: int, submissions: int = 300, public: int = 100, board: str = "plain"
) -> Effect:
    """Points by which the board's figure exceeds its leader's private score."""
    right = tree_submissions(seed)[:submissions]
    shown = show_on(board, right[:, :public])
    private = float(right[shown.leader[-1], PUBLIC:].mean())
    return Effect(100 * (float(shown.shown[-1]) - private), 100 * _binomial(private, PRIVATE))


def attack_public(seed: int, submissions: int = 1_000, public: int = 100) -> Effect:
    """Percent of public images that the coin tosses' vote gets right."""
    return Effect(100 * float(attack(seed, [submissions], public).public[0]))


def attack_private(seed: int, submissions: int = 1_000, public: int = 100) -> Effect:
    """Percent of private images that the coin tosses' vote gets right."""
    share = float(attack(seed, [submissions], public).private[0])
    return Effect(100 * share, 100 * _binomial(share, PRIVATE))


def ladder_saves(
    seed: int, who: str = "attack", public: int = 100, board: str = "ladder"
) -> Effect:
    """Points by which a Ladder flatters less than a plain board."""
    if who == "trees":
        right = tree_submissions(seed)
        gaps = [honest_gap(seed, public=public, board=name).value for name in ("plain", board)]
        leaders = [show_on(name, right[:, :public]).leader[-1] for name in ("plain", board)]
        one, other = right[leaders, PUBLIC:]
        return Effect(gaps[0] - gaps[1], 100 * difference_error(one, other))
    plain, watched = (attack(seed, [1_000], public, name) for name in ("plain", board))
    gaps = [100 * float(found.shown[0] - found.private[0]) for found in (plain, watched)]
    # The two votes are independent on the private images.
    return Effect(gaps[0] - gaps[1], 100 * math.sqrt(2) * _binomial(0.5, PRIVATE))


def hidden_progress(seed: int, board: str = "ladder", public: int = 100) -> Effect:
    """Points by which the last committee's private score exceeds that of the board's leader."""
    right = growing_committee(seed)
    leader = show_on(board, right[:, :public]).leader[-1]
    last, first = right[-1, PUBLIC:], right[leader, PUBLIC:]
    return Effect(100 * float(last.mean() - first.mean()), 100 * difference_error(last, first))


CLAIMS = [
    Claim(
        name="small-test-misleads",
        statement=(
            "With 100 test images, more than one benchmark in five fails to put the better of two "
            "classifiers first (1 nearest neighbour against 5, about 1 point apart)."
        ),
        effect=not_ahead,
        couplings=[Coupling("test_images", "{} test images", 100, 800, steps=28, whole=True)],
        unit="% of benchmarks",
        low=20,
        expected=19,
        variants=[
            Variant("images-400", "400 test images", {"test_images": 400}),
            Variant("images-800", "800 test images", {"test_images": 800}),
            Variant(
                "wider-pair",
                "a pair almost 3 points apart (ridge against naive Bayes)",
                {"worse": "naive Bayes", "better": "ridge"},
            ),
        ],
    ),
    Claim(
        name="best-of-300-flatters",
        statement=(
            "Of 300 honest submissions, the one that leads on 100 public images scores lower on "
            "the private ones."
        ),
        effect=honest_gap,
        couplings=[Coupling("submissions", "{} submissions", 300, 2, whole=True, log=True)],
        unit="points of accuracy",
        variants=[
            Variant("one", "a single submission", {"submissions": 1}),
            Variant("thirty", "30 submissions", {"submissions": 30}),
            Variant("public-400", "400 public images", {"public": 400}),
        ],
    ),
    Claim(
        name="votes-without-a-model",
        statement=(
            "The vote of 1,000 coin-toss submissions scores more than 95 % on 100 public images."
        ),
        effect=attack_public,
        couplings=[
            Coupling("submissions", "{} submissions", 1_000, 10, whole=True, log=True),
            Coupling("public", "{} public images", 100, 400, whole=True),
        ],
        unit="% of the public images right",
        low=95,
        variants=[
            Variant("hundred", "100 submissions", {"submissions": 100}),
            Variant("public-300", "300 public images", {"public": 300}),
            Variant(
                "both",
                "300 public images, 3,000 submissions",
                {"public": 300, "submissions": 3_000},
            ),
        ],
    ),
    Claim(
        name="votes-are-worth-nothing",
        statement=(
            "The same vote is right on half of the private images, give or take five points."
        ),
        effect=attack_private,
        unit="% of the private images right",
        low=45,
        high=55,
    ),
    Claim(
        name="ladder-flatters-less",
        statement=(
            "Under the attack, a Ladder with a margin of 5 points flatters less than a plain "
            "leaderboard."
        ),
        effect=ladder_saves,
        unit="points less",
        variants=[
            Variant("free", "a Ladder whose margin is one standard error", {"board": "free"}),
            Variant("public-1000", "1,000 public images", {"public": 1_000}),
            Variant("trees", "300 honest trees instead of the attack", {"who": "trees"}),
            Variant(
                "trees-free",
                "300 honest trees, a Ladder whose margin is one standard error",
                {"who": "trees", "board": "free"},
            ),
        ],
    ),
    Claim(
        name="ladder-hides-progress",
        statement=(
            "When an ensemble grows from 1 tree to 40, the submission that leads the Ladder ends "
            "behind the last one on the private images."
        ),
        effect=hidden_progress,
        unit="points of accuracy",
        expected=19,
        variants=[
            Variant("plain", "a plain leaderboard", {"board": "plain"}),
            Variant("free", "a Ladder whose margin is one standard error", {"board": "free"}),
            Variant("public-400", "400 public images", {"public": 400}),
        ],
    ),
]
