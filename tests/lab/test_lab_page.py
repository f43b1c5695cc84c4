"""The frozen life, without a browser: what stands in the page."""

import json
import re
from html.parser import HTMLParser

import altair as alt
import pandas as pd
import pytest

from launchlab import lab, memo
from launchlab.lab import show
from launchlab.lab.declare.frame import decode
from launchlab.lab.lives import page
from launchlab.lab.view import theme, vega
from tests.lab.samples import chart, experiment, rule_experiment, squares

NASTY = '</script><script>alert("x")</script><b>&amp;</b>'


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)


class _Reader(HTMLParser):
    """Elements with their attributes, and the text of each class of element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(str(text))  # a Markup would escape what is joined to it

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag not in ("br", "img", "input"):
            self._open.append(given.get("class") or tag)

    def handle_endtag(self, tag):
        if self._open:
            self._open.pop()

    def handle_data(self, data):
        for name in self._open:
            self.texts[name] = self.texts.get(name, "") + data

    def first(self, tag: str, **given: str) -> dict:
        return next(
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in given.items())
        )


def frozen(demo: lab.Experiment, **state) -> tuple[_Reader, dict]:
    text = page.freeze(demo, demo.state(**state))
    reader = _Reader(text)
    return reader, json.loads(reader.texts["ll-data"])


def test_the_page_holds_the_lab_without_javascript():
    demo = experiment(columns={"x": "Number", "y": "Its square"}, reflect="What do you say?")
    reader, _ = frozen(demo)
    section = reader.first("section")
    assert section["id"] == "lab-squares"
    assert section["aria-labelledby"] == reader.first("p", id="lab-squares-title")["id"]
    assert reader.texts["ll-title"] == "Squares"
    assert reader.texts["ll-sentence"] == "The largest is 16."
    assert reader.first("p", role="status")["class"] == "ll-sentence"
    assert reader.first("div", role="img")["aria-label"] == demo.description
    assert any(tag == "svg" for tag, _ in reader.elements)
    assert reader.texts["thead"] == "NumberIts square"
    assert reader.texts["tbody"] == "00" + "11" + "24" + "39" + "416"
    assert reader.texts["ll-reflect"] == "What do you say?"
    assert "JavaScript" in reader.texts["noscript"]


def test_the_question_stands_before_the_outcome_and_no_control_until_javascript_runs():
    demo = experiment(question=lab.Question("How many?", truth=len), reflect="So few?")
    reader, _ = frozen(demo)
    assert reader.texts["ll-waiting"] == "Predict first: How many?"
    before, _, after = page.freeze(demo, demo.state()).partition("ll-outcome")
    assert "ll-waiting" in before
    assert "ll-waiting" not in after
    # What to reflect on may give away the answer: it is hidden with the outcome.
    assert "So few?" in after.rpartition("</div>")[0]
    assert not {tag for tag, _ in reader.elements} & {"input", "button", "select", "form"}


def test_the_data_holds_every_point_and_sentence_and_one_truth():
    asked = lab.Question("How many?", truth=len, unit="dots", tolerance=1, at={"n": 2})
    demo = experiment(question=asked)
    _, data = frozen(demo, n=9)
    assert data["start"] == {"n": 9, "up": True}
    question = data["question"]
    assert (question["tolerance"], question["truth"], question["lab"]) == (1, 2, "squares")
    assert question["setting"] == {"n": 2, "up": True}
    assert question["words"] == "How many: 2; Square: on"
    for position, point in enumerate(demo.points()):
        assert decode(data["grid"], position) == point.frame.to_dict("list")
        assert data["sentences"][position] == point.sentence


def test_the_still_picture_shows_the_state_it_starts_from():
    def dots(**state):
        return page.freeze(experiment(), experiment().state(**state)).count("<path")

    assert dots(n=9) - dots(n=5) == 4


def test_what_readers_see_is_escaped_everywhere():
    demo = experiment(
        title=NASTY,
        description=NASTY,
        reflect=NASTY,
        sentence=lambda frame: NASTY,
        run=lambda n, up: squares(n, up).assign(name=NASTY),
        columns={"name": NASTY},
        controls=[
            lab.Slider("n", NASTY, [(2, NASTY), (5, "five")], default=5, unit=NASTY),
            lab.Toggle("up", "Square"),
        ],
        question=lab.Question(NASTY, truth=lambda f: NASTY, options=[(NASTY, NASTY), (1, "one")]),
    )
    reader, data = frozen(demo)
    assert [given for tag, given in reader.elements if tag == "script"] == [
        {"type": "application/json", "class": "ll-data"}
    ]
    # The one of the question, which is the page's own.
    assert sum(tag == "b" for tag, _ in reader.elements) == 1
    assert data["question"]["words"].startswith(NASTY)
    for place in ("ll-title", "ll-sentence", "ll-reflect", "th", "td", "ll-waiting"):
        assert NASTY in reader.texts[place]
    assert reader.first("div", role="img")["aria-label"] == NASTY
    assert data["title"] == data["controls"][0]["names"][0] == data["question"]["text"] == NASTY


def test_numbers_that_json_lacks_fail_rather_than_break_the_page():
    def draw(frame):
        return chart(frame).encode(alt.X("x:Q").scale(domain=[0, float("inf")]))

    with pytest.raises((ValueError, lab.ExperimentError)):
        page.freeze(experiment(chart=draw), experiment().state())


def test_gaps_and_booleans_read_as_words_in_the_table():
    def run(n, up):
        return squares(n, up).assign(gap=[None, *range(n - 1)], flag=[True] + [False] * (n - 1))

    reader, _ = frozen(experiment(run=run, missing=["gap"], columns={"gap": "G", "flag": "F"}), n=2)
    assert reader.texts["tbody"] == "–yes0no"


def test_too_many_bytes_name_the_overrun():
    size = len(page.freeze(experiment(), experiment().state()))
    with pytest.raises(lab.ExperimentError, match=r"[\d,]+ bytes gzipped .* over the budget of 9"):
        page.freeze(experiment(byte_budget=9), experiment().state())
    page.freeze(experiment(byte_budget=size), experiment().state())


def test_a_spec_that_differs_fails_the_freeze():
    demo = experiment(chart=lambda frame: chart(frame).properties(title=str(len(frame))))
    with pytest.raises(lab.ExperimentError, match=r"spec\.title"):
        page.freeze(demo, demo.state())


def test_a_rule_ships_its_table_and_its_functions():
    question = lab.Question("Last?", truth=lambda f: float(f.y.iloc[-1]), at={"slope": 3})
    demo = rule_experiment(question=question)
    text = page.freeze(demo, demo.state(slope=2))
    assert 'window.launchlabRules=window.launchlabRules||{})["line"]=' in text
    assert text.count("return {frame,sentence};") == 1
    data = json.loads(_Reader(text).texts["ll-data"])
    assert decode(data["table"]) == {"x": [0, 1, 2, 3]}
    assert "grid" not in data
    assert data["question"]["truth"] == 9
    assert "The last is 6." in text


def test_a_rule_that_fails_at_a_corner_fails_the_freeze():
    def run(table, slope):
        if slope == 9:
            raise ZeroDivisionError("nine")
        return pd.DataFrame({"x": table.x, "y": slope * table.x})

    with pytest.raises(lab.ExperimentError, match=r"slope=9\.0: ZeroDivisionError"):
        page.freeze(rule_experiment(run=run), {"slope": 1.0})


# ---------------------------------------------------------------- plain charts, the theme, modes


def plain_spec(**properties):
    with alt.data_transformers.enable("default"):
        return chart(squares(3)).properties(**properties).to_dict()


def test_a_plain_chart_is_a_picture_with_its_description():
    reader = _Reader(page.freeze_chart(plain_spec(description='Rising "dots"')))
    assert reader.first("div", role="img")["aria-label"] == 'Rising "dots"'
    assert any(tag == "svg" for tag, _ in reader.elements)
    assert json.loads(reader.texts["ll-data"])["width"] == "container"


@pytest.mark.parametrize("properties", [{}, {"description": "  "}])
def test_a_plain_chart_without_description_is_an_error(properties):
    text = page.freeze_chart(plain_spec(**properties))
    assert f'class="{page.ERROR_CLASS}"' in text
    assert "svg" not in text


def test_side_by_side_views_keep_their_own_widths():
    wide = (chart(squares(3)) | chart(squares(3))).to_dict()
    assert theme.responsive(wide) == wide
    assert theme.responsive({"mark": "point"})["width"] == "container"


def test_every_colour_of_the_theme_has_a_fallback():
    """A picture outside the page (a saved SVG, JupyterLab) has no style sheet."""
    colours = re.findall(r"var\([^)]*\)", json.dumps(theme.theme()))
    assert colours
    assert all(re.fullmatch(r"var\(--ll-\w+, #[0-9a-f]{6}\)", colour) for colour in colours)


@pytest.mark.parametrize(
    ("value", "found"), [(None, "live"), ("freeze", "freeze"), ("page", "page")]
)
def test_the_mode_is_that_of_the_environment(monkeypatch, value, found):
    monkeypatch.delenv(show.MODE_VARIABLE, raising=False)
    if value:
        monkeypatch.setenv(show.MODE_VARIABLE, value)
    assert show.mode() == found


def test_an_unknown_mode_is_refused(monkeypatch):
    monkeypatch.setenv(show.MODE_VARIABLE, "frozen")
    with pytest.raises(ValueError, match="LAUNCHLAB_MODE='frozen', expected one of live"):
        show.mode()


def test_the_bundle_asks_nothing_of_the_global_scope_but_its_name():
    bundle = vega.bundle()
    assert bundle.startswith("(function(){")
    assert "globalThis.launchlabVega = vegaEmbed" in bundle or "launchlabVega=" in bundle
