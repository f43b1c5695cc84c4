"""Heading and sentence follow the controls: in a page by grid or rule, and in a kernel's widget."""

from typing import Any

import pytest

from launchlab import lab, memo
from launchlab.lab.lives import live, page
from tests.lab.samples import RULE, experiment, rule_experiment

HEADING = lab.say("Up to {last.y:,d}", when={"last.y == 1": "Just one"})
SENTENCE = lab.say("The largest is {last.y:.1f}, of {last.x|# number|# numbers}.")
# The first control is put to each of its positions, as a reader would.
MOVES = """(html, script, positions) => {
  if (script) (0, eval)(script);
  const box = document.createElement("div");
  box.innerHTML = html;
  document.body.replaceChildren(box);
  const { draw } = launchlab.mount(box.querySelector("section"));
  return positions.map((position) => {
    const input = box.querySelector("input[type=range]");
    input.value = position;
    input.dispatchEvent(new Event("input"));
    draw();
    return [".ll-caption", ".ll-sentence", ".ll-numbers td:last-child"].map((selector) =>
      box.querySelector(selector).textContent);
  });
}"""
WIDGET = """(model, changes) => {
  const heard = {};
  const box = document.createElement("div");
  const fake = { get: (name) => model[name], on: (event, action) => { heard[event] = action; },
    off() {} };
  const close = launchlab.widget.render({ model: fake, el: box });
  const seen = changes.map((change) => {
    Object.assign(model, change);
    heard["change:frame"]();
    return [".ll-caption", ".ll-sentence"].map((one) => box.querySelector(one).textContent);
  });
  close();
  return seen;
}"""


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)


def told(demo: lab.Experiment, state: dict[str, Any]) -> list[str]:
    point = demo.point(state)
    return [point.heading, point.sentence]


def test_in_a_page_by_the_grid(call):
    demo = experiment(heading=HEADING, sentence=SENTENCE)
    seen = call(MOVES, page.freeze(demo, demo.defaults), "", [0, 2, 1])
    assert [one[:2] for one in seen] == [told(demo, demo.state(n=n)) for n in (2, 9, 5)]
    assert seen[0][0] == "Just one"


def test_in_a_page_by_the_rule_with_the_same_table_before_and_after_a_move(call):
    rule = lab.Rule(rule_experiment().rule.table / 7, RULE.partition("function sentence")[0])
    demo = rule_experiment(
        heading=lab.say("To {last.y:.3f}", when={"last.y == 0": "Level"}),
        sentence="Largest: {last.y:.2g}.",
        rule=rule,
    )
    html = page.freeze(demo, demo.defaults)
    seen = call(MOVES, html, page.rule_script(demo), [0, 4.5, 1])
    assert [one[:2] for one in seen] == [told(demo, demo.state(slope=s)) for s in (0, 4.5, 1)]
    assert seen[0][0] == "Level"
    still = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "0.4286<" in still  # 3/7, below 1 to four digits


def test_in_a_kernels_widget(call):
    demo = experiment(heading=HEADING, sentence=SENTENCE)
    one = live.LiveLab(demo, demo.defaults)
    names = ["declaration", "frame", "sentence", "heading", "cards", "record", "busy", "failure"]
    model = {name: getattr(one.chart, name) for name in names}
    changes = []
    for n in (2, 9):
        one.move("n", n)
        changes.append({name: getattr(one.chart, name) for name in ("heading", "sentence")})
    assert call(WIDGET, model, changes) == [told(demo, demo.state(n=n)) for n in (2, 9)]
