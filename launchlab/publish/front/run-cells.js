/* Each code cell of the page as an editor, run by the reader's own Python: one namespace, one cell
   at a time, in the order of the wishes. What the book shows is set aside, not thrown away: Reset
   and paper bring it back. */
(function (root) {
  "use strict";
  const { element } = root.launchlabOutput;
  const AWAY = "ll-set-aside";
  const HELP = "ll-py-help";

  /** Let one thing after the other ask the interpreter. */
  function turns() {
    let last = Promise.resolve();
    return (action) => {
      const mine = last.then(action);
      last = mine.catch(() => {});
      return mine;
    };
  }

  /** A promise, and what settles it. */
  function ending() {
    let settle;
    const promise = new Promise((resolve) => { settle = resolve; });
    return { promise, settle };
  }

  function seconds(since) {
    return `${((performance.now() - since) / 1000).toFixed(1)} s`;
  }

  function button(text, act) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") !== "true") act();
    });
    return made;
  }

  /** The largest parts of an element that hold none of these. */
  function without(whole, kept) {
    if (kept.includes(whole)) return [];
    if (!kept.some((one) => whole.contains(one))) return [whole];
    return [...whole.children].flatMap((part) => without(part, kept));
  }

  /** Not `disabled`: who has just pressed it keeps the focus. */
  function allow(made, is) {
    made.setAttribute("aria-disabled", String(!is));
  }

  class Cell {
    constructor(input, number, page) {
      this.page = page;
      this.number = number;
      this.input = input;
      this.text = input.querySelector("pre").textContent.replace(/\n$/, "");
      this.ran = false;
      this.edited = false;
      this.row = null;
      this.output = null;
      this.labs = [];
      this.aside = [];
      this.kept = [];
      this.draw();
      this.restore();
    }

    draw() {
      const { input, number } = this;
      const box = input.closest(".cell");
      const inputs = [...box.querySelectorAll(".cell_input")];
      // A fold may hold the code of several cells; what the book shows there is the last one's.
      this.shown = input === inputs[inputs.length - 1]
        ? [...box.children].filter((one) => one.matches(".cell_output")) : [];
      this.run = button("Run", () => this.page.want([this]));
      this.above = button("Run all above", () => this.page.want(this.page.before(this), this));
      this.reset = button("Reset", () => this.putBack());
      this.stop = button("Stop", () => this.page.stop(this));
      this.said = element("span", { class: "ll-py-said", role: "status" });
      this.clock = element("span", { class: "ll-py-clock", "aria-hidden": "true" });
      const place = element("div", { class: "ll-py-editor" });
      this.bar = element("div",
        { class: "ll-py-bar", role: "group", "aria-label": `Code cell ${number}` },
        this.run, this.above, this.reset, this.stop, this.said, this.clock);
      this.above.hidden = number === 1;
      this.stop.hidden = true;
      allow(this.reset, false);
      this.whole = element("div", { class: "ll-py" }, place, this.bar);
      this.out = element("div", { class: "ll-py-output" });
      input.after(this.whole);
      if (this.shown.length) this.shown[this.shown.length - 1].after(this.out);
      else if (input === inputs[inputs.length - 1]) box.append(this.out);
      else this.whole.append(this.out);
      input.classList.add(AWAY);
      this.editor = root.launchlabEditor.create({
        parent: place,
        text: this.text,
        attributes: { "aria-label": `Code of cell ${number}`, "aria-describedby": HELP,
          tabindex: "0" },
        run: () => this.page.want([this]),
        changed: (text) => {
          this.edited = text !== this.text;
          this.whole.classList.toggle("ll-py-edited", this.edited);
          allow(this.reset, this.edited || this.output);
          this.page.drafts.put(this, text);
        },
      });
    }

    /** Say how it stands with this cell; `busy` while it waits or runs. */
    say(text, busy = false) {
      this.said.textContent = text;
      allow(this.run, !busy);
      if (!busy && document.activeElement === this.stop) this.run.focus({ preventScroll: true });
      this.stop.hidden = !busy;
      clearInterval(this.ticking);
      this.clock.textContent = "";
    }

    tick() {
      const since = performance.now();
      this.say("Running…", true);
      this.ticking = setInterval(() => { this.clock.textContent = seconds(since); }, 500);
    }

    /** The reader's text of an earlier visit. It is text: only a click runs it. */
    restore() {
      const text = this.page.drafts.of(this);
      if (text === null) return;
      this.editor.text = text;
      this.say("Your change is back. It has not run.");
    }

    /** Set aside these parts of what the book shows, and no others. */
    setAside(parts) {
      for (const one of this.aside) one.classList.remove(AWAY);
      for (const one of parts) one.classList.add(AWAY);
      this.aside = parts;
    }

    /** Take away what the last run has shown, and set aside what the book shows. Its labs stay
        where no code has changed: they would come out the same, and later. */
    begin() {
      this.clear();
      this.kept = this.page.changed ? []
        : this.shown.flatMap((one) => [...one.querySelectorAll("section.launchlab[id]")]);
      this.setAside(this.shown.flatMap((one) => without(one, this.kept)));
      const title = `Output of code cell ${this.number}`;
      this.output = root.launchlabOutput.open(this.out, title, (given, signal) => {
        if (this.kept.some((one) => one.id === `lab-${given.name}`)) return null;
        const lab = root.launchlabLive.show(given,
          { compute: this.page.compute, stop: () => this.page.restart(this) }, signal);
        this.labs.push(lab);
        return lab.box;
      });
      allow(this.reset, true);
    }

    /** Say how a run has ended. */
    end(ok, since) {
      // An error stands where a lab would: the book's own is not what came of it.
      if (!ok) this.setAside(this.shown);
      const labs = this.kept.length > 1 ? "Its labs are" : "Its lab is";
      const same = this.kept.length ? ` ${labs} the book's: no code has changed.` : "";
      this.say(ok ? `Done in ${seconds(since)}.${same}` : `Ended by an error after ${seconds(since)}.`);
    }

    clear() {
      if (this.output) this.output.clear();
      this.output = null;
      this.labs = [];
    }

    putBack() {
      if (this.run.getAttribute("aria-disabled") === "true") return;
      const had = this.output;
      this.editor.text = this.text;
      this.clear();
      this.setAside([]);
      allow(this.reset, false);
      this.say(had ? "The book's code and output are back. Python keeps what it has run."
        : "The book's code is back.");
    }

    close() {
      this.clear();
      this.editor.destroy();
      this.whole.remove();
      this.out.remove();
      this.input.classList.remove(AWAY);
      this.setAside([]);
    }
  }

  /** What the reader has written, until the tab is closed. A cell that the book has changed since
      is another cell: its draft is not given back. */
  class Drafts {
    constructor() {
      this.key = `launchlab-drafts:${location.pathname}`;
      try {
        this.held = new Map(JSON.parse(sessionStorage.getItem(this.key)));
      } catch {
        this.held = new Map();
      }
    }

    of({ number, text }) {
      const found = this.held.get(number);
      return found && found.of === text && typeof found.text === "string" ? found.text : null;
    }

    put({ number, text: of }, text) {
      if (text === of) this.held.delete(number);
      else this.held.set(number, { of, text });
      try {
        if (this.held.size) sessionStorage.setItem(this.key, JSON.stringify([...this.held]));
        else sessionStorage.removeItem(this.key);
      } catch { /* There is no room: it lasts as long as the page. */ }
    }
  }

  class Page {
    constructor(runtime) {
      this.runtime = runtime;
      this.drafts = new Drafts();
      // Whether Python has run anything but the book's own code.
      this.changed = false;
      this.turn = turns();
      this.waiting = [];
      this.working = false;
      // Counts the Pythons of this visit: what an earlier one still answers is not heard.
      this.life = 0;
      this.isReady = new Promise((resolve) => { this.ready = resolve; });
      this.cut = ending();
      this.compute = (name, state) => this.turn(() => this.point(name, state));
      const inputs = [...document.querySelectorAll("article .cell .cell_input")];
      this.cells = inputs.map((input, at) => new Cell(input, at + 1, this));
      this.help = element("p", { id: HELP, hidden: "" },
        "Control and Enter together run this cell. The Tab key leaves the editor.");
      document.querySelector("article").append(this.help);
      const folds = document.querySelectorAll("article details.ll-code:not(.ll-of-claim, [open])");
      this.unfolded = [...folds];
      this.unfold(true);
      // Paper shows what it would without all this.
      this.printing = { beforeprint: () => this.unfold(false), afterprint: () => this.unfold(true) };
      for (const [event, act] of Object.entries(this.printing)) root.addEventListener(event, act);
      document.documentElement.classList.add("ll-py-on");
    }

    /** Open, or close again, the code that was folded when Python was asked for. */
    unfold(is) {
      for (const fold of this.unfolded) fold.open = is;
    }

    before(cell) {
      return this.cells.slice(0, this.cells.indexOf(cell));
    }

    /** Run cells, after those that were wished for before; `asker` says how far they are. */
    want(cells, asker = null) {
      const next = cells.filter((cell) => !this.waiting.includes(cell) && cell !== this.running);
      const row = asker && { asker, all: next.length, ran: 0, left: next.length };
      for (const cell of next) {
        cell.row = row;
        // One voice is enough: the asker's.
        cell.said.setAttribute("aria-live", row ? "off" : "polite");
        cell.say("Waiting…", true);
      }
      this.waiting.push(...next);
      if (row && next.length) this.tellRow(row);
      this.work();
    }

    /** A cell has run, or will not: who asked for its row says how far that is. */
    leave(cell, ran) {
      const { row } = cell;
      cell.row = null;
      if (!row) return;
      row.left -= 1;
      row.ran += ran ? 1 : 0;
      this.tellRow(row);
    }

    tellRow({ asker, ran, all, left }) {
      if (asker === this.running) return;
      const many = all === 1 ? "cell above has" : "cells above have";
      asker.say(`${ran} of ${all} ${many} run${left ? "…" : "."}`, this.waiting.includes(asker));
    }

    async work() {
      if (this.working) return;
      this.working = true;
      while (this.waiting.length) {
        await this.isReady;
        // All may have been called off meanwhile.
        this.running = this.waiting.shift();
        if (!this.running) break;
        const life = this.life;
        const ok = await this.runOne(this.running);
        const cell = this.running;
        this.running = null;
        this.leave(cell, ok);
        // As in a notebook: the cells below would run on what is not there.
        if (!ok && life === this.life) this.drop("Not run: a cell above ended in an error.");
      }
      this.working = false;
    }

    drop(text) {
      const dropped = this.waiting.splice(0);
      for (const cell of dropped) this.leave(cell, false);
      for (const cell of dropped) cell.say(text);
    }

    async runOne(cell) {
      const life = this.life;
      const since = performance.now();
      const code = cell.editor.text;
      let failed = null;
      if (code !== cell.text) this.changed = true;
      cell.tick();
      cell.begin();
      const { output } = cell;
      const hear = (event) => {
        if (life !== this.life) return;
        if (event.type === "error") failed = event;
        output.event(event);
      };
      let ok = false;
      try {
        const id = `cell-${cell.number}-${life}`;
        const done = this.turn(() => this.runtime.run(code, { id, onEvent: hear }));
        const answer = await Promise.race([done, this.cut.promise]);
        if (answer.isCut) return false;
        ok = answer.ok;
        if (answer.stopped && life === this.life) this.forget();
      } catch (error) {
        if (life === this.life) hear({ type: "error", name: "Error", message: error.message });
      }
      cell.ran = ok;
      cell.end(ok, since);
      if (failed && failed.name === "NameError") this.offerAbove(cell, output);
      return ok;
    }

    /** A name may be missing because the cells above have not run yet. */
    offerAbove(cell, output) {
      const missing = this.before(cell).filter((one) => !one.ran);
      if (!missing.length) return;
      output.add(element("p", { class: "ll-py-note" },
        "This name may come from a cell above that has not run yet. ",
        button("Run those above, then this one", () => { this.want(missing, cell); this.want([cell]); })));
    }

    /** A cell that waits is called off; one that runs ends with its Python. */
    stop(cell) {
      const at = this.waiting.indexOf(cell);
      if (at < 0) return this.restart(cell);
      this.waiting.splice(at, 1);
      this.leave(cell, false);
      return cell.say("Called off.");
    }

    async point(name, state) {
      const life = this.life;
      try {
        return await this.runtime.point(name, state);
      } catch (error) {
        // Deep recursion, say, has ended the interpreter itself.
        if (["PythonEnded", "Stopped"].includes(error.name) && life === this.life) this.forget();
        throw error;
      }
    }

    /** Python is another one now: names and labs of the last are gone. */
    forget() {
      this.life += 1;
      this.changed = false;
      for (const { row } of this.cells.filter((cell) => cell.row)) {
        row.asker.say(`Python was started anew after ${row.ran} of ${row.all} cells.`);
      }
      for (const cell of this.cells) cell.row = null;
      this.drop("Not run: Python was started anew.");
      for (const cell of this.cells) {
        cell.ran = false;
        for (const lab of cell.labs) lab.end();
      }
    }

    /** End whatever runs, and begin with a Python that knows no names. */
    async restart(asking) {
      const since = performance.now();
      const stopped = this.running || asking;
      this.forget();
      stopped.say("Stopping…");
      allow(stopped.run, false);
      this.turn = turns();
      this.isReady = this.runtime.stop().then(
        () => `Stopped. A new Python is ready after ${seconds(since)}. It knows no names yet.`,
        (error) => `Stopped, but Python did not start again: ${error.message}.`,
      ).then((text) => stopped.say(text));
      this.cut.settle({ isCut: true });
      this.cut = ending();
      await this.isReady;
    }

    close() {
      for (const cell of this.cells) cell.close();
      for (const [event, act] of Object.entries(this.printing)) root.removeEventListener(event, act);
      this.unfold(false);
      this.help.remove();
      document.documentElement.classList.remove("ll-py-on");
    }
  }

  let page = null;
  root.launchlabCells = {
    open(runtime) {
      page = new Page(runtime);
      return page;
    },
    close() {
      if (page) page.close();
      page = null;
    },
  };
})(globalThis);
