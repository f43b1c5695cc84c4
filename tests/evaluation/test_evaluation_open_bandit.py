"""The real log: what is known of it, and what a sample of another shape gets told."""

import gzip
import zipfile

import numpy as np
import pytest

from launchlab import evaluation
from launchlab.evaluation import make_open_bandit
from launchlab.evaluation.open_bandit import FILE
from launchlab.shipped import folder

# Seen when the sample was first tried, in percent: value and standard error.
SEEN = {
    "men": {"replay": 0.69, "IPS": 0.30, "error": 0.08, "truth": 0.46, "effective": 656},
    "women": {"replay": 0.46, "IPS": 0.74, "error": 0.41, "truth": 0.46, "effective": 2},
}


@pytest.fixture(scope="module", params=evaluation.CAMPAIGNS)
def campaign(request):
    log = evaluation.real_log(request.param)
    return log, evaluation.judge(log.click, log.new, log.old), SEEN[request.param]


def test_the_log_says_what_was_seen_in_it(campaign):
    log, judgement, seen = campaign
    found = 100 * judgement.estimates
    assert found.value["replay"] == pytest.approx(seen["replay"], abs=0.005)
    assert found.value["IPS"] == pytest.approx(seen["IPS"], abs=0.005)
    assert found.error["IPS"] == pytest.approx(seen["error"], abs=0.02)
    assert 100 * log.truth == pytest.approx(seen["truth"], abs=0.005)
    assert 100 * log.truth_error == pytest.approx(0.07, abs=0.005)
    assert round(judgement.effective) == seen["effective"]
    assert len(log) == log.uniform_impressions == 10_000


def test_one_impression_of_the_women_s_log_outweighs_all_the_rest():
    log = evaluation.real_log("women")
    assert (log.weights > 1_000).sum() == 1
    assert log.weights.max() == pytest.approx(21_739, abs=0.5)
    assert log.weights.max() > 2 * (log.weights.sum() - log.weights.max())
    assert log.click[log.weights.argmax()] == 0


def test_errors_of_the_bootstrap_are_those_of_the_formula(campaign):
    """Where the formula holds: that of a mean, and of a share."""
    log, judgement, _ = campaign
    expected = (log.weights * log.click).std(ddof=1) / np.sqrt(len(log))
    assert judgement.estimates.error["IPS"] == pytest.approx(expected, rel=0.1)
    rate = log.click.mean()
    expected = np.sqrt(rate * (1 - rate) / len(log))
    assert judgement.estimates.error["replay"] == pytest.approx(expected, rel=0.1)


def test_with_one_policy_twice_every_estimate_is_the_log_s_own_mean():
    log = evaluation.real_log("men")
    judgement = evaluation.judge(log.click, log.new, log.new)
    assert judgement.estimates.value.to_numpy() == pytest.approx(log.click.mean())
    assert (judgement.effective, judgement.largest) == pytest.approx((len(log), 1))


def test_a_cap_lowers_and_its_bounds_hold_the_value(campaign):
    log, _, _ = campaign
    values = []
    for cap in (1, 10, 100):
        table = evaluation.judge(log.click, log.new, log.old, cap=cap).estimates
        assert table.low["capped"] < table.value["capped"] < table.high["capped"]
        values.append(table.value["capped"])
    assert values == sorted(values)
    assert values[-1] <= evaluation.ips(log.click, log.weights)


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"campaign='all': expected one of men, women"):
        evaluation.real_log("all")
    with pytest.raises(ValueError, match=r"reward has shape \(3,\): expected \(2,\)"):
        evaluation.judge(np.ones(3), np.ones(2), np.ones(2))


def made_wheel(path, clicks=(0, 1, 1)):
    with zipfile.ZipFile(path, "w") as archive:
        for policy, chance in (("random", "0.5"), ("bts", "0.123456")):
            for campaign in evaluation.CAMPAIGNS:
                rows = "".join(f"7,{click},{chance},x\n" for click in clicks)
                archive.writestr(
                    f"obp/dataset/obd/{policy}/{campaign}/{campaign}.csv",
                    "item_id,click,propensity_score,user_feature_0\n" + rows,
                )
    return path


def test_the_extract_is_made_from_the_package_s_file_alike_each_time(tmp_path, capsys):
    wheel, out = made_wheel(tmp_path / "obp-9-py3-none-any.whl"), tmp_path / "one" / "out.csv.gz"
    make_open_bandit.main([str(wheel), "--out", str(out)])
    assert "wrote out.csv.gz: 8 rows" in capsys.readouterr().out
    first = out.read_bytes()
    text = gzip.decompress(first).decode()
    assert "from obp-9-py3-none-any.whl, under the Apache License 2.0" in text
    assert "men,bts,0.1235,1,2\n" in text
    assert "user_feature" not in text and "item_id" not in text
    make_open_bandit.main([str(wheel), "--out", str(out)])
    assert out.read_bytes() == first
    assert first[4:8] == bytes(4)  # where gzip would say when


def test_a_file_that_is_no_wheel_of_obp_is_refused_in_a_sentence(tmp_path):
    other = tmp_path / "other.whl"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x.txt", "x")
    for path in (other, tmp_path / "missing.whl", make_open_bandit.__file__):
        with pytest.raises(SystemExit, match=r"expected the wheel of obp with its sample"):
            make_open_bandit.main([str(path), "--out", str(tmp_path / "out.csv.gz")])
    assert not (tmp_path / "out.csv.gz").exists()


def test_licence_and_provenance_lie_beside_the_extract():
    results = folder(evaluation.__file__)
    assert results.joinpath(FILE).stat().st_size < 40_000
    notice = results.joinpath("NOTICE").read_text(encoding="utf-8")
    assert FILE in notice and "Saito" in notice and "Changed:" in notice
    licence = results.joinpath("LICENSE-APACHE-2.0").read_text(encoding="utf-8")
    assert "Apache License" in licence.splitlines()[0]
    head = gzip.decompress(results.joinpath(FILE).read_bytes()).decode().splitlines()[:4]
    assert head[-1].endswith("python -m launchlab.evaluation.make_open_bandit")
