/* A stand-in for Python, with its interface and without its 42 MB. A cell's lines that begin with
   "#: " are the events of its run, as JSON; "#: forever" never ends. All other cells are silent,
   but one that calls `.show()` shows the page's own lab of the name it declares. Where
   `fakePython.fails` is set, every cell ends in an error. */
(function (root) {
  "use strict";
  const ll = (root.launchlab = root.launchlab || {});
  const NAME = /name="([a-z0-9-]+)"/;
  const never = () => new Promise(() => {});

  function create(options) {
    const log = (root.fakePython = { options, ran: [], points: [], stopped: 0, answer: true,
      fails: false });
    const known = new Set();
    let state = "off";
    return {
      get state() { return state; },
      async start({ onProgress }) {
        state = "loading";
        if (root.failToStart) throw new Error("the network is away");
        for (const loaded of [0, 21e6, 42e6]) {
          onProgress({ loaded, total: 42e6, stage: "loading" });
          await (root.holdLoading && loaded === 21e6 ? root.holdLoading : null);
        }
        onProgress({ loaded: 42e6, total: 42e6, stage: "unpacking" });
        state = "ready";
      },
      async run(code, { onEvent }) {
        log.ran.push(code);
        let ok = true;
        for (const line of code.split("\n")) {
          if (!line.startsWith("#: ")) continue;
          if (line === "#: forever") await never();
          const event = JSON.parse(line.slice(3));
          ok = ok && event.type !== "error";
          onEvent(event);
        }
        if (log.fails) {
          onEvent({ type: "error", name: "MemoryError", message: "", traceback: "" });
          return { ok: false };
        }
        if (/\.show\(/.test(code) && NAME.test(code)) {
          const name = NAME.exec(code)[1];
          known.add(name);
          onEvent({ type: "display", data: { "application/vnd.launchlab.lab+json": { name } } });
        }
        return { ok };
      },
      async point(name, at) {
        log.points.push(at);
        if (root.holdPoint) await root.holdPoint;
        if (!known.has(name)) throw new Error(`no lab ${name}`);
        const data = document.querySelector(`#lab-${name} > .ll-data`);
        const lab = JSON.parse(data.textContent);
        const level = (control) => (!control.values || control.values.includes(at[control.name])
          ? at[control.name] : control.values[0]);
        const near = Object.fromEntries(lab.controls.map((one) => [one.name, level(one)]));
        const found = ll.evaluate(lab, near);
        return { ...found, sentence: `By your code: ${JSON.stringify(at)}. ${found.sentence}` };
      },
      async stop() {
        log.stopped += 1;
        known.clear();
      },
    };
  }

  ll.pagePython = { supported: () => !root.tooOld, create };
})(globalThis);
