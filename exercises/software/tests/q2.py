from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5


@test_case(points=None, hidden=False)
def test_outside(outside, trainer):
    import numpy as np
    from launchlab.software.columns import with_column

    found = outside(trainer)
    assert found is not None and found is not ..., "outside returns nothing yet"
    assert list(found) == [], "the trainer's rows are all in range: an empty list is due"
    ends = with_column(with_column(trainer, "rating", 5.0), "cuisine_share", 0.0)
    assert list(outside(ends)) == [], "5 stars and a share of 0 are allowed: the ends are in range"
    broken = trainer.copy()
    broken[7, 0] = np.nan
    assert list(outside(broken)) == ["distance"], (
        "a distance is missing (NaN), which is neither below the range nor above it"
    )
    broken[8, 2], broken[9, 1] = (-1.0, 1000.0)
    assert list(outside(broken)) == ["distance", "eta", "price"], (
        "three columns have one value each that must not be there; their names are due, sorted"
    )


@test_case(points=None, hidden=False)
def test_psi_by_hand(psi):
    import numpy as np

    flag = np.array([0.0] * 6 + [1.0] * 4)
    moved = np.array([0.0] * 4 + [1.0] * 6)
    found = psi(flag, flag)
    assert found is not None and found is not ..., "psi returns nothing yet"
    assert np.isclose(found, 0), "what has not moved has an index of 0"
    due = 2 * 0.2 * np.log(1.5)
    assert np.isclose(psi(flag, moved), due, rtol=0.001), (
        f"from 40 % to 60 % of ones the index is {due:.3f}, and you say {psi(flag, moved):.3f}; is a value that equals a cut above it, and are equal cuts there once?"
    )
    none = psi(flag, np.zeros(10))
    assert np.isfinite(none), "where nothing is left in a bin, the share counts as 0.0001"
    assert np.isclose(none, 0.4 * np.log(1 / 0.6) + 0.3999 * np.log(0.4 / 0.0001), rtol=0.001), (
        "a share below 0.0001 counts as 0.0001"
    )


@test_case(points=None, hidden=False)
def test_psi_cuts_at_deciles_of_before(psi):
    import numpy as np

    even = np.arange(1000.0)
    found = psi(even, even + 100)
    assert found is not None and found is not ..., "psi returns nothing yet"
    due = (0.1 - 0.0001) * np.log(0.1 / 0.0001) + 0.1 * np.log(2)
    assert np.isclose(found, due, rtol=0.02), (
        "where everything moves up by a tenth, the lowest bin is empty and the highest twice as full; are the cuts the nine deciles of before, with what lies beyond them counted too?"
    )


@test_case(points=None, hidden=False)
def test_unmoved(unmoved, trainer):
    import numpy as np

    rows = trainer[:600]

    def heeds_all(rows):
        minutes, stars, share, again = (rows[:, c].astype(float) for c in (1, 3, 5, 10))
        return 1 / (1 + np.exp(3 + 0.04 * minutes - 0.5 * stars - 2 * share - again))

    found = unmoved(heeds_all, rows)
    assert found is not None and found is not ..., "unmoved returns nothing yet"
    assert list(found) == [], (
        "this model heeds all four, each the right way; is fewer due where minutes are added, and is it the mean that has to move by 3 %?"
    )
    assert list(unmoved(lambda rows: np.full(len(rows), 0.1), rows)) == sorted(
        ["eta", "rating", "cuisine_share", "ordered_before"]
    ), "a model that says 0.1 of everything heeds no nudge: all four names are due, sorted"
    assert list(unmoved(lambda rows: 1 - heeds_all(rows) / 2, rows)) == sorted(
        ["eta", "rating", "cuisine_share", "ordered_before"]
    ), "a model that moves the wrong way must not pass"


@test_case(points=None, hidden=False)
def test_the_naive_comparison(naive_psi, naive_alarm, psi, town, trainer):
    assert naive_psi is not ..., "naive_psi is not set yet"
    each = [psi(town.shown.rows[:, c], trainer[:, c]) for c in range(13)]
    assert naive_psi >= max(each) - 1e-09, "another column has a larger index by your own psi"
    assert naive_psi <= max(each) + 1e-09, (
        "no column has so large an index by your own psi; is before what was learnt from, and is the last column, log_position, left out?"
    )
    assert naive_alarm is not ..., "naive_alarm is not set yet"
    assert str(naive_alarm) in ("True", "False"), "naive_alarm is True or False"
