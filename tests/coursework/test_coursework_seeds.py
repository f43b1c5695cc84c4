import argparse
import contextlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import build, grade, handout
from coursework.seeds import LARGEST, VARIABLE, add_secret, class_seed, fresh_seed, secret_from
from tests.coursework import toy

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


def asked(*words):
    """A command line with only what is said about the secret."""
    parser = argparse.ArgumentParser()
    add_secret(parser)
    return parser.parse_args(list(map(str, words)))


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_a_secret_comes_from_a_file_whatever_editor_wrote_it(tmp_path, begin, ending):
    path = tmp_path / "secret.txt"
    path.write_bytes(f"{begin}a sentence of mine: ä{ending}".encode())
    assert secret_from(asked("--secret-file", path), {}) == "a sentence of mine: ä"


def test_a_secret_comes_from_the_environment_or_there_is_none(capsys):
    assert secret_from(asked(), {VARIABLE: "s"}) == "s"
    assert secret_from(asked(), {}) is None
    assert capsys.readouterr().err == ""


def test_a_secret_on_the_command_line_works_with_a_warning(capsys):
    assert secret_from(asked("--secret-seed", "s"), {}) == "s"
    said = capsys.readouterr().err
    assert "--secret-file" in said
    assert VARIABLE in said


@pytest.mark.parametrize(
    ("content", "environment", "wrong"),
    [
        (b"", {}, "--secret-file holds no secret"),
        (b"\n", {}, "--secret-file holds no secret"),
        (b"\xff\xfe", {}, "expected a text in UTF-8"),
        (None, {}, "No such file"),
        (b"s", {VARIABLE: "t"}, "hold different secrets"),
        (b"s", {VARIABLE: " "}, "holds no secret"),
    ],
)
def test_what_is_no_secret_is_named_and_not_shown(tmp_path, content, environment, wrong):
    path = tmp_path / "secret.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=wrong):
        secret_from(asked("--secret-file", path), environment)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_hand_outs_and_grading_take_the_same_secret_from_the_same_file(tmp_path, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.write_text("a sentence\n")
    out = tmp_path / "class"
    command = ["ensembling", "--secret-file", str(secret), "--out", str(out)]
    assert build.main(command) == 0
    seed = int((out / "exercises" / "ensembling" / "seed.txt").read_text())
    assert seed == class_seed("a sentence", "ensembling")
    told = (out / "exercises" / "ensembling" / "ensembling.ipynb").read_text(encoding="utf-8")
    assert handout.seed_of([told]) == seed
    solution = (out / "solutions" / "ensembling" / "ensembling.ipynb").read_text(encoding="utf-8")
    assert handout.seed_of([solution]) is None
    plans = []

    def interrupted(plan, *rest, **more):
        plans.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr(grade, "grade", interrupted)
    private = toy.make_assignment(tmp_path / "private")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(toy.notebook(*toy.SOLUTION))
    more = ["--assignment", "toy", "--private", str(private), "--secret-file", str(secret)]
    more += ["--unsafe"]  # nothing is run
    for name in ("a.csv", "b.csv", "a.csv"):
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            grade.main([str(tmp_path / "in"), *more, "--out", str(tmp_path / name)])
    assert {plan.secret for plan in plans} == {"a sentence"}
    first, other, again = (plan.fresh for plan in plans)
    assert first == again, "what is interrupted goes on with the same numbers"
    assert first != other, "each grading draws its own"


def test_a_fresh_seed_is_drawn_kept_and_shown_to_nobody_else(tmp_path):
    drawn = [fresh_seed(tmp_path / str(number)) for number in range(20)]
    assert len(set(drawn)) > 15
    assert all(0 <= seed <= LARGEST for seed in drawn)
    assert [fresh_seed(tmp_path / str(number)) for number in range(20)] == drawn
    (kept,) = (tmp_path / "0").iterdir()
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "x", "-1", str(2**31), "1\n2"])
def test_what_is_no_fresh_seed_is_drawn_anew(tmp_path, content):
    (tmp_path / "fresh.seed").write_text(content)
    seed = fresh_seed(tmp_path)
    assert 0 <= seed <= LARGEST
    assert fresh_seed(tmp_path) == seed


def test_where_nothing_can_be_kept_a_fresh_seed_is_drawn_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    assert 0 <= fresh_seed(tmp_path / "file" / "x") <= LARGEST
