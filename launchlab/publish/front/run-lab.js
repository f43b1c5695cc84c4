/* A lab that the reader's own Python computes: it looks as the book's, follows its controls also
   between the levels that the book has computed ahead, and says so. It asks for one setting at a
   time; of all wishes that come meanwhile the newest is next. */
(function (root) {
  "use strict";
  const ll = root.launchlab;
  const { element } = root.launchlabOutput;
  let shown = 0;

  /** What a slider over plain numbers may be set to besides its levels, or null. */
  function between({ kind, values, names }) {
    if (kind !== "slider") return null;
    const ordered = values.every((value, at) => typeof value === "number" &&
      (at === 0 || value > values[at - 1]));
    // A level with a name of its own ("grown to the end") is no number to its reader.
    const plain = values.every((value, at) => names[at].replaceAll(",", "") === String(value));
    if (!ordered || !plain) return null;
    return { low: values[0], high: values[values.length - 1],
      whole: values.every(Number.isInteger) };
  }

  /** The level that a slider shows for a number that may lie between two. */
  function nearest(control, value) {
    if (!control.values || control.values.includes(value)) return value;
    const off = control.values.map((one) => Math.abs(one - value));
    return control.values[off.indexOf(Math.min(...off))];
  }

  /** A control of a live lab: as in the book, and a slider's number can also be written. */
  function drawControl(live, control, state, changed, refuse) {
    const near = { ...state };
    const drawn = ll.control(live, control, near, (_, value) => changed(control, value));
    const free = between(control);
    if (!free) {
      return { box: drawn.box,
        show() { near[control.name] = state[control.name]; drawn.show(); } };
    }
    const wanted = `${control.label}: a ${free.whole ? "whole " : ""}number from ${free.low} to ` +
      `${free.high}`;
    const field = element("input", { type: "text", class: "ll-number ll-py-number",
      inputmode: "decimal", autocomplete: "off", "aria-label": wanted });
    const unit = control.unit.split("|").pop();
    drawn.box.querySelector(".ll-value").replaceWith(element("span", { class: "ll-value" },
      ...(unit === "$" ? ["$ ", field] : unit ? [field, `\u00a0${unit}`] : [field])));
    function show() {
      near[control.name] = nearest(control, state[control.name]);
      drawn.show();
      field.value = String(state[control.name]);
    }
    field.addEventListener("change", () => {
      const value = Number(field.value.trim().replace(",", "."));
      const fits = field.value.trim() !== "" && value >= free.low && value <= free.high &&
        (!free.whole || Number.isInteger(value));
      if (fits) changed(control, value);
      else { refuse(`${wanted}, please.`); show(); }
    });
    return { box: drawn.box, show };
  }

  /** What stands in the page of a lab of this name, if it is one of the book's. */
  function ofBook(name) {
    const data = document.querySelector(`#lab-${CSS.escape(name)} > .ll-data`);
    return data ? JSON.parse(data.textContent) : null;
  }

  /** Columns as a kernel sends them. Twin of launchlab.lab.declare.frame.encode for one point. */
  function encoded(columns) {
    const names = Object.keys(columns);
    return { rows: columns[names[0]].length,
      columns: Object.fromEntries(names.map((name) => [name, { all: columns[name] }])) };
  }

  /** What the view of a live lab asks of a kernel's model: values, and news of them. */
  function model(values) {
    const hearers = new Map();
    return {
      get: (name) => values[name],
      on(event, action) {
        for (const one of event.split(" ")) {
          hearers.set(one, [...(hearers.get(one) || []), action]);
        }
      },
      off(event, action) {
        for (const one of event.split(" ")) {
          hearers.set(one, (hearers.get(one) || []).filter((other) => other !== action));
        }
      },
      set(changes) {
        Object.assign(values, changes);
        for (const name of [...Object.keys(changes).map((one) => `change:${one}`), "change"]) {
          for (const act of hearers.get(name) || []) act();
        }
      },
    };
  }

  /**
   * A lab as an element, which lives until a signal ends it.
   *
   * `given` is what Python says of it: a name, and whatever differs from what the page knows of
   * a lab of that name. `compute(name, state)` gives what it shows at a state, and `stop()` ends a
   * Python that does not answer.
   */
  function show(given, { compute, stop }, signal) {
    const lab = { ...ofBook(given.name), ...given };
    shown += 1;
    const state = { ...lab.start };
    // The book's own lab, set aside, has inputs of the same names.
    const live = { ...lab, name: `${lab.name}-live-${shown}` };
    const values = {
      declaration: { ...lab, caption: lab.caption || [], plain: false, untrusted: true },
      frame: {}, sentence: "", heading: "", cards: [], record: "", busy: false, failure: "",
      computed: 0,
    };
    const fed = model(values);
    const title = `lab-${live.name}-title`;
    const said = element("p", { class: "ll-py-live", role: "status" },
      "Live: computed by Python in this page, with your code.");
    const box = element("section",
      { class: "launchlab tex2jax_ignore mathjax_ignore", "aria-labelledby": title },
      element("p", { class: "ll-title", id: title }, lab.title), said);
    let wish = null, working = false, mounted = false, ended = false;

    function put(point) {
      fed.set({ frame: encoded(point.columns), sentence: point.sentence,
        heading: point.heading || "", cards: point.cards || [], record: point.record || "",
        failure: "", computed: values.computed + 1 });
      if (mounted) return;
      mounted = true;
      signal.addEventListener("abort", ll.widget.render({ model: fed, el: stage }));
    }
    async function work() {
      if (working) return;
      working = true;
      while (wish && !signal.aborted && !ended) {
        const asked = wish;
        wish = null;
        // A sign that flashes at every step is worse than none.
        const busy = setTimeout(() => { fed.set({ busy: true }); halt.hidden = false; }, 200);
        try {
          const point = await compute(lab.name, asked);
          if (!ended && !signal.aborted) put(point);
        } catch (error) {
          if (ended || signal.aborted) break;
          const text = `No answer at this setting: ${error.message}`;
          if (mounted) fed.set({ failure: text });
          else said.textContent = text;
        }
        clearTimeout(busy);
        if (ended) return;
        fed.set({ busy: false });
        halt.hidden = true;
      }
      working = false;
    }
    function ask() {
      wish = { ...state };
      work();
    }
    const note = element("p", { class: "ll-note", role: "status" });
    const drawn = lab.controls.map((control, at) => drawControl(live, control, state,
      (_, value) => {
        state[control.name] = value;
        note.textContent = "";
        drawn[at].show();
        ask();
      }, (text) => { note.textContent = text; }));
    function go(target) {
      Object.assign(state, target);
      for (const one of drawn) one.show();
      ask();
    }
    const quiet = (text, act) => {
      const made = element("button", { type: "button", class: "ll-quiet" }, text);
      made.addEventListener("click", act);
      return made;
    };
    const halt = quiet("Stop", stop);
    halt.hidden = true;
    const buttons = [...(lab.presets || []).map((one) => quiet(one.label, () => go(one.state))),
      quiet("First setting", () => go(lab.start)), halt];
    const stage = element("div");
    box.append(element("div", { class: "ll-controls" }, ...drawn.map((one) => one.box),
      element("div", { class: "ll-buttons" }, ...buttons), note), stage);
    if (lab.reflect) box.append(element("p", { class: "ll-reflect" }, lab.reflect));
    for (const one of drawn) one.show();
    // What Python sends of a lab is a grid of one point, the first setting.
    if (given.grid) put(ll.evaluate({ ...given, controls: [] }, {}));
    else ask();
    return {
      box,
      /** Its Python is gone: it keeps its last picture, and says what brings it back. */
      end() {
        wish = null;
        ended = true;
        fed.set({ busy: false });
        said.textContent = "Python was started anew and has forgotten this lab: run its cell again, " +
          "after those above it.";
        for (const input of box.querySelectorAll(".ll-controls :is(input, select, button)")) {
          input.disabled = true;
        }
      },
    };
  }

  root.launchlabLive = { show };
})(globalThis);
