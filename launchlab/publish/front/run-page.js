/* Python in the page, its first step: the button, where this browser has what it takes. Nothing is
   loaded before a click, and nothing of an address, a link or a storage is ever run. What a click
   loads (the editor, the cells, Python itself) comes from this site alone. */
(() => {
  "use strict";
  const place = document.querySelector(".ll-run");
  const python = window.launchlab && window.launchlab.pagePython;
  const here = document.currentScript.src;
  if (!place || !python || !python.supported()) return;

  const find = (name) => place.querySelector(`.ll-run-${name}`);
  const [button, loading, bar, amount, said] =
    ["start", "loading", "bar", "amount", "said"].map(find);
  const beside = (name) => new URL(name, here).href;
  const runtime = python.create({ base: new URL(place.dataset.base, document.baseURI).href });
  let asked = false;

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = beside(name);
      script.onload = resolve;
      script.onerror = () => {
        script.remove();
        reject(new Error(`${name} did not load`));
      };
      document.head.append(script);
    });
  }

  /** From now on this page asks no other site for anything, whatever a cell shows. */
  function closeDoors() {
    if (document.querySelector("meta[http-equiv='Content-Security-Policy']")) return;
    const rule = document.createElement("meta");
    rule.httpEquiv = "Content-Security-Policy";
    rule.content = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; " +
      "object-src 'none'; base-uri 'self'; form-action 'self'";
    document.head.append(rule);
  }

  function progress({ loaded, total, stage }) {
    const known = total > 0 && loaded < total;
    if (known) {
      bar.max = total;
      bar.value = loaded;
    } else bar.removeAttribute("value");
    amount.textContent = known
      ? `${(loaded / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB` : "";
    const text = stage ? `${stage[0].toUpperCase()}${stage.slice(1)}…` : "Loading Python…";
    // Said only when it is another step: a screen reader would repeat every megabyte.
    if (said.textContent !== text) said.textContent = text;
  }

  async function begin() {
    if (asked) return;
    asked = true;
    button.setAttribute("aria-disabled", "true");
    loading.hidden = false;
    said.textContent = "Loading Python…";
    closeDoors();
    try {
      await Promise.all([load("editor.js"), load("run-cells.js")]);
      const cells = window.launchlabCells.open(runtime);
      said.textContent = "Each code cell below is an editor now. Loading Python…";
      await runtime.start({ onProgress: progress });
      cells.ready();
      const held = document.activeElement === button;
      button.hidden = true;
      said.textContent = "Python is ready. Change any code cell below and run it.";
      if (held) { said.tabIndex = -1; said.focus({ preventScroll: true }); }
    } catch (error) {
      asked = false;
      if (window.launchlabCells) window.launchlabCells.close();
      button.removeAttribute("aria-disabled");
      button.textContent = "Try again";
      said.textContent = `Python could not be loaded: ${error.message}.`;
    }
    loading.hidden = true;
  }

  place.hidden = false;
  button.addEventListener("click", begin);
})();
