/* What a page does by itself: one switch for all code, definitions in place, folds in print.
   Without this script code unfolds cell by cell, terms lead to the glossary, and nothing is lost. */
(() => {
  "use strict";

  // ---------------------------------------------------------------- code
  const KEY = "launchlab-code";
  const folds = [...document.querySelectorAll("details.ll-code")];
  const buttons = [...document.querySelectorAll(".ll-code-switch")];

  function showCode(open) {
    for (const fold of folds) fold.open = open;
    for (const button of buttons) button.setAttribute("aria-pressed", String(open));
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      // What was in sight stays where it is while code above it unfolds.
      const before = button.getBoundingClientRect().top;
      showCode(open);
      window.scrollBy(0, button.getBoundingClientRect().top - before);
      localStorage.setItem(KEY, open ? "open" : "folded");
    });
  }
  if (buttons.length && localStorage.getItem(KEY) === "open") showCode(true);

  // ---------------------------------------------------------------- what was sought
  // The search leaves its words here, and the theme of this book never takes them up: it loads the
  // search on every page, which tells Sphinx that this is the page of results. Marked without a
  // change to the page: labs and pictures hold text, too.
  const SOUGHT = "sphinx_highlight_terms";
  const places = [];

  function seek(words) {
    const skip = "script, style, svg, math, button, .ll-definition, [hidden]";
    const walker = document.createTreeWalker(document.querySelector("article.bd-article"), 4);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(skip)) continue;
      const text = node.data.toLowerCase();
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          places.push(range);
        }
      }
    }
  }

  function markSought(words) {
    seek(words);
    if (!places.length) return;
    const all = new Highlight(...places), here = new Highlight();
    here.priority = 1;
    CSS.highlights.set("ll-sought", all);
    CSS.highlights.set("ll-sought-here", here);
    const bar = document.createElement("div");
    bar.className = "ll-sought";
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", "What you searched for");
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const quoted = words.map((word) => `“${word}”`).join(", ");
    said.textContent = `${quoted}: ${places.length === 1 ? "one place" : `${places.length} places`}`;
    let place = -1;
    function next() {
      place = (place + 1) % places.length;
      const range = places[place];
      for (let at = range.startContainer.parentElement; at; at = at.parentElement) {
        if (at.tagName === "DETAILS") at.open = true;
      }
      here.clear();
      here.add(range);
      const box = range.getBoundingClientRect();
      window.scrollBy(0, box.top - window.innerHeight / 3);
      said.textContent = `${quoted}: ${place + 1} of ${places.length}`;
    }
    function clear() {
      CSS.highlights.delete("ll-sought");
      CSS.highlights.delete("ll-sought-here");
      bar.remove();
    }
    for (const [text, act] of [["Next", next], ["Clear", clear]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", act);
      bar.append(button);
    }
    bar.prepend(said);
    bar.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
    document.querySelector("article.bd-article").prepend(bar);
  }

  const sought = localStorage.getItem(SOUGHT);
  if (sought && !document.getElementById("search-results")) {
    localStorage.removeItem(SOUGHT);
    const words = [...new Set(sought.toLowerCase().split(/\s+/).filter((word) => word.length > 1))];
    if (window.Highlight && CSS.highlights && document.querySelector("article.bd-article")) {
      markSought(words);
    }
  }

  // ---------------------------------------------------------------- print
  // Paper has nothing to click on: claims, hints and answers are printed open. Code is printed as
  // the reader left it.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("article details:not([open], .ll-code, .ll-numbers)")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });

  // ---------------------------------------------------------------- definitions
  const GAP = 6;
  let shown = null;
  let leaving = 0;

  function hide() {
    clearTimeout(leaving);
    if (!shown) return;
    shown.hidePopover();
    shown = null;
  }

  function show(link, box) {
    clearTimeout(leaving);
    if (shown === box && box.ll === link) return;
    hide();
    box.showPopover();
    const at = link.getClientRects()[0];
    const size = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth - size.width - GAP;
    const below = at.bottom + GAP;
    const fits = below + size.height <= window.innerHeight;
    const top = fits ? below : Math.max(GAP, at.top - size.height - GAP);
    box.style.left = `${Math.max(GAP, Math.min(at.left, room)) + window.scrollX}px`;
    box.style.top = `${top + window.scrollY}px`;
    box.ll = link;
    shown = box;
  }

  function leave() {
    clearTimeout(leaving);
    // Time to move the pointer into the box.
    leaving = setTimeout(hide, 250);
  }

  const known = HTMLElement.prototype.showPopover && document.querySelectorAll("a.ll-term");
  for (const link of known || []) {
    const box = document.getElementById(link.getAttribute("aria-describedby"));
    if (!box) continue;
    let touched = false;
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(link, box);
    });
    link.addEventListener("pointerleave", leave);
    link.addEventListener("focus", () => show(link, box));
    link.addEventListener("blur", leave);
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType !== "mouse"; });
    link.addEventListener("click", (event) => {
      // A finger opens the definition; the way to the glossary stands in it.
      if (!touched) return;
      event.preventDefault();
      show(link, box);
    });
  }
  for (const box of document.querySelectorAll(".ll-definition")) {
    box.addEventListener("pointerenter", () => clearTimeout(leaving));
    box.addEventListener("pointerleave", leave);
    box.addEventListener("focusin", () => clearTimeout(leaving));
    box.addEventListener("focusout", leave);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", (event) => {
    if (shown && !shown.contains(event.target) && !shown.ll.contains(event.target)) hide();
  });
})();
