"""The book's notebooks in a real JupyterLab: run, moved by keyboard, and run again."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.live.workbench import Lab, Notebook, Server, count_controls

NOTEBOOKS = ["book/index.ipynb", "book/ensembling/slower.ipynb"]


def answer_questions(notebook: Notebook, said: str | None) -> int:
    """Answer every prediction by keyboard (None: skip it); say how many were asked."""
    page = notebook.page
    asked = 0
    for lab in notebook.labs:
        skip = lab.output.get_by_role("button", name="Skip")
        if not skip.count():
            continue
        asked += 1
        assert not lab.box.is_visible(), "the outcome stands there before the prediction"
        if said is None:
            skip.focus()
        else:
            lab.output.get_by_placeholder("a number").focus()
            page.keyboard.type(said)
            # Past the question how sure one is; the field sends its text when it loses the focus.
            lab.output.get_by_role("button", name="Commit").focus()
        page.keyboard.press("Enter")
        lab.box.wait_for(state="visible")
        if said is not None:
            lab.output.get_by_text(f"You predicted {said} ").wait_for()
    return asked


def move_everything(lab: Lab) -> int:
    """Move every control by keyboard, through its range; say how many there are."""
    lab.box.locator(".ll-chart svg .role-mark").first.wait_for(state="attached")
    lab.watch()
    for control in lab.controls:
        svgs, sentences, moves = {lab.svg}, {lab.sentence}, 0
        for key in control.keys:
            moved = control.press(key)
            moves += moved
            assert control.locator.evaluate("node => node === document.activeElement"), (
                f"{control.label}: {key} took the focus away"
            )
            svgs.add(lab.svg)
            sentences.add(lab.sentence)
            assert lab.failure == ""
        assert moves >= 2, f"{control.label}: moved by {moves} of the keys {control.keys}"
        assert len(svgs) > 1, f"{control.label}: moves nothing in the chart"
        assert len(sentences) > 1, f"{control.label}: moves nothing in the sentence"
    seen = lab.watched()
    assert seen["changes"] > 0
    assert seen["frames"] > 0
    assert seen["blanks"] == 0, f"the chart was empty in {seen['blanks']} looks at it"
    return len(lab.controls)


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_every_control_moves_before_and_after_a_restart(
    path: str, context: BrowserContext, server: Server, notebooks: Path
) -> None:
    declared = count_controls(notebooks / path)
    assert declared > 0
    notebook = Notebook(context.new_page(), server, path)

    notebook.run_all()
    first = notebook.counts
    assert all(first)
    asked = answer_questions(notebook, "12")
    assert sum(map(move_everything, notebook.labs)) == declared

    notebook.restart_and_run_all()
    assert notebook.counts == list(range(1, len(first) + 1)), "the kernel did not start anew"
    assert answer_questions(notebook, None) == asked
    assert sum(map(move_everything, notebook.labs)) == declared
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        for lab in notebook.labs:
            lab.picture(f"{Path(path).stem}-{theme}")
    notebook.close()
