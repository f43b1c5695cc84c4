import numpy as np
import pytest

from launchlab.market import FEATURES, make_features, make_logs, make_world
from launchlab.market.rankers import make_estimator
from launchlab.serving import forgotten
from launchlab.serving.forgotten import DESIGNS, VOTERS, orders_lost

ETA = FEATURES.index("eta")


@pytest.mark.parametrize("name", VOTERS)
def test_a_model_that_is_retrained_in_another_unit_says_what_it_said(name):
    """So one training in minutes may stand for both."""
    logs = make_logs(make_world(3), 1_500)
    minutes = make_features(logs.sessions, logs.candidate)
    seconds = minutes.copy()
    seconds[:, ETA] *= 60
    ordered = logs.ordered.ravel().astype(np.int8)
    before, after = (
        make_estimator(name, 0).fit(rows, ordered).predict_proba(rows)[:, 1]
        for rows in (minutes, seconds)
    )
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("design", "forgot", "named"),
    [("chorus", "tree", "design='chorus'"), ("cascade", "rf50", "forgot='rf50'")],
)
def test_what_a_design_does_not_have_is_named(design, forgot, named):
    assert forgot not in DESIGNS.get(design, ())
    with pytest.raises(ValueError, match=named):
        orders_lost(0, design, forgot)


def test_where_all_candidates_pass_it_does_not_matter_what_the_first_model_forgot(monkeypatch):
    cheap = {"logistic": "logistic", "hgb50": "tree"}
    monkeypatch.setattr(forgotten, "make_estimator", lambda name, _: make_estimator(cheap[name], 0))
    lost = [orders_lost(3, "cascade", "logistic", cut)[0] for cut in (12, 30)]
    assert lost[0] > 3
    assert lost[1] == 0
    forgotten._chances.cache_clear()
