"""One reader's way through a page at a desk: everything that is seen on it, for tests to judge.

Opening a page with its labs is most of what a test of them costs, so it is opened once: the reader
predicts, moves every control of every lab to both of its ends, presses every button, comes back
twice, and sends the labs' links to a stranger, from half of the pages a day. Nothing is judged
here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator

from tests.seed import has_turn
from tests.site import book, looks
from tests.site.axe import violations
from tests.site.book import Lab
from tests.site.visit import Desk, Seen, Visit

CELLS = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
# What the front end computes for a state, beside what it shows.
_EVALUATED = f"""([selector, state]) => {{
  const lab = JSON.parse(document.querySelector(`${{selector}} .ll-data`).textContent);
  const found = launchlab.evaluate(lab, state);
  const table = launchlab.table(found.columns, lab.columns, lab.digits);
  return {{ sentence: found.sentence, cells: ({CELLS})(table) }};
}}"""

# What a lab shows beside its chart and sentence, and what the front end computes for a state.
_SHOWN = f"""([selector, state, id]) => {{
  const section = document.querySelector(selector);
  const text = (part) => section.querySelector(part)?.innerText;
  return {{
    cells: ({CELLS})(section.querySelector(".ll-numbers table")),
    computed: ({_EVALUATED})([selector, state]).cells,
    said: document.getElementById(id).getAttribute("aria-valuetext"),
    shown: text(`output[for='${{id}}']`),
    verdict: text(".ll-verdict"),
    note: text(".ll-controls > .ll-note"),
  }};
}}"""

# Whether the address says that a control stands at a value.
_FOLLOWED = """([selector, name, value]) => {
  const lab = JSON.parse(document.querySelector(`${selector} .ll-data`).textContent);
  return { ...lab.start, ...launchlab.fromAddress(lab, location.search).state }[name] === value;
}"""


@dataclass(frozen=True)
class Move:
    """What a lab shows with one control at one of its ends, and all others at the start.

    The table's ``cells`` stand beside those that are ``computed`` for that state; a slider's level
    is ``said`` to who hears it and ``shown`` to who sees it.
    """

    control: str
    seen: Seen
    cells: list[list[str]]
    computed: list[list[str]]
    said: str | None
    shown: str | None
    verdict: str
    note: str


@dataclass(frozen=True)
class Pressed:
    """What a preset's button leads to."""

    label: str
    seen: Seen
    computed: str
    panel: str
    verdict: str


@dataclass(frozen=True)
class Stand:
    """What a lab's inputs stand at, and what it shows."""

    state: dict[str, Any]
    seen: Seen


@dataclass
class LabSeen:
    """What was seen of one lab."""

    start: Stand
    roles: dict[str, Any] = field(default_factory=dict)
    tabs: list[str] = field(default_factory=list)
    after_tabs: str = ""
    labelled: dict[str, int] = field(default_factory=dict)
    table_shown: bool = False
    moves: list[Move] = field(default_factory=list)
    resets: dict[str, Seen] = field(default_factory=dict)
    presets: list[Pressed] = field(default_factory=list)
    records: list[tuple[str, str]] = field(default_factory=list)
    link: str = ""
    asked_of_stranger: bool = False
    sent: Stand | None = None
    received: Stand | None = None
    moved: Stand | None = None
    reloaded: Stand | None = None
    put_back: Stand | None = None

    def at_ends(self, control: str) -> list[Move]:
        """The moves of one control."""
        return [move for move in self.moves if move.control == control]


@dataclass
class Tour:
    """What was seen on one page: its look, the story of its questions, its labs.

    ``story`` is by step and by lab; ``errors`` are those that the stranger met.
    """

    fit: looks.Fit = field(default_factory=looks.Fit)
    story: dict[str, dict[str, Any]] = field(default_factory=dict)
    axe: dict[str, list[str]] = field(default_factory=dict)
    labs: dict[str, LabSeen] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def take(desk: Desk, page: str) -> Tour:
    """Go through a page.

    Parameters
    ----------
    desk : Desk
        One that may read the clipboard.
    page : str
        Path of the page in the book.
    """
    tour, labs, asking = Tour(), book.labs(page), book.asking(page)
    with desk.sit(page) as reader:
        reader.page.bring_to_front()  # a clipboard is open only to the window in front
        tour.fit.measure(reader, "before a lab is used")
        _predict(tour, reader, asking)
        for lab in labs:
            reader.open(lab)
        reader.scroll()
        tour.fit.measure(reader, "with every lab open")
        tour.fit.read(reader, "at the first setting")
        for lab in labs:
            tour.fit.span(reader, lab)
            reader.press(reader.section(lab).locator(".ll-numbers summary"), "Enter")
        tour.fit.measure(reader, "with every table open")
        # With every verdict and table in sight.
        tour.fit.axe = violations(reader, "light")
        tour.fit.count(reader)
        if asking:
            _come_back(reader, labs)
            _look(tour, reader, asking, "remembered", _parts)
        for lab in labs:
            tour.labs[lab.name] = _use(reader, lab)
        if asking:
            _look(tour, reader, asking, "verdicts", lambda lab, _: _verdicts(tour.labs[lab.name]))
            _look(tour, reader, asking, "moved", _parts)
            _change_mind(tour, reader, asking)
            _come_back(reader, labs)
            _look(tour, reader, asking, "skip remembered", _parts)
        tour.fit.end(reader)
    if labs and has_turn(book.pages().index(page), 2):
        # One page for the links of all its labs: that each leads to its own lab alone is seen where
        # there are most of them.
        with desk.sit(joined([tour.labs[lab.name].link for lab in labs])) as other:
            tour.errors = _follow(other, labs, tour)
    return tour


# ---------------------------------------------------------------- predict, act, observe


def _look(
    tour: Tour,
    reader: Visit,
    labs: Sequence[Lab],
    when: str,
    what: Callable[[Lab, Locator], Any],
) -> None:
    tour.story[when] = {lab.name: what(lab, reader.section(lab)) for lab in labs}


def _parts(_: Lab, section: Locator) -> dict[str, Any]:
    question, verdict = section.locator(".ll-question"), section.locator(".ll-verdict")
    return {
        "question": question.count() == 1 and question.is_visible(),
        "outcome": section.locator(".ll-outcome").is_visible(),
        "controls": section.locator(".ll-controls").is_visible(),
        "verdict": verdict.inner_text() if verdict.is_visible() else "",
        "reflect": section.locator(".ll-reflect").is_visible(),
    }


def _predict(tour: Tour, reader: Visit, labs: Sequence[Lab]) -> None:
    """Be asked, commit to nothing and be refused, commit to something and be judged."""
    if not labs:
        return

    def exceed(lab: Lab, section: Locator) -> str:
        high = lab.data["question"]["high"]
        if high is None:
            return ""
        reader.write(lab, high + 1)
        return section.get_by_role("alert").inner_text()

    def refuse(lab: Lab, section: Locator) -> str:
        reader.press(reader.button(lab, "Commit"), "Enter")
        return section.get_by_role("alert").inner_text()

    def answer(lab: Lab, _: Locator) -> str:
        reader.answer(lab)
        focused: str = reader.page.evaluate("document.activeElement.className")
        return focused

    for lab in labs:
        reader.section(lab).scroll_into_view_if_needed()
    _look(tour, reader, labs, "at first", _parts)
    _look(
        tour,
        reader,
        labs,
        "legend",
        lambda _, section: section.locator("legend").first.inner_text(),
    )
    _look(tour, reader, labs, "alert", refuse)
    _look(tour, reader, labs, "out of range", exceed)
    _look(tour, reader, labs, "refused", _parts)
    tour.axe["refused"] = violations(reader, "light", ".launchlab")
    _look(tour, reader, labs, "focus", answer)
    _look(tour, reader, labs, "judged", _parts)


def _come_back(reader: Visit, labs: Sequence[Lab]) -> None:
    """Load the page again, at its own address: that in the window has followed the controls."""
    reader.page.goto(reader.page.url.split("?")[0])
    for lab in labs:
        reader.wait(lab)


def _verdicts(seen: LabSeen) -> set[str]:
    return {move.verdict for move in seen.moves} | {press.verdict for press in seen.presets}


def _change_mind(tour: Tour, reader: Visit, labs: Sequence[Lab]) -> None:
    """Ask to be asked again, and skip."""

    def again(lab: Lab, _: Locator) -> bool:
        reader.press(reader.button(lab, "Predict again"), "Enter")
        return bool(reader.page.evaluate("document.activeElement.closest('form') !== null"))

    _look(tour, reader, labs, "focus in form", again)
    _look(tour, reader, labs, "asked again", _parts)
    for lab in labs:
        reader.press(reader.button(lab, "Skip"), "Enter")
    _look(tour, reader, labs, "skipped", _parts)


# ---------------------------------------------------------------- controls and buttons


def _use(reader: Visit, lab: Lab) -> LabSeen:
    """Move every control of an open lab, and press its buttons."""
    section, controls = reader.section(lab), lab.data["controls"]
    section.evaluate(
        "section => section.querySelectorAll('details').forEach(one => { one.open = false; })"
    )
    reset = reader.button(lab, "Reset")
    reader.press(reset, "Enter")
    seen = LabSeen(_stand(reader, lab))
    seen.roles = {
        "sentence": section.locator(".ll-sentence").get_attribute("role"),
        "pictures": section.locator("[role=img]").count(),
        "description": section.locator("[role=img]").get_attribute("aria-label"),
    }
    reader.control(lab, controls[0]).focus()
    for _ in controls:
        seen.tabs.append(reader.page.evaluate("document.activeElement.id"))
        reader.page.keyboard.press("Tab")
    seen.after_tabs = reader.page.evaluate("document.activeElement.textContent")
    reader.press(section.locator(".ll-numbers summary"), "Enter")
    seen.table_shown = section.locator(".ll-numbers table").is_visible()
    for control in controls:
        name = control["name"]
        seen.labelled[name] = section.get_by_label(control["label"], exact=True).count()
        for end in (0, 1):
            reader.move(lab, control, end)
            seen.moves.append(_moved(reader, lab, control, end))
        reader.press(reset, "Enter")
        seen.resets[name] = reader.seen(lab)
    seen.presets = [_press(reader, lab, preset) for preset in lab.data["presets"]]
    if lab.data["record"]:
        seen.records = _copy_records(reader, lab)
    reader.press(reset, "Enter")
    for control in controls:
        reader.move(lab, control, away_from_start(lab, control))
    reader.press(reader.button(lab, "Copy link"), "Enter")
    section.get_by_text("Link to this setting copied.").wait_for()
    seen.link = reader.page.evaluate("navigator.clipboard.readText()")
    seen.sent = _stand(reader, lab)
    return seen


def _stand(reader: Visit, lab: Lab) -> Stand:
    return Stand(reader.state(lab), reader.seen(lab))


def away_from_start(lab: Lab, control: dict[str, Any]) -> int:
    """The end of a control at which it does not start."""
    return 0 if book.ends(control)[0] != lab.data["start"][control["name"]] else 1


def _moved(reader: Visit, lab: Lab, control: dict[str, Any], end: int) -> Move:
    name = control["name"]
    state = {**lab.data["start"], name: book.ends(control)[end]}
    shown = reader.page.evaluate(_SHOWN, [lab.selector, state, f"{lab.name}-{name}"])
    if control["kind"] not in ("slider", "range"):
        shown |= {"said": None, "shown": None}
    if not lab.data["question"]:
        shown |= {"verdict": ""}
    return Move(control=name, seen=reader.seen(lab), **shown)


def _verdict(reader: Visit, lab: Lab) -> str:
    return reader.section(lab).locator(".ll-verdict").inner_text() if lab.data["question"] else ""


def _press(reader: Visit, lab: Lab, preset: dict[str, Any]) -> Pressed:
    reader.press(reader.button(lab, preset["label"]), "Enter")
    return Pressed(
        label=preset["label"],
        seen=reader.seen(lab),
        computed=reader.page.evaluate(_EVALUATED, [lab.selector, preset["state"]])["sentence"],
        panel=reader.section(lab).locator(".ll-controls").inner_text(),
        verdict=_verdict(reader, lab),
    )


def _copy_records(reader: Visit, lab: Lab) -> list[tuple[str, str]]:
    """What is copied at both ends of the first control, and what stands there."""
    section = reader.section(lab)
    reader.press(section.locator(".ll-record summary"), "Enter")
    copied = []
    for end in (0, 1):
        reader.move(lab, lab.data["controls"][0], end)
        section.locator(".ll-record [role=status]").evaluate("said => { said.textContent = ''; }")
        reader.press(reader.button(lab, "Copy the text"), "Enter")
        section.get_by_text("Copied.").wait_for()
        clip = reader.page.evaluate("navigator.clipboard.readText()")
        copied.append((clip, section.locator(".ll-record pre").inner_text()))
    return copied


# ---------------------------------------------------------------- links


def _follow(other: Visit, labs: Sequence[Lab], tour: Tour) -> list[str]:
    """As a stranger, see what a link to all labs leads to; move on, and load the page again."""
    for lab in labs:
        seen, section = tour.labs[lab.name], other.section(lab)
        seen.asked_of_stranger = section.locator(".ll-question").is_visible()
        other.open(lab)
        seen.received = _stand(other, lab)
    for lab in labs:
        (control, *_) = lab.data["controls"]
        end = 1 - away_from_start(lab, control)
        other.move(lab, control, end)
        # The address follows the controls by itself; on a busy machine it may stop on the way.
        at = [lab.selector, control["name"], book.ends(control)[end]]
        other.page.wait_for_function(_FOLLOWED, arg=at, polling=50)
        tour.labs[lab.name].moved = _stand(other, lab)
    other.page.reload()
    for lab in labs:
        other.open(lab)
        tour.labs[lab.name].reloaded = _stand(other, lab)
    for lab in labs:
        other.press(other.button(lab, "Reset"), "Enter")
        tour.labs[lab.name].put_back = _stand(other, lab)
    other.page.wait_for_function("location.search === ''", polling=50)
    return list(other.errors)


def joined(links: Sequence[str]) -> str:
    """One address that holds what the links to several labs of a page hold."""
    (page, *_), *_ = (link.partition("?") for link in links)
    queries = [link.partition("?")[2].partition("#")[0] for link in links]
    return f"{page}?{'&'.join(queries)}#{links[0].partition('#')[2]}"
