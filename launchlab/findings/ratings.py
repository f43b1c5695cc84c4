"""Claims about the Netflix Prize in miniature, and about stacks whose members change."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.ratings import (
    MEMBERS,
    Moments,
    RatingsCouplings,
    best_of_random,
    best_single,
    flattery,
    greedy_path,
    halves,
    paired_error,
    plain_mean,
    ridge_blend,
    share_of_gain,
    single,
    stale_member,
    train_crew,
    upgrade_member,
)
from launchlab.ratings.upgrade import STACK, STALE_STACK, UPGRADE

EVERYBODY = tuple(MEMBERS)
NINETEEN = tuple(name for name in EVERYBODY if name != UPGRADE[1])
POSITIVE_STACK = ("biases", "item kNN 15", "user kNN 20", "SVD 6", "clusters")
POSITIVE_UPGRADE = ("clusters", "ALS 10")


def _couplings(assumptions: dict[str, Any]) -> RatingsCouplings:
    return RatingsCouplings(**assumptions)


def blend_gain(seed: int, **assumptions: Any) -> Effect:
    """Percent by which a ridge blend of all members lowers the best single member's test RMSE."""
    crew = train_crew(seed, _couplings(assumptions))
    probe, truth = crew.probe_moments, crew.test_y
    best = single(probe, best_single(probe)).predict(crew.test)
    every = ridge_blend(probe).predict(crew.test)
    rmse = math.sqrt(np.mean((best - truth) ** 2))
    gain = 1 - math.sqrt(np.mean((every - truth) ** 2)) / rmse
    return Effect(100 * gain, 100 * paired_error(best, every, truth) / rmse)


def plain_loss(seed: int, best_members: int = 20) -> Effect:
    """Percent by which the plain mean's test RMSE exceeds the best single member's.

    ``best_members``: how many members enter the mean, the best on the probe set first.
    """
    crew = train_crew(seed)
    probe, truth = crew.probe_moments, crew.test_y
    alone = [probe.mse(single(probe, member)) for member in range(probe.members)]
    chosen = np.argsort(alone)[:best_members].tolist()
    best = single(probe, chosen[0]).predict(crew.test)
    mean = plain_mean(probe.members, chosen).predict(crew.test)
    rmse = math.sqrt(np.mean((best - truth) ** 2))
    loss = math.sqrt(np.mean((mean - truth) ** 2)) / rmse - 1
    return Effect(100 * loss, 100 * paired_error(mean, best, truth) / rmse)


def share(seed: int, members: int) -> Effect:
    """Percent of the full blend's gain that ``members`` greedily chosen members reach, test set.

    The standard error treats the full gain as known; it is several times more certain than the
    parts.
    """
    crew = train_crew(seed)
    probe, test = crew.probe_moments, crew.test_moments
    best = single(probe, best_single(probe))
    some, every = ridge_blend(probe, greedy_path(probe)[:members]), ridge_blend(probe)
    found = share_of_gain(test.rmse(some), test.rmse(best), test.rmse(every))
    whole = test.rmse(best) - test.rmse(every)
    error = paired_error(some.predict(crew.test), every.predict(crew.test), crew.test_y)
    return Effect(100 * found, 100 * error / whole)


def share_of_two(seed: int) -> Effect:
    """`share` with two members."""
    return share(seed, 2)


def share_of_five(seed: int) -> Effect:
    """`share` with five members."""
    return share(seed, 5)


def share_of_ten(seed: int, members: int = 10) -> Effect:
    """`share` with ten members."""
    return share(seed, members)


def best_two(seed: int, probed: float = 1.0, members: int = 2) -> Effect:
    """Lead of the best pair over the two best single members, in percent of the full blend's gain.

    Pairs and weights are chosen on the probe set and judged on the test set. The standard error
    treats the full gain as known.

    ``probed``: share of the probe set, which is in random order, on which is chosen. ``members``:
    how many, instead of two.
    """
    crew = train_crew(seed)
    probe, test = crew.probe_moments, crew.test_moments
    seen = round(probed * len(crew.probe_y))
    some = Moments.of(crew.probe[:seen], crew.probe_y[:seen])
    alone = [some.mse(single(some, member)) for member in range(some.members)]
    two = ridge_blend(some, np.argsort(alone)[:members].tolist())
    pairs = (ridge_blend(some, list(pair)) for pair in combinations(range(some.members), members))
    pair = min(pairs, key=some.rmse)
    whole = test.rmse(single(probe, best_single(probe))) - test.rmse(ridge_blend(probe))
    error = paired_error(two.predict(crew.test), pair.predict(crew.test), crew.test_y)
    return Effect(100 * (test.rmse(two) - test.rmse(pair)) / whole, 100 * error / whole)


def quiz_flatters(seed: int, members: int = 20, tries: int = 0) -> Effect:
    """Thousandths of a star by which the quiz half flatters a blend that was tuned on it.

    The weights of ``members`` members are fitted there; with ``tries``, the best of that many
    random subsets of members is chosen there instead.
    """
    crew = train_crew(seed)
    probe = crew.probe_moments
    quiz, test = halves(crew)
    if tries:
        found = best_of_random(probe, quiz, test, tries=tries, members=members, seed=seed)
        return Effect(1_000 * found)
    return Effect(1_000 * flattery(probe, quiz, test, greedy_path(probe)[:members]))


def upgrade_hurts(
    seed: int,
    stack: tuple[str, ...] = STACK,
    upgrade: tuple[str, str] = UPGRADE,
    refitted: float = 0.0,
) -> Effect:
    """Percent by which the stack's test RMSE rises when one member is upgraded.

    ``refitted``: how far the weights are moved from those kept to those fitted again, 0 to 1. What
    a stack predicts is linear in its weights, so its predictions move as far.
    """
    change = upgrade_member(seed, stack, upgrade)
    truth = train_crew(seed).test_y
    kept, refit = change.predictions["kept"], change.predictions["refit"]
    stars = kept + refitted * (refit - kept)
    after = float(np.sqrt(np.mean((stars - truth) ** 2)))
    error = paired_error(stars, change.predictions["before"], truth)
    return Effect(100 * (after / change.before - 1), 100 * error / change.before)


def member_better(
    seed: int, stack: tuple[str, ...] = STACK, upgrade: tuple[str, str] = UPGRADE
) -> Effect:
    """Percent by which the upgraded member's own test RMSE falls."""
    change = upgrade_member(seed, stack, upgrade)
    return Effect(100 * (1 - change.member_after / change.member_before))


def stale_hurts(
    seed: int, since: float = 0.7, stack: tuple[str, ...] = STALE_STACK, stale: str = STALE_STACK[0]
) -> Effect:
    """Percent by which a stack with a stale member does worse than its best member alone."""
    change = stale_member(seed, stale, since, stack)
    one, best = change.predictions["kept"], change.predictions["best_single"]
    error = paired_error(one, best, train_crew(seed).test_y)
    return Effect(100 * (change.kept / change.best_single - 1), 100 * error / change.best_single)


CLAIMS = [
    Claim(
        name="ratings-blend-wins",
        statement="A ridge blend of all twenty members predicts better than the best of them.",
        effect=blend_gain,
        unit="% lower RMSE on the test set",
        variants=[
            Variant("no-series", "no series in the world", {"series": 0.0}),
            Variant("no-drift", "tastes stay as they are", {"drift": 0.0}),
            Variant("at-random", "who rates what has nothing to do with liking", {"liking": 0.0}),
            Variant("noisy", "noise of 1.0 instead of 0.7 stars", {"noise": 1.0}),
        ],
    ),
    Claim(
        name="ratings-plain-mean-loses",
        statement="The plain mean of the same twenty predicts worse than the best single member.",
        effect=plain_loss,
        couplings=[
            Coupling("best_members", "the mean of the {} best", 20, 2, steps=18, whole=True),
        ],
        unit="% higher RMSE on the test set",
        variants=[
            Variant("fifteen", "the mean of the 15 best alone", {"best_members": 15}),
            Variant("ten", "the mean of the 10 best alone", {"best_members": 10}),
            Variant("five", "the mean of the 5 best alone", {"best_members": 5}),
        ],
    ),
    Claim(
        name="ratings-best-two",
        statement=(
            "The pair that blends best on the probe set also predicts better on the test set than "
            "the two members that are best alone."
        ),
        effect=best_two,
        couplings=[
            Coupling("probed", "{} % of the probe set", 1.0, 0.01, steps=16, log=True, scale=100),
            Coupling("members", "sets of {} members", 2, 4, steps=2, whole=True),
        ],
        unit="% of the gain of all twenty",
        expected=10,
    ),
    Claim(
        name="ratings-two-members",
        statement="The first two members taken bring less than half of the gain of all twenty.",
        effect=share_of_two,
        unit="% of the gain on the test set",
        low=-math.inf,
        high=50,
        expected=19,
    ),
    Claim(
        name="ratings-five-members",
        statement="The first five members taken bring more than half of the gain of all twenty.",
        effect=share_of_five,
        unit="% of the gain on the test set",
        low=50,
    ),
    Claim(
        name="ratings-ten-members",
        statement="The first ten members taken bring more than 80 % of the gain of all twenty.",
        effect=share_of_ten,
        couplings=[Coupling("members", "{} members", 10, 2, steps=8, whole=True)],
        unit="% of the gain on the test set",
        low=80,
    ),
    Claim(
        name="ratings-quiz-flatters",
        statement=(
            "Twenty weights fitted on the quiz half promise a lower error there than the test "
            "half then shows."
        ),
        effect=quiz_flatters,
        unit="thousandths of a star of RMSE",
        variants=[
            Variant("five", "five weights", {"members": 5}),
            Variant(
                "choice",
                "weights from the probe set, the best of 200 random tens chosen on the quiz",
                {"members": 10, "tries": 200},
            ),
        ],
    ),
    Claim(
        name="ratings-upgrade-hurts",
        statement=(
            "A member of a stack of four is upgraded to a better model; with the weights kept, the "
            "stack gets worse."
        ),
        effect=upgrade_hurts,
        couplings=[
            Coupling(
                "refitted",
                "weights moved {} % of the way to those fitted again",
                0.0,
                1.0,
                steps=20,
                scale=100,
            ),
        ],
        unit="% higher RMSE of the stack",
        variants=[
            Variant("refit", "weights fitted again", {"refitted": 1.0}),
            Variant("nineteen", "the same upgrade in a stack of 19", {"stack": NINETEEN}),
            Variant(
                "positive",
                "another upgrade, of a member with a positive weight",
                {"stack": POSITIVE_STACK, "upgrade": POSITIVE_UPGRADE},
            ),
        ],
    ),
    Claim(
        name="ratings-upgraded-member",
        statement="The upgraded member itself predicts better than before.",
        effect=member_better,
        unit="% lower RMSE of the member",
    ),
    Claim(
        name="ratings-stale-member",
        statement=(
            "One member of a stack of three has seen no rating of the last 30 % of the time: the "
            "stack is worse than its best member alone, kept fresh."
        ),
        effect=stale_hurts,
        unit="% higher RMSE than the best member",
        expected=19,
        variants=[
            Variant("half", "none of the last 50 % of the time", {"since": 0.5}),
            Variant("tenth", "none of the last 10 % of the time", {"since": 0.9}),
            Variant("twenty", "the same member in the stack of all 20", {"stack": EVERYBODY}),
        ],
    ),
]
