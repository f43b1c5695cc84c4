from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5


@test_case(points=None, hidden=False)
def test_expected(expected, steady, SESSIONS, RATE, CHANCES):
    found = expected(steady(0.1, 7))
    assert found is not None and found is not ..., "expected returns nothing yet"
    assert found > 0, "compared with somebody who knows, every plan costs orders: above 0 is due"
    whole = SESSIONS * RATE * 28
    most = whole * sum((chance * abs(loss) for loss, chance in CHANCES.items()))
    assert found <= most * 1.001, (
        "that is more than all faults let through for 28 days and all gains missed; is each kind taken times its chance?"
    )
    (gain, chance), *_ = ((-loss, chance) for loss, chance in CHANCES.items())
    waits = whole / 28 * gain * chance * (7 - 0.7)
    assert found >= waits * 0.999, (
        "a good release that waits a week at 10 % misses more than that by itself; is what it could have brought counted?"
    )


@test_case(points=None, hidden=False)
def test_chosen(chosen, expected, PLANS):
    assert chosen is not ..., "chosen is not set yet"
    assert isinstance(chosen, str) and chosen in PLANS, "chosen is the name of one of PLANS"
    mine = expected(PLANS[chosen])
    for name in ("1 % for 21 days", "50 % for 7 days", "10 % for 2, then 50 % for 5"):
        assert mine <= expected(PLANS[name]) * 1.1, (
            f"by your own expected, {name!r} is cheaper by more than a tenth"
        )


@test_case(points=None, hidden=False)
def test_the_two_findings_on_plans(tiny_loses_more, stages_best):
    for name, answer in (("tiny_loses_more", tiny_loses_more), ("stages_best", stages_best)):
        assert answer is not ..., f"{name} is not set yet"
        assert str(answer) in ("True", "False"), f"{name} is True or False"
