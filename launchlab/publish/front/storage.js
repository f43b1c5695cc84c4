/* Before the theme's first script. Where a browser blocks a site's data, reading `localStorage`
   throws, and with it would end all that the theme does: its buttons, its search, its menu. */
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    window[name].getItem("");
  } catch {
    const kept = new Map();
    const memory = {
      getItem: (key) => (kept.has(String(key)) ? kept.get(String(key)) : null),
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (place) => [...kept.keys()][place] ?? null,
      get length() { return kept.size; },
    };
    Object.defineProperty(window, name, { configurable: true, value: memory });
    // For a page in a frame, which says so.
    document.documentElement.classList.add("ll-forgets");
  }
}
// For the style sheet: what only a script could bring back may be put away.
document.documentElement.classList.add("ll-page");
