import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from launchlab.market import Scores
from launchlab.serving import latency_table
from launchlab.serving.remedies import (
    BIG,
    CUTS,
    LABELS,
    STUDENTS,
    cascade,
    remedies_table,
    remedy_ms,
    student,
)
from launchlab.stakeholders.money import NEVER
from launchlab.stakeholders.shipping import Offer, break_even_sessions
from launchlab.zoo import WORLDS

OFFERS = st.builds(
    Offer,
    orders_per_session=st.floats(0.01, 1),
    value_per_order=st.floats(0.1, 20),
    gain=st.floats(-5, 5),
    slower_ms=st.floats(-50, 600),
    elasticity=st.floats(0, 2),
    engineers=st.floats(0, 9),
    incidents=st.floats(0, 50),
    incident_cost=st.floats(0, 1e5),
)


def _scores(seed, n=6, c=30):
    rng = np.random.default_rng(seed)
    order, click, first = rng.uniform(0.01, 1, size=(3, n, c)).astype(np.float32)
    return first, Scores(order, click)


@given(st.integers(0, 99), st.integers(1, 30))
def test_a_cascade_keeps_the_best_of_the_first_and_scores_of_the_second(seed, cut):
    first, then = _scores(seed)
    found = cascade(first, then, cut)
    through = found.order > 0
    assert (through.sum(axis=1) == cut).all()
    assert np.array_equal(found.order[through], then.order[through])
    assert np.array_equal(through, found.click > 0)
    worst = np.where(through, first, np.inf).min(axis=1)
    best_left_out = np.where(through, -np.inf, first).max(axis=1)
    assert (worst >= best_left_out).all()


@pytest.mark.parametrize("cut", [0, 31])
def test_a_cascade_refuses_a_cut_out_of_range(cut):
    with pytest.raises(ValueError, match="cut"):
        cascade(*_scores(0), cut)


def test_a_cascade_refuses_other_shapes():
    first, then = _scores(0)
    with pytest.raises(ValueError, match="shape"):
        cascade(first[:, :8], then, 8)


def test_students_differ_from_their_controls_in_labels_only():
    rows = np.random.default_rng(0).normal(size=(400, 3))
    one, other = (student(50).fit(rows, rows[:, 0]).predict(rows) for _ in range(2))
    assert np.array_equal(one, other)
    assert student(50).get_params() | {"max_iter": 0, "learning_rate": 0} == student(
        200
    ).get_params() | {"max_iter": 0, "learning_rate": 0}
    with pytest.raises(ValueError, match="trees"):
        student(51)


def test_what_remedies_cost():
    times = latency_table()["ms_300"]
    assert remedy_ms("student-50-soft") == times["hgb50"]
    assert remedy_ms("pair", ("logistic", "rf50")) == pytest.approx(
        times[["logistic", "rf50"]].sum()
    )
    for big in BIG:
        costs = [remedy_ms(f"cascade-{cut}-{big}") for cut in CUTS]
        assert costs == sorted(costs)
        assert costs[-1] < times["logistic"] + times[big]
        assert remedy_ms(f"cascade-30-{big}") == pytest.approx(times["logistic"] + times[big])
    for wrong in ("pair", "student-9-soft", "cascade-8-nobody", "nobody"):
        with pytest.raises(ValueError, match="remedy"):
            remedy_ms(wrong)


def test_the_table_of_remedies_is_whole():
    table = remedies_table()
    names = {f"cascade-{cut}-{big}" for cut in CUTS for big in BIG}
    names |= {f"student-{trees}-{labels}" for trees in STUDENTS for labels in LABELS}
    names |= {"hgb200", "logistic", "pair", *BIG}
    assert set(table.remedy) == names
    assert (table.groupby("remedy").world.nunique() == WORLDS).all()
    assert (table[table.remedy == "hgb200"].orders_change == 0).all()
    for row in table.itertuples():
        pair = tuple(row.note.split(" + ")) if row.note else None
        assert row.ms == pytest.approx(remedy_ms(row.remedy, pair), rel=1e-4)


@given(OFFERS)
def test_shipping_breaks_even_where_the_line_crosses_zero(offer):
    if offer.per_session <= 0:
        assert offer.break_even == NEVER
    else:
        assume(offer.break_even < NEVER)
        scale = max(1.0, offer.yearly_cost)
        assert float(offer.line.at(offer.break_even)) == pytest.approx(0, abs=1e-9 * scale)
        assert float(offer.line.at(2 * offer.break_even + 1)) > 0


@given(OFFERS)
def test_waiting_never_adds_to_a_gain(offer):
    if offer.slower_ms >= 0:
        assert offer.net_gain <= offer.gain + 1e-9
    else:
        assert offer.net_gain >= offer.gain - 1e-9


def test_a_sum_by_hand():
    offer = Offer(0.25, 4.0, gain=1.0, slower_ms=0.0, engineers=2, wage=100_000.0)
    assert offer.per_session == pytest.approx(0.01)
    assert offer.break_even == pytest.approx(20e6)
    assert break_even_sessions(0.0, 0.0) == NEVER
    assert break_even_sessions(0.0, 1.0) == 0


@pytest.mark.parametrize(
    "wrong", [{"gain": np.nan}, {"elasticity": 11}, {"engineers": -1}, {"orders_per_session": 2}]
)
def test_an_offer_refuses(wrong):
    given_ = {"orders_per_session": 0.2, "value_per_order": 4, "gain": 1, "slower_ms": 0}
    with pytest.raises(ValueError, match="expected a number"):
        Offer(**(given_ | wrong))


def test_break_even_refuses_a_negative_cost():
    with pytest.raises(ValueError, match="cost"):
        break_even_sessions(-1, 1)
