"""A reader's visit to a page: what they do by keyboard, what they see, what the page asks for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tests import browser_path, patience
from tests.conftest import FLAGS
from tests.site.book import Lab

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
# Frames come within a second or two, on a busy machine too; where none comes, none will.
_FRAME_MS = patience.EVENT * 1000 // 4
_FRAME = """const frame = most => new Promise(done => {
  const late = setTimeout(() => done(false), most);
  requestAnimationFrame(() => { clearTimeout(late); done(true); });
});"""
_FRAMES = f"async most => {{ {_FRAME} return await frame(most) && await frame(most); }}"
_SCROLL = f"""async most => {{
  {_FRAME}
  for (let at = 0; at < document.documentElement.scrollHeight; at += 500) {{
    window.scrollTo(0, at);
    if (!await frame(most)) return false;
  }}
  window.scrollTo(0, 0);
  return true;
}}"""
_UNFOLD = "document.querySelectorAll('details.ll-answer').forEach(one => { one.open = true; })"
_ALL_DRAWN = """() => [...document.querySelectorAll('.launchlab .ll-chart')].every(
  chart => chart.querySelector('.ll-stage svg'))"""
# Vega counts the clip paths of a page, whichever lab was opened first; and a line that was empty
# for a while has the same attributes as one that was not, in another order.
# One question to the page for all that is read: a locator's answer takes five times as long.
_SEEN = """selector => {
  const [svg, ...others] = document.querySelectorAll(`${selector} .ll-stage svg`);
  if (!svg || others.length) throw new Error(`${selector}: ${others.length + !!svg} charts`);
  const copy = svg.cloneNode(true);
  for (const one of copy.querySelectorAll('*')) {
    const pairs = [...one.attributes].map(({ name, value }) => [name, value]).sort();
    for (const [name] of pairs) one.removeAttribute(name);
    for (const [name, value] of pairs) one.setAttribute(name, value);
  }
  const markup = copy.outerHTML.replace(/clip\\d+/g, 'clip');
  return [markup, document.querySelector(`${selector} .ll-sentence`).innerText];
}"""
_STATE = """([selector, lab, names]) => Object.fromEntries(names.map(name => {
  const input = document.querySelector(`${selector} [id='${lab}-${name}']`);
  return [name, input.type === 'checkbox' ? input.checked : input.value];
}))"""


class Seen(NamedTuple):
    """What a reader sees of a lab's outcome."""

    chart: str
    sentence: str


class NoFramesError(RuntimeError):
    """Chromium draws this page no more; a page opened anew it draws.

    Seen once, in Chromium 156: scripts and timers go on, the machine is idle, and no frame ever
    comes. It is no fault of the page's, and so the one error after which a test is run again
    (``addopts`` in pyproject.toml).
    """


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A browser at a desk that knows nothing yet, and is patient; options go to its context."""
    context = browser.new_context(**{"viewport": DESKTOP, **options})
    context.set_default_timeout(patience.EVENT * 1000)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def at_home(browser: Browser, folder: Path, **options: Any) -> Iterator[BrowserContext]:
    """A person's own browser, whose profile lies in ``folder``; options go to its context.

    For a page that is opened as a file and keeps something: of contexts made for a test, Chromium
    (156) now and then keeps nothing of what such a page stores, 5 of 240 here, and 0 of 60 of
    these.
    """
    context = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=browser_path.find(),
        args=FLAGS,
        **{"viewport": DESKTOP, **options},
    )
    context.set_default_timeout(patience.EVENT * 1000)
    try:
        yield context
    finally:
        context.close()


class Desk:
    """A browser's window at which readers sit one after the other.

    What one of them did it has forgotten when the next one comes. What it loaded it keeps: a page
    in a window that has never seen the site takes three times as long.
    """

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.browser = browser
        self.address = address
        self.options = options
        self.contexts = ExitStack()
        self.page: Page | None = None

    @contextmanager
    def sit(self, path: str, size: ViewportSize = DESKTOP) -> Iterator["Visit"]:
        """A reader's visit to a page, in a window of a size, by day."""
        if self.page is None:
            context = self.contexts.enter_context(browsing(self.browser, **self.options))
            self.page = context.new_page()
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="light")
        # Or an address that differs only behind its # would leave the last reader's page as it is.
        self.page.goto("about:blank")
        visit = Visit(self.page, self.address, path)
        try:
            yield visit
            if self.options.get("java_script_enabled", True):
                self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
            visit.end()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Close the window; who comes next opens another."""
        self.contexts.close()
        self.page = None


def draws(page: Page) -> bool:
    """Whether frames of a page come."""
    return bool(page.evaluate(_FRAMES, _FRAME_MS))


class Visit:
    """A reader's time at a page; it writes down requests and errors."""

    def __init__(self, page: Page, address: str, path: str) -> None:
        self.page = page
        self.context = page.context
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.stalled = False
        self._heard = {
            "request": lambda request: self.requests.append(request.url),
            "response": self._answered,
            "pageerror": lambda error: self._failed(str(error)),
            "console": self._said,
        }
        for event, hear in self._heard.items():
            page.on(event, hear)  # type: ignore[call-overload]
        page.goto(path if "://" in path else address + path)

    def end(self) -> None:
        """Hear no more of the page."""
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self._failed(f"{response.status} {response.url}")

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self._failed(message.text)

    def _failed(self, text: str) -> None:
        self.errors.append(text)

    def scroll(self) -> None:
        """Unfold every answer and scroll to the end, so that every chart is drawn."""
        self.page.evaluate(_UNFOLD)
        self._draw(_SCROLL)
        self.page.wait_for_function(_ALL_DRAWN, polling=50)
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self._draw(_FRAMES)

    def _draw(self, script: str) -> None:
        """Run a script that waits for frames.

        Raises
        ------
        NoFramesError
            When none comes.
        """
        if not self.page.evaluate(script, _FRAME_MS):
            self.stalled = True
            raise NoFramesError(f"no frame of {self.page.url} in {_FRAME_MS / 1000:g} s")

    # ------------------------------------------------------------ labs

    def section(self, lab: Lab) -> Locator:
        """The lab's element.

        Not to be sought in shadow trees, of which the book has none: for them Playwright would go
        through all of the page's elements each time.
        """
        return self.page.locator(f"css:light={lab.selector}")

    def control(self, lab: Lab, control: dict[str, Any]) -> Locator:
        """The input of a control."""
        return self.section(lab).locator(f"[id='{lab.name}-{control['name']}']")

    def button(self, lab: Lab, name: str) -> Locator:
        """A button of the lab."""
        return self.section(lab).get_by_role("button", name=name, exact=True)

    def wait(self, lab: Lab) -> None:
        """Scroll to the lab and wait for its chart."""
        self.section(lab).scroll_into_view_if_needed()
        self.page.wait_for_selector(f"css:light={lab.selector}[data-ready=true]")
        self.settle()

    def open(self, lab: Lab) -> Locator:
        """Skip the prediction, if it is asked for, and wait for the chart."""
        section = self.section(lab)
        section.scroll_into_view_if_needed()
        if section.locator(".ll-question").count():
            self.press(self.button(lab, "Skip"), "Enter")
        self.wait(lab)
        return section

    def press(self, target: Locator, *keys: str) -> None:
        """Press keys with the focus on an element, and wait for what they do."""
        target.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def move(self, lab: Lab, control: dict[str, Any], end: int) -> None:
        """Move a control to its first (0) or last (1) value by keyboard."""
        target = self.control(lab, control)
        if control["kind"] == "toggle":
            if target.is_checked() != bool(end):
                self.press(target, "Space")
        elif control["kind"] == "choice":
            key = "ArrowDown" if end else "ArrowUp"
            self.press(target, *[key] * (len(control["names"]) - 1))
        else:
            self.press(target, "End" if end else "Home")

    def answer(self, lab: Lab) -> None:
        """Predict the first option or the lowest number, by keyboard alone; wait for the chart."""
        question = lab.data["question"]
        if question["values"]:
            self.press(self.section(lab).locator(".ll-question input").first, "Space")
            self.press(self.button(lab, "Commit"), "Enter")
        else:
            self.write(lab, question["low"])
        self.wait(lab)

    def write(self, lab: Lab, number: float) -> None:
        """Write a number into the question's field, and commit to it."""
        field = self.section(lab).locator(".ll-number")
        self.press(field, "Control+a", *str(number), "Enter")

    def seen(self, lab: Lab) -> Seen:
        """The chart's markup and the sentence, as they are now."""
        return Seen(*self.page.evaluate(_SEEN, lab.selector))

    def state(self, lab: Lab) -> dict[str, Any]:
        """What the lab's inputs stand at."""
        names = [one["name"] for one in lab.data["controls"]]
        found: dict[str, Any] = self.page.evaluate(_STATE, [lab.selector, lab.name, names])
        return found
