"""Which chapters offer Python in the page, and that the editor's bundle is what it says."""

import hashlib
import json
import re

import pytest

from launchlab.publish import runnable
from tests.conftest import ROOT

EDITOR = ROOT / "tools" / "editor"


def notebook(**metadata):
    return json.dumps({"cells": [], "metadata": metadata})


def test_a_chapter_says_why_its_code_cannot_run_in_a_page():
    assert runnable.reason(notebook()) == ""
    why = "It starts a web service."
    assert runnable.reason(notebook(launchlab={"page_python": why})) == why
    for other in (True, "no full stop", 3):
        with pytest.raises(ValueError, match="page_python="):
            runnable.reason(notebook(launchlab={"page_python": other}))


def test_every_chapter_of_the_book_has_a_sound_reason_or_none():
    for path in sorted((ROOT / "book").rglob("*.ipynb")):
        runnable.reason(path.read_text(encoding="utf-8"))


def test_the_button_is_hidden_until_a_script_finds_that_it_can():
    html = runnable.offer("../_static/page-python/", "../page-python.html", 42)
    assert re.search(rf"<div {runnable.OFFERS}[^>]* hidden>", html)
    assert "Run this page’s code (42 MB, stays in your browser; experimental)" in html
    instead = runnable.offer("", "../page-python.html", 42, "It starts <a service>.")
    assert "<button" not in instead and "It starts &lt;a service&gt;." in instead


def test_the_bundle_was_made_from_its_sources_and_carries_their_licences():
    made = runnable.scripts()
    # As tools/editor/build.mjs says it at the head of what it writes.
    sources = ("editor.mjs", "build.mjs", "package-lock.json")
    found = hashlib.sha256(b"".join(EDITOR.joinpath(name).read_bytes() for name in sources))
    assert f"sources: {found.hexdigest()} */" in made["editor.js"][:500]
    licences = made["editor-LICENSES.txt"]
    assert "@codemirror/view" in licences and "Permission is hereby granted" in licences
    assert "http://" not in EDITOR.joinpath("package-lock.json").read_text(encoding="utf-8")


def test_scripts_of_the_page_ask_no_other_site():
    for name, text in runnable.scripts().items():
        if name.startswith("run"):
            assert not re.search(r"https?://|\beval\(|new Function|innerHTML\s*=", text), name
