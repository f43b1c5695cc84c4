"""Claims of the chapter "Readable to whom?": how hard forests are to read, and what persists."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.interpret import (
    INVENTED,
    Patients,
    Reading,
    grow_forest,
    grow_tree,
    imitate,
    read_forest,
    split_patients,
    top_overlap,
)

WORLDS = "random splits"
TRAININGS = 5
_SIZE = 100


def _percent(by_patient: NDArray[np.float64]) -> Effect:
    """Mean of a quantity per test patient, in percent, with its standard error."""
    error = by_patient.std(ddof=1) / math.sqrt(len(by_patient))
    return Effect(100 * float(by_patient.mean()), 100 * float(error))


def _changed(answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each patient, the share of pairs of trainings whose answers differ."""
    trainings, ones = len(answers), answers.sum(axis=0)
    return np.asarray(2 * ones * (trainings - ones) / (trainings * (trainings - 1)))


@lru_cache(maxsize=2)
def _patients(seed: int) -> Patients:
    return split_patients(seed)


@lru_cache(maxsize=3)
def _forests(
    seed: int, change: str = "seed", depth: int | None = None
) -> tuple[RandomForestClassifier, ...]:
    patients = _patients(seed)
    return tuple(
        grow_forest(patients, training, change, trees=_SIZE, depth=depth, out_of_bag=True)
        for training in range(TRAININGS)
    )


@lru_cache(maxsize=3)
def _readings(seed: int, change: str = "seed", depth: int | None = None) -> tuple[Reading, ...]:
    test = _patients(seed).test
    return tuple(read_forest(forest, test) for forest in _forests(seed, change, depth))


def _plain(seed: int, change: str, depth: int | None) -> list[Reading]:
    patients = _patients(seed)
    trees = [grow_tree(patients, training, change, depth=depth) for training in range(TRAININGS)]
    return [read_forest(tree, patients.test) for tree in trees]


def _small(seed: int, change: str, depth: int | None, against: str) -> list[Reading]:
    """Readings that forests are compared with; only the first tree of each counts."""
    if against == "plain":
        return _plain(seed, change, depth)
    return list(_readings(seed, change, depth))


def questions(seed: int, trees: int = _SIZE) -> Effect:
    """Questions that a forest asks about one patient."""
    return Effect(float(np.mean([one.questions[trees - 1] for one in _readings(seed)])))


def overlap_gain(
    seed: int,
    change: str = "seed",
    depth: int | None = None,
    against: str = "first",
    trees: int = _SIZE,
) -> Effect:
    """How many more of their top five features forests share between trainings than single trees.

    ``against``: "first" for the first tree of each forest, "plain" for a plain decision tree.
    """
    small = _small(seed, change, depth, against)
    forest = [one.importances[trees - 1] for one in _readings(seed, change, depth)]
    return Effect(top_overlap(forest) - top_overlap([one.importances[0] for one in small]))


def churn_gain(
    seed: int,
    change: str = "seed",
    depth: int | None = None,
    against: str = "first",
    trees: int = _SIZE,
) -> Effect:
    """Churn of single trees less that of forests, points; ``against`` as for `overlap_gain`."""
    small = _small(seed, change, depth, against)
    forest = np.array([one.answers[trees - 1] for one in _readings(seed, change, depth)])
    return _percent(_changed(np.array([one.answers[0] for one in small])) - _changed(forest))


def _surrogates(
    seed: int, asked: str, depth: int, change: str = "seed", invented: int = INVENTED
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Answers of surrogates and of their forests, each of shape (trainings, n)."""
    patients = _patients(seed)
    small = []
    for training, forest in enumerate(_forests(seed, change)):
        given = patients.resample(training) if change == "patients" else patients
        one = imitate(forest, given, asked, depth=depth, seed=training, invented=invented)
        small.append(one.answers)
    large = [one.answers[-1] for one in _readings(seed, change)]
    return np.array(small), np.array(large)


def fidelity(
    seed: int,
    asked: str = "invented",
    depth: int = 3,
    where: str = "all",
    invented: int = INVENTED,
) -> Effect:
    """Percent of test patients on which a surrogate agrees with its forest.

    ``where``: "all", or "forest errs" for patients the forest gets wrong, pooled over trainings.
    """
    small, large = _surrogates(seed, asked, depth, invented=invented)
    same = (small == large).astype(float)
    if where == "all":
        return _percent(same.mean(axis=0))
    return Effect(100 * float(same[large != _patients(seed).test_y].mean()))


def fidelity_gain(
    seed: int, asked: str = "invented", depth: int = 3, invented: int = INVENTED
) -> Effect:
    """Points by which a surrogate's fidelity exceeds that of a tree that never saw the forest."""
    small, large = _surrogates(seed, asked, depth, invented=invented)
    ordinary, _ = _surrogates(seed, "labels", depth)
    return _percent(((small == large).astype(float) - (ordinary == large)).mean(axis=0))


def accuracy_loss(seed: int, asked: str = "invented", depth: int = 3) -> Effect:
    """Points of accuracy by which a surrogate falls short of its forest."""
    small, large = _surrogates(seed, asked, depth)
    truth = _patients(seed).test_y
    return _percent(((large == truth).astype(float) - (small == truth)).mean(axis=0))


def surrogate_churn(
    seed: int, asked: str = "invented", depth: int = 3, change: str = "seed"
) -> Effect:
    """Churn of surrogates less that of their forests, points."""
    small, large = _surrogates(seed, asked, depth, change)
    return _percent(_changed(small) - _changed(large))


def one_feature(seed: int, together: bool = False) -> Effect:
    """Largest loss of accuracy, in points, from shuffling one of the top five features.

    ``together``: shuffle all five at once, each independently of the others.
    """
    patients, forest = _patients(seed), _forests(seed)[0]
    top = np.argsort(-forest.feature_importances_, kind="stable")[:5]
    right = forest.predict(patients.test) == patients.test_y
    rng = np.random.default_rng(seed)

    def lost(features: NDArray[np.int64]) -> NDArray[np.float64]:
        gaps = []
        for _ in range(5):
            shuffled = patients.test.copy()
            for feature in features:
                shuffled[:, feature] = rng.permutation(shuffled[:, feature])
            gaps.append(right.astype(float) - (forest.predict(shuffled) == patients.test_y))
        return np.asarray(np.mean(gaps, axis=0))

    if together:
        return _percent(lost(top))
    return max((_percent(lost(top[[k]])) for k in range(5)), key=lambda effect: effect.value)


_COMPARED = [
    Variant("patients", "retrained on other patients", {"change": "patients"}),
    Variant("shallow", "trees of depth 3", {"depth": 3}),
    Variant("plain", "against a plain tree, same patients", {"against": "plain"}),
    Variant(
        "plain-patients",
        "against a plain tree, other patients",
        {"against": "plain", "change": "patients"},
    ),
    Variant("ten", "ten trees instead of a hundred", {"trees": 10}),
]

_FEWER_TREES = Coupling("trees", "{} trees in the forest", _SIZE, 10, steps=1, whole=True)
_FEWER_INVENTED = Coupling(
    "invented", "{} invented patients", INVENTED, 20, steps=16, log=True, whole=True
)

CLAIMS = [
    Claim(
        name="forest-asks-more",
        statement="A forest of 100 trees asks more than 200 questions about one patient.",
        effect=questions,
        unit="questions",
        low=200.0,
        variants=[Variant("one", "one of its trees", {"trees": 1})],
        worlds=WORLDS,
    ),
    Claim(
        name="forest-top-five-last",
        statement=(
            "Two trainings of a forest of 100 trees share more of their top five features than two "
            "trainings of one of its trees."
        ),
        effect=overlap_gain,
        couplings=[_FEWER_TREES],
        unit="features of five",
        variants=_COMPARED,
        worlds=WORLDS,
    ),
    Claim(
        name="forest-churns-less",
        statement=(
            "Trained again, a forest of 100 trees changes its answer for fewer patients than one "
            "of its trees."
        ),
        effect=churn_gain,
        couplings=[_FEWER_TREES],
        unit="points less churn",
        variants=_COMPARED,
        worlds=WORLDS,
    ),
    Claim(
        name="surrogate-agrees",
        statement=(
            "A tree of depth 3 that learned from the forest's answers agrees with it on more than "
            "90 % of new patients."
        ),
        effect=fidelity,
        couplings=[_FEWER_INVENTED],
        unit="% fidelity",
        low=90.0,
        variants=[
            Variant("labels", "a tree that never saw the forest", {"asked": "labels"}),
            Variant("own", "asked on the forest's own patients", {"asked": "own"}),
            Variant("left-out", "asked on left-out patients", {"asked": "left out"}),
            Variant("one", "a surrogate of depth 1", {"depth": 1}),
            Variant("errs", "only patients on whom the forest errs", {"where": "forest errs"}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="surrogate-beats-ordinary",
        statement=(
            "The surrogate agrees with the forest on more new patients than a tree of the same "
            "depth that never saw the forest."
        ),
        effect=fidelity_gain,
        couplings=[_FEWER_INVENTED],
        unit="points of fidelity",
        variants=[
            Variant("own", "asked on the forest's own patients", {"asked": "own"}),
            Variant("deep", "both of depth 6", {"depth": 6}),
        ],
        expected=13,
        worlds=WORLDS,
    ),
    Claim(
        name="surrogate-less-accurate",
        statement="The surrogate is less accurate than its forest.",
        effect=accuracy_loss,
        unit="points of accuracy",
        variants=[
            Variant("labels", "a tree that never saw the forest", {"asked": "labels"}),
            Variant("deep", "a surrogate of depth 6", {"depth": 6}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="surrogate-churns-more",
        statement="Trained again, the surrogate changes more of its answers than its forest.",
        effect=surrogate_churn,
        unit="points more churn",
        variants=[
            Variant("patients", "retrained on other patients", {"change": "patients"}),
            Variant("deep", "a surrogate of depth 6", {"depth": 6}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="no-feature-is-missed",
        statement=(
            "Shuffling any one of the forest's top five features costs it less than two points of "
            "accuracy."
        ),
        effect=one_feature,
        unit="points of accuracy lost",
        low=-math.inf,
        high=2.0,
        variants=[Variant("five", "all five shuffled", {"together": True})],
        worlds=WORLDS,
    ),
]
