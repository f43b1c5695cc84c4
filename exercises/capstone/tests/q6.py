from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 5


@test_case(points=None, hidden=False)
def test_looked_at(looked_at, winner, draw):
    assert looked_at is not ..., "looked_at is not set yet"
    assert looked_at == (draw.margin.idxmax() if winner is None else winner), (
        "it is the winner of the draw, and what you shipped only if that is the same row"
    )


@test_case(points=None, hidden=False)
def test_winner_later(winner_keeps, winner_costs, winner_was_best, TERMS):
    import numpy as np

    assert winner_keeps is not ... and winner_costs is not ..., "these two are not set yet"
    assert winner_was_best is not ..., "winner_was_best is not set yet"
    for name, answer in (("winner_keeps", winner_keeps), ("winner_was_best", winner_was_best)):
        assert str(answer) in ("True", "False"), f"{name} is True or False"
    assert winner_keeps or not winner_was_best, "what breaks a limit is not the best that ships"
    assert winner_keeps or np.isclose(winner_costs, TERMS.broken), (
        "by your own winner_keeps it breaks a limit, and that costs TERMS.broken"
    )
    assert winner_costs >= -1e-09, "nothing that keeps all limits is better than the best of those"


@test_case(points=None, hidden=False)
def test_what_the_five_read(promised, came, DAILY, TODAY, looked_at, draw):
    import numpy as np

    assert promised is not ... and came is not ..., "these two are not set yet"
    assert np.shape(promised) == (3,) and np.shape(came) == (3,), "three numbers each are due"
    week = [7 * DAILY * TODAY[name] for name in TODAY]
    assert np.abs(np.array(promised) / week).max() < 1, (
        "that is more than what runs today brings in all; beyond it, please, and in a week"
    )
    assert np.isclose(week[0] + promised[0], week[0] * draw.orders[looked_at]), (
        "what runs today and so many orders more in a week are not what the draw says"
    )
    assert not np.allclose(promised, came), "what came is not what the draw said"


@test_case(points=None, hidden=False)
def test_manager_got_it(manager_got_it):
    assert manager_got_it is not ..., "manager_got_it is not set yet"
    assert str(manager_got_it) in ("True", "False"), "manager_got_it is True or False"
