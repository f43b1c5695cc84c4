"""The claims machinery: bands, files, agreement, resuming, other backends."""

import dataclasses
import json
import math
from dataclasses import replace

import pytest
import toy_claims_package as toy

from launchlab.claims import (
    Claim,
    Effect,
    Result,
    Statement,
    Variant,
    recorded,
    run,
    shown,
    wording,
)


def computed(claim, folder, **kwargs):
    return next(iter(run.compute([claim], folder, **kwargs)))


def test_count_spread_and_variants(tmp_path):
    result = computed(toy.RISES, tmp_path)
    assert result.count() == 15  # seeds 5 to 19 lie above 0
    assert result.count("shifted") == 20
    average, deviation = result.spread()
    assert average == pytest.approx(5.0)
    assert deviation == pytest.approx(5.916, abs=1e-3)
    assert "15 of 20" in result.sentence()
    assert "with one change, in 20: a shift of 10" in wording.limits(result)


def test_resamplings_are_not_called_worlds():
    claim = replace(toy.RISES, worlds="random splits", variants=())
    result = Result(claim, {"": {seed: Effect(seed - 4.5, 0.5) for seed in range(20)}})
    told = result.sentence() + shown.claim(result)
    assert (
        "of 20 random splits" in told and "the splits do differ" in told and "A dot a split" in told
    )
    assert "world" not in told and "town" not in told


@pytest.mark.parametrize(("error", "kind"), [(0.5, "differs"), (9.0, "noise")])
def test_mixed_counts_are_told_apart(error, kind):
    effects = {seed: Effect(seed - 4.5, error) for seed in range(20)}
    result = Result(toy.RISES, {"": effects})
    assert result.kind() == kind
    assert ("the worlds do differ" in wording.noise(result)) == (kind == "differs")
    assert ("between worlds may be chance" in wording.noise(result)) == (kind == "noise")


def test_kind_of_a_clear_result():
    up = Result(toy.RISES, {"": {seed: Effect(1.0) for seed in range(20)}})
    down = Result(toy.RISES, {"": {seed: Effect(-1.0) for seed in range(20)}})
    assert (up.kind(), down.kind()) == ("all", "none")


def test_written_and_read_back(tmp_path):
    result = computed(toy.RISES, tmp_path / "scratch")
    recorded.write(tmp_path / "results", result)
    again = recorded.read(tmp_path / "results", "toy-rises")
    assert again.values() == pytest.approx(result.values(), rel=1e-3)
    assert again.values("shifted") == pytest.approx(result.values("shifted"), rel=1e-3)
    kept = json.loads((tmp_path / "results" / "toy-rises.json").read_text())
    assert kept["made_by"] == "make claims"
    assert "numpy" in kept["versions"]


def test_missing_result_names_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match="make claims"):
        recorded.read(tmp_path, "toy-rises")


def test_agreement_is_a_share_of_the_spread(tmp_path):
    result = computed(toy.RISES, tmp_path)
    assert recorded.agrees(result, 3, Effect(-1.5))
    assert recorded.agrees(result, 3, Effect(-1.5 + 0.1))  # 2 % of 5.9
    assert not recorded.agrees(result, 3, Effect(-1.5 + 0.2))


def test_interrupted_run_keeps_finished_worlds(tmp_path, monkeypatch):
    marks, broken = tmp_path / "marks", tmp_path / "broken"
    monkeypatch.setenv("TOY_MARKS", str(marks))
    monkeypatch.setenv("TOY_BROKEN", str(broken))
    broken.touch()
    with pytest.raises(RuntimeError, match="power"):
        computed(toy.INTERRUPTED, tmp_path / "scratch")
    before = marks.read_text().split()
    assert before == [str(seed) for seed in range(7)]
    broken.unlink()
    result = computed(toy.INTERRUPTED, tmp_path / "scratch")
    assert result.values() == [1.0 + seed for seed in range(20)]
    assert marks.read_text().split()[7:] == [str(seed) for seed in range(6, 20)]


def test_torn_scratch_file_is_recomputed(tmp_path):
    computed(toy.RISES, tmp_path, worlds=2)
    for path in tmp_path.rglob("*.joblib"):
        path.write_text("[1.0")
    assert computed(toy.RISES, tmp_path, worlds=2).values() == [-4.5, -3.5]


def test_changed_assumptions_are_not_mistaken_for_old_ones(tmp_path):
    computed(toy.RISES, tmp_path, worlds=2)
    moved = Claim(
        name="toy-rises",
        statement="The toy rises.",
        effect=toy.effect,
        unit="points",
        variants=[Variant("shifted", "a shift of 3", {"shift": 3.0})],
    )
    assert computed(moved, tmp_path, worlds=2).values("shifted") == [-1.5, -0.5]


def test_two_processes_give_the_same(tmp_path):
    alone = computed(toy.RISES, tmp_path / "a", worlds=4)
    together = computed(toy.RISES, tmp_path / "b", worlds=4, jobs=2)
    assert alone.effects == together.effects


def test_a_dask_cluster_of_two_processes_gives_the_same(tmp_path):
    distributed = pytest.importorskip("distributed")
    alone = computed(toy.RISES, tmp_path / "a", worlds=4)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        run.backend(cluster.scheduler_address),
    ):
        together = computed(toy.RISES, tmp_path / "b", worlds=4, jobs=-1)
    assert alone.effects == together.effects


def test_progress_is_reported(tmp_path):
    seen = []
    computed(toy.RISES, tmp_path, worlds=2, report=lambda *told: seen.append(told[:2]))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_effect_must_be_finite(value):
    with pytest.raises(ValueError, match="finite"):
        Effect(value)
    with pytest.raises(ValueError, match="error"):
        Effect(1.0, value)


def test_unsound_claims_are_refused():
    with pytest.raises(ValueError, match="low=1"):
        Claim(name="x", statement="X.", effect=toy.effect, unit="points", low=1.0, high=0.0)
    with pytest.raises(ValueError, match="expected=21"):
        Claim(name="x", statement="X.", effect=toy.effect, unit="points", expected=21)
    twice = [Variant("a", "A", {}), Variant("a", "B", {})]
    with pytest.raises(ValueError, match="distinct"):
        Claim(name="x", statement="X.", effect=toy.effect, unit="points", variants=twice)


def test_command_line_fails_when_a_count_is_off(tmp_path, capsys, monkeypatch):
    off = Claim(name="toy-off", statement="Off.", effect=toy.effect, unit="points", expected=20)
    monkeypatch.setattr(run, "collect", lambda _: [toy.RISES, off])
    assert run.main("x", tmp_path / "r", tmp_path / "s", ["--jobs", "1"]) == 1
    assert "toy-off (expected 20)" in capsys.readouterr().out
    assert run.main("x", tmp_path / "r", tmp_path / "s", ["--jobs", "1", "toy-rises"]) == 0
    assert run.main("x", tmp_path / "r", tmp_path / "s", ["nobody"]) == 2


def test_a_recorded_file_says_all_that_a_page_shows(tmp_path):
    result = computed(toy.RISES, tmp_path / "scratch")
    recorded.write(tmp_path, result)
    again = recorded.read(tmp_path, "toy-rises")
    assert again.count() == result.count() == 15
    for field in dataclasses.fields(Statement):
        assert getattr(again.claim, field.name) == getattr(toy.RISES, field.name), field.name
    assert wording.limits(again) == wording.limits(result)


def test_words_are_rewritten_without_computing(tmp_path):
    recorded.write(tmp_path, computed(toy.RISES, tmp_path / "scratch"), {"numpy": "of old"})
    said = replace(toy.RISES, statement="The toy rises anew.", expected=14, high=9.0)
    recorded.rewrite_head(tmp_path, said)
    again = recorded.read(tmp_path, "toy-rises")
    assert (again.claim.statement, again.claim.expected) == ("The toy rises anew.", 14)
    assert again.count() == 9
    kept = json.loads((tmp_path / "toy-rises.json").read_text())
    assert kept["versions"] == {"numpy": "of old"}
    more = [*toy.RISES.variants, Variant("new", "new", {"shift": 1.0})]
    with pytest.raises(ValueError, match=r"'new'.*make claims"):
        recorded.rewrite_head(tmp_path, replace(said, variants=more))


@pytest.mark.parametrize("text", ["", "[]", '{"statement": "X."}', "{"])
def test_a_damaged_result_names_its_file(tmp_path, text):
    tmp_path.joinpath("toy-rises.json").write_text(text)
    with pytest.raises(ValueError, match=r"toy-rises\.json.*make claims"):
        recorded.read(tmp_path, "toy-rises")
