"""The live life, without a kernel: the widgets and what they do to chart, sentence and verdict."""

import time
from importlib.metadata import version

import pandas as pd
import pytest

from launchlab import lab, memo
from launchlab.lab.declare.frame import decode
from launchlab.lab.lives import live
from tests import patience
from tests.lab.samples import chart, experiment, rule_experiment, squares


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)


def open_lab(demo: lab.Experiment, **state) -> live.LiveLab:
    return live.LiveLab(demo, demo.state(**state))


def drawn(one: live.LiveLab) -> dict:
    return decode(one.chart.frame)


def is_shown(widget) -> bool:
    return widget.layout.display != "none"


def every_kind() -> lab.Experiment:
    controls = [
        lab.Slider("n", "How many", [(2, "two"), (9, "nine"), (None, "no limit")], default=9),
        lab.Choice("kind", "Kind", [("plain", "Plain"), (None, "None")], default=None),
        lab.Toggle("up", "Square", default=True),
    ]

    def run(n, kind, up):
        return squares(n or 5, up).assign(kind=str(kind), limit=str(n))

    return experiment(controls=controls, run=run)


@pytest.mark.parametrize("name", ["n", "kind", "up"])
def test_every_control_moves_to_both_ends(name):
    demo = every_kind()
    one = open_lab(demo)
    control = next(control for control in demo.controls if control.name == name)
    seen = []
    for end in control.ends:
        one.move(name, end)
        assert one.state == {**demo.defaults, name: end}
        assert one.chart.failure == ""
        assert drawn(one) == demo(**one.state).to_dict("list")
        assert one.chart.sentence == demo.sentence(demo(**one.state))
        seen.append(drawn(one))
    assert seen[0] != seen[1]


@pytest.mark.parametrize(
    ("control", "kind"),
    [
        (lab.Slider("n", "N", [1, 2], default=1), "SelectionSlider"),
        (lab.Choice("n", "N", [1, 2], default=1), "Dropdown"),
        (lab.Toggle("n", "N"), "Checkbox"),
    ],
)
def test_controls_are_ipywidgets_with_a_label(control, kind):
    one = open_lab(experiment(controls=[control], run=lambda n: squares(3)))
    assert type(one.controls["n"]).__name__ == kind
    assert one.controls["n"].description == "N"


@pytest.mark.parametrize(("count", "close"), [(8, False), (9, True)])
def test_many_switches_stand_close_together(count, close):
    names = [f"t{place}" for place in range(count)]

    def run(**ticked):
        return pd.DataFrame({"x": [0, 1], "y": [0, sum(ticked.values())]})

    switches = [lab.Toggle(name, name) for name in names]
    demo = open_lab(experiment(controls=switches, run=run))
    widths = {demo.controls[name].layout.width for name in names}
    assert widths == {"160px" if close else "340px"}


@pytest.mark.parametrize(("step", "kind"), [(0.25, "FloatSlider"), (1, "IntSlider")])
def test_a_range_is_a_number_slider(step, kind):
    control = lab.Range("slope", "Slope", 0, 9, step, default=1, unit="ms")
    one = open_lab(rule_experiment(controls=[control]))
    assert type(one.controls["slope"]).__name__ == kind
    assert one.controls["slope"].description == "Slope (ms)"
    for end in control.ends:
        one.move("slope", end)
        assert drawn(one)["y"] == [end * x for x in range(4)]


def test_it_starts_where_it_is_told_and_resets_there():
    one = open_lab(experiment(), n=9)
    start = drawn(one)
    assert len(start["x"]) == 9
    one.move("n", 2)
    one.move("up", False)
    assert drawn(one) != start
    one.reset_button.click()
    assert one.state == {"n": 9, "up": True}
    assert drawn(one) == start


def test_reset_computes_once():
    calls = []

    def run(n, up):
        calls.append((n, up))
        return squares(n, up)

    one = open_lab(experiment(run=run))
    one.move("n", 2)
    one.move("up", False)
    calls.clear()
    one.reset()
    assert calls == [(5, True)]


def test_copy_gives_the_python_that_leads_back():
    one = open_lab(experiment(name="my-squares"))
    one.move("n", 2)
    one.copy_button.click()
    assert one.copied.value == "my_squares.show(n=2)"
    assert is_shown(one.copied)


def _fails_at_nine(kind: str):
    def run(n, up):
        if n == 9 and kind == "run":
            raise KeyError("nine")
        return squares(n, up)

    def sentence(frame):
        if len(frame) == 9 and kind == "sentence":
            raise KeyError("nine")
        return f"{len(frame)} dots."

    def draw(frame):
        if len(frame) == 9 and kind == "chart":
            raise KeyError("nine")
        return chart(frame).properties(title="nine" if len(frame) == 9 and kind == "spec" else "")

    return experiment(run=run, sentence=sentence, chart=draw)


@pytest.mark.parametrize("kind", ["run", "sentence", "chart", "spec"])
def test_an_error_keeps_the_last_good_picture_and_is_shown(kind):
    one = open_lab(_fails_at_nine(kind))
    one.move("n", 2)
    good = drawn(one), one.chart.sentence
    one.move("n", 9)
    assert (drawn(one), one.chart.sentence) == good
    assert "chart's spec changed" in one.chart.failure or "KeyError: 'nine'" in one.chart.failure
    assert one.chart.busy is False
    one.move("n", 5)
    assert one.chart.failure == ""
    assert one.chart.sentence == "5 dots."


def test_columns_that_change_are_an_error_beneath_the_picture():
    demo = experiment(run=lambda n, up: squares(n, up).assign(**({"z": 1} if n == 9 else {})))
    one = open_lab(demo)
    one.move("n", 9)
    assert "expected ['x', 'y']" in one.chart.failure


def test_the_busy_sign_is_up_while_it_computes_for_long(monkeypatch):
    seen = []
    one = None

    def run(n, up):
        until = time.monotonic() + (patience.EVENT if n == 9 else 0)
        while one and not one.chart.busy and time.monotonic() < until:
            time.sleep(0.01)
        seen.append(bool(one and one.chart.busy))
        return squares(n, up)

    monkeypatch.setattr(live, "_BUSY_SECONDS", 0.05)
    one = open_lab(experiment(run=run))
    one.move("n", 2)
    one.move("n", 9)
    assert seen == [False, False, True]
    assert one.chart.busy is False


def test_a_slow_experiment_does_not_compute_while_a_slider_is_dragged(monkeypatch):
    one = open_lab(experiment())
    monkeypatch.setattr(live, "_DRAG_SECONDS", float("inf"))
    one.move("n", 9)
    assert one.controls["n"].continuous_update
    monkeypatch.setattr(live, "_DRAG_SECONDS", 0.0)
    one.move("n", 2)
    assert not one.controls["n"].continuous_update


# ---------------------------------------------------------------- predictions


def asking(**question) -> live.LiveLab:
    asked = {"text": "How large?", "truth": lambda frame: frame.y.max(), **question}
    return open_lab(experiment(question=lab.Question(**asked), reflect="So large?"))


def test_nothing_is_shown_before_the_prediction():
    one = asking()
    assert not is_shown(one._outcome)
    assert not is_shown(one._panel)
    assert is_shown(one.question.view)
    # Nor what to reflect on, which may give the answer away.
    assert one._outcome.children[-1].value == "<p>So large?</p>"
    assert not any("So large?" in getattr(part, "value", "") for part in one.view.children)


def test_skipping_opens_without_a_verdict():
    one = asking()
    one.question.skip_button.click()
    assert is_shown(one._outcome)
    assert not is_shown(one.question.view)
    one.move("n", 9)
    assert one.verdict.value == ""


@pytest.mark.parametrize("empty", ["", "  ", "many", "nan", "inf"])
def test_an_answer_that_is_no_number_is_refused(empty):
    one = asking(unit="<dots>", low=0, high=99)
    one.question.input.value = empty
    one.question.commit_button.click()
    assert not is_shown(one._outcome)
    note = one.question.view.children[-1].value
    assert note == "Write a number from 0 to 99\u00a0&lt;dots&gt;, or skip."


def test_an_answer_out_of_range_is_refused_with_the_range_and_may_be_mended():
    one = asking(unit="%", low=0, high=50)
    for said in ("50.1", "-1", "2,000,000"):
        one.question.input.value = said
        one.question.commit_button.click()
        assert not is_shown(one._outcome)
        assert "from 0 to 50\u00a0%" in one.question.view.children[-1].value
    one.question.input.value = "−0,0 %"
    one.question.commit_button.click()
    assert is_shown(one._outcome)


def test_the_verdict_stays_when_a_control_moves():
    one = asking(unit="dots", tolerance=1)
    one.question.input.value = "15"
    one.question.commit_button.click()
    text = (
        "<p>You predicted 15\u00a0dots. It is 16\u00a0dots. Close: 1\u00a0dot off. "
        "Asked at: How many: 5; Square: on.</p>"
    )
    assert one.verdict.value == text
    one.move("n", 9)
    one.move("up", False)
    one.reset()
    assert one.verdict.value == text


def test_it_is_judged_at_the_setting_that_was_asked_about():
    asked = lab.Question("?", truth=lambda frame: frame.y.max(), at={"n": 9})
    demo = experiment(question=asked)
    one = open_lab(demo, n=2)
    one.question.input.value = "64"
    one.question.commit_button.click()
    verdict = "It is 64. Right. Asked at: How many: 9; Square: on.</p>"
    assert one.verdict.value.endswith(verdict)
    # The outcome is the one that was asked about.
    assert one.state == {"n": 9, "up": True}
    one.move("n", 2)
    assert one.verdict.value.endswith(verdict)
    other = open_lab(demo, n=2)
    other.question.skip_button.click()
    assert other.state == {"n": 2, "up": True}


def test_a_prediction_is_kept_as_a_record():
    one = asking(unit="dots", tolerance=1)
    assert one.prediction is None
    one.question.input.value = "15"
    one.question.sure.value = "fairly"
    one.question.commit_button.click()
    assert one.prediction == {
        "schema": 1,
        "lab": "squares",
        "question": "How large?",
        "setting": {"n": 5, "up": True},
        "words": "How many: 5; Square: on",
        "said": 15.0,
        "truth": 16,
        "unit": "dots",
        "tolerance": 1,
        "sure": "fairly",
        "book": version("launchlab"),
    }
    assert "You predicted 15\u00a0dots (fairly sure)." in one.verdict.value


def test_a_choice_gets_a_verdict_by_name():
    one = asking(truth=lambda frame: len(frame) > 4, options=[(True, "<many>"), (False, "few")])
    one.question.commit_button.click()
    assert not is_shown(one._outcome)
    one.question.input.value = False
    one.question.commit_button.click()
    wrong = "<p>You predicted “few”. It is “&lt;many&gt;”. Asked at: How many: 5; Square: on.</p>"
    assert one.verdict.value == wrong
    one.move("n", 2)
    assert one.verdict.value == wrong
    assert (one.prediction["said"], one.prediction["truth"]) == ("few", "<many>")


# ---------------------------------------------------------------- plain charts


def test_a_plain_chart_is_a_widget_with_its_description():
    view = live.plain_chart({"description": "Dots", "mark": "point"})
    widget = view.children[0]
    assert widget.declaration["description"] == "Dots"
    assert widget.declaration["plain"] is True


def test_a_cell_shows_a_widget_of_either_ipywidgets(monkeypatch):
    drawn = []
    monkeypatch.setattr(live, "display", drawn.append)
    of_seven = object()  # without a bundle of its own
    assert live.bundle(of_seven) == {"text/plain": ""}
    assert drawn == [of_seven]
    found = live.bundle(live.plain_chart({"description": "Dots", "mark": "point"}))
    assert "application/vnd.jupyter.widget-view+json" in found


def test_the_kernel_carries_vega_once():
    assert live.runtime() is live.runtime()
    one = open_lab(experiment())
    assert one.view.children[-1] is live.runtime()
    assert isinstance(pd.DataFrame(drawn(one)), pd.DataFrame)
