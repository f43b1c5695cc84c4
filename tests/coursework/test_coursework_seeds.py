import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework.seeds import LARGEST, class_seed

SEEDS = (174832894, 1351980756)
TEXT = st.text(min_size=1).filter(str.strip)


@given(TEXT, TEXT, st.none() | TEXT)
def test_a_seed_is_a_31_bit_number_and_always_the_same(secret, assignment, student):
    seed = class_seed(secret, assignment, student)
    assert 0 <= seed <= LARGEST
    assert seed == class_seed(secret, assignment, student)


def test_seeds_stay_what_they_were_when_hand_outs_were_made():
    # Written down from HMAC-SHA256: a class's data must not change under a newer version.
    assert class_seed("a secret", "objectives") == SEEDS[0]
    assert class_seed("a secret", "objectives", "ada") == SEEDS[1]


def test_secret_assignment_and_student_each_change_the_seed():
    seeds = {
        class_seed("a", "x"),
        class_seed("b", "x"),
        class_seed("a", "y"),
        class_seed("a", "x", "s"),
        class_seed("a", "x", "t"),
    }
    assert len(seeds) == 5


@pytest.mark.parametrize("bad", [("", "x"), ("a", " "), ("a", "x", "")])
def test_an_empty_text_is_refused(bad):
    with pytest.raises(ValueError, match="expected a text that is not empty"):
        class_seed(*bad)
