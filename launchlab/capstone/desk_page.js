// The desk as a page shows it: the draw, a signature, seven days, and four weeks later.
// What is counted is launchlabDesk's, in desk.js.
(function () {
  "use strict";
  const KEY = "launchlab:decisions", SCHEMA = 1;
  const [WIDE, HIGH, LEFT, LOW] = [340, 250, 44, 34];
  const X = [0.86, 1.04], Y = [0.6, 1.5];

  // ---------------------------------------------------------------- what a browser keeps

  /** A name of which no decision is kept yet: a second one for a town takes nothing from the first. */
  function fresh(name) {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(KEY)).decisions || {}; } catch (error) { /* none */ }
    let found = name;
    for (let k = 2; Object.hasOwn(kept, found); k += 1) found = `${name}-${k}`;
    return found;
  }

  /** Write a decision where pages keep them (see decisions.js); whether the browser kept it. */
  function keep(name, decision) {
    let store = null;
    try { store = JSON.parse(localStorage.getItem(KEY)); } catch (error) { /* none */ }
    if (store && store.schema > SCHEMA) return false;
    if (!store || store.schema !== SCHEMA || typeof store.decisions !== "object" || !store.decisions) {
      store = { schema: SCHEMA, decisions: {} };
    }
    store.decisions[name] = decision;
    try {
      localStorage.setItem(KEY, JSON.stringify(store));
      return true;
    } catch (error) { return false; }
  }

  function mount(section) {
    const data = JSON.parse(section.querySelector(".ll-desk-data").textContent);
    const desk = globalThis.launchlabDesk(data), { scale, limits } = data;
    const find = (selector) => section.querySelector(selector);
    const all = (selector) => [...section.querySelectorAll(selector)];
    const levers = all("[data-lever]"), tally = { shipped: 0, kept: 0, right: 0 };
    let town = 0, place = data.control, seed = 0, day = 0, signed = "", entry = "";

    const element = (name, text, className = "") => {
      const made = document.createElement(name);
      made.textContent = text;
      if (className) made.className = className;
      return made;
    };
    const percent = (ratio) => `${(100 * ratio).toFixed(1)} %`;
    const change = (value) => {
      const text = Math.abs(value).toFixed(1);
      return `${text === "0.0" ? "" : value < 0 ? "−" : "+"}${text}`;
    };
    const fits = ([orders, ads]) => orders >= limits.orders * scale && ads >= limits.ads * scale;

    // -------------------------------------------------------------- pictures

    const x = (ratio) => LEFT + (WIDE - LEFT - 8) * (Math.min(X[1], Math.max(X[0], ratio)) - X[0]) / (X[1] - X[0]);
    const y = (ratio) => 8 + (HIGH - LOW - 8) * (Y[1] - Math.min(Y[1], Math.max(Y[0], ratio))) / (Y[1] - Y[0]);

    function mark(name, attributes, text = "") {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.textContent = text;
      return made;
    }

    function frame() {
      const floor = HIGH - LOW, parts = [
        mark("rect", { class: "room", x: x(limits.orders), y: 8, width: WIDE - 8 - x(limits.orders), height: y(limits.ads) - 8 }),
        mark("path", { class: "axis", d: `M${LEFT},8V${floor}H${WIDE - 8}` }),
        mark("path", { class: "limit", d: `M${x(limits.orders)},8V${floor}M${LEFT},${y(limits.ads)}H${WIDE - 8}` }),
      ];
      for (const one of [0.9, 0.95, 1]) {
        parts.push(mark("text", { x: x(one), y: floor + 14, "text-anchor": "middle" }, String(Math.round(100 * one))));
      }
      for (const one of [0.75, 1.05, 1.35]) {
        parts.push(mark("text", { x: LEFT - 5, y: y(one) + 4, "text-anchor": "end" }, String(Math.round(100 * one))));
      }
      parts.push(mark("text", { x: WIDE - 8, y: HIGH - 4, "text-anchor": "end" }, "orders, % of control →"),
        mark("text", { x: LEFT + 5, y: 18 }, "↑ ads, % of control"));
      return parts;
    }

    const dots = (rows, margin) => rows.map((row) => mark("circle", {
      class: `dot${fits(row) ? " fits" : ""}`, cx: x(row[0] / scale), cy: y(row[1] / scale),
      r: Math.max(1.6, 3.4 + 22 * (row[margin] / scale - 1)).toFixed(1),
    }));

    function cross(row) {
      const [a, b] = [row[0] / scale, row[1] / scale], [s, t] = [1.96 * row[3] / scale, 1.96 * row[4] / scale];
      return [mark("path", { class: "range", d: `M${x(a - s)},${y(b)}H${x(a + s)}M${x(a)},${y(b - t)}V${y(b + t)}` }),
        mark("circle", { class: "mine", cx: x(a), cy: y(b), r: 5.5 })];
    }

    // -------------------------------------------------------------- the draw

    function hold(next) {
      place = next;
      levers.forEach((one, k) => { one.value = String(data.menu[place][k]); });
      const rows = data.towns[town].draw, row = rows[place];
      find(".ll-desk-plot").replaceChildren(...frame(), ...dots(rows, 2), ...cross(row));
      const words = data.words[place];
      find(".ll-desk-mine").textContent = place === data.control
        ? `${words}. That is the control, which runs today. To sign it is to ship nothing new: the same goes out once more.`
        : `${words}.`;
      const line = (label, k, limit) => {
        const made = document.createElement("tr");
        const low = (z) => (row[k] - z * row[k + 3]) / scale;
        const head = element("th", label);
        head.scope = "row";
        made.append(head, element("td", percent(row[k] / scale), "ll-n"),
          ...[data.z.low, data.z.lower].map(low).map((one) =>
            element("td", percent(one), limit && one < limit ? "ll-n ll-broken" : "ll-n")),
          element("td", limit ? percent(limit) : "–", "ll-n"));
        return made;
      };
      find(".ll-desk-numbers tbody").replaceChildren(line("orders", 0, limits.orders),
        line("ads", 1, limits.ads), line("margin", 2, 0));
    }

    function open() {
      const rows = data.towns[town].draw;
      const able = rows.map((row, k) => [row, k]).filter(([row]) => fits(row)).sort((a, b) => b[0][2] - a[0][2]);
      find("[data-seem]").textContent = `${able.length} of the 96 seem to keep both limits. The most margin among them:`;
      find(".ll-desk-top").replaceChildren(...able.slice(0, 5).map(([row, k]) => {
        const item = document.createElement("li"), button = element("button", `${data.words[k]}: margin ${percent(row[2] / scale)}`);
        button.type = "button";
        button.addEventListener("click", () => hold(k));
        item.append(button);
        return item;
      }));
      find("#desk-why").value = "";
      find(".ll-desk-release").hidden = true;
      find(".ll-desk-end").hidden = true;
      lock(false);
      hold(data.control);
    }

    function lock(on) {
      [...levers, find("[data-town]"), find("#desk-why"), find("[data-do=sign]"), ...all(".ll-desk-top button")]
        .forEach((one) => { one.disabled = on; });
    }

    function sign() {
      const why = find("#desk-why").value.trim(), note = find("[role=alert]");
      if (why.split(/\s+/).length < 4) {
        note.textContent = "Write down why first, in four words at least: what is not written before is remembered wrongly after.";
        find("#desk-why").focus();
        return;
      }
      signed = `Town ${town}: I ship ${data.words[place]}, because ${why}`;
      entry = fresh(`capstone/your-name-on-it#town-${town}`);
      const kept = write(signed);
      note.textContent = kept ? "" : "This browser keeps nothing here: copy it before you leave.";
      find("[data-paper]").textContent = signed;
      seed = Math.floor(Math.random() * data.luck.length);
      day = 0;
      lock(true);
      find(".ll-desk-days tbody").replaceChildren();
      find(".ll-desk-now").textContent = "It is signed, and in your ledger. The release is ready.";
      ["day", "stop"].forEach((one) => { find(`[data-do=${one}]`).disabled = false; });
      find("[data-do=all]").disabled = true;
      find(".ll-desk-release").hidden = false;
      find("[data-at-release]").focus();
    }

    function write(text) {
      const chapter = document.querySelector("h1")?.firstChild?.textContent.trim() || "Your name on it";
      const when = new Date().toLocaleDateString("sv");
      return keep(entry, { chapter, asked: "I ship … because …", text, when });
    }

    // -------------------------------------------------------------- seven days

    function next() {
      day += 1;
      const rows = desk.days(town, place, seed).slice(0, day), seen = desk.watched(rows);
      find(".ll-desk-days tbody").replaceChildren(...seen.map(([moved, error, z, bound], k) => {
        const made = document.createElement("tr"), head = element("th", String(k + 1));
        head.scope = "row";
        made.append(head, element("td", `${Math.round(100 * data.shares[k])} %`, "ll-n"),
          element("td", `${change(moved)} ± ${(1.96 * error).toFixed(1)} %`, "ll-n"),
          element("td", change(z), z < -bound ? "ll-n ll-broken" : "ll-n"), element("td", `−${bound.toFixed(1)}`, "ll-n"));
        return made;
      }));
      const [moved, error, z, bound] = seen[day - 1];
      const behind = moved + 1.96 * error < 0;
      const verdict = z < -bound ? "That is beyond the bound: the limit is broken, or you are that unlucky."
        : behind && z > 1.645 ? "It is behind the control, and clear of the limit."
          : behind ? "It is behind the control. How it stands to the limit is open."
            : "Nothing yet that chance could not have done.";
      find(".ll-desk-now").textContent = `Day ${day}: orders ${change(moved)} ± ${(1.96 * error).toFixed(1)} %. ${verdict}`;
      if (day === data.shares.length) {
        find("[data-do=day]").disabled = true;
        find("[data-do=all]").disabled = false;
      }
    }

    // -------------------------------------------------------------- four weeks later

    function end(stopped) {
      ["day", "stop", "all"].forEach((one) => { find(`[data-do=${one}]`).disabled = true; });
      const fault = desk.faultOf(town, seed), found = desk.facts(town, place, fault, stopped), truth = data.towns[town];
      const [is, ads] = truth.later[place].map((one) => one / scale * (1 - (fault ? fault[1] : 0)));
      const should = is < limits.orders;
      const parts = [fault ? `The release carried a fault: ${fault[0]}, ${(100 * fault[1]).toFixed(1)} % of orders.`
        : "The release carried no fault."];
      parts.push(stopped
        ? `You stopped it ${day ? `after day ${day}` : "before its first day"}. ` + (fault ? "The fault was mended, and it went out a week later." : "It stayed where it was.")
        : "You gave it to everybody.");
      parts.push(`${fault ? "With the fault, the release" : "It"} truly had ${percent(is)} of the control's orders, so by the limit on orders it was right to ${should ? "stop it" : "let it run"}.`);
      if (!should && found.ads_short) {
        parts.push(`Its ads lay below their limit, at ${percent(ads)}: you chose that at the desk, and days of orders cannot show it.`);
      }
      if (fault && !should) parts.push("Your distance from the limit hid the fault.");
      const rang = day > 0 && desk.watched(desk.days(town, place, seed).slice(0, day)).some(([, , z, bound]) => z < -bound);
      if (stopped !== should && (stopped ? rang : !rang && day === data.shares.length)) {
        parts.push("You kept the rule, and had bad luck: what the days showed was not so.");
      }
      parts.push(`Four weeks: orders ${change(found.orders)} %, ads ${change(found.ads)} %, margin ${change(found.margin)} %; ` +
        `the most margin that kept both limits was ${change(100 * (truth.best - 1))} %.`);
      find(".ll-desk-truth").textContent = parts.join(" ");
      tally.shipped += 1;
      tally.kept += found.broken ? 0 : 1;
      tally.right += stopped === should ? 1 : 0;
      write(`${signed}\nAfterwards: ${parts.join(" ")}`);

      const best = truth.later.map((row, k) => [row, k]).filter(([row]) => fits(row)).sort((a, b) => b[0][2] - a[0][2])[0][0];
      const from = truth.draw[place];
      const to = [found.orders, found.ads].map((one) => scale * (1 + one / 100));
      find(".ll-desk-true").replaceChildren(...frame(), ...dots(truth.later, 2),
        mark("rect", { class: "best", x: x(best[0] / scale) - 6, y: y(best[1] / scale) - 6, width: 12, height: 12 }),
        mark("path", { class: "range", d: `M${x(from[0] / scale)},${y(from[1] / scale)}L${x(to[0] / scale)},${y(to[1] / scale)}` }),
        mark("circle", { class: "was", cx: x(from[0] / scale), cy: y(from[1] / scale), r: 4.5 }),
        mark("circle", { class: "mine", cx: x(to[0] / scale), cy: y(to[1] / scale), r: 5.5 }));
      for (const [who, text] of Object.entries(desk.said(found))) find(`[data-who=${who}] q`).textContent = text;

      const row = (label, k, you) => {
        const made = document.createElement("tr"), head = element("th", label);
        head.scope = "row";
        if (k < 0) {
          const none = element("td", "nothing passes: they ask for more sessions");
          none.colSpan = 4;
          made.append(head, none);
          return made;
        }
        const one = truth.later[k], broken = !fits(one);
        made.append(head, ...one.map((value) => element("td", percent(value / scale), "ll-n")),
          element("td", broken ? "broken" : "kept", broken ? "ll-last ll-broken" : "ll-last"));
        made.toggleAttribute("data-you", Boolean(you));
        return made;
      };
      find(".ll-desk-others tbody").replaceChildren(row("you", place, true),
        ...Object.entries(data.strategies).map(([name, words]) => row(words, truth.chosen[name])));
      find("[data-tally]").textContent = `${tally.shipped} ${tally.shipped === 1 ? "town" : "towns"} so far: limits kept in ` +
        `${tally.kept}, right by the orders in ${tally.right}.`;
      find("[data-do=next]").hidden = town === data.towns.length - 1;
      find(".ll-desk-end").hidden = false;
      find("[data-at-end]").focus();
    }

    // -------------------------------------------------------------- hands

    find("[data-town]").addEventListener("change", (event) => { town = Number(event.target.value); open(); });
    levers.forEach((one) => one.addEventListener("change", () => {
      const wanted = levers.map((lever) => lever.value);
      hold(data.menu.findIndex((row) => row.every((value, k) => String(value) === wanted[k])));
    }));
    find(".ll-desk-plot").addEventListener("click", (event) => {
      if (find("[data-do=sign]").disabled) return;
      const box = event.currentTarget.getBoundingClientRect();
      const [a, b] = [(event.clientX - box.left) * WIDE / box.width, (event.clientY - box.top) * HIGH / box.height];
      const far = data.towns[town].draw.map(([one, two]) => (x(one / scale) - a) ** 2 + (y(two / scale) - b) ** 2);
      hold(far.indexOf(Math.min(...far)));
    });
    find("[data-do=sign]").addEventListener("click", sign);
    find("[data-do=day]").addEventListener("click", next);
    find("[data-do=stop]").addEventListener("click", () => end(true));
    find("[data-do=all]").addEventListener("click", () => end(false));
    find("[data-do=next]").addEventListener("click", () => {
      town += 1;
      find("[data-town]").value = String(town);
      open();
      find("[data-town]").focus();
    });
    find("#desk-why").addEventListener("input", (event) => {
      find("[data-paper]").textContent = event.target.value;
      find("[role=alert]").textContent = "";
    });
    find(".ll-desk-still").hidden = true;
    find(".ll-desk-work").hidden = false;
    open();
  }

  document.querySelectorAll(".ll-desk:not([data-mounted])").forEach((section) => {
    section.dataset.mounted = "true";
    mount(section);
  });
})();
