"""Frames: which may be shown, and that what is encoded comes back."""

import json
import math
from decimal import ROUND_HALF_UP, Context

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from launchlab.lab import significant
from launchlab.lab.declare.frame import check_frame, decode, encode, round_values
from tests.lab.samples import frames, may_miss


@pytest.mark.parametrize("thing", [None, 3, [1], {"x": [1]}, pd.Series([1])])
def test_only_a_frame_is_a_frame(thing):
    with pytest.raises(TypeError, match=r"here: returned a \w+, expected a pandas DataFrame"):
        check_frame("here", thing)


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame({"x": []}), pd.DataFrame(index=[1])]
)
def test_an_empty_frame_is_refused(frame):
    with pytest.raises(ValueError, match="here: the frame is empty"):
        check_frame("here", frame)


@pytest.mark.parametrize("names", [["x", "x"], ["x", 1]])
def test_column_names_are_distinct_strings(names):
    with pytest.raises(ValueError, match="expected distinct strings"):
        check_frame("here", pd.DataFrame([[1, 2]], columns=names))


@pytest.mark.parametrize("names", [["y"], ["y", "x"], ["x", "y", "z"]])
def test_columns_must_be_those_of_the_default_state(names):
    frame = pd.DataFrame([[1] * len(names)], columns=names)
    with pytest.raises(ValueError, match=r"expected \['x', 'y'\] as at the default state"):
        check_frame("here", frame, columns=["x", "y"])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_by_row(bad):
    with pytest.raises(ValueError, match=r"here: column 'x': .* in row 1, expected finite"):
        check_frame("here", pd.DataFrame({"x": [1.0, bad]}))


def test_a_declared_gap_is_kept_and_infinity_is_still_refused():
    frame = check_frame("here", pd.DataFrame({"x": [1.0, math.nan]}), missing=["x"])
    assert decode(encode([frame], 5)) == {"x": [1, None]}
    with pytest.raises(ValueError, match=r"inf in row 0, expected finite numbers$"):
        check_frame("here", pd.DataFrame({"x": [math.inf, math.nan]}), missing=["x"])


@pytest.mark.parametrize("dtype", [object, "str"])
@pytest.mark.parametrize("gap", [None, math.nan, pd.NA, pd.NaT])
def test_a_gap_in_text_must_be_declared(gap, dtype):
    frame = pd.DataFrame({"x": pd.Series(["a", gap], dtype=dtype)})
    with pytest.raises(ValueError, match="row 1, expected text"):
        check_frame("here", frame)
    before = frame.copy(deep=True)
    assert check_frame("here", frame, missing=["x"]).x.tolist() == ["a", None]
    pd.testing.assert_frame_equal(frame, before)  # the caller's own is left alone


@pytest.mark.parametrize(
    "value", [[1], {"a": 1}, object(), b"bytes", pd.Timestamp("2026-01-01"), 1j]
)
def test_what_a_page_cannot_carry_is_refused(value):
    with pytest.raises(TypeError, match=r"here: column 'x': a \w+ in row 0, expected numbers"):
        check_frame("here", pd.DataFrame({"x": [value, value]}))


def test_whole_numbers_that_javascript_would_round_are_refused():
    assert check_frame("here", pd.DataFrame({"x": [2**53]})).x[0] == 2**53
    for big in (2**53 + 1, -(2**53) - 1, 2**64 - 1):
        with pytest.raises(ValueError, match=r"beyond 2\*\*53"):
            check_frame("here", pd.DataFrame({"x": [1, big]}))


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        (pd.Series([1, 2], dtype="int8"), [1, 2]),
        (pd.Series([1, 2], dtype="Int64"), [1, 2]),
        (pd.Series([1, 2], dtype=object), [1, 2]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([0.5, None], dtype="Float32"), [0.5, None]),
        (pd.Series([True, False], dtype=object), [True, False]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series([True, None], dtype=object), [True, None]),
        (pd.Series(["a", "b"], dtype="category"), ["a", "b"]),
        (pd.Series([2, 3], dtype="category"), [2, 3]),
        (pd.Series(["a", None], dtype="string"), ["a", None]),
    ],
)
def test_every_dtype_of_numbers_booleans_and_text_passes_as_what_it_is(column, kept):
    frame = check_frame("here", pd.DataFrame({"x": column}), missing=["x"])
    values = decode(encode([frame], 5))["x"]
    assert values == kept
    assert [type(value) for value in values] == [type(value) for value in kept]


def test_the_index_is_dropped():
    frame = check_frame("here", pd.DataFrame({"x": [1, 2]}, index=["a", "b"]))
    assert frame.index.tolist() == [0, 1]


# ---------------------------------------------------------------- encoding


def plain(frame: pd.DataFrame, digits: int) -> dict[str, list]:
    """What a front end should get, said without the encoder: rounded, gaps as None."""
    # A half is rounded away from zero, as in sentences: Python's own "g" rounds 100.5 to 100.
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal
    columns = {}
    for name in frame.columns:
        values = frame[name].tolist()
        if frame[name].dtype.kind == "f":
            values = [None if math.isnan(v) else float(rounded(repr(v))) for v in values]
        columns[name] = values
    return columns


def is_same(one, two) -> bool:
    return one == two and isinstance(one, bool) == isinstance(two, bool)


@given(frames(), st.sampled_from([3, 5, 12, 17]))
@example([pd.DataFrame({"x": [100.5, -100.5, 101.5]})], 3)
def test_what_is_encoded_is_decoded(given_frames, digits):
    checked = [check_frame("x", frame, missing=may_miss(frame)) for frame in given_frames]
    wire = json.loads(json.dumps(encode(checked, digits), allow_nan=False))
    for point, frame in enumerate(checked):
        decoded = decode(wire, point)
        expected = plain(frame, digits)
        assert list(decoded) == list(expected)
        for name, values in expected.items():
            assert len(decoded[name]) == len(values)
            assert all(map(is_same, decoded[name], values)), name


def test_each_column_takes_its_smallest_form():
    made = [pd.DataFrame({"fixed": [1, 2], "level": [k, k], "free": [k, 7]}) for k in (0.5, 0.25)]
    assert encode(made, 5)["columns"] == {
        "fixed": {"same": [1, 2]},
        "level": {"each": [0.5, 0.25]},
        "free": {"all": [0.5, 7, 0.25, 7]},
    }


def test_uneven_points_list_their_rows_and_share_no_column():
    made = [pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [1, 1]})]
    encoded = encode(made, 5)
    assert encoded["rows"] == [1, 2]
    assert "same" not in encoded["columns"]["x"]
    assert [decode(encoded, point) for point in (0, 1)] == [{"x": [1]}, {"x": [1, 1]}]


@given(st.floats(-1e300, 1e300, allow_subnormal=False), st.integers(1, 12))
def test_rounding_keeps_the_significant_digits_that_texts_show(value, digits):
    (rounded,) = round_values(np.array([value]), digits)
    assert rounded == float(significant(value, digits).replace(",", ""))
    assert abs(rounded - value) <= abs(value) * 0.5 * 10.0 ** (1 - digits) * (1 + 1e-9)


@pytest.mark.parametrize(("value", "rounded"), [(1.005, 1.01), (2.5e-5, 2.5e-5), (-1.125, -1.13)])
def test_a_half_is_rounded_away_from_zero(value, rounded):
    assert round_values(np.array([value]), 3)[0] == rounded


def test_rounding_leaves_gaps_and_has_no_minus_zero():
    gap, zero = round_values(np.array([np.nan, -0.0]), 3)
    assert np.isnan(gap)
    assert not np.signbit(zero)


def test_rounding_is_exact_and_leaves_whole_numbers_alone():
    assert round_values(np.array([0.1 + 0.2]), 5)[0] == 0.3
    assert round_values(np.array([123456789]), 2)[0] == 123456789
