"""What a page loads only when it is asked for is written with the page."""

from launchlab.publish import assets
from launchlab.serving import forest


def test_a_named_asset_is_written_and_its_address_told(tmp_path, monkeypatch):
    monkeypatch.setattr(forest, "asset", lambda: ("one.js", "tree: é"))
    body = 'a <p data-ll-asset="launchlab.serving.forest:asset">b</p>'
    told = assets.write(body, tmp_path / "_static", "../_static/")
    assert told == 'a <p data-ll-asset="../_static/one.js" data-ll-bytes="8">b</p>'
    assert (tmp_path / "_static" / "one.js").read_text(encoding="utf-8") == "tree: é"


def test_a_page_that_names_none_stays_as_it_was_and_only_the_course_is_asked(tmp_path):
    body = '<p data-ll-asset="os:getcwd">a</p>'
    assert assets.write(body, tmp_path / "never", "") == body
    assert not (tmp_path / "never").exists()
