/* A reader's ledger: what their browser has kept of predictions, decisions and post-mortems, told,
   printed, taken along as one file, brought back, and erased. Nothing is sent.

   The file is JSON: { "format": "launchlab-ledger", "schema": 1, "kept": { KEY: STORE, ... } } with
   the stores as kept.js, decisions.js and the drill describe them. */
(() => {
  "use strict";
  const FORMAT = "launchlab-ledger", SCHEMA = 1;
  const KEYS = ["launchlab:predictions", "launchlab:decisions", "launchlab:drill"];
  const ENTRIES = {
    "launchlab:predictions": "predictions", "launchlab:decisions": "decisions", "launchlab:drill": "tickets",
  };
  const { SURE, verdict } = globalThis.launchlabPrediction;
  const root = document.querySelector(".ll-ledger");
  const { places, chapters, asked } = JSON.parse(root.querySelector(".ll-ledger-data").textContent);
  const isObject = (thing) => typeof thing === "object" && thing !== null && !Array.isArray(thing);
  const titled = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // ---------------------------------------------------------------- what is kept

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }

  /** The entries of a store; null where it is none, or a later edition's. */
  function entries(key, store) {
    if (!isObject(store) || store.schema !== SCHEMA) return null;
    const found = store[ENTRIES[key]];
    return (key === "launchlab:drill" ? Array.isArray(found) : isObject(found)) ? found : null;
  }

  const kept = (key) => entries(key, read(key));

  function predictions() {
    return Object.values(kept(KEYS[0]) ?? {}).filter((one) => {
      const plain = (value) => typeof value === "string" || Number.isFinite(value);
      return isObject(one) && typeof one.question === "string" && typeof one.words === "string" &&
        plain(one.truth) && (one.said === null || typeof one.said === typeof one.truth) &&
        typeof one.unit === "string" && Number.isFinite(one.tolerance);
    });
  }

  const decisions = () => Object.entries(kept(KEYS[1]) ?? {})
    .filter(([, one]) => isObject(one) && typeof one.text === "string");

  const tickets = () => (kept(KEYS[2]) ?? []).filter((one) => isObject(one) && isObject(one.answers));

  // ---------------------------------------------------------------- what it says of you

  const isHit = (one) => / (Right\.|Close: )/.test(verdict(one));

  /** Between which shares a share of so few may lie: Wilson's interval at 95 %. */
  function between(hits, total) {
    const z = 1.96, share = hits / total, spread = z * z / total;
    const middle = (share + spread / 2) / (1 + spread);
    const half = z * Math.sqrt(share * (1 - share) / total + spread / total / 4) / (1 + spread);
    return [middle - half, middle + half].map((one) => Math.round(100 * Math.min(1, Math.max(0, one))));
  }

  function calibration(said) {
    const rows = Object.entries(SURE).map(([key, words]) => {
      const here = said.filter((one) => one.sure === key);
      return [words, here.filter(isHit).length, here.length];
    }).concat([["not said", said.filter((one) => !one.sure && isHit(one)).length,
      said.filter((one) => !one.sure).length]]);
    const table = element("table");
    const head = element("tr");
    for (const title of ["How sure", "Right or close", "Your share of hits in the long run"]) {
      head.append(element("th", title, { scope: "col" }));
    }
    table.append(element("thead"), element("tbody"));
    table.tHead.append(head);
    for (const [words, hits, total] of rows.filter((row) => row[2])) {
      const row = element("tr");
      const [low, high] = between(hits, total);
      row.append(element("th", words, { scope: "row" }), element("td", `${hits} of ${total}`),
        element("td", `somewhere from ${low} to ${high} %`));
      table.tBodies[0].append(row);
    }
    return table;
  }

  // ---------------------------------------------------------------- the page

  function show() {
    const said = predictions().filter((one) => one.said !== null);
    const skipped = predictions().length - said.length;
    body.replaceChildren();
    body.append(element("h2", "What you predicted", { id: "what-you-predicted" }));
    if (!said.length) {
      body.append(element("p", "Nothing yet. Most labs ask you first; what you say is written here."));
    }
    const list = element("ul", "", { class: "ll-ledger-list" });
    for (const one of said) {
      const item = element("li");
      const name = element(Object.hasOwn(places, one.lab) ? "a" : "span", titled(one.question));
      if (Object.hasOwn(places, one.lab)) name.href = places[one.lab];
      item.append(name, element("p", verdict(one)));
      list.append(item);
    }
    if (said.length) body.append(list);
    if (skipped) body.append(element("p", `${many(skipped, "question", "questions")} you skipped.`));
    if (said.length) {
      body.append(element("h2", "How sure you were", { id: "how-sure-you-were" }), calibration(said));
      body.append(element("p", "Somebody who is well calibrated is right more often when certain than " +
        "when guessing. With fewer than ten answers a row, luck can show any order. The questions " +
        "were also chosen because many readers miss them."));
    }
    body.append(element("h2", "What you decided", { id: "what-you-decided" }));
    if (!decisions().length) {
      body.append(element("p", "Nothing yet. Decision records have a place for your own words."));
    }
    for (const [name, one] of decisions()) {
      const page = name.split("#")[0].split("/").pop();
      const title = Object.hasOwn(chapters, page) ? chapters[page] : one.chapter;
      body.append(element("h3", `${title}, ${one.when}`), element("blockquote", one.text));
    }
    if (tickets().length) {
      body.append(element("h2", "Your post-mortems", { id: "your-post-mortems" }));
      for (const one of tickets()) {
        body.append(element("h3", `Friday evening ${one.seed}`));
        if (one.what) body.append(element("p", String(one.what)));
        const terms = element("dl");
        for (const [name, text] of Object.entries(one.answers)) {
          if (text) terms.append(element("dt", Object.hasOwn(asked, name) ? asked[name] : name), element("dd", String(text)));
        }
        body.append(terms);
      }
    }
  }

  // ---------------------------------------------------------------- one file, and none

  function take() {
    const stores = Object.fromEntries(KEYS.map((key) => [key, read(key)]).filter((pair) => pair[1]));
    const text = JSON.stringify({ format: FORMAT, schema: SCHEMA, kept: stores }, null, 1);
    const link = element("a", "", {
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
      download: `ledger-${new Date().toLocaleDateString("sv")}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell("Written to a file.");
  }

  /** Add what a file holds; of a thing that is here and there, the file's counts. */
  function bring(text) {
    let file;
    try { file = JSON.parse(text); } catch { return "This is no ledger: the file is not JSON. Nothing was changed."; }
    if (!isObject(file) || file.format !== FORMAT || !isObject(file.kept)) {
      return "This is no ledger of this book. Nothing was changed.";
    }
    if (file.schema !== SCHEMA) return "A later edition of the book wrote this file. Nothing was changed.";
    const found = [];
    for (const key of KEYS) {
      const theirs = file.kept[key] === undefined ? undefined : entries(key, file.kept[key]);
      const store = read(key);
      const mine = store === null ? undefined : entries(key, store);
      if (theirs === null) return `The file's ${ENTRIES[key]} cannot be read. Nothing was changed.`;
      if (mine === null && theirs) return `What is kept here of ${ENTRIES[key]} is another edition's. Nothing was changed.`;
      if (theirs) found.push([key, join(mine, theirs)]);
    }
    const before = found.map(([key]) => [key, localStorage.getItem(key)]);
    try {
      for (const [key, one] of found) {
        localStorage.setItem(key, JSON.stringify({ ...read(key), schema: SCHEMA, [ENTRIES[key]]: one }));
      }
    } catch {
      for (const [key, one] of before) if (one !== null) localStorage.setItem(key, one);
      return "This browser keeps no more. Nothing was changed.";
    }
    show();
    const count = (one) => Object.keys(one).length;
    const words = { predictions: "prediction", decisions: "decision", tickets: "post-mortem" };
    const parts = found.map(([key]) => {
      const word = words[ENTRIES[key]];
      return many(count(file.kept[key][ENTRIES[key]]), word, `${word}s`);
    });
    return parts.length ? `Brought back: ${parts.join(", ")}.` : "The file holds nothing.";
  }

  function join(mine, theirs) {
    if (!Array.isArray(theirs)) return { ...mine, ...theirs };
    const known = new Set(theirs.map((one) => JSON.stringify(one)));
    return [...(mine ?? []).filter((one) => !known.has(JSON.stringify(one))), ...theirs];
  }

  function erase() {
    for (const key of KEYS) localStorage.removeItem(key);
    show();
    tell("Erased. This browser keeps nothing of it.");
  }

  // ---------------------------------------------------------------- buttons

  const bar = element("p", "", { class: "ll-ledger-bar" });
  const note = element("p", "", { role: "status", class: "ll-note" });
  const body = element("div", "", { class: "ll-ledger-body" });
  const tell = (text) => { note.textContent = text; };

  function button(text, press) {
    const made = element("button", text, { type: "button" });
    made.addEventListener("click", () => press(made));
    bar.append(made);
    return made;
  }

  button("Save as a file", take);
  const file = element("input", "", { type: "file", accept: ".json,application/json", id: "ll-ledger-file" });
  const label = element("label", "Bring back a file ", { for: file.id });
  file.addEventListener("change", async () => {
    if (file.files.length) tell(bring(await file.files[0].text()));
    file.value = "";
  });
  button("Print", () => window.print());
  const ERASE = "Erase all of it", SURELY = "Really erase? Press once more";
  const eraser = button(ERASE, (pressed) => {
    if (pressed.textContent === ERASE) pressed.textContent = SURELY;
    else { pressed.textContent = ERASE; erase(); }
  });
  eraser.addEventListener("blur", () => { eraser.textContent = ERASE; });
  label.append(file);
  bar.append(label);
  root.replaceChildren(bar, note, body);
  show();
})();
