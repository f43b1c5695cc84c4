"""Releases side by side: which one is served, and what stands in the way of another."""

from __future__ import annotations

import json
import pickle

import pytest
from skops.io import dumps

from ranker.release import ReleaseError
from ranker.store import Store, StoreError
from tests.conftest import rewrite


class Payload:
    """Would write a file while it is being read; here nobody reads it."""

    def __reduce__(self):
        return (print, ("run",))


@pytest.fixture
def store(releases):
    return Store(releases)


def test_a_rollback_is_one_step_and_leads_back_to_where_one_was(store):
    assert store.pointer().release == "week-47"
    assert store.rollback().release == "week-46"
    with pytest.raises(StoreError, match="there is no release before 'week-46'"):
        store.rollback()
    assert store.use("week-47").before == ("week-46",)
    assert store.use("week-47").before == ("week-46",)  # again: nothing changes
    assert store.rollback().release == "week-46"


def test_while_releases_are_held_the_only_way_is_back(store):
    store.rollback()
    store.use("week-47")
    store.hold("security updates until Monday")
    with pytest.raises(StoreError, match="held: security updates until Monday"):
        store.use("week-46")
    assert store.rollback().release == "week-46"
    assert store.pointer().held
    store.resume()
    assert store.use("week-47").release == "week-47"
    with pytest.raises(StoreError, match="expected a reason"):
        store.hold(" ")


def test_a_name_that_is_none(store):
    with pytest.raises(StoreError, match="release='week-48', expected one of week-46, week-47"):
        store.use("week-48")


def test_the_pointer_is_replaced_as_a_whole(store, releases, monkeypatch):
    before = (releases / "current.json").read_bytes()

    def crash(*_):
        raise OSError("the machine stops here")

    monkeypatch.setattr("ranker.store.os.replace", crash)
    with pytest.raises(OSError, match="stops here"):
        store.rollback()
    assert (releases / "current.json").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
def test_a_pointer_that_cannot_be_read(store, releases, content):
    (releases / "current.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"current\.json cannot be read"):
        store.pointer()


def test_a_model_file_that_was_changed_is_not_served(store, releases):
    path = releases / "week-46" / "model.skops"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ReleaseError, match="not the file that the manifest names"):
        store.rollback()
    assert store.pointer().release == "week-47"


def test_a_model_with_a_type_that_nobody_has_looked_at_is_not_read(store, releases, capsys):
    rewrite(releases / "week-46", "model.skops", dumps(Payload()))
    with pytest.raises(ReleaseError, match=r"model\.skops holds .*, which is no type of"):
        store.rollback()
    assert "run" not in capsys.readouterr().out


def test_a_pickle_is_no_model(store, releases):
    rewrite(releases / "week-46", "model.skops", pickle.dumps(Payload()))
    with pytest.raises(ReleaseError, match="cannot be read"):
        store.rollback()


def test_a_model_of_another_version_of_the_library_is_not_served(store, releases):
    path = releases / "week-46" / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "scikit-learn": "1.0"}))
    with pytest.raises(ReleaseError, match=r"written by scikit-learn 1\.0, expected"):
        store.rollback()


def test_a_model_of_other_features_is_not_served(store, releases):
    schema = json.loads((releases / "week-46" / "schema.json").read_text())
    schema["features"][0:2] = reversed(schema["features"][0:2])
    rewrite(releases / "week-46", "schema.json", json.dumps(schema).encode())
    with pytest.raises(ReleaseError, match="other features"):
        store.rollback()
