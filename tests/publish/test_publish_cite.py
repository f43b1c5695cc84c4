"""How the book is cited: one version and one date, wherever they stand."""

import datetime
import re
import tomllib

import pytest

from launchlab.publish import cite
from tests.conftest import ROOT


def test_version_and_date_are_the_same_wherever_they_stand():
    said = cite.read(ROOT)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert str(said["version"]) == project["version"]
    assert f"Version {said['version']}:" in (ROOT / "README.md").read_text("utf-8")
    assert isinstance(said["date-released"], datetime.date)
    # The workflow of a release looks for these lines as they stand.
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(rf"^version: {re.escape(project['version'])}$", text, re.M)
    assert re.search(r"^date-released: \d{4}-\d\d-\d\d$", text, re.M)


def test_what_is_said_can_be_read_by_who_keeps_citations():
    said = cite.read(ROOT)
    assert {"cff-version", "message", "license", "abstract"} <= set(said)
    assert said["cff-version"] == "1.2.0" and said["type"] == "software"
    assert set(said["license"]) == {"BSD-3-Clause", "CC-BY-4.0"}


def test_bibtex_keeps_names_capitals_and_the_version():
    said = {
        "title": "One Book: on two things",
        "authors": [{"name": "The authors"}, {"family-names": "Doe", "given-names": "Jo"}],
        "version": "1.2.3",
        "date-released": datetime.date(2027, 1, 31),
    }
    text = cite.bibtex(said, "https://example.org/")
    assert text.startswith("@misc{one-book,\n") and text.endswith("\n}")
    assert "author  = {{The authors} and Doe, Jo}," in text
    assert "title   = {{One Book}: on two things}," in text
    assert "year    = {2027}," in text and "url     = {https://example.org/}," in text
    assert "url" not in cite.bibtex(said, "") and "doi" not in text
    assert "doi     = {10.1/x}," in cite.bibtex(said | {"doi": "10.1/x"}, "")


def test_a_citation_that_says_too_little_is_refused(tmp_path):
    (tmp_path / "CITATION.cff").write_text("title: One\nversion: 1\nauthors: []\n", "utf-8")
    with pytest.raises(ValueError, match=r"CITATION\.cff has no date-released"):
        cite.read(tmp_path)
