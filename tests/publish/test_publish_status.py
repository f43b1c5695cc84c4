"""What the page about a build says: of notebooks, claims, labs and the site."""

import html
from pathlib import Path

import nbformat
import pytest

from launchlab import findings
from launchlab.claims import wording
from launchlab.publish import execute, index, status, warm

LAB = (
    '<section class="launchlab" id="lab-{0}"><script type="application/json" class="ll-data">'
    '{{"title": "Lab {0}", {1}}}</script></section>'
)


def notebook(*shown):
    cells = [nbformat.v4.new_markdown_cell("# *Two* labs")]
    for text in shown:
        out = nbformat.v4.new_output("display_data", {"text/html": text})
        cells.append(nbformat.v4.new_code_cell("1", outputs=[out]))
    return nbformat.v4.new_notebook(cells=cells)


def test_labs_are_told_with_their_settings_and_their_bytes():
    shown = notebook(
        LAB.format("a", '"grid": {}, "sentences": ["one", "two"]') + "<p>More.</p>",
        "<p>No lab.</p>",
        LAB.format("b", '"table": []'),
    )
    first, second = status.labs_of(shown, "../x.html")
    assert (first.address, first.title, first.states) == ("../x.html#lab-a", "Lab a", 2)
    assert second.states is None and 50 < second.bytes < 300
    assert (first.name, second.name) == ("a", "b")
    text = status.labs_html([first, second], status.FrameTimes())
    assert '<a href="../x.html#lab-b">Lab b</a>' in text
    assert "<td>2</td>" in text and "<td>by a rule</td>" in text
    assert "2 labs, 0 KB gzipped in all.</p>" in text and text.count("<td>–</td>") == 4


def test_a_lab_is_told_with_the_times_of_its_frames_and_when_they_were_measured(tmp_path):
    kept = status.FrameTimes("2027-01-31", "a browser", {"b": (1.5, 20.0), "a": (2.0, 33.3)})
    (tmp_path / "kept.json").write_text(kept.text(), encoding="utf-8")
    read = status.read_frame_times(tmp_path / "kept.json")
    assert read == kept and read.text() == kept.text()
    labs = status.labs_of(notebook(LAB.format("a", '"x": 1'), LAB.format("new", '"x": 1')), "x")
    text = status.labs_html(labs, read)
    assert "<td>2.0</td><td>33.3</td></tr>" in text and "<td>–</td><td>–</td></tr>" in text
    assert "Times of 2027-01-31: a browser." in text
    assert status.read_frame_times(tmp_path / "none.json") == status.FrameTimes()


def test_the_record_of_frames_is_one():
    kept = status.read_frame_times()
    assert kept.on and kept.where and len(kept.labs) > 50
    assert all(0 < script <= paint for script, paint in kept.labs.values())


def test_notebooks_are_told_with_seconds_memory_and_versions():
    known = status.Ran("a.html", "A & B", 12.34, 456.7)
    text = status.notebooks_html([known, status.Ran("b.html", "C", None, None)])
    row = '<th scope="row"><a href="a.html">A &amp; B</a></th><td>12.3</td><td>457</td>'
    assert row in text
    assert "2 notebooks, 12 s in all. On Python 3." in text and "scikit-learn " in text
    assert text.count("<td>–</td>") == 2


def test_each_claim_is_told_with_its_worlds_and_its_end():
    results = findings.all_results()
    text = status.claims_html(results, "../claims.html")
    assert text.count("<tr>") == len(results) + 1
    ending = next(one for one in results if list(wording.breaks(one)))
    assert next(wording.breaks(ending)) in html.unescape(text)
    standing = next(one for one in results if list(wording.stays(one)))
    assert next(wording.stays(standing)) in html.unescape(text)
    assert f'href="../claims.html#claim-{ending.claim.name}"' in text


def test_the_size_of_a_site_is_that_of_its_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.html").write_bytes(b"x" * 2_000_000)
    (tmp_path / "two.js").write_bytes(b"x" * 3_000_000)
    text = status.site_html(tmp_path)
    assert "1 pages" in text and "2 files, 5.0 MB" in text
    assert text.index("two.js (3.0 MB)") < text.index("a/one.html (2.0 MB)")


def test_a_heading_is_told_without_its_emphasis(tmp_path):
    nbformat.write(notebook(), tmp_path / "one.ipynb")
    assert index.find_heading(tmp_path / "one.ipynb") == "Two labs"


@pytest.mark.parametrize("name", ["local-provisioner", warm.NAME])
def test_what_a_notebook_took_is_kept_with_what_it_showed(tmp_path, monkeypatch, name):
    if name == warm.NAME and not warm.environment(warm.FEWEST):
        pytest.skip("kernels are no forks here")
    monkeypatch.setenv(warm.VARIABLE, name)
    hold = nbformat.v4.new_code_cell("held = b'x' * 300_000_000")
    made = nbformat.v4.new_notebook(cells=[hold])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, tmp_path / "one.ipynb")
    job = execute.read_job("one", tmp_path / "one.ipynb")
    kept = execute.Executions(tmp_path / "kept")
    assert kept.took(job) is None
    outcome = execute.run_notebook(job, 120)
    assert outcome.error == ""
    kept.keep(outcome)
    seconds, megabytes = kept.took(job)
    assert 0 < seconds == outcome.seconds
    if Path("/proc/self/task").exists():
        assert 300 < megabytes < 700
