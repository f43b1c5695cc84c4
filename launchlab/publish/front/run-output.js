/* What a cell has shown, where a notebook shows it. None of it is trusted: text is set as text,
   HTML goes into a frame that runs no script and asks nothing of anybody, pictures are data, and
   a chart's loader refuses every address. */
(function (root) {
  "use strict";
  // What a page can hold and a reader can read; a loop that prints for ever must not end the page.
  const MOST_TEXT = 200_000, MOST_SHOWN = 100, MOST_HTML = 2_000_000, TALLEST = 640;
  const FRAME_RULES = "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; " +
    "img-src data:";
  const LEADS_AWAY = ["href", "xlink:href", "action", "formaction", "ping", "src", "srcset",
    "background", "poster", "data", "target"];
  const UNWANTED = "script, base, meta, link, iframe, frame, object, embed, form, portal";

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // ---------------------------------------------------------------- text
  /** Text of one stream, put into the page once a frame, up to a limit for the whole cell. */
  function textBox(name, budget) {
    const box = element("pre", { class: `ll-py-text ll-py-${name}`, tabindex: "0" });
    const shown = document.createTextNode("");
    const rest = element("p", { class: "ll-py-note", hidden: "" }, "The rest is left out.");
    const whole = element("div", {}, box, rest);
    box.append(shown);
    let waiting = "", asked = false;
    function put() {
      asked = false;
      shown.appendData(waiting);
      waiting = "";
    }
    return {
      whole,
      name,
      add(text) {
        const fits = text.slice(0, budget.text);
        budget.text -= fits.length;
        waiting += fits;
        if (fits.length < text.length) rest.hidden = false;
        if (!asked) { asked = true; requestAnimationFrame(put); }
      },
    };
  }

  /** An error as a notebook shows it: the traceback, and at its end what was wrong. */
  function errorBox({ name, message, traceback }) {
    const last = message ? `${name}: ${message}` : name;
    const trace = Array.isArray(traceback) ? traceback.join("\n") : traceback || "";
    const plain = trace.replace(/\u001b\[[0-9;]*m/g, "").trimEnd().slice(-MOST_TEXT);
    const told = [last, message].some((one) => one && plain.endsWith(one.trimEnd()));
    const text = told ? plain : [plain, last].filter(Boolean).join("\n");
    return element("pre", { class: "ll-py-text ll-py-error", role: "alert", tabindex: "0" }, text);
  }

  // ---------------------------------------------------------------- HTML in a frame
  /** HTML without what runs, loads or leads elsewhere. The frame would stop it all the same. */
  function cleaned(html) {
    const found = new DOMParser().parseFromString(html, "text/html");
    for (const one of found.querySelectorAll(UNWANTED)) one.remove();
    for (const one of found.querySelectorAll("*")) {
      for (const { name, value } of [...one.attributes]) {
        const is = name.toLowerCase();
        const harmless = value.startsWith("#") || (is === "src" && /^data:image\//i.test(value));
        if (is.startsWith("on") || (LEADS_AWAY.includes(is) && !harmless)) {
          one.removeAttribute(name);
        }
      }
    }
    return found.body.innerHTML;
  }

  const theme = () => document.documentElement.dataset.theme === "dark" ? "dark" : "light";

  function htmlFrame(html, title) {
    if (html.length > MOST_HTML) {
      return element("p", { class: "ll-py-note" },
        `HTML of ${html.length.toLocaleString("en")} characters is too long to show.`);
    }
    const sheets = [...document.styleSheets].map((sheet) => sheet.href || "")
      .filter((href) => href.includes("/launchlab/"))
      .map((href) => element("link", { rel: "stylesheet", href }).outerHTML);
    const frame = element("iframe", {
      class: "ll-py-frame", title,
      // The page may measure what is inside; nothing inside may run.
      sandbox: "allow-same-origin",
      srcdoc: `<!doctype html><html lang="en" data-theme="${theme()}"><head>` +
        `<meta http-equiv="Content-Security-Policy" content="${FRAME_RULES}">${sheets.join("")}` +
        "<style>body{margin:0;padding:2px;background:transparent;color:var(--ll-ink);" +
        "font:1rem/1.5 var(--ll-sans)}:root[data-theme=dark]{color-scheme:dark}" +
        "html{overflow-y:hidden}</style></head>" +
        `<body class="bd-article"><div>${cleaned(html)}</div></body></html>`,
    });
    frame.addEventListener("load", () => {
      const inside = frame.contentDocument;
      const fit = () => {
        const root = inside.documentElement;
        const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
        const tall = Math.ceil(inside.body.getBoundingClientRect().height) + bar;
        frame.style.height = `${Math.min(tall, TALLEST)}px`;
        root.style.overflowY = tall > TALLEST ? "auto" : "hidden";
      };
      new ResizeObserver(fit).observe(inside.body);
      new MutationObserver(() => { inside.documentElement.dataset.theme = theme(); })
        .observe(document.documentElement, { attributeFilter: ["data-theme"] });
      fit();
    });
    return frame;
  }

  // ---------------------------------------------------------------- pictures and charts
  function picture(data) {
    const png = data["image/png"];
    const source = png && /^[A-Za-z0-9+/=\s]+$/.test(png) ? `data:image/png;base64,${png}`
      : `data:image/svg+xml,${encodeURIComponent(data["image/svg+xml"] || "")}`;
    // An SVG within an image runs nothing and loads nothing.
    return element("img", { class: "ll-py-picture", src: source,
      alt: String(data["text/plain"] || "A picture that this cell has drawn").slice(0, 300) });
  }

  /** A chart's title as lines of text. Twin of launchlab.lab.view.theme.take_title. */
  function takeTitle(spec) {
    const { title, ...untitled } = spec;
    if (!title) return [spec, []];
    const given = typeof title === "object" && !Array.isArray(title) ? title : { text: title };
    const lines = [given.text, given.subtitle].filter(Boolean);
    return [untitled, lines.map((line) => (Array.isArray(line) ? line.join(" ") : String(line)))];
  }

  function chart(given, signal) {
    const [untitled, lines] = takeTitle(given);
    const single = untitled.mark || untitled.layer;
    const spec = single
      ? { autosize: { type: "fit-x", contains: "padding" }, ...untitled, width: "container" }
      : untitled;
    const host = element("div", { class: "ll-chart", role: "img",
      "aria-label": spec.description || lines[0] || "A chart that this cell has drawn" });
    const figure = element("figure", { class: "launchlab ll-plain" });
    if (lines.length) {
      const [first, ...others] = lines;
      figure.append(element("figcaption", { class: "ll-caption" }, element("b", {}, first),
        ...others.map((line) => element("span", {}, line))));
    }
    figure.append(host);
    const refused = (address) => {
      if (figure.querySelector(".ll-py-note")) return;
      figure.append(element("p", { class: "ll-py-note", role: "status" },
        `This chart asks for ${address.slice(0, 200)}. A chart in this page loads nothing.`));
    };
    root.launchlab.chart(host, spec, "frame", null, signal, root.launchlab.untrusted(refused))
      .catch((error) => {
        if (signal.aborted) return;
        figure.replaceWith(element("pre", { class: "ll-py-text ll-py-error", role: "alert" },
          `This chart cannot be drawn: ${error.message}`));
      });
    return figure;
  }

  // ---------------------------------------------------------------- a cell's output
  /** What one run of a cell shows, in an element; `showLab` makes an element of a lab, or returns
      null where the book's stays. */
  function open(host, title, showLab) {
    const life = new AbortController();
    const budget = { text: MOST_TEXT, shown: MOST_SHOWN };
    let last = null;
    function put(node) {
      host.append(node);
      last = null;
    }
    function display(data) {
      const find = (pattern) => Object.keys(data).find((mime) => pattern.test(mime));
      const lab = data["application/vnd.launchlab.lab+json"];
      const drawn = find(/^application\/vnd\.vegalite\.v\d+(\.\d+)*\+json$/);
      if (lab) {
        const made = showLab(lab, life.signal);
        if (made) put(made);
      }
      else if (drawn) put(chart(data[drawn], life.signal));
      else if (data["text/html"] !== undefined) {
        put(htmlFrame(String(data["text/html"]), title));
      }
      else if (data["image/png"] || data["image/svg+xml"]) put(picture(data));
      else {
        const text = data["text/plain"] ?? data["text/markdown"] ?? "";
        const box = textBox("value", budget);
        box.add(String(text));
        put(box.whole);
      }
    }
    return {
      event(event) {
        if (life.signal.aborted) return;
        if (event.type === "stream") {
          if (!last || last.name !== event.name) {
            const box = textBox(event.name === "stderr" ? "stderr" : "stdout", budget);
            put(box.whole);
            last = box;
            last.name = event.name;
          }
          last.add(String(event.text));
        } else if (event.type === "display") {
          budget.shown -= 1;
          if (budget.shown >= 0) display(event.data);
          else if (budget.shown === -1) {
            put(element("p", { class: "ll-py-note" }, "This cell shows more; it is left out."));
          }
        } else if (event.type === "error") put(errorBox(event));
      },
      add: put,
      clear() {
        life.abort();
        host.replaceChildren();
      },
    };
  }

  root.launchlabOutput = { open, element };
})(globalThis);
