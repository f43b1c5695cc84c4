"""What a chart holds is let go when its view is removed: a cell run fifty times keeps no chart."""

import pytest

from tests.site import book

TIMES = 50

# Counts from the first script on what is alive: Vega's views, what observes a part of a lab, and
# the front end's and Vega's timers and listeners on what outlives a view (the theme has its own).
_COUNT = """
const alive = window.alive = { views: 0, observers: 0, timers: 0, listeners: 0 };
const ours = () => new Error().stack.includes("/_static/launchlab/");
for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
  window[name] = class extends window[name] {
    observe(target, ...given) {
      if (!this.counted && target.closest && target.closest(".launchlab, .ll-lab")) {
        this.counted = true;
        alive.observers += 1;
      }
      super.observe(target, ...given);
    }
    disconnect() {
      if (this.counted) alive.observers -= 1;
      this.counted = false;
      super.disconnect();
    }
  };
}
for (const kind of ["Interval", "Timeout"]) {
  const [begin, end] = [window[`set${kind}`], window[`clear${kind}`]];
  const going = new Set();
  const stop = (which) => { if (going.delete(which)) alive.timers -= 1; };
  window[`set${kind}`] = (action, ...given) => {
    const which = begin((...values) => {
      if (kind === "Timeout") stop(which);
      action(...values);
    }, ...given);
    if (ours()) { going.add(which); alive.timers += 1; }
    return which;
  };
  window[`clear${kind}`] = (which) => { stop(which); end(which); };
}
for (const target of [window, document]) {
  const { addEventListener, removeEventListener } = target;
  target.addEventListener = (...given) => {
    if (ours()) alive.listeners += 1;
    addEventListener.apply(target, given);
  };
  target.removeEventListener = (...given) => {
    if (ours()) alive.listeners -= 1;
    removeEventListener.apply(target, given);
  };
}
let embed;
Object.defineProperty(window, "launchlabVega", {
  get: () => embed,
  set(given) {
    embed = async (...parts) => {
      const made = await given(...parts);
      const { finalize } = made.view;
      alive.views += 1;
      made.view.finalize = function () {
        this.finalize = finalize;
        alive.views -= 1;
        return this.finalize();
      };
      return made;
    };
  },
});
"""

# An anywidget model, and a slider of ipywidgets beside the chart, as far as the front end asks.
_WIDGET = """
const data = document.querySelector("section.launchlab .ll-data").textContent;
const lab = JSON.parse(data);
const place = document.createElement("div");
place.className = "ll-lab";
place.innerHTML = `<div class="jupyter-widgets"><span class="widget-label">Number</span>
  <div class="noUi-handle"></div><span class="widget-readout">1</span></div>`;
document.querySelector("main").prepend(place);
const columns = launchlab.evaluate(lab, lab.start).columns;
const values = {
  declaration: { description: "A chart.", caption: [], spec: lab.spec, data: lab.data,
    columns: lab.columns, record: "", plain: false },
  frame: { rows: Object.values(columns)[0].length, columns: Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, { same: column }])) },
  sentence: "A sentence.", cards: [], record: "", busy: false, failure: "", computed: 1,
};
let heard = [];
const model = {
  get: (name) => values[name],
  on: (event, action) => heard.push([event, action]),
  off: (event, action) => {
    heard = heard.filter(([one, other]) => one !== event || other !== action);
  },
};
const show = () => {
  const el = place.appendChild(document.createElement("div"));
  return { el, end: launchlab.widget.render({ model, el }) };
};
const drawn = async (el) => {
  while (!el.querySelector(".ll-live[data-ready]")) {
    await new Promise((done) => requestAnimationFrame(done));
  }
};
const remove = async ({ el, end }) => {
  if (end) await end();
  el.remove();
};
const count = () => ({ ...alive, heard: heard.length,
  named: place.querySelectorAll(".noUi-handle[aria-label]").length });
const more = (now, then) =>
  Object.fromEntries(Object.entries(now).map(([name, many]) => [name, many - then[name]]));
const before = count();
"""
_RUN = f"""async (times) => {{
  {_WIDGET}
  let one;
  for (let time = 0; time < times; time += 1) {{
    const shown = show();
    await drawn(shown.el);
    one = one || more(count(), before);
    await remove(shown);
  }}
  return [one, more(count(), before)];
}}"""
_END_EARLY = f"""async () => {{
  {_WIDGET}
  await remove(show());
  const last = show();
  await drawn(last.el);
  await remove(last);
  return more(count(), before);
}}"""
_NOTHING = {"views": 0, "observers": 0, "timers": 0, "listeners": 0, "heard": 0, "named": 0}


@pytest.fixture
def counted(visit):
    """Open a page in which what lives is counted, with all its charts drawn."""

    def open_page(path):
        reader = visit(path)
        reader.context.add_init_script(_COUNT)
        reader.page.reload()
        reader.scroll()
        return reader

    return open_page


def test_a_cell_that_is_run_fifty_times_holds_no_chart(counted):
    reader = counted(book.labs()[0].page)
    one, last = reader.page.evaluate(_RUN, TIMES)
    # While a view is shown: its chart, an observer of its size, and one of the slider beside it.
    assert (one["views"], one["observers"], one["named"]) == (1, 2, 1)
    assert one["heard"] > 0
    assert last == _NOTHING
    assert reader.errors == []


def test_a_view_that_is_removed_before_its_chart_is_drawn_holds_none(counted):
    reader = counted(book.labs()[0].page)
    assert reader.page.evaluate(_END_EARLY) == _NOTHING
    assert reader.errors == []


@pytest.mark.parametrize("kind", ["section.launchlab", "figure.ll-plain"])
def test_a_chart_that_leaves_the_page_is_let_go(counted, kind):
    start = f'<{kind.split(".")[0]} class="launchlab'
    reader = counted(next(path for path in book.pages() if start in book.text(path)))
    shown = reader.page.locator(kind).count()
    assert reader.page.evaluate("alive.views") >= shown > 0
    reader.page.evaluate(
        "() => document.querySelectorAll('.launchlab').forEach((one) => one.remove())"
    )
    reader.settle()
    alive = reader.page.evaluate("alive")
    assert (alive["views"], alive["observers"]) == (0, 0)
    assert reader.errors == []
