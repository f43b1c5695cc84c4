"""What trainer and service share is files: releases are as a training today would write them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import threading
from importlib.metadata import version
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import draw_sessions, make_world, top_slate
from launchlab.software import (
    contract,
    door,
    make_load,
    make_releases,
    make_restart,
    make_serving,
    make_tour,
    releases,
    running,
    service_record,
)
from launchlab.software.asked import as_asked
from launchlab.software.columns import COLUMN
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.judged import orders
from launchlab.software.learning import chances
from launchlab.software.town import make_town
from tests import patience
from tests.conftest import ROOT

SERVICE = ROOT / "service"


def imported(folder) -> set[str]:
    """The packages that a folder's modules import."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def test_service_and_package_import_nothing_of_each_other():
    assert "launchlab" not in imported(SERVICE)
    assert "ranker" not in imported(ROOT / "launchlab")


def test_the_service_tests_plant_the_faults_of_the_book():
    tree = ast.parse((SERVICE / "tests" / "test_contract.py").read_text("utf-8"))
    (planted,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FAULTS"
    )
    assert [key.value for key in planted.keys] == list(SERVING_FAULTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", make_releases.WEEKS)
def test_a_release_made_today_is_the_one_that_is_shipped(name, tmp_path):
    town = make_town(make_releases.SEED)
    logs = town.logs[slice(make_releases.WEEKS[name])]
    releases.write_release(tmp_path / name, logs, town.sessions[slice(releases.N_EXAMPLES)])
    shipped = SERVICE / "releases" / name
    for file in ("manifest.json", "schema.json"):
        new, old = (json.loads((one / file).read_text()) for one in (tmp_path / name, shipped))
        for one in (new, old):
            one.pop("files", None)  # zip files hold the time of day
        assert new == old
    new, old = (
        json.loads((one / "examples.json").read_text()) for one in (tmp_path / name, shipped)
    )
    assert [one["session"] for one in new] == [one["session"] for one in old]
    np.testing.assert_allclose(
        [one["scores"] for one in new], [one["scores"] for one in old], atol=1e-6
    )


def test_each_release_names_the_version_that_is_locked():
    for path in SERVICE.glob("releases/*/manifest.json"):
        assert json.loads(path.read_text())["scikit-learn"] == version("scikit-learn")


def test_a_raw_session_has_all_that_its_features_are_made_from():
    sessions = draw_sessions(make_world(4), 50, seed=2)
    asked = as_asked(sessions, 7)
    assert json.loads(json.dumps(asked)) == asked
    world, customer = sessions.world, sessions.customer[7]
    before = set(asked["customer"]["ordered_before"])
    for column, offer in enumerate(asked["offers"]):
        near = sessions.near[7, column]
        assert (offer["restaurant"] in before) == world.ordered_before[customer, near]
        assert np.float32(offer["eta_minutes"]) == sessions.eta[7, column]


# ------------------------------------------------------------------------- the contract


@pytest.fixture(scope="module")
def gaps():
    return contract.fault_gaps(3)


def test_a_server_without_a_fault_keeps_the_contract():
    town = make_town(3)
    model = contract.order_model("hgb50", town.shown.rows, town.ordered)
    offers = contract.offers_now(town.sessions[slice(20)])
    found = contract.gaps(model, offers, offers.rows)
    assert all((one == 0).all() and one.shape == (20,) for one in found.values())


def test_what_shows_in_a_slate_shows_in_its_scores_and_what_shows_there_in_its_features(gaps):
    for found in gaps.values():
        slates, scores, features = (
            contract.shows(found, one, 0.0) for one in ("slates", "scores", "features")
        )
        assert (slates <= scores).all() and (scores <= features).all()


def test_more_examples_catch_no_less(gaps):
    counts = [len(contract.caught(3, n)) for n in (1, 5, 30, contract.N_POOL)]
    assert counts == sorted(counts) and counts[-1] == len(SERVING_FAULTS)


def test_only_what_can_be_compared_is(gaps):
    with pytest.raises(ValueError, match="compared='places', expected one of 'features'"):
        contract.shows(gaps["seconds"], "places")


@given(showing=st.lists(st.booleans(), min_size=1, max_size=7), data=st.data())
def test_the_chance_is_the_share_of_all_draws(showing, data):
    examples = data.draw(st.integers(1, len(showing)))
    drawn = list(combinations(showing, examples))
    share = sum(any(one) for one in drawn) / len(drawn)
    assert contract.chance_caught(np.array(showing), examples) == pytest.approx(share, abs=1e-9)


# ----------------------------------------------------------------------------- the door


def test_nothing_seen_in_training_is_doubted_and_seconds_are():
    town = make_town(3)
    ranges = door.plausible(town.shown.rows)
    assert not door.doubtful(town.shown.rows, ranges).any()
    assert door.doubtful(SERVING_FAULTS["seconds"].fed(town.served), ranges).all()


@pytest.mark.parametrize("policy", door.POLICIES)
def test_where_nobody_sends_cents_all_policies_are_alike(policy):
    np.testing.assert_array_equal(door.ordered(3, 0.0, policy), door.cents_scores(3).clean)


def test_where_everybody_does_refusing_leaves_the_apps_own_list():
    found = door.cents_scores(3)
    for policy in ("refuse", "leave out"):
        np.testing.assert_array_equal(door.ordered(3, 1.0, policy), found.popular)
        assert not door.ordered(3, 1.0, policy, fallback="nothing").any()


def test_a_policy_that_is_none():
    expected = "policy='hope', expected one of 'serve', 'usual', 'leave out', 'refuse'"
    with pytest.raises(ValueError, match=expected):
        door.ordered(3, 0.1, "hope")


def test_one_offer_in_cents_is_left_out_of_its_slates():
    found = door.cents_scores(3)
    moved = found.turn < 0.1
    slate = top_slate(np.where(moved, -np.inf, found.dollars))
    assert not np.take_along_axis(moved, slate, axis=1).any()


def test_a_usual_price_is_the_median_of_what_was_learnt_from_where_cents_arrive_and_only_there():
    town, found = make_town(3), door.cents_scores(3)
    model = contract.order_model("hgb50", town.shown.rows, town.ordered)
    rows, price = town.served.rows.copy(), COLUMN["price"]
    moved = found.turn < 0.15
    rows[moved.ravel(), price] = np.median(town.shown.rows[:, price])
    scores = chances(model, rows, town.served.shape)
    np.testing.assert_array_equal(np.where(moved, found.usual, found.dollars), scores)
    np.testing.assert_array_equal(door.ordered(3, 0.15, "usual"), orders(town.sessions, scores))


def test_a_usual_price_loses_less_than_the_other_policies_and_next_to_nothing():
    left = {one: door.ordered(3, 0.15, one).mean() for one in door.POLICIES}
    assert left["refuse"] < left["leave out"] < left["serve"] < left["usual"]
    # A touch more than without a fault may come of it: the model's own order is not the best.
    assert left["usual"] == pytest.approx(door.cents_scores(3).clean.mean(), rel=0.01)


def test_a_release_says_what_is_usual_in_the_units_of_what_is_asked():
    town = make_town(3)
    schema, rows = releases.make_schema(town.logs), town.shown.rows
    assert list(schema["usual"]) == list(schema["plausible"]) == list(releases.RAW.values())
    for name, field in releases.RAW.items():
        median = np.median(rows[:, COLUMN[name]])
        wanted = np.exp(median) if name == "log_n_ratings" else median
        assert schema["usual"][field] == pytest.approx(wanted, rel=5e-3)
    assert isinstance(schema["usual"]["n_ratings"], int)


# ------------------------------------------------------------------- a service that runs


def test_it_runs_for_as_long_as_its_block_and_is_gone_after_an_error(monkeypatch):
    monkeypatch.chdir(ROOT / "book")
    found = []

    def fails() -> None:
        with running.running_service("--capacity", "3") as service:
            found.append(service)
            assert service.ask("/health")[1]["capacity"] == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    (service,) = found
    assert not service.folder.exists()
    with pytest.raises(OSError, match=r"refused|reset"):
        service.ask("/health")


def test_it_does_not_outlive_a_process_that_is_killed():
    program = (
        "import os\nfrom launchlab.software.running import running_service\n"
        "with running_service() as service:\n"
        "    print(service.url, flush=True)\n    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        timer = threading.Timer(patience.EVENT, process.kill)
        timer.start()
        url = process.stdout.readline().strip()
        timer.cancel()
        service = running.Running(url, ROOT, process)
        assert service.ask("/health")[0] == 200
        process.kill()
    gone = threading.Event()

    def watch() -> None:
        while not gone.is_set():
            try:
                service.ask("/health")
            except OSError:
                gone.set()

    threading.Thread(target=watch, daemon=True).start()
    assert gone.wait(patience.EVENT), "the service outlives whoever started it"


def test_without_a_service_or_a_start_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(running.ServiceError, match="there is no service/ in"):
        running.find_service()
    monkeypatch.chdir(ROOT)
    with (
        pytest.raises(running.ServiceError, match="capacity=0, expected 1 or more"),
        running.running_service("--capacity", "0"),
    ):
        pass


def test_where_the_unit_is_wrong_for_all_the_usual_value_does_not_see_by_how_much():
    as_it_is, mended = door.all_wrong(3, "eta", 1)
    np.testing.assert_allclose(as_it_is, door.cents_scores(3).clean)
    in_seconds, same = door.all_wrong(3, "eta", 60)
    np.testing.assert_array_equal(mended, same)
    assert in_seconds.mean() < as_it_is.mean()
    in_cents, usual_price = door.all_wrong(3, "price", 100)
    np.testing.assert_allclose(in_cents, door.ordered(3, 1.0, "serve"))
    np.testing.assert_allclose(usual_price, door.ordered(3, 1.0, "usual"))


# ------------------------------------------------------------------------ what is recorded


def test_the_recorded_load_says_how_it_was_made_and_is_whole():
    kept = json.loads((ROOT / "launchlab/software/results/load.json").read_text())
    assert (
        kept["made_by"].endswith("launchlab.software.make_load") and kept["cores"] and kept["date"]
    )
    rows = kept["rows"]
    asked = [(row["capacity"], row["replicas"], row["clients"]) for row in rows]
    assert sorted(asked) == sorted(
        (capacity, replicas, clients)
        for capacity in make_load.CAPACITIES
        for replicas in make_load.REPLICAS
        for clients in make_load.CLIENTS
    )
    assert kept["rounds"] == make_load.ROUNDS
    for row in rows:
        assert row["failed"] == 0 and 0 < row["p50"] <= row["p95"] <= row["p99"]
        assert row["p50_low"] <= row["p50"] <= row["p50_high"]
        assert 0 <= row["outside"] <= row["clients"]
        # Nobody is turned away while there is room.
        assert row["turned_away"] == 0 or row["clients"] > row["capacity"] * row["replicas"]


def test_of_several_rounds_the_medians_are_kept_and_how_far_they_lie_apart():
    same = {"capacity": 4, "replicas": 1, "clients": 8, "p95": 2.0, "p99": 3.0, "failed": 1}
    same |= {"slates_a_second": 100.0, "turned_away": 0.5, "asked": 10, "outside": 2.5}
    rounds = pd.DataFrame([same | {"p50": p50} for p50 in (1.2, 9.0, 1.0)])
    found = make_load.middle(rounds).iloc[0]
    assert (found.p50, found.p50_low, found.p50_high, found.failed) == (1.2, 1.0, 9.0, 3)
    assert (found.clients, found.outside) == (8, 2.5)


def test_the_recorded_restarts_say_how_they_were_made_and_are_whole():
    kept = json.loads((ROOT / "launchlab/software/results/restart.json").read_text())
    assert kept["made_by"].endswith("launchlab.software.make_restart")
    assert kept["cores"] and kept["date"]
    said = (kept["rate"], kept["look"], kept["drain"], kept["rounds"])
    assert said == (
        make_restart.RATE,
        make_restart.LOOK,
        make_restart.DRAIN,
        make_restart.ROUNDS,
    )
    rows = {(row["way"], row["processes"]): row for row in kept["rows"]}
    assert set(rows) == {(way, count) for way in make_restart.WAYS for count in (1, 2)}
    for row in rows.values():
        assert 0 <= row["least"] <= row["lost"] <= row["most"] and row["away"] > 0
    # Whoever is sent to a process that has ended is lost until the balancer looks again, in one
    # second; half of the customers are sent there.
    for way in ("killed", "stopped"):
        assert 0 < rows[way, 2]["least"] <= rows[way, 2]["most"] <= make_restart.RATE
    assert rows["drained", 2]["most"] == 0


class Told:
    """Stands for a process: answers with the statuses that it is given, in turn."""

    def __init__(self, ready, rank=200):
        self.ready, self.rank, self.asked = iter(ready), rank, []

    def ask(self, path, body=None):
        self.asked.append(path)
        status = next(self.ready) if path == "/ready" else self.rank
        if status is None:
            raise ConnectionRefusedError
        return status, {}


def test_the_balancer_sends_customers_only_to_who_was_ready_when_it_looked():
    one, two = Told([200, 503, None]), Told([200, 200, 503])
    balancer = make_restart.Balancer([one, two])
    assert not balancer.serve({})  # it has not looked yet
    for who in ((one, two), (two,), ()):
        balancer.look()
        assert balancer.ready == who
    one.ready = two.ready = iter([200, 200])
    balancer.look()
    assert [balancer.serve({}) for _ in range(4)] == [True] * 4
    assert one.asked.count("/rank") == two.asked.count("/rank") == 2
    one.rank = None  # it has ended, and nobody has looked since
    assert [balancer.serve({}) for _ in range(4)].count(False) == 2


def test_of_several_restarts_the_medians_are_kept_and_the_fewest_and_most_lost():
    same = {"way": "killed", "processes": 2, "asked": 100}
    rounds = pd.DataFrame(
        [same | {"lost": lost, "away": away} for lost, away in ((4, 1.0), (9, 3.0), (5, 2.0))]
    )
    found = make_restart.middle(rounds).iloc[0]
    assert (found.lost, found.least, found.most, found.away) == (5, 4, 9, 2.0)


def test_onnx_was_tried_with_what_its_requirements_name():
    kept = json.loads((ROOT / "launchlab/software/results/onnx.json").read_text())
    pinned = dict(
        line.split("==")
        for line in (SERVICE / "requirements-onnx.txt").read_text().splitlines()
        if "==" in line
    )
    assert kept["converted"] and kept["largest_gap"] < 1e-6
    assert kept["versions"] == {name: pinned[name] for name in kept["versions"]}
    assert pinned["scikit-learn"] == version("scikit-learn")
    newer = json.loads((ROOT / "launchlab/software/results/onnx-newer.json").read_text())
    assert not newer["converted"] and newer["versions"]["protobuf"].startswith("7.")


@pytest.mark.slow
def test_the_tour_in_the_book_is_what_the_service_answers_today(monkeypatch):
    monkeypatch.chdir(ROOT)
    kept = json.loads((ROOT / "launchlab/software/results/tour.json").read_text())["rows"]
    today = make_tour.tour()
    for old, new in zip(kept, today, strict=True):
        for one in (old, new):
            one.pop("code", None)
        assert old == new


def test_the_labs_tables_are_what_is_computed_today():
    shown, rates = service_record.contract_table(), service_record.door_table()
    today = make_serving.contract_rows(rankers=("logistic",))
    kept = shown[shown.ranker == "logistic"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, today)
    today = make_serving.door_rows(rankers=("logistic",), shares=(0.05, 0.15))
    kept = rates[(rates.ranker == "logistic") & rates.share.isin([0.05, 0.15])]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), today, rtol=1e-3)
