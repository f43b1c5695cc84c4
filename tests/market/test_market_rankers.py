from dataclasses import replace

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from launchlab.market import (
    RANKERS,
    AdPolicy,
    ClassifierRanker,
    EnsembleRanker,
    Logs,
    Sessions,
    draw_sessions,
    evaluate,
    make_logs,
    make_ranker,
    make_world,
    mean_scores,
)

QUICK = ("popularity", "logistic", "tree", "hgb50")


@pytest.mark.parametrize(
    "name", [n for n in RANKERS if n not in ("hgb800", "hgb800_tuned", "ensemble5")]
)
def test_every_ranker_fits_and_scores(name: str, logs: Logs, sessions: Sessions):
    few = sessions[:60]
    ranker = make_ranker(name, seed=1)
    assert ranker.fit(logs) is ranker
    scores = ranker.score(few)
    assert scores.order.shape == scores.click.shape == few.shape
    assert scores.order.dtype == np.float32
    assert scores.order.std() > 0
    assert (scores.click.mean()) > scores.order.mean()
    if name in ("tree", "mlp", "et50"):
        again = make_ranker(name, seed=1).fit(logs).score(few)
        np.testing.assert_array_equal(scores.order, again.order)


def test_the_big_ones_are_made_of_what_they_say():
    ensemble = make_ranker("ensemble5")
    assert isinstance(ensemble, EnsembleRanker)
    assert len(ensemble.members) == 5
    big = make_ranker("hgb800")
    assert isinstance(big, ClassifierRanker)
    assert big.estimator.get_params()["max_iter"] == 800
    assert big.estimator.get_params()["early_stopping"] is False
    tuned = make_ranker("hgb800_tuned")
    assert isinstance(tuned, ClassifierRanker)
    different = {
        name
        for name, value in tuned.estimator.get_params().items()
        if big.estimator.get_params()[name] != value
    }
    assert different == {"l2_regularization"}


def test_an_ensemble_is_the_mean_of_its_members(logs: Logs, sessions: Sessions):
    few = sessions[:50]
    ensemble = EnsembleRanker([make_ranker("logistic"), make_ranker("tree")]).fit(logs)
    members = [member.score(few) for member in ensemble.members]
    np.testing.assert_allclose(ensemble.score(few).order, (members[0].order + members[1].order) / 2)
    np.testing.assert_array_equal(ensemble.score(few).click, mean_scores(members).click)


def test_learning_beats_popularity():
    for seed in range(3):
        world = make_world(seed)
        logs = make_logs(world, 4_000)
        sessions = draw_sessions(world, 2_000, seed=1)
        orders = [
            evaluate(
                sessions, make_ranker(name).fit(logs).score(sessions), AdPolicy(slots=0)
            ).orders
            for name in ("popularity", "logistic", "hgb50")
        ]
        assert orders[0] < orders[1]
        assert orders[0] < orders[2]


def test_scores_do_not_depend_on_who_else_is_scored(logs: Logs, sessions: Sessions):
    ranker = make_ranker("hgb50").fit(logs)
    whole = ranker.score(sessions)
    np.testing.assert_array_equal(ranker.score(sessions[100:150]).order, whole.order[100:150])


def test_position_is_learned_and_served_as_first(logs: Logs):
    ranker = make_ranker("logistic")
    assert isinstance(ranker, ClassifierRanker)
    ranker.fit(logs)
    weights = ranker.click_model_[-1].coef_[0]
    assert weights[-1] < 0, "lower places are clicked less"
    served = np.take_along_axis(ranker.score(logs.sessions).click, logs.candidate, axis=1)
    assert served[:, 0].mean() == pytest.approx(logs.clicked[:, 0].mean(), rel=0.2)
    assert served[:, 7].mean() > 2 * logs.clicked[:, 7].mean(), "what stood last, if it were first"


def test_calibration_repairs_a_ranker_whose_probabilities_are_too_large(logs: Logs):
    class Inflated(LogisticRegression):
        """Overrates every probability: monotone, so the ranking is right and the level wrong."""

        def predict_proba(self, X):
            p = super().predict_proba(X)[:, 1] ** 0.3
            return np.column_stack([1 - p, p])

    plain = ClassifierRanker(Inflated(max_iter=2_000)).fit(logs)
    fixed = ClassifierRanker(Inflated(max_iter=2_000), calibrated=True).fit(logs)
    honest = ClassifierRanker(LogisticRegression(max_iter=2_000)).fit(logs)
    few = logs.sessions[:300]
    truth = honest.score(few).click.mean()
    assert plain.score(few).click.mean() > 1.5 * truth
    assert fixed.score(few).click.mean() == pytest.approx(truth, rel=0.35)


def test_bad_input_is_named(logs: Logs, sessions: Sessions):
    with pytest.raises(ValueError, match="name='xgboost': expected one of popularity, logistic"):
        make_ranker("xgboost")
    with pytest.raises(ValueError, match="seed=-1: expected a whole number"):
        make_ranker("tree", seed=-1)
    with pytest.raises(ValueError, match="members is empty"):
        EnsembleRanker([])
    with pytest.raises(ValueError, match="has not been fitted"):
        make_ranker("tree").score(sessions)
    nobody = replace(logs, ordered=np.zeros_like(logs.ordered))
    with pytest.raises(ValueError, match="ordered is the same in all 12000 rows"):
        ClassifierRanker(DummyClassifier()).fit(nobody)
