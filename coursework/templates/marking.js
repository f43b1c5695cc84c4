"use strict";
// Marks of one page: typed, kept in this browser where that is allowed, saved and loaded as a file.
(() => {
  const inputs = [...document.querySelectorAll(".points input")];
  const by = (id) => document.getElementById(id);
  const place = document.body.dataset.key;
  const name = (input) => JSON.stringify([input.dataset.student, input.dataset.question]);
  // Rows of a loaded file that are not about this page go back into the file as they came.
  let others = [];
  let saved = true;

  const storage = (() => {
    try {
      const found = window.localStorage;
      found.setItem(`${place}?`, "1");
      found.removeItem(`${place}?`);
      return found;
    } catch {
      return null;
    }
  })();

  const number = (input) => {
    const typed = input.value.trim().replace(",", ".");
    if (typed === "") return null;
    const value = /^\d*\.?\d+$|^\d+\.$/.test(typed) ? Number(typed) : NaN;
    return value >= 0 && value <= Number(input.dataset.most) ? value : NaN;
  };
  const say = (text) => { by("said").textContent = text; };

  function show() {
    const only = by("todo").checked;
    let done = 0, wrong = 0;
    for (const input of inputs) {
      const value = number(input);
      const card = input.closest("article");
      const marked = value !== null && !Number.isNaN(value);
      done += marked;
      wrong += Number.isNaN(value);
      input.setAttribute("aria-invalid", String(Number.isNaN(value)));
      card.classList.toggle("marked", marked);
      // What somebody is typing into stays where it is.
      card.hidden = only && marked && input !== document.activeElement;
    }
    const state = saved ? (done ? ", saved" : "") : ", not saved yet";
    by("progress").textContent = `${done} of ${inputs.length} marked${state}`;
    say(wrong ? `${wrong} cannot be points: expected a number from 0 to what is given there` : "");
  }

  function keep() {
    saved = false;
    const typed = inputs.map((input) => [name(input), input.value.trim()]);
    try {
      storage?.setItem(place, JSON.stringify({ typed, others }));
    } catch {
      // A full storage costs only what it would have kept.
    }
  }

  function restore() {
    try {
      const kept = JSON.parse(storage?.getItem(place) ?? "null");
      if (!kept) return;
      const typed = new Map(kept.typed);
      for (const input of inputs) input.value = typed.get(name(input)) ?? input.value;
      others = kept.others ?? [];
      saved = false;
    } catch {
      // What cannot be read was not ours.
    }
  }

  function move(from, step) {
    const open = (input) => number(input) === null || Number.isNaN(number(input));
    for (let at = inputs.indexOf(from) + step; at >= 0 && at < inputs.length; at += step) {
      if (step < 0 || open(inputs[at])) {
        inputs[at].closest("article").hidden = false;
        inputs[at].focus();
        inputs[at].select();
        return;
      }
    }
    by("save").focus();
  }

  function parse(text) {
    const head = text.replace(/^\uFEFF/, "");
    const first = head.split(/\r?\n/, 1)[0];
    const mark = [",", ";", "\t"].sort((a, b) => first.split(b).length - first.split(a).length)[0];
    const rows = [[""]];
    let quoted = false;
    for (let at = 0; at < head.length; at += 1) {
      const sign = head[at];
      const row = rows[rows.length - 1];
      if (quoted) {
        if (sign === '"' && head[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
        else if (sign === '"') quoted = false;
        else row[row.length - 1] += sign;
      } else if (sign === '"' && row[row.length - 1] === "") quoted = true;
      else if (sign === mark) row.push("");
      else if (sign === "\n") rows.push([""]);
      else if (sign !== "\r") row[row.length - 1] += sign;
    }
    return rows.filter((row) => row.some((cell) => cell.trim()));
  }

  function take(text) {
    const [heads = [], ...rows] = parse(text);
    const places = ["student", "question", "points"].map((head) =>
      heads.findIndex((one) => one.trim().toLowerCase() === head));
    if (places.includes(-1)) {
      say("This is no marks.csv: expected the columns student, question, points.");
      return;
    }
    const known = new Map(inputs.map((input) => [name(input), input]));
    others = [];
    for (const row of rows) {
      const [student, question, points] = places.map((at) => (row[at] ?? "").trim());
      const input = known.get(JSON.stringify([student, question]));
      if (input) input.value = points;
      else others.push([student, question, points]);
    }
    keep();
    show();
    if (others.length) {
      say(`${others.length} rows are not about this page; they will be saved as they are.`);
    }
  }

  function save() {
    const rows = [["student", "question", "points"], ...others];
    for (const input of inputs) {
      const value = number(input);
      if (Number.isNaN(value)) {
        show();
        input.closest("article").hidden = false;
        input.focus();
        return;
      }
      if (value !== null) rows.push([input.dataset.student, input.dataset.question, String(value)]);
    }
    const cell = (text) => `"${text.replaceAll('"', '""')}"`;
    const text = rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
    const link = document.createElement("a");
    // The mark at the beginning is for Excel.
    link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv" }));
    link.download = "marks.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    saved = true;
    try { storage?.removeItem(place); } catch { /* nothing was kept */ }
    show();
  }

  for (const input of inputs) {
    input.addEventListener("input", () => { keep(); show(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        move(input, event.shiftKey ? -1 : 1);
        show();
      }
    });
  }
  by("save").addEventListener("click", save);
  by("todo").addEventListener("change", show);
  by("load").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) take(await file.text());
    event.target.value = "";
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });
  restore();
  show();
})();
