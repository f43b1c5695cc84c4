/* The one front end of every lab: decodes frames, draws charts, and runs frozen labs in a page.
 * In a page it is a classic script (browsers block modules from file://); in a kernel the same
 * text becomes the module of an anywidget. It asks nothing of the network but vega.js beside it.
 * rounding.js, say.js, prediction.js and kept.js stand before it in the one script that is loaded.
 */
(function (root) {
  "use strict";
  if (root.launchlab && root.launchlab.mount) return;
  // What runs Python in the page may stand there already.
  const ll = (root.launchlab = root.launchlab || {});
  const { fixed, significant } = root.launchlabRounding;
  const predictions = root.launchlabPrediction;
  const kept = root.launchlabKept;
  const here = root.document && root.document.currentScript ? root.document.currentScript.src : "";

  // ---------------------------------------------------------------- frames

  /** Columns of one encoded point: name -> array. Twin of launchlab.lab.declare.frame.decode. */
  ll.decode = function (encoded, point = 0) {
    const even = typeof encoded.rows === "number";
    const count = even ? encoded.rows : encoded.rows[point];
    const start = even ? point * count : encoded.rows.slice(0, point).reduce((a, b) => a + b, 0);
    const columns = {};
    for (const [name, column] of Object.entries(encoded.columns)) {
      let values;
      if (column.same) values = column.same;
      else if (column.each) values = new Array(count).fill(column.each[point]);
      else values = column.all.slice(start, start + count);
      columns[name] = column.words ? values.map((code) => column.words[code]) : values.slice();
    }
    return columns;
  };

  /** Columns -> list of row objects, as Vega wants them. */
  ll.rows = function (columns) {
    const names = Object.keys(columns);
    return columns[names[0]].map((_, row) =>
      Object.fromEntries(names.map((name) => [name, columns[name][row]])));
  };

  // ---------------------------------------------------------------- charts

  let vegaPromise = null;

  /** Vega, loaded once, and only when a chart comes near the screen. */
  ll.vega = function () {
    if (root.launchlabVega) return Promise.resolve(root.launchlabVega);
    if (!vegaPromise) {
      vegaPromise = new Promise((resolve, reject) => {
        if (!here) {
          // In a kernel the bundle comes over the wire, by a widget of its own.
          const poll = setInterval(() => {
            if (root.launchlabVega) { clearInterval(poll); resolve(root.launchlabVega); }
          }, 10);
          return;
        }
        const script = document.createElement("script");
        script.src = new URL("vega.js", here).href;
        script.onload = () => resolve(root.launchlabVega);
        script.onerror = () => reject(new Error("vega.js did not load"));
        document.head.append(script);
      });
    }
    return vegaPromise;
  };

  /** For a chart that nobody has reviewed: it loads no address, but says which it asked for, and its
   * expressions are interpreted rather than compiled. */
  ll.untrusted = function (refused = () => {}) {
    const refuse = (address) => {
      refused(String(address));
      return Promise.reject(new Error("a chart in this page loads nothing"));
    };
    return { ast: true, loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse } };
  };

  /** Draw a spec into an element, replacing its still picture; all is let go when a signal ends. */
  ll.chart = async function (host, spec, dataName, rows, signal, options = {}) {
    const embed = await ll.vega();
    if (signal.aborted) return null;
    const stage = document.createElement("div");
    stage.className = "ll-stage";
    host.append(stage);
    // What a spec says of its embedding would win over what is said here.
    const { usermeta, ...plain } = spec;
    const full = rows ? { ...plain, datasets: { [dataName]: rows } } : plain;
    const { view } = await embed(stage, full, { mode: "vega-lite", renderer: "svg", actions: false,
      hover: false, defaultStyle: false, ...options });
    if (signal.aborted) { view.finalize(); return null; }
    const fit = () => {
      if (signal.aborted) return;
      // A lab that waits for a prediction is 0 px wide; it is fitted when it is shown.
      if (spec.width === "container" && stage.clientWidth > 0) view.width(stage.clientWidth);
      view.resize().run();
    };
    for (const child of [...host.children]) if (child !== stage) child.remove();
    const watcher = new ResizeObserver(fit);
    watcher.observe(stage);
    signal.addEventListener("abort", () => { watcher.disconnect(); view.finalize(); });
    if (document.fonts) document.fonts.ready.then(fit);
    let drawn = [];
    return {
      view,
      // Laid out anew each time, so that a state looks the same by whatever way it was reached.
      setRows(next) {
        const changes = difference(view.changeset(), drawn, next);
        if (changes) view.change(dataName, changes);
        else view.data(dataName, drawn = next);
        view.resize().run();
      },
    };
  };

  /** What turns the rows that Vega holds into others, or null where their shapes differ.
   * Vega makes a new mark for a new row, and the browser has to style and lay out each of them:
   * 300 marks and their letters took half of a frame. A row that is changed keeps its mark.
   */
  function difference(changes, held, next) {
    if (held.length !== next.length || !held.length) return null;
    const fields = Object.keys(next[0]);
    if (!fields.every((field) => field in held[0])) return null;
    held.forEach((row, place) => {
      for (const field of fields) {
        const value = next[place][field];
        if (row[field] !== value) changes.modify(row, field, value);
      }
    });
    return changes;
  }

  // ---------------------------------------------------------------- small DOM helpers

  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  }

  function cell(value, digits) {
    if (value === null) return "–";
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value === "string") return value;
    return root.launchlabSay.plain(value, Math.min(digits, readable(value)));
  }

  // As many significant digits as a reader can use. Twin of launchlab.lab.lives.page._readable.
  function readable(value) {
    const size = Math.abs(value);
    return size >= 1 ? Math.max(3, String(Math.trunc(size)).length) : 4;
  }

  /** The numbers behind the chart as a table. */
  ll.table = function (columns, headings, digits) {
    const names = Object.keys(headings).length ? Object.keys(headings) : Object.keys(columns);
    const right = names.map((name) => ({
      class: columns[name].some((value) => Number.isFinite(value)) ? "ll-n" : undefined,
    }));
    const head = names.map((name, at) =>
      element("th", { scope: "col", ...right[at] }, headings[name] || name));
    const body = columns[names[0]].map((_, row) => element("tr", {}, ...names.map((name, at) =>
      element("td", right[at], cell(columns[name][row], digits)))));
    return element("table", {},
      element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  };

  /** Cards as a list. Twin of launchlab.lab.declare.panels.cards_html. */
  ll.cards = function (cards) {
    return element("ul", { class: "ll-cards" }, ...cards.map((card) =>
      element("li", {}, element("b", {}, card.title),
        element("span", { class: "ll-figure" }, card.figure),
        ...card.lines.map((line) => element("span", {}, line)))));
  };

  /** Add to a record the button that copies it, or selects it where the clipboard is closed. */
  ll.recordButton = function (details) {
    const text = details.querySelector("pre");
    const said = element("span", { role: "status" });
    const copy = element("button", {
      type: "button", class: "ll-quiet", async onclick() {
        try {
          await root.navigator.clipboard.writeText(text.textContent);
          said.textContent = " Copied.";
        } catch (error) {
          root.getSelection().selectAllChildren(text);
          said.textContent = " Selected: copy it with your keyboard.";
        }
      },
    }, "Copy the text");
    details.append(element("p", {}, copy, said));
  };

  // ---------------------------------------------------------------- state of a frozen lab

  const isRange = (control) => control.kind === "range";

  /** Position of a state in the grid: the last control varies fastest. */
  ll.index = function (controls, state) {
    return controls.reduce((sum, control) =>
      sum * control.values.length + control.values.indexOf(state[control.name]), 0);
  };

  /** Read a state out of an address; say what could not be used. */
  ll.fromAddress = function (lab, search) {
    const asked = new URLSearchParams(search);
    const state = {};
    const refused = [];
    for (const control of lab.controls) {
      const text = asked.get(`${lab.name}.${control.name}`);
      if (text === null) continue;
      if (isRange(control)) {
        const steps = (Number(text) - control.low) / control.step;
        if (text.trim() !== "" && Number(text) >= control.low && Number(text) <= control.high &&
            Math.abs(steps - Math.round(steps)) < 1e-6) {
          state[control.name] = Number(Number(text).toFixed(control.decimals));
          continue;
        }
      } else {
        const found = control.values.findIndex((value) => String(value) === text);
        if (found >= 0) { state[control.name] = control.values[found]; continue; }
      }
      refused.push(`${control.label}: “${text.slice(0, 40)}” is not a setting here`);
    }
    return { state, refused };
  };

  /** The address that carries a lab's state. */
  ll.toAddress = function (lab, state, href) {
    const url = new URL(href);
    for (const control of lab.controls) {
      url.searchParams.delete(`${lab.name}.${control.name}`);
      if (state[control.name] !== lab.start[control.name]) {
        url.searchParams.set(`${lab.name}.${control.name}`, String(state[control.name]));
      }
    }
    return url.href;
  };

  /** An address that shows a lab at a state to whoever follows it.
   * It names a control even at the first setting: that is how the page knows that it was sent.
   */
  ll.link = function (lab, state, href) {
    const url = new URL(ll.toAddress(lab, state, href));
    const names = lab.controls.map((control) => `${lab.name}.${control.name}`);
    if (!names.some((name) => url.searchParams.has(name))) {
      url.searchParams.set(names[0], String(state[lab.controls[0].name]));
    }
    url.hash = `lab-${lab.name}`;
    return url.href;
  };

  // ---------------------------------------------------------------- a frozen lab in a page

  /** Frame and texts at a state, from the grid or by the rule. */
  ll.evaluate = function (lab, state) {
    if (lab.grid) {
      const point = ll.index(lab.controls, state);
      return {
        columns: ll.decode(lab.grid, point),
        sentence: lab.sentences[point],
        heading: lab.headings ? lab.headings[point] : null,
        cards: lab.cards ? lab.cards[point] : null,
        record: lab.records ? lab.records[point] : null,
      };
    }
    lab.rule = lab.rule || root.launchlabRules[lab.name](fixed, significant);
    const rule = lab.rule;
    lab.decodedTable = lab.decodedTable || ll.decode(lab.table);
    const rows = rule.frame(lab.decodedTable, { ...state });
    const columns = {};
    for (const name of Object.keys(rows[0])) columns[name] = rows.map((row) => row[name]);
    const part = (name) => (rule[name] ? rule[name](rows) : null);
    const values = part("values") || {};
    const text = (name) => (lab.templates && lab.templates[name]
      ? root.launchlabSay.interpret(lab.templates[name], columns, values) : part(name));
    return { columns, sentence: text("sentence"), heading: text("heading"),
      cards: part("cards"), record: part("record") };
  };

  ll.control = drawControl;

  function drawControl(lab, control, state, changed) {
    const id = `${lab.name}-${control.name}`;
    const say = (value) => {
      const text = isRange(control) ? value.toFixed(control.decimals).replace("-", "\u2212")
        : control.names[control.values.indexOf(value)];
      // As launchlab.lab.declare.controls writes it, and so a verdict.
      if (control.unit === "$") return `$${text}`;
      const [one, many = one] = control.unit.split("|");
      const unit = text === "1" ? one : many;
      return unit ? `${text}\u00a0${unit}` : text;
    };
    const output = element("output", { for: id, class: "ll-value" });
    let input;
    let show;
    if (control.kind === "choice") {
      input = element("select", { id },
        ...control.names.map((name, i) => element("option", { value: i }, name)));
      show = () => { input.value = control.values.indexOf(state[control.name]); };
      input.addEventListener("change", () => changed(control, control.values[input.value]));
    } else if (control.kind === "toggle") {
      input = element("input", { id, type: "checkbox", role: "switch" });
      show = () => {
        input.checked = state[control.name];
        output.textContent = say(state[control.name]);
      };
      input.addEventListener("change", () => changed(control, input.checked));
    } else {
      const bounds = isRange(control)
        ? { min: control.low, max: control.high, step: control.step }
        : { min: 0, max: control.values.length - 1, step: 1 };
      input = element("input", { id, type: "range", ...bounds });
      show = () => {
        const value = state[control.name];
        input.value = isRange(control) ? value : control.values.indexOf(value);
        input.setAttribute("aria-valuetext", say(value));
        output.textContent = say(value);
      };
      input.addEventListener("input", () => changed(control, isRange(control)
        ? Number(Number(input.value).toFixed(control.decimals)) : control.values[input.value]));
    }
    // An option longer than the narrowest column shows whole only in a row of its own.
    const wide = control.kind === "choice" && control.names.some((name) => name.length > 24);
    const box = element("div", { class: `ll-control ll-${control.kind}${wide ? " ll-wide" : ""}` },
      element("label", { for: id }, control.label), input, control.kind === "choice" ? "" : output);
    return { box, show };
  }

  /** A group of options of which one can be chosen. */
  function drawOptions(name, texts, keys) {
    return element("div", { class: "ll-options" }, ...texts.map((text, i) =>
      element("label", {}, element("input", { type: "radio", name, value: keys[i] }), " ", text)));
  }

  function drawNumber(question, id) {
    const { unit, low } = question;
    const before = unit === "$";
    // A phone's keyboard of digits has no minus.
    const inputmode = low !== null && low >= 0 ? "decimal" : "text";
    const input = element("input",
      { type: "text", id, inputmode, autocomplete: "off", class: "ll-number" });
    return element("label", { for: id }, before ? "Your prediction $ " : "Your prediction ", input,
      unit && !before ? ` ${unit}` : "");
  }

  /** The form that asks; `answered` gets what was said (null: skipped), and how surely. */
  function drawQuestion(lab, answered) {
    const { question } = lab;
    const name = `${lab.name}-prediction`;
    const note = element("p", { class: "ll-note", role: "alert" });
    const form = element("form", { class: "ll-question" },
      element("fieldset", {},
        element("legend", {}, `Predict first: ${question.text}`),
        question.values.length ? drawOptions(name, question.names, Object.keys(question.names))
          : drawNumber(question, name)),
      element("fieldset", { class: "ll-sure" },
        element("legend", {}, "How sure are you? (if you like)"),
        drawOptions(`${lab.name}-sure`, Object.values(predictions.SURE), Object.keys(predictions.SURE))),
      element("div", { class: "ll-buttons" },
        element("button", { type: "submit" }, "Commit"),
        element("button", { type: "button", class: "ll-quiet", onclick: () => answered(null, null) },
          "Skip")),
      note);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = new FormData(form);
      const sure = given.get(`${lab.name}-sure`);
      if (question.values.length) {
        const place = given.get(name);
        if (place === null) note.textContent = "Choose an answer, or skip.";
        else answered(question.values[place], sure);
        return;
      }
      const { value, refused } =
        predictions.read(question, form.querySelector(".ll-number").value);
      if (refused) note.textContent = refused;
      else answered(value, sure);
    });
    return form;
  }

  /** Whether a kept record is about this question, setting and truth, and not an older edition's. */
  function isCurrent(record, question) {
    const now = predictions.record(question, null, null);
    return record.question === now.question && record.words === now.words &&
      typeof record.truth === typeof now.truth &&
      predictions.verdict({ ...now, said: record.said, sure: record.sure }) ===
      predictions.verdict(record);
  }

  /** Bring one frozen lab to life. */
  ll.mount = function (section) {
    const lab = JSON.parse(section.querySelector(".ll-data").textContent);
    const find = (name) => section.querySelector(`.ll-${name}`);
    const [front, outcome, host, sentence, verdict, numbers, record] =
      ["front", "outcome", "chart", "sentence", "verdict", "numbers", "record"].map(find);
    const asked = ll.fromAddress(lab, root.location ? root.location.search : "");
    const state = { ...lab.start, ...asked.state };
    const signal = whileInPage(section);
    section.dataset.mounted = "true";
    let chart = null;
    let current = null;
    let scheduled = false;
    let addressTimer = 0;

    function draw() {
      scheduled = false;
      if (signal.aborted) return;
      current = ll.evaluate(lab, state);
      if (chart) chart.setRows(ll.rows(current.columns));
      sentence.textContent = current.sentence;
      if (current.heading) find("caption").firstChild.textContent = current.heading;
      if (current.cards) find("cards").replaceWith(ll.cards(current.cards));
      if (record) record.querySelector("pre").textContent = current.record;
      if (numbers.open) drawNumbers();
      section.dispatchEvent(new CustomEvent("launchlab:drawn", { detail: { ...state } }));
    }
    function drawNumbers() {
      numbers.querySelector("table").replaceWith(ll.table(current.columns, lab.columns, lab.digits));
    }
    function schedule() {
      // Several input events may come within one frame; the picture is drawn once.
      if (!scheduled) { scheduled = true; requestAnimationFrame(draw); }
    }
    function writeAddress() {
      clearTimeout(addressTimer);
      if (signal.aborted) return;
      // Browsers limit how often a page may rewrite its address.
      addressTimer = setTimeout(() => {
        try {
          root.history.replaceState(null, "", ll.toAddress(lab, state, root.location.href));
        } catch (error) { /* file:// has no address to write */ }
      }, 200);
    }

    const message = element("p", { class: "ll-note", role: "status" });
    const drawn = lab.controls.map((control) => drawControl(lab, control, state, (which, value) => {
      state[which.name] = value;
      message.replaceChildren();  // what it said was true of the setting before
      drawn[lab.controls.indexOf(which)].show();
      schedule();
      writeAddress();
    }));
    const isAt = (target, control) => state[control.name] === target[control.name];
    function go(target, said) {
      Object.assign(state, target);
      drawn.forEach((one) => one.show());
      message.textContent = said;
      schedule();
      writeAddress();
    }
    const reset = element("button", {
      type: "button", class: "ll-quiet",
      onclick() { go(lab.start, "Back at the first setting."); },
    }, "Reset");
    const presets = lab.presets.map((preset) => element("button", {
      type: "button", class: "ll-quiet", onclick() { go(preset.state, `Set: ${preset.label}.`); },
    }, preset.label));
    const copy = element("button", {
      type: "button", class: "ll-quiet", async onclick() {
        const link = ll.link(lab, state, root.location.href.split(/[?#]/)[0]);
        try {
          await root.navigator.clipboard.writeText(link);
          message.replaceChildren("Link to this setting copied.");
        } catch (error) {
          const box = element("input",
            { readonly: true, value: link, "aria-label": "Link to this setting" });
          message.replaceChildren("Link to this setting: ", box);
          box.select();
        }
      },
    }, "Copy link");
    const again = element("button", {
      type: "button", class: "ll-quiet", onclick() {
        kept.forget(lab.name);
        ask(true);
      },
    });
    const controls = element("div", { class: "ll-controls" },
      ...drawn.map((one) => one.box),
      presets.length ? element("div", { class: "ll-buttons ll-presets" }, ...presets) : "",
      element("div", { class: "ll-buttons" }, reset, copy, lab.question ? again : ""), message);

    /** Show the outcome, and what is said of the prediction: once, whatever is moved later. */
    function open(prediction, focus) {
      verdict.textContent = prediction ? predictions.verdict(prediction) : "";
      again.textContent = prediction ? "Predict again" : "Predict";
      controls.hidden = false;
      outcome.hidden = false;
      draw();
      if (focus) { sentence.tabIndex = -1; sentence.focus({ preventScroll: true }); }
    }
    function ask(focus) {
      controls.hidden = true;
      outcome.hidden = true;
      const form = drawQuestion(lab, (said, sure) => {
        const prediction = predictions.record(lab.question, said, sure);
        kept.keep(prediction);
        form.remove();
        const { setting } = lab.question;
        // Show what was asked about; who skips stays where the controls are.
        if (said !== null && !lab.controls.every((control) => isAt(setting, control))) go(setting, "");
        open(prediction, true);
      });
      front.prepend(form);
      if (focus) form.querySelector("input").focus();
    }

    front.replaceChildren(controls);
    drawn.forEach((one) => one.show());
    message.textContent = asked.refused.join("; ");
    numbers.addEventListener("toggle", () => { if (numbers.open && current) drawNumbers(); });
    if (record) ll.recordButton(record);
    const found = lab.question ? kept.find(lab.name) : null;
    const made = found && isCurrent(found, lab.question) ? found : null;
    // Who follows a link to a setting is shown it.
    const sent = Object.keys(asked.state).length > 0;
    if (lab.question && !made && !sent) ask(false);
    else open(made, false);

    signal.addEventListener("abort", () => clearTimeout(addressTimer));
    whenNear(section, signal, async () => {
      current = current || ll.evaluate(lab, state);
      chart = await ll.chart(host, lab.spec, lab.data, ll.rows(current.columns), signal);
      if (signal.aborted) return;
      draw();
      section.dataset.ready = "true";
    });
    return { state, lab, draw };
  };

  /** A signal that ends when an element is taken out of the page. */
  function whileInPage(node) {
    const life = new AbortController();
    // What leaves the page loses its size. One that was only moved is back before this is asked.
    const watcher = new ResizeObserver(() => { if (!node.isConnected) life.abort(); });
    watcher.observe(node);
    life.signal.addEventListener("abort", () => watcher.disconnect());
    return life.signal;
  }

  function whenNear(node, signal, action) {
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { watcher.disconnect(); action(); }
    }, { rootMargin: "800px" });
    watcher.observe(node);
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  function start() {
    for (const section of document.querySelectorAll("section.launchlab")) {
      try {
        ll.mount(section);
      } catch (error) {
        section.dataset.mounted = "failed"; // the style sheet shows its still picture
        root.reportError(error);
      }
    }
    for (const figure of document.querySelectorAll("figure.ll-plain")) {
      const spec = JSON.parse(figure.querySelector(".ll-data").textContent);
      const signal = whileInPage(figure);
      whenNear(figure, signal,
        () => ll.chart(figure.querySelector(".ll-chart"), spec, "frame", null, signal));
    }
  }

  // ---------------------------------------------------------------- the live life (anywidget)

  // JupyterLab takes keys for its own shortcuts (arrows leave the cell, two d delete it) unless an
  // element says that it wants them. Those with Ctrl and the like stay JupyterLab's: Ctrl+S saves.
  function keepKeys(event) {
    const { target } = event;
    if (target.closest && target.closest(".ll-lab, .ll-live")) {
      const ours = !(event.ctrlKey || event.metaKey || event.altKey);
      // On the element itself: JupyterLab's selectors match it before they look at what is around.
      target.toggleAttribute("data-lm-suppress-shortcuts", ours);
    }
  }
  // On the window, to be there before JupyterLab, which listens on the document.
  if (!here && root.addEventListener) root.addEventListener("keydown", keepKeys, true);

  /** Give a lab's sliders what ipywidgets leaves out: a name, and their level in words. */
  function nameSliders(lab, signal) {
    for (const handle of lab.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const row = handle.closest(".jupyter-widgets");
      const [label, readout] = [".widget-label", ".widget-readout"].map((one) => row.querySelector(one));
      const say = () => {
        const text = readout.textContent;
        if (handle.getAttribute("aria-valuetext") !== text) handle.setAttribute("aria-valuetext", text);
      };
      handle.setAttribute("aria-label", label.textContent);
      const observer = new MutationObserver(say);
      observer.observe(handle, { attributeFilter: ["aria-valuetext"] });
      observer.observe(readout, { childList: true, characterData: true, subtree: true });
      signal.addEventListener("abort", () => {
        observer.disconnect();
        handle.removeAttribute("aria-label"); // a chart drawn anew names its sliders again
      });
      say();
    }
  }

  ll.widget = {
    /** Show a model in an element; returns what lets go of all that was held for it.
     * The host calls that when the view is removed. That the element is out of the document does
     * not mean as much here: JupyterLab takes out cells that scroll away, and puts them back.
     */
    render({ model, el }) {
      const life = new AbortController();
      const { signal } = life;
      const listen = (event, action) => {
        model.on(event, action);
        signal.addEventListener("abort", () => model.off(event, action));
      };
      const declaration = model.get("declaration");
      const host = element("div",
        { class: "ll-chart", role: "img", "aria-label": declaration.description });
      const sentence = element("p", { class: "ll-sentence", role: "status" });
      const busy = element("p", { class: "ll-busy", role: "status", hidden: true }, "Computing…");
      const failure = element("pre", { class: "ll-failure", role: "alert", hidden: true });
      const numbers = element("details", { class: "ll-numbers" },
        element("summary", {}, "The numbers"), element("table"));
      let cards = ll.cards([]);
      const record = element("details", { class: "ll-record", hidden: !declaration.record },
        element("summary", {}, declaration.record || ""), element("pre", { tabindex: "0" }));
      ll.recordButton(record);
      const box = element("div", { class: "launchlab ll-live" },
        busy, element("figure", {}, host), sentence, failure, cards, record,
        declaration.plain ? "" : numbers);
      const heading = element("b");
      if (declaration.caption.length || model.get("heading")) {
        const [first, ...others] = declaration.caption;
        heading.textContent = model.get("heading") || first;
        host.before(element("figcaption", { class: "ll-caption" },
          heading, ...others.map((line) => element("span", {}, line))));
      }
      el.append(box);
      let chart = null;

      function drawNumbers(columns) {
        if (numbers.open && columns) {
          numbers.querySelector("table").replaceWith(
            ll.table(columns, declaration.columns, declaration.digits));
        }
      }
      function update() {
        const frame = model.get("frame");
        const columns = frame.rows ? ll.decode(frame) : null;
        if (chart && columns) chart.setRows(ll.rows(columns));
        sentence.textContent = model.get("sentence");
        if (model.get("heading")) heading.textContent = model.get("heading");
        const next = ll.cards(model.get("cards"));
        cards.replaceWith(next);
        cards = next;
        record.querySelector("pre").textContent = model.get("record");
        drawNumbers(columns);
        box.dataset.drawn = Number(box.dataset.drawn || 0) + 1;
      }
      function status() {
        busy.hidden = !model.get("busy");
        failure.textContent = model.get("failure");
        failure.hidden = !model.get("failure");
      }
      listen("change:frame", update);
      listen("change:busy", status);
      listen("change:failure", status);
      listen("change", () => { box.dataset.computed = model.get("computed"); });
      listen("msg:custom", (message) => {
        if (message === "focus") { sentence.tabIndex = -1; sentence.focus({ preventScroll: true }); }
      });
      numbers.addEventListener("toggle", update);
      status();
      sentence.textContent = model.get("sentence");
      const frame = model.get("frame");
      ll.chart(host, declaration.spec, declaration.data, frame.rows ? ll.rows(ll.decode(frame)) : null,
        signal, declaration.untrusted ? ll.untrusted() : {})
        .then((made) => {
          if (signal.aborted) return;
          chart = made;
          update();
          const lab = box.closest(".ll-lab");
          if (lab) nameSliders(lab, signal);
          box.dataset.ready = "true";
        });
      return () => { life.abort(); box.remove(); };
    },
  };

  if (here) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }
})(globalThis);
