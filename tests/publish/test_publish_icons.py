"""The theme's icons: those that are drawn stay, all others go, and nothing unknown is cut."""

from types import SimpleNamespace

import pytest

from launchlab.publish import icons

SCRIPT = (
    '(()=>{var all={bars:[448,512,["navicon"],"f0c9","M0 96"],"angle-left":[320,512,[8249],"f104",'
    '"M41.4 233.4"],"file-pdf":[512,512,[],"f1c1",["M0 64","M9 9"]]};draw(all)})();'
)


def test_only_the_icons_that_are_drawn_stay():
    cut = icons.cut(SCRIPT, frozenset(["angle-left"]))
    assert '"angle-left":[320,512,[8249],"f104","M41.4 233.4"]' in cut
    assert "bars" not in cut and "file-pdf" not in cut
    assert cut.startswith("(()=>{var all={") and cut.endswith("};draw(all)})();")


def test_an_icon_stays_for_any_of_its_names_and_with_both_of_its_paths():
    cut = icons.cut(SCRIPT, frozenset(["navicon", "file-pdf"]))
    assert '"M0 96"' in cut and '["M0 64","M9 9"]' in cut and "233.4" not in cut


def test_names_are_found_in_pages_and_in_scripts_that_write_them():
    page = '<i class="theme-switch fa-solid fa-moon               fa-lg"></i>'
    assert icons.names([page, '"fa-solid fa-xmark"']) == {"solid", "moon", "lg", "xmark"}


def test_a_script_without_the_icons_is_refused():
    with pytest.raises(ValueError, match="none of the icons that the pages draw"):
        icons.cut("window.other = {};", frozenset(["moon"]))


@pytest.mark.parametrize(
    ("script", "left"),
    [(SCRIPT, '(()=>{var all={bars:[448,512,["navicon"],"f0c9","M0 96"],};draw(all)})();')]
    + [(other, other) for other in ("window.other = {};", "")],
)
def test_the_built_site_is_cut_and_what_is_unknown_is_left(tmp_path, script, left):
    path = tmp_path / icons.SCRIPT
    path.parent.mkdir(parents=True)
    path.write_text(script, encoding="utf-8")
    (tmp_path / "one.html").write_text('<i class="fas fa-bars"></i>', encoding="utf-8")
    site = SimpleNamespace(outdir=str(tmp_path), builder=SimpleNamespace(format="html"))
    icons.cut_icons(site, None)
    assert path.read_text(encoding="utf-8") == left
    # A second build that copies nothing anew leaves it so.
    icons.cut_icons(site, None)
    assert path.read_text(encoding="utf-8") == left


def test_a_build_that_failed_and_one_without_the_script_are_left_alone(tmp_path):
    site = SimpleNamespace(outdir=str(tmp_path), builder=SimpleNamespace(format="html"))
    icons.cut_icons(site, None)
    icons.cut_icons(site, RuntimeError("no"))
    assert list(tmp_path.iterdir()) == []
