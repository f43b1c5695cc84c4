"""What a live lab does when a function raises or is slow, and where JupyterLab could disturb it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.live import workbench
from tests.live.workbench import Control, Lab, Notebook, Server

HEAD = """
import time
import altair as alt
import pandas as pd
from launchlab import lab

def chart(frame):
    x = alt.X("x:Q").scale(domain=[0, 9])
    return alt.Chart(frame).mark_bar().encode(x, alt.Y("y:Q").scale(domain=[0, 81]))

def make(run, controls, name="squares", **more):
    return lab.Experiment(
        name=name, title="Squares", run=run, chart=chart, controls=controls,
        sentence=lambda frame: f"{len(frame)} bars up to {frame.y.max()}.",
        description="Bars that rise.", **more)

def bars(n, power=2):
    return pd.DataFrame({"x": range(n), "y": [x ** power for x in range(n)]})

COUNTS = lab.Slider("n", "How many", [3, 5, 7, 9], default=5)
"""
FAILS = """
def fails(n):
    if n == 9:
        raise KeyError("nine is too many")
    return bars(n)

failing = make(fails, [COUNTS])
failing.show()
"""
CHART_FAILS = """
def draw(frame):
    if len(frame) == 9:
        raise KeyError("nine is too many")
    return chart(frame)

chart_fails = lab.Experiment(
    name="chart-fails", title="Squares", run=bars, chart=draw, controls=[COUNTS],
    sentence=lambda frame: f"{len(frame)} bars.", description="Bars that rise.")
chart_fails.show()
"""
SLOW = """
def slow(n, wait):
    time.sleep(wait)
    return bars(n)

waiting = make(slow, [COUNTS, lab.Choice("wait", "Seconds", [0.0, 0.8], default=0.0)])
waiting.show()
"""
NAMED = """
my_own = make(
    bars, [COUNTS, lab.Choice("power", "Power", [1, 2], default=2)], name="other-name",
    question=lab.Question("How many?", truth=lambda frame: len(frame), unit="bars"))
my_own.show()
"""
ASKING = """
asking = make(bars, [COUNTS], name="asking", question=lab.Question(
    "How high is the last of nine bars?", truth=lambda frame: frame.y.max(), at={"n": 9},
    unit="%", tolerance=5, low=0, high=90))
asking.show()
"""
FAILING_LAB, CHART_FAILING_LAB, SLOW_LAB, NAMED_LAB, ASKING_LAB = range(5)


@pytest.fixture(scope="module")
def heard() -> list[bytes]:
    """What the kernel says to the page of these tests, as it comes."""
    return []


@pytest.fixture(scope="module")
def notebook(
    notebooks: Path, server: Server, browser: Browser, heard: list[bytes]
) -> Iterator[Notebook]:
    """The labs above in one open notebook."""
    cells = HEAD, FAILS, CHART_FAILS, SLOW, NAMED, ASKING
    workbench.write_notebook(notebooks / "planted.ipynb", *cells)
    workbench.write_notebook(notebooks / "other.ipynb", HEAD, FAILS)
    with workbench.profile(browser) as context:
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", hear(heard)))
        opened = Notebook(page, server, "planted.ipynb")
        opened.run_all()
        skip(opened.labs[NAMED_LAB])
        yield opened
        opened.close()


def hear(heard: list[bytes]) -> Callable[[bytes | str], None]:
    """A listener that keeps what it hears."""
    return lambda data: heard.append(data if isinstance(data, bytes) else data.encode())


def skip(lab: Lab) -> Lab:
    """Skip the prediction."""
    lab.output.get_by_role("button", name="Skip").press("Enter")
    lab.box.wait_for(state="visible")
    # The button that had the focus is gone: it goes on to what the lab says.
    expect(lab.box.locator(".ll-sentence")).to_be_focused()
    return lab


def looks(lab: Lab) -> tuple[str, str]:
    return lab.svg, lab.sentence


@pytest.mark.parametrize("which", [FAILING_LAB, CHART_FAILING_LAB], ids=["run", "chart"])
def test_a_function_that_raises_leaves_the_last_good_chart(notebook: Notebook, which: int) -> None:
    lab = notebook.labs[which]
    slider = lab.controls[0]
    slider.press("Home")
    good = looks(lab)
    lab.watch()
    slider.press("End")
    expect(lab.box.locator(".ll-failure")).to_contain_text("KeyError: 'nine is too many'")
    expect(lab.box.locator(".ll-sentence")).to_have_text(good[1])
    assert looks(lab) == good
    slider.press("ArrowLeft")
    expect(lab.box.locator(".ll-failure")).to_be_hidden()
    assert lab.sentence.startswith("7 bars")
    assert lab.svg != good[0]
    assert lab.watched()["blanks"] == 0


def busy_signs(lab: Lab, move: Callable[[], object]) -> int:
    """How often the busy sign appears during a move."""
    lab.box.locator(".ll-busy").evaluate(
        """node => { node.launchlabShown = 0;
          node.launchlabEye = new MutationObserver(
            () => { if (!node.hidden) node.launchlabShown += 1; });
          node.launchlabEye.observe(node, { attributeFilter: ['hidden'] }); }"""
    )
    move()
    shown: int = lab.box.locator(".ll-busy").evaluate(
        "node => { node.launchlabEye.disconnect(); return node.launchlabShown; }"
    )
    return shown


def test_the_busy_sign_appears_only_when_it_takes_long(notebook: Notebook) -> None:
    lab = notebook.labs[SLOW_LAB]
    count, wait = lab.controls
    wait.press("Home")
    assert busy_signs(lab, lambda: [count.press(key) for key in ("Home", "End")]) == 0
    assert busy_signs(lab, lambda: wait.press("End")) == 1
    expect(lab.box.locator(".ll-busy")).to_be_hidden()


def drag(slider: Control, *, follows: bool) -> int:
    """Drag a slider from end to end with the mouse; say how many recomputations that made.

    If the lab ``follows``, wait for it halfway.
    """
    slider.press("Home")
    page, before = slider.page, slider.lab.computed
    handle = slider.locator.bounding_box()
    track = slider.locator.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]")
    width = track.bounding_box()["width"]
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in (0.34, 0.67, 1.0):
        page.mouse.move(x + step * width, y, steps=4)
        if follows and slider.lab.computed == before:
            slider.lab.await_computed(before)
    page.mouse.up()
    expect(slider.lab.box.locator(".ll-sentence")).to_contain_text("9 bars")
    return slider.lab.computed - before


def test_a_slow_lab_computes_once_a_drag_and_a_quick_one_on_the_way(
    notebook: Notebook,
) -> None:
    lab = notebook.labs[SLOW_LAB]
    count, wait = lab.controls
    wait.press("Home")
    count.press("End")
    assert drag(count, follows=True) >= 2
    wait.press("End")
    assert drag(count, follows=False) == 1


def test_sentence_and_frame_come_in_one_message(notebook: Notebook, heard: list[bytes]) -> None:
    slider = notebook.labs[FAILING_LAB].controls[0]
    slider.press("Home")
    heard.clear()
    slider.press("ArrowRight")
    telling = [one for one in heard if b'"sentence"' in one or b'"frame"' in one]
    assert len(telling) == 1
    assert b'"sentence"' in telling[0]
    assert b'"frame"' in telling[0]
    assert sum(map(len, heard)) < 10_000


def test_the_copied_line_leads_back_to_the_state(notebook: Notebook) -> None:
    lab = notebook.labs[NAMED_LAB]
    count, power = lab.controls
    count.press("End")
    power.press("Home")
    said = lab.sentence
    lab.output.get_by_role("button", name="Copy state").press("Enter")
    field = lab.output.get_by_label("In Python:")
    expect(field).to_have_value("my_own.show(n=9, power=1)")
    notebook.add_and_run(field.input_value())
    assert notebook.labs[-1].sentence == said == "9 bars up to 8."


def test_a_prediction_is_judged_once_and_the_verdict_stays(notebook: Notebook) -> None:
    lab, page = notebook.labs[ASKING_LAB], notebook.page

    def say(text: str) -> None:
        lab.output.get_by_placeholder("a number").fill(text)
        page.keyboard.press("Tab")
        lab.output.get_by_role("button", name="Commit").press("Enter")

    say("90,1")
    lab.output.get_by_text("Write a number from 0 to 90 %, or skip: 90,1 lies outside.").wait_for()
    assert not lab.box.is_visible()
    lab.output.get_by_role("radio", name="fairly sure").check()
    say("61,8 %")
    verdict = lab.output.get_by_text("You predicted")
    said = (
        "You predicted 61.8 % (fairly sure). It is 64 %. Close: 2.2 points off. "
        "Asked at: How many: 9."
    )
    expect(verdict).to_have_text(said)
    # What is shown is what was asked about; then the reader moves on, and the verdict does not.
    expect(lab.box.locator(".ll-sentence")).to_have_text("9 bars up to 64.")
    lab.controls[0].press("Home")
    assert lab.sentence == "3 bars up to 4."
    expect(verdict).to_have_text(said)


def test_plain_keys_belong_to_the_lab_and_the_others_to_jupyterlab(
    notebook: Notebook,
) -> None:
    page, lab = notebook.page, notebook.labs[NAMED_LAB]
    cells = len(notebook.counts)
    for control in lab.controls:
        control.locator.focus()
        for key in "ddxab":  # delete, cut, insert above, insert below
            page.keyboard.press(key)
        assert control.locator.evaluate("node => node === document.activeElement"), control.label
    lab.box.locator(".ll-numbers summary").focus()
    page.keyboard.press("Enter")
    expect(lab.box.locator("table")).to_be_visible()
    assert len(notebook.counts) == cells
    dirty = "() => jupyterapp.shell.currentWidget.content.model.dirty"
    assert page.evaluate(dirty)
    lab.controls[0].locator.focus()
    page.keyboard.press("Control+s")
    page.wait_for_function(f"() => !({dirty})()")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_labs_pass_axe_in_both_themes(notebook: Notebook, theme: str) -> None:
    notebook.set_theme(theme)
    lab = notebook.labs[FAILING_LAB]
    lab.controls[0].press("End")
    assert lab.failure
    lab.picture(f"failing-{theme}")
    found = Axe().run(notebook.page, context=".ll-lab").response["violations"]
    lab.controls[0].press("Home")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_two_notebooks_with_two_kernels_do_not_disturb_each_other(notebook: Notebook) -> None:
    lab = notebook.labs[FAILING_LAB]
    lab.controls[0].press("End")
    notebook.switch_to("other.ipynb")
    notebook.run_all()
    (other,) = notebook.labs
    other.controls[0].press("Home")
    assert other.sentence == "3 bars up to 4."
    assert other.failure == ""
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook.switch_to("planted.ipynb")
    assert lab.failure, "the other kernel's lab moved this one"
    lab.controls[0].press("Home")
    assert lab.sentence == "3 bars up to 4."


def test_charts_come_back_when_the_page_is_loaded_again(notebook: Notebook) -> None:
    notebook.labs[FAILING_LAB].controls[0].press("Home")
    notebook.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    notebook.page.reload()
    notebook.await_idle()
    notebook.page.locator(".ll-live[data-ready]").first.wait_for()
    lab = notebook.labs[FAILING_LAB]
    assert lab.sentence == "3 bars up to 4."
    before = lab.svg
    lab.controls[0].press("ArrowRight")
    assert lab.sentence == "5 bars up to 16."
    assert lab.svg != before
