"""Python in the page, as its reader meets it: with a stand-in for Python itself.

The interpreter has tests of its own; what is tested here is the same whichever runs.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests import patience
from tests.site.axe import violations
from tests.site.looks import PHONE
from tests.site.python.served import serve
from tests.site.visit import Visit, browsing

PAGE = "book/ensembling/why-ensembles-win.html"
READY = "Python is ready"
# Cells of the page, counted from 0: imports, functions, the lab of that name.
IMPORTS, FUNCTIONS, LAB = 0, 1, 2
SLOW = patience.EVENT * 1000


def event(kind: str, **parts: Any) -> str:
    """A line that makes the stand-in tell the page of something."""
    return "#: " + json.dumps({"type": kind, **parts})


def shown(**data: Any) -> str:
    """The same for something that is displayed, MIME type to value."""
    return event("display", data={name.replace("__", "/"): value for name, value in data.items()})


class Reader:
    """Who has opened the chapter, and perhaps asked for Python."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        self.button = self.page.locator(".ll-run-start")
        self.said = self.page.locator(".ll-run-said")

    def start(self) -> "Reader":
        self.button.focus()
        self.page.keyboard.press("Enter")
        expect(self.said).to_contain_text(READY, timeout=SLOW)
        return self

    def cell(self, place: int) -> Locator:
        return self.page.locator(".ll-py").nth(place)

    def press(self, place: int, name: str) -> None:
        self.cell(place).get_by_role("button", name=name, exact=True).press("Enter")

    def told(self, place: int) -> Locator:
        return self.cell(place).locator(".ll-py-said")

    def write(self, place: int, code: str) -> None:
        self.cell(place).locator(".cm-content").focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def text(self, place: int) -> str:
        """The book's code of a cell."""
        inputs = self.page.locator("article .cell .cell_input pre")
        return str(inputs.nth(place).evaluate("one => one.textContent")).rstrip("\n")

    def run(self, place: int, code: str | None = None, ends: str = "Done") -> Locator:
        """Run a cell by keyboard; what it has shown."""
        if code is not None:
            self.write(place, code)
        self.cell(place).locator(".cm-content").focus()
        before = len(self.log("ran"))
        self.page.keyboard.press("Control+Enter")
        # What it says of an earlier run is no answer.
        self.page.wait_for_function(f"fakePython.ran.length > {before}", timeout=SLOW)
        expect(self.told(place)).to_contain_text(ends, timeout=SLOW)
        return self.output(place)

    def output(self, place: int) -> Locator:
        # Not always within the cell: it follows what the book shows there.
        return self.page.locator(".ll-py-output").nth(place)

    def log(self, name: str) -> Any:
        return self.page.evaluate(f"fakePython.{name}")


@pytest.fixture(scope="module")
def read(browser: Browser, address: str) -> Iterator[Callable[..., Reader]]:
    """Open the chapter as a new reader, with what a browser shall do first."""
    with ExitStack() as contexts:

        def come(first: str = "", **options: Any) -> Reader:
            page = contexts.enter_context(browsing(browser, **options)).new_page()
            if first:
                page.add_init_script(first)
            serve(page, PAGE)
            return Reader(Visit(page, address, PAGE))

        yield come


@pytest.fixture(scope="module")
def reader(read: Callable[..., Reader]) -> Reader:
    """One who has started Python; tests that share the page leave each cell as it was."""
    return read().start()


def test_nothing_is_loaded_before_a_click(read: Callable[..., Reader]) -> None:
    reader = read("localStorage.setItem('launchlab-python', 'run')")
    expect(reader.button).to_be_visible(timeout=SLOW)
    assert "42 MB" in reader.button.inner_text()
    names = [url.rpartition("/")[2].partition("?")[0] for url in reader.visit.requests]
    assert "runtime.js" in names and not {"editor.js", "run-cells.js"} & set(names)
    assert reader.log("ran") == [] and reader.page.locator(".ll-py").count() == 0


def test_there_is_no_button_where_the_browser_cannot(read: Callable[..., Reader]) -> None:
    reader = read("window.tooOld = true")
    reader.visit.settle()
    expect(reader.button).to_be_hidden()
    # Not even the link to what it could do.
    expect(reader.page.locator(".ll-run-limits")).to_be_hidden()


def test_megabytes_are_shown_while_it_loads(read: Callable[..., Reader]) -> None:
    reader = read("window.holdLoading = new Promise((go) => { window.goOn = go; })")
    reader.button.press("Enter")
    expect(reader.page.locator(".ll-run-amount")).to_have_text("21 of 42 MB", timeout=SLOW)
    # Editors are there before Python is; a wish waits for it.
    reader.press(IMPORTS, "Run")
    expect(reader.told(IMPORTS)).to_have_text("Waiting…", timeout=SLOW)
    assert reader.log("ran") == []
    reader.page.evaluate("goOn()")
    expect(reader.told(IMPORTS)).to_contain_text("Done", timeout=SLOW)
    expect(reader.page.locator(".ll-run-loading")).to_be_hidden()
    assert reader.page.evaluate("document.activeElement.closest('.ll-py') !== null")


def test_a_failed_start_says_so_and_can_be_tried_again(read: Callable[..., Reader]) -> None:
    reader = read("window.failToStart = true")
    reader.button.press("Enter")
    expect(reader.said).to_contain_text("could not be loaded: the network is away", timeout=SLOW)
    assert reader.page.locator(".ll-py").count() == 0
    expect(reader.page.locator("article .cell_input pre").nth(1)).to_be_visible()
    reader.page.evaluate("window.failToStart = false")
    reader.start()
    assert reader.cell(0).is_visible()


def test_a_cell_holds_the_books_code_and_tab_leaves_it(reader: Reader) -> None:
    reader.press(FUNCTIONS, "Run")
    expect(reader.told(FUNCTIONS)).to_contain_text("Done", timeout=SLOW)
    code = reader.log("ran")[-1]
    assert code.startswith("@cache\ndef committee(") and code.endswith("alone.mean()")
    editor = reader.cell(FUNCTIONS).locator(".cm-content")
    editor.focus()
    reader.page.keyboard.press("Tab")
    focused = "document.activeElement.textContent"
    assert reader.page.evaluate(focused) == "Run"
    reader.page.keyboard.press("Shift+Tab")
    assert reader.page.evaluate("document.activeElement.classList.contains('cm-content')")
    assert editor.get_attribute("aria-label") == "Code of cell 2"


def test_output_is_shown_as_a_notebook_shows_it(reader: Reader) -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    lines = [
        event("stream", name="stdout", text="one </script><b>two</b>\n"),
        event("stream", name="stdout", text="three\n"),
        event("stream", name="stderr", text="a warning\n"),
        shown(text__plain="array([1])"),
        shown(image__png=png, text__plain="a picture"),
    ]
    out = reader.run(FUNCTIONS, "\n".join(lines))
    texts = out.locator(".ll-py-text")
    expect(texts).to_have_text(
        ["one </script><b>two</b>\nthree\n", "a warning\n", "array([1])"], timeout=SLOW
    )
    assert out.locator("b").count() == 0
    assert out.locator("img").get_attribute("alt") == "a picture"
    failed = event("error", name="NameError", message="name 'x' is not defined", traceback="")
    out = reader.run(FUNCTIONS, failed, ends="Ended by an error")
    expect(out.locator("[role=alert]")).to_have_text("NameError: name 'x' is not defined")
    # The cells above may hold the name: one press runs them, then this one.
    before = len(reader.log("ran"))
    out.get_by_role("button").press("Enter")
    expect(reader.told(IMPORTS)).to_contain_text("Done", timeout=SLOW)
    reader.page.wait_for_function(f"fakePython.ran.length >= {before + 2}")
    assert "load_digits" in reader.log("ran")[before]
    reader.press(FUNCTIONS, "Reset")
    expect(out).to_be_empty()


def test_a_loop_that_prints_for_ever_ends_neither_page_nor_reader(reader: Reader) -> None:
    much = event("stream", name="stdout", text="line\n" * 100_000)
    out = reader.run(FUNCTIONS, f"{much}\n" * 10)
    expect(out.locator(".ll-py-note")).to_have_text("The rest is left out.", timeout=SLOW)
    assert len(out.locator("pre").inner_text()) <= 200_000
    many = "\n".join([shown(text__plain="x")] * 150)
    out = reader.run(FUNCTIONS, many)
    assert out.locator(".ll-py-value").count() == 100
    reader.press(FUNCTIONS, "Reset")


HOSTILE = """
<p id=inside>kept</p><script>parent.broken = 1</script><img src=x onerror="parent.broken = 2">
<img src="/elsewhere.png"><a href="https://elsewhere.invalid/">away</a>
<form action="https://elsewhere.invalid/"><button>go</button></form>
<meta http-equiv=refresh content="0;url=https://elsewhere.invalid/">
<style>#inside { background: url(https://elsewhere.invalid/x.png) }</style>
<svg><a xlink:href="https://elsewhere.invalid/"><script>parent.broken = 3</script></a></svg>
"""
CHART: dict[str, Any] = {
    "mark": {"type": "image", "url": "/elsewhere.png", "cursor": "url(/elsewhere.cur), auto"},
    "data": {"values": [{"a": 1}]},
    "usermeta": {"embedOptions": {"actions": True, "loader": {"baseURL": "/elsewhere"}}},
}


def test_html_and_charts_load_and_run_nothing(reader: Reader) -> None:
    asked: list[str] = []

    # What a policy forbids never comes as far as here.
    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    reader.page.route("**/*elsewhere*/**", note)
    reader.page.route("**/elsewhere*", note)
    kind = "application__vnd.vegalite.v6+json"
    lines = [
        shown(text__html=HOSTILE),
        shown(**{kind: {**CHART, "mark": "point", "data": {"url": "/elsewhere.csv"}}}),
        shown(**{kind: CHART}),
    ]
    out = reader.run(FUNCTIONS, "\n".join(lines))
    frame = out.frame_locator("iframe")
    expect(frame.locator("#inside")).to_have_text("kept", timeout=SLOW)
    assert frame.locator("a[href], form, script, meta[http-equiv=refresh]").count() == 0
    assert out.locator("iframe").get_attribute("sandbox") == "allow-same-origin"
    told = out.locator("figure .ll-py-note")
    expect(told).to_have_count(2, timeout=SLOW)
    expect(told.first).to_contain_text("asks for /elsewhere.csv")
    out.locator("figure").nth(1).hover()
    reader.visit.settle()
    assert reader.page.evaluate("window.broken") is None
    assert asked == []
    # Whatever slips through a frame or a chart meets the page's own rule.
    refused = reader.page.evaluate(
        "fetch('https://elsewhere.invalid/').then(() => 'asked', (error) => String(error))"
    )
    assert "Failed to fetch" in refused and asked == []
    reader.press(FUNCTIONS, "Reset")


def test_a_chart_is_drawn_with_its_title_as_text(reader: Reader) -> None:
    spec = {
        "title": {"text": "Deeper is better", "subtitle": "up to a point"},
        "description": "One point.",
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }
    out = reader.run(FUNCTIONS, shown(**{"application__vnd.vegalite.v6+json": spec}))
    expect(out.get_by_role("img", name="One point.")).to_be_visible(timeout=SLOW)
    expect(out.locator(".ll-stage svg")).to_be_visible(timeout=SLOW)
    expect(out.locator("figcaption b")).to_have_text("Deeper is better")
    reader.press(FUNCTIONS, "Reset")


def test_a_lab_stays_the_books_until_code_that_was_changed_has_run(
    read: Callable[..., Reader],
) -> None:
    reader = read().start()
    book = reader.page.locator("#lab-tenth-member")
    live = reader.output(LAB).locator("section.launchlab")
    reader.run(IMPORTS)
    reader.run(LAB, ends="Its lab is the book's: no code has changed.")
    expect(book).to_be_visible()
    expect(live).to_have_count(0)
    # A change that has not run changes nothing.
    reader.write(FUNCTIONS, "# Another function.")
    reader.run(LAB, ends="Its lab is the book's")
    # In the cell of the lab there is no change; above it there is.
    reader.run(FUNCTIONS)
    reader.run(LAB)
    expect(live).to_have_count(1)
    expect(book).to_be_hidden()
    # Python keeps what it has run, whatever stands in the editor.
    reader.press(FUNCTIONS, "Reset")
    reader.run(LAB)
    expect(book).to_be_hidden()
    # Another Python has run nothing.
    reader.write(IMPORTS, "#: forever")
    reader.press(IMPORTS, "Run")
    reader.press(IMPORTS, "Stop")
    expect(reader.told(IMPORTS)).to_contain_text("A new Python is ready", timeout=SLOW)
    reader.run(LAB, ends="Its lab is the book's")
    expect(book).to_be_visible()
    expect(live).to_have_count(0)
    # An error stands in the place of a lab.
    reader.page.evaluate("fakePython.fails = true")
    reader.run(LAB, ends="Ended by an error")
    expect(book).to_be_hidden()
    reader.press(LAB, "Reset")
    expect(book).to_be_visible()


def test_a_change_lasts_as_long_as_the_tab_and_runs_only_when_asked(
    read: Callable[..., Reader],
) -> None:
    reader = read().start()
    reader.write(FUNCTIONS, "mine = 1")
    reader.write(LAB, "mine = 2")
    reader.press(LAB, "Reset")
    reader.page.reload()
    reader.start()
    expect(reader.told(FUNCTIONS)).to_have_text("Your change is back. It has not run.")
    editor = reader.cell(FUNCTIONS).locator(".cm-content")
    expect(editor).to_have_text("mine = 1")
    expect(reader.page.locator(".ll-py-edited")).to_have_count(1)
    assert reader.log("ran") == []
    reader.run(FUNCTIONS)
    assert reader.log("ran") == ["mine = 1"]
    reader.press(FUNCTIONS, "Reset")
    kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('launchlab-drafts'))"
    assert reader.page.evaluate(kept) == []


def test_what_is_kept_of_another_code_or_of_nobody_is_left_alone(
    read: Callable[..., Reader],
) -> None:
    for held in (
        "[[2, {of: 'code that the book has no more', text: 'mine'}], [3, {text: 4}], [1, null]]",
        "{}",
        "null",
    ):
        reader = read(
            f"sessionStorage.setItem(`launchlab-drafts:${{location.pathname}}`,"
            f" JSON.stringify({held}))"
        ).start()
        expect(reader.page.locator(".ll-py-edited")).to_have_count(0)
        assert reader.visit.errors == []


def test_a_lab_whose_code_was_changed_is_live_also_between_its_levels(reader: Reader) -> None:
    book = reader.page.locator("#lab-tenth-member")
    reader.write(LAB, f"{reader.text(LAB)}\n# mine")
    out = reader.run(LAB)
    live = out.locator("section.launchlab")
    expect(live.locator(".ll-py-live")).to_have_text(
        "Live: computed by Python in this page, with your code."
    )
    expect(live.locator(".ll-stage svg")).to_be_visible(timeout=SLOW)
    expect(book).to_be_hidden()
    sentence = live.locator(".ll-sentence")
    expect(sentence).to_contain_text('By your code: {"members":10,"depth":16', timeout=SLOW)
    # The slider moves from level to level; a number may be written that is none.
    live.locator("input[type=range]").first.press("ArrowRight")
    expect(sentence).to_contain_text('"members":15', timeout=SLOW)
    number = live.get_by_role("textbox", name="Members: a whole number from 1 to 50")
    for given, stands in [("12", "12"), ("500", "12"), ("few", "12"), ("12.5", "12")]:
        number.fill(given)
        number.press("Enter")
        expect(number).to_have_value(stands, timeout=SLOW)
    expect(sentence).to_contain_text('"members":12', timeout=SLOW)
    expect(live.locator(".ll-controls .ll-note")).to_contain_text("from 1 to 50, please")
    # Of what is wished for meanwhile only the newest is computed.
    hold = "window.holdPoint = new Promise((go) => { window.goOn = go; });"
    # In braces: the browser would wait for what it is worth.
    reader.page.evaluate(f"() => {{ {hold} }}")
    asked = len(reader.log("points"))
    slider = live.locator("input[type=range]").first
    slider.press("Home")
    for _ in range(4):
        slider.press("ArrowRight")
    stop = live.get_by_role("button", name="Stop")
    expect(stop).to_be_visible(timeout=SLOW)
    reader.page.evaluate("window.holdPoint = null; goOn()")
    expect(sentence).to_contain_text('"members":7', timeout=SLOW)
    assert [one["members"] for one in reader.log("points")[asked:]] == [1, 7]
    expect(stop).to_be_hidden()
    reader.press(LAB, "Reset")
    expect(book).to_be_visible()
    expect(live).to_have_count(0)


def test_who_runs_all_above_hears_how_far_that_is(read: Callable[..., Reader]) -> None:
    reader = read("window.holdLoading = new Promise((go) => { window.goOn = go; })")
    reader.button.press("Enter")
    expect(reader.page.locator(".ll-run-amount")).to_have_text("21 of 42 MB", timeout=SLOW)
    told = reader.told(LAB + 2)
    spoken = reader.page.evaluate_handle(
        """place => {
          const told = document.querySelectorAll(".ll-py-said")[place], all = [];
          new MutationObserver(() => all.push(told.textContent)).observe(told, {childList: true});
          return all;
        }""",
        LAB + 2,
    )
    reader.press(LAB + 2, "Run all above")
    expect(told).to_have_text("0 of 4 cells above have run…")
    assert told.get_attribute("role") == "status"
    # One voice is enough.
    assert reader.told(LAB).get_attribute("aria-live") == "off"
    reader.page.evaluate("goOn()")
    expect(told).to_have_text("4 of 4 cells above have run.", timeout=SLOW)
    assert spoken.json_value() == [
        *(f"{ran} of 4 cells above have run…" for ran in range(4)),
        "4 of 4 cells above have run.",
    ]
    reader.run(FUNCTIONS, event("error", name="ValueError", message="no", traceback=""), "Ended")
    assert reader.told(FUNCTIONS).get_attribute("aria-live") == "polite"
    reader.press(LAB + 2, "Run all above")
    expect(told).to_have_text("1 of 4 cells above have run.", timeout=SLOW)
    reader.write(FUNCTIONS, "#: forever")
    reader.press(LAB + 2, "Run all above")
    expect(told).to_have_text("1 of 4 cells above have run…", timeout=SLOW)
    reader.press(FUNCTIONS, "Stop")
    expect(told).to_have_text("Python was started anew after 1 of 4 cells.", timeout=SLOW)
    reader.press(FUNCTIONS, "Reset")
    reader.press(IMPORTS + 1, "Run all above")
    expect(reader.told(IMPORTS + 1)).to_have_text("1 of 1 cell above has run.", timeout=SLOW)


def test_cells_run_in_their_order_and_an_error_ends_the_row(reader: Reader) -> None:
    reader.write(FUNCTIONS, event("error", name="ValueError", message="no", traceback=""))
    before = len(reader.log("ran"))
    reader.press(LAB + 2, "Run all above")
    expect(reader.told(LAB + 1)).to_have_text(
        "Not run: a cell above ended in an error.", timeout=SLOW
    )
    assert len(reader.log("ran")) == before + 2
    reader.press(FUNCTIONS, "Reset")


def test_stop_ends_a_loop_and_python_knows_nothing_then(read: Callable[..., Reader]) -> None:
    reader = read().start()
    reader.run(LAB, f"{reader.text(LAB)}\n# mine")
    reader.write(FUNCTIONS, "#: forever")
    reader.press(FUNCTIONS, "Run")
    reader.press(IMPORTS, "Run")
    expect(reader.told(IMPORTS)).to_have_text("Waiting…", timeout=SLOW)
    stop = reader.cell(FUNCTIONS).get_by_role("button", name="Stop")
    stop.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.told(FUNCTIONS)).to_contain_text("Stopped. A new Python is ready", timeout=SLOW)
    expect(reader.told(IMPORTS)).to_contain_text("Not run")
    live = reader.output(LAB)
    expect(live.locator(".ll-py-live")).to_contain_text("has forgotten this lab")
    assert live.locator("input:enabled, select:enabled").count() == 0
    assert reader.page.evaluate("document.activeElement.textContent") == "Run"
    reader.run(IMPORTS)
    assert reader.log("stopped") == 1


def test_paper_shows_the_books_own_code(reader: Reader) -> None:
    reader.run(LAB)
    reader.page.emulate_media(media="print")
    reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    try:
        assert (
            reader.page.locator(".ll-py:visible, .ll-py-output:visible, .ll-run:visible").count()
            == 0
        )
        expect(reader.page.locator("#lab-tenth-member")).to_be_visible()
        expect(reader.page.locator(".tag_open-code .cell_input").first).to_be_visible()
        assert reader.page.locator("article details.ll-code[open]").count() == 0
    finally:
        reader.page.evaluate("dispatchEvent(new Event('afterprint'))")
        reader.page.emulate_media(media="screen")
    assert reader.page.locator("article details.ll-code[open]").count() > 2
    reader.press(LAB, "Reset")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(read: Callable[..., Reader], scheme: str) -> None:
    reader = read(viewport=PHONE, color_scheme=scheme)
    # The book's own charts are drawn anew for a phone when they come near.
    reader.visit.scroll()
    reader.start()
    lines = [
        event("stream", name="stdout", text="a line " * 30),
        event("error", name="ValueError", message="depth=-1, expected more", traceback=""),
    ]
    reader.run(FUNCTIONS, "\n".join(lines), ends="Ended by an error")
    out = reader.run(LAB)
    expect(out.locator(".ll-stage svg")).to_be_visible(timeout=SLOW)
    reader.write(IMPORTS, "def f(x):\n    # a comment\n    return 'text', 1, None")
    reader.visit.settle()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) <= 0
    assert violations(reader.visit, scheme) == []
    assert reader.visit.errors == []
