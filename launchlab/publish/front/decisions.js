/* A place to write a decision in: in each decision record, and where a page asks for "I ship …
   because …". What is written stays in the browser, under one key:
   localStorage["launchlab:decisions"] holds
     { "schema": 1, "decisions": { "PAGE#NUMBER": { chapter, asked, text, when }, ... } }
   PAGE is the page's folder and name, NUMBER the place among those of the page; `when` is the day
   of the last change (YYYY-MM-DD). Of a store with a higher number nothing is read or changed. */
(() => {
  "use strict";
  const KEY = "launchlab:decisions", SCHEMA = 1, ASKED = "I ship … because …";
  const ledger = document.currentScript.dataset.ledger;
  const page = location.pathname.split("/").slice(-2).join("/").replace(/\.html$/, "");
  const isObject = (thing) => typeof thing === "object" && thing !== null && !Array.isArray(thing);

  function load() {
    let found = null;
    try { found = JSON.parse(localStorage.getItem(KEY)); } catch { /* none */ }
    if (isObject(found) && found.schema > SCHEMA) return null;
    const sound = isObject(found) && found.schema === SCHEMA && isObject(found.decisions);
    return sound ? found : { schema: SCHEMA, decisions: {} };
  }

  /** Write a decision, or take it away where nothing is written; whether the browser kept it. */
  function keep(name, decision) {
    const store = load();  // what other pages have written meanwhile stays
    if (!store) return false;
    if (decision.text.trim()) store.decisions[name] = decision;
    else delete store.decisions[name];
    try {
      const text = JSON.stringify(store);
      localStorage.setItem(KEY, text);
      return localStorage.getItem(KEY) === text;
    } catch { return false; }
  }

  function add(place, asked, number) {
    const name = `${page}#${number}`;
    const chapter = document.querySelector("h1").firstChild.textContent.trim();
    const box = document.createElement("div");
    box.className = "ll-yours";
    const label = document.createElement("label");
    label.textContent = "Yours, in your words";
    const field = document.createElement("textarea");
    field.rows = 3;
    field.id = `ll-yours-${number}`;
    label.htmlFor = field.id;
    const note = document.createElement("p");
    note.className = "ll-note";
    note.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = ledger;
    link.textContent = "your ledger";
    const stays = document.createElement("p");
    stays.className = "ll-note";
    stays.append("It stays in this browser, with your predictions: ", link, ".");
    box.append(label, field, note, stays);
    const kept = load()?.decisions[name];
    if (isObject(kept) && typeof kept.text === "string") field.value = kept.text;
    field.addEventListener("input", () => {
      const when = new Date().toLocaleDateString("sv");  // the day here, as 2026-11-26
      const done = keep(name, { chapter, asked, text: field.value, when });
      note.textContent = done ? "" : "This browser keeps nothing here: copy it before you leave.";
    });
    place(box);
  }

  const records = [...document.querySelectorAll(".ll-ticket.ll-record")];
  const asks = [...document.querySelectorAll("article em")]
    .filter((one) => one.textContent === ASKED && !one.closest(".ll-ticket")).slice(0, 1);
  let number = 0;
  for (const record of records) add((box) => record.append(box), "Decision record", ++number);
  for (const asked of asks) add((box) => asked.closest("p").after(box), ASKED, ++number);
})();
