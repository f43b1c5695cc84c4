/* Presenting a chapter: its headings, pictures, labs, claims and exercises one at a time, in large
   type. Nothing moves: what is not on the screen is hidden, so that a lab keeps its state. The
   button that begins it stands among the page's own; `#present` behind an address begins it too. */
(() => {
  "use strict";
  const article = document.querySelector("article.bd-article");
  const buttons = [...document.querySelectorAll(".ll-present-button")];
  if (!article || !buttons.length) return;

  const AWAY = "ll-away";
  const STOPS = "h1, h2, .ll-ticket, .ll-drawing, .launchlab, .ll-claim, .ll-exercise";
  const FIELDS = "input, select, textarea, [contenteditable], [role='slider']";
  const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
  const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

  // ---------------------------------------------------------------- what is shown, one by one
  function head(one) {
    const found = [...article.querySelectorAll("h2")].filter(
      (heading) => heading.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    return found.pop();
  }

  function after(one, wanted) {
    const next = one.nextElementSibling;
    return next && (next.matches(wanted) || next.querySelector(wanted)) ? [next] : [];
  }

  function slides() {
    const found = [];
    for (const one of article.querySelectorAll(STOPS)) {
      // A lab of the book's that the reader's own stands in for is not on the screen.
      if (one.parentElement.closest(`${STOPS}, .ll-set-aside`)) continue;
      const given = found.some((slide) => slide.some((part) => part.contains(one)));
      if (given) continue;
      if (one.matches("h1")) found.push([one, ...after(one, ".ll-scene")]);
      else if (one.matches("h2")) found.push([one, ...after(one, "p")]);
      else if (one.matches(".ll-exercise")) {
        const folds = [];
        for (let at = one.nextElementSibling; at?.matches(".ll-fold"); at = at.nextElementSibling) {
          folds.push(at);
        }
        found.push([one, ...folds]);
      } else found.push([head(one), one].filter(Boolean));
    }
    return found;
  }

  // ---------------------------------------------------------------- the screen
  let all = [];
  let at = -1;

  function only(parts) {
    for (const one of article.querySelectorAll(`.${AWAY}`)) one.classList.remove(AWAY);
    const way = new Set();
    for (const part of parts) {
      for (let one = part; one !== article; one = one.parentElement) way.add(one);
    }
    for (const one of [article, ...way]) {
      if (parts.includes(one)) continue;
      for (const child of one.children) child.classList.toggle(AWAY, !way.has(child));
    }
  }

  function go(to) {
    at = Math.max(0, Math.min(to, all.length - 1));
    only(all[at]);
    count.textContent = `${at + 1} of ${all.length}`;
    back.disabled = at === 0;
    next.disabled = at === all.length - 1;
    window.scrollTo(0, 0);
    article.focus({ preventScroll: true });
  }

  function begin() {
    all = slides();
    // Where the reader was is where it begins.
    const here = all.findIndex((parts) => parts[parts.length - 1].getBoundingClientRect().bottom > 0);
    document.documentElement.classList.add("ll-present");
    article.setAttribute("tabindex", "-1");
    document.body.append(bar);
    go(here);
  }

  function end() {
    const last = all[at][all[at].length - 1];
    document.documentElement.classList.remove("ll-present");
    for (const one of article.querySelectorAll(`.${AWAY}`)) one.classList.remove(AWAY);
    article.removeAttribute("tabindex");
    bar.remove();
    at = -1;
    last.scrollIntoView({ block: "center" });
    buttons.find((one) => one.offsetParent)?.focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------- its controls
  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  const bar = document.createElement("div");
  bar.className = "ll-present-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Presentation");
  const back = button("←", "Back", () => go(at - 1));
  const next = button("→", "Next", () => go(at + 1));
  const count = document.createElement("span");
  count.setAttribute("aria-live", "polite");
  bar.append(back, count, next, button("Leave", "Leave the presentation", end));

  document.addEventListener("keydown", (event) => {
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      end();
      return;
    }
    // In a field these keys are the field's; a space also presses what has the focus.
    if (event.target.closest(FIELDS)) return;
    if (event.key === " " && event.target.closest("button, summary, a")) return;
    const to = NEXT.includes(event.key) ? at + 1 : BACK.includes(event.key) ? at - 1
      : event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : null;
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
  for (const one of buttons) one.addEventListener("click", begin);
  if (window.location.hash === "#present") begin();
})();
