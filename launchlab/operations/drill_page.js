// The drill as a page shows it: dashboards, choices, the reckoning and the post-mortem.
// The evening itself is launchlabDrill's, in drill.js.
(function () {
  "use strict";
  const KEY = "launchlab:drill", SCHEMA = 1, MOST = 20;
  const TICK_MS = 1500;
  const DOMAINS = {
    ml: [100, 380], sales: [20, 280], product: [0, 6000], infrastructure: [0, 9], manager: [-60, 60],
  };
  const BIN = 10;

  // ---------------------------------------------------------------- what a browser keeps

  /** The post-mortems kept, the newest last; none where the browser refuses or another version wrote. */
  function kept() {
    const found = stored();
    return found && found.schema === SCHEMA && Array.isArray(found.tickets)
      ? found.tickets.filter((one) => one && Number.isInteger(one.seed) && one.answers) : [];
  }

  function stored() {
    try { return JSON.parse(window.localStorage.getItem(KEY)); } catch (error) { return null; }
  }

  function keep(tickets) {
    const found = stored();
    if (found && found.schema > SCHEMA) return false;
    try {
      if (tickets.length) {
        const text = JSON.stringify({ schema: SCHEMA, tickets: tickets.slice(-MOST) });
        window.localStorage.setItem(KEY, text);
      } else window.localStorage.removeItem(KEY);
      return window.localStorage.getItem(KEY) !== undefined;
    } catch (error) { return false; }
  }

  // ---------------------------------------------------------------- the drill in a section

  function mount(section) {
    const data = JSON.parse(section.querySelector(".ll-drill-data").textContent);
    const drill = window.launchlabDrill(data);
    const { numbers: N, story, strategies } = data;
    const find = (selector) => section.querySelector(selector);
    const all = (selector) => [...section.querySelectorAll(selector)];
    const people = Object.fromEntries(all("[data-board]").map((board) =>
      [board.dataset.board, board.querySelector(".ll-drill-who").textContent]));
    let evening = null, state = null, plan = [], timer = null, ticket = null;

    const clock = (minute) =>
      `${17 + Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
    const sign = (value) => (Math.floor(Math.abs(value) + 0.5) === 0 ? "" : value < 0 ? "−" : "+");
    const percent = (value) => `${sign(value)}${drill.grouped(value)} %`;
    /** A loss; a negative one is a gain, and is called so. */
    const lostOf = (value, unit = "") =>
      `${unit}${drill.grouped(value)}${sign(value) === "−" ? " gained" : ""}`;
    const dollars = (value) => lostOf(value, "$");

    function element(name, text, className) {
      const made = document.createElement(name);
      made.textContent = text;
      if (className) made.className = className;
      return made;
    }

    const who = (entry) => {
      if (entry[1] === "message") return `${people[entry[2]]} write: `;
      if (entry[1] === "answer") return `${people[entry[2]]}, called in: `;
      return entry[1] === "look" ? "You find: " : "";
    };
    const called = (entry) => (entry[1] === "you" && people[entry[2]]
      ? entry[3].replace("You call them", `You call: ${people[entry[2]]}`) : entry[3]);
    const line = (entry) => `${clock(entry[0])} ${grammar(who(entry))}${called(entry)}`;
    // One of the five is several people, the others are one or a team.
    const grammar = (text) => text.replace(/^(?!ML)(\S+) write: /, "$1 writes: ");

    // -------------------------------------------------------------- dashboards

    function bins() {
      const found = [];
      for (let end = BIN; end <= state.minute; end += BIN) {
        const sum = [0, 0, 0, 0, 0, 0];
        let before = 0;
        for (let m = end - BIN; m < end; m += 1) {
          drill.counts(evening, m, state).forEach((one, k) => { sum[k] += one; });
          before += 2 * data.frame.sessions[m] * evening.friday * evening.truth.rates.old.orders;
        }
        const seen = drill.facts(evening, { ...state, minute: end, back_at: drill.NEVER });
        found.push({ end, sum, before, seen, ringing: drill.alarm(evening, { ...state, minute: end }) });
      }
      return found;
    }

    function series(board, bin) {
      const { sum, seen } = bin, back = bin.end > state.back_at;
      if (board === "ml") return [back ? null : 1000 * sum[1] / sum[0], 1000 * sum[4] / sum[3]];
      if (board === "sales") return [back ? null : 1000 * sum[2] / sum[0], 1000 * sum[5] / sum[3]];
      if (board === "product") return [back ? null : seen.p99, seen.p99_control];
      if (board === "infrastructure") return [bin.ringing[1], null];
      return [100 * ((sum[1] + sum[4]) / bin.before - 1), 0];
    }

    function draw(found) {
      const parts = bins();
      all("[data-board]").forEach((board) => {
        const name = board.dataset.board, [low, high] = DOMAINS[name];
        const y = (value) => 46 - 44 * (Math.min(high, Math.max(low, value)) - low) / (high - low);
        const lines = parts.map((bin) => [bin.end, series(name, bin)]);
        const path = (k) => lines.filter(([, values]) => values[k] !== null)
          .map(([end, values], place) => `${place ? "L" : "M"}${end},${y(values[k]).toFixed(1)}`).join("");
        const picture = board.querySelector(".ll-drill-spark");
        picture.replaceChildren(...[["old", 1], ["new", 0]].map(([kind, k]) => {
          const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
          made.setAttribute("class", `ll-drill-${kind}`);
          made.setAttribute("d", path(k));
          return made;
        }));
        const [value, says] = told(name, found);
        const isRed = drill.red(found).includes(name);
        board.toggleAttribute("data-red", isRed);
        board.querySelector(".ll-drill-value").replaceChildren(
          ...(isRed ? [element("span", "▲ red", "ll-drill-red"), " "] : []), value);
        board.querySelector(".ll-drill-says").textContent = says;
      });
    }

    function told(name, f) {
      const off = state.minute >= state.back_at;
      const early = f.control === 0;
      if (name === "ml") {
        return early ? ["–", "No orders counted yet."] : [
          `${percent(f.change)} ± ${drill.grouped(f.error)}`,
          `Orders per 1,000 sessions${off ? " until the rollback" : ""}: new ` +
          `${drill.grouped(f.release)}, old ${drill.grouped(f.control)}.`];
      }
      if (name === "sales") {
        return early ? ["–", "Nothing earned yet."] : [percent(f.ads),
          `Ads per 1,000 sessions${off ? " until the rollback" : ""}: new ` +
          `$${drill.grouped(f.ads_release)}, old $${drill.grouped(f.ads_control)}.`];
      }
      if (name === "product") {
        return [`${drill.grouped(off ? f.p99_control : f.p99)} ms`,
          off ? "One answer in a hundred of the old model takes longer."
            : `One answer in a hundred of the new model takes longer; of the old, ${drill.grouped(f.p99_control)} ms.`];
      }
      if (name === "infrastructure") {
        const [feature, psi] = drill.alarm(evening, state);
        return feature
          ? [`alarm, ${feature}`, `PSI ${psi.toFixed(psi < 1 ? 2 : 1)}; it rings above 0.25. Errors: none.`]
          : ["no alarm", "No input has moved beyond a PSI of 0.25. Errors: none."];
      }
      return state.minute === 0 ? ["–", "No orders yet."] : [percent(f.total),
        "All orders of the last half hour, both models, against last Friday's."];
    }

    function show() {
      const found = drill.facts(evening, state);
      find(".ll-drill-clock").textContent = clock(state.minute);
      draw(found);
      const items = state.log.map((entry) => {
        const item = element("li", "", entry[1] === "message" || entry[1] === "answer" ? `ll-${entry[2]}` : "");
        item.append(element("time", clock(entry[0])), " ", element("b", grammar(who(entry))), called(entry));
        return item;
      });
      find(".ll-drill-log").replaceChildren(...items.reverse());
      all("[data-do^=call]").forEach((button) => {
        button.disabled = state.over || state.called.includes(button.dataset.do.slice(5));
      });
      const off = state.back_at < drill.NEVER;
      find("[data-do=rollback]").disabled = state.over || off;
      find("[data-do=run]").textContent = off ? "Wait until 21:00" : "Let it run to 21:00";
    }

    // -------------------------------------------------------------- what the reader does

    function stop() {
      window.clearInterval(timer);
      timer = null;
      const button = find("[data-do=play]");
      button.setAttribute("aria-pressed", "false");
      button.textContent = "Let the clock run";
    }

    // Each piece of news stands in a line of its own; what is read aloud has a space between them.
    function tell(...parts) {
      find(".ll-drill-now").replaceChildren(
        ...parts.flatMap((part, place) => (place ? [" ", element("span", part)] : [element("span", part)])));
    }

    function act(action) {
      const before = state.log.length;
      if (!action.startsWith("wait")) plan.push([state.minute, action]);
      state = drill.step(evening, state, action);
      const news = state.log.slice(before).map(line);
      show();
      const ticking = action === "wait 1";
      const told = news.length > 4 ? [`${news.length} entries have come into the log.`] : news;
      const now = find(".ll-drill-now");
      // The status follows the clock, and is read out only if there is news.
      now.setAttribute("aria-live", news.length || !ticking ? "polite" : "off");
      tell(`It is ${clock(state.minute)}.`, ...told);
      // Nobody has to read against the clock.
      if (news.length) stop();
      if (state.over) finish();
    }

    function start(seed) {
      stop();
      evening = drill.makeEvening(seed);
      state = drill.begin();
      plan = [];
      find("#drill-seed").value = String(seed);
      find(".ll-drill-play").hidden = false;
      find(".ll-drill-end").hidden = true;
      find(".ll-drill-ticket").hidden = true;
      all(".ll-drill-time button, .ll-drill-acts button").forEach((button) => { button.disabled = false; });
      show();
      tell(`It is ${clock(0)}.`, state.log[0][3]);
    }

    // -------------------------------------------------------------- the reckoning

    const price = (name) => Number(find(`[data-price=${name}]`).value);

    /** What was done, with the minutes after it; to let run what is rolled back is only to wait. */
    function steps(worth) {
      const differences = drill.differences(evening, plan, worth, price("call"));
      const stretches = drill.stretches(evening, plan, worth);
      const found = [{ at: 0, action: "", minutes: stretches[0][0], lost: stretches[0][1] }];
      plan.forEach(([at, action], k) => {
        const [minutes, lost] = stretches[k + 1];
        if (action === "run" && at + N.rollback_takes >= state.back_at) {
          const last = found[found.length - 1];
          last.minutes += minutes;
          last.lost += lost;
        } else found.push({ at, action, difference: differences[k], minutes, lost });
      });
      return found.filter((one) => one.action || one.minutes);
    }

    function reckon() {
      const worth = price("worth"), call = price("call");
      const label = ([, action]) => {
        const [verb, what] = action.split(" ");
        if (verb === "look") return `looked: ${story.looks[what].label}`;
        if (verb === "call") return `called: ${people[what]}`;
        return verb === "rollback" ? "rolled back" : "let it run";
      };
      const row = (cells) => {
        const made = document.createElement("tr");
        made.append(...cells.map((cell, k) => element(k ? "td" : "th", cell, k && /^[−+$\d]/.test(cell) ? "ll-n" : "")));
        made.firstChild.scope = "row";
        return made;
      };
      const added = (value) => (Math.abs(value) < 0.5 ? "$0"
        : `${value < 0 ? "−" : "+"}$${drill.grouped(value)}`);
      const did = steps(worth).map(({ at, action, difference, minutes, lost }) => row([clock(at),
        action ? label([at, action]) : "the release was out",
        action ? added(difference) : "–",
        minutes ? dollars(lost) : "–", minutes ? dollars(lost / minutes) : "–"]));
      find(".ll-drill-costs tbody").replaceChildren(...did);
      find(".ll-drill-truth").replaceChildren(element("b", evening.about.words),
        ` ${drill.lesson(evening, worth)} Town ${evening.town}. Costs are counted in expectation, ` +
        "against the same evening with the release as it was meant to be.");
      const ran = Object.entries(strategies).map(([name, words]) => [words, drill.play(name, evening)]);
      const rows = [["you", state], ...ran].map(([words, one]) => [words, one, drill.cost(one, worth, call)]);
      rows.sort((a, b) => a[2] - b[2]);
      find(".ll-drill-others tbody").replaceChildren(...rows.map(([words, one, cost]) => {
        const made = row([words, dollars(cost), lostOf(one.lost_orders), dollars(one.lost_ads), String(one.called.length)]);
        made.toggleAttribute("data-you", words === "you");
        return made;
      }));
    }

    function finish() {
      stop();
      all(".ll-drill-time button, .ll-drill-acts button").forEach((button) => { button.disabled = true; });
      const steps = plan.map(([minute, action]) => `(${minute}, "${action}")`).join(", ");
      find(".ll-drill-python").replaceChildren("The same evening in Python: ",
        element("code", `replay(make_evening(${evening.seed}), (${steps}${plan.length === 1 ? "," : ""}))`));
      find(".ll-drill-end").hidden = false;
      reckon();
      const known = kept().find((one) => one.seed === evening.seed);
      open({ seed: evening.seed, what: evening.about.words,
        answers: { ...(known ? known.answers : {}), timeline: state.log.map(line).join("\n") } });
      save();
      find("[data-end]").focus();
    }

    // -------------------------------------------------------------- the post-mortem

    function open(one) {
      ticket = one;
      find(".ll-drill-ticket").hidden = false;
      find(".ll-drill-about").textContent = `Friday evening ${one.seed}. ${one.what}`;
      all("[data-ask]").forEach((area) => { area.value = one.answers[area.dataset.ask] || ""; });
      paper();
    }

    /** What stands in a field, for the printer, which would cut it off. */
    function paper() {
      all("[data-ask]").forEach((area) => {
        find(`[data-paper=${area.dataset.ask}]`).textContent = area.value;
      });
    }

    function save() {
      all("[data-ask]").forEach((area) => { ticket.answers[area.dataset.ask] = area.value; });
      paper();
      const stored = keep([...kept().filter((one) => one.seed !== ticket.seed), ticket]);
      find("[data-kept]").textContent = stored
        ? "Kept in this browser, and sent nowhere." : "This browser keeps nothing: copy it.";
    }

    const text = () => ["POST-MORTEM", find(".ll-drill-about").textContent,
      ...all("[data-ask]").map((area) =>
        `\n${find(`label[for=${area.id}]`).textContent}\n${area.value.trim() || "…"}`)].join("\n");

    async function copy() {
      try {
        await navigator.clipboard.writeText(text());
        find("[data-kept]").textContent = "Copied.";
      } catch (error) {
        find("[data-kept]").textContent = "The clipboard is closed: select the text and copy it.";
      }
    }

    function print() {
      const on = [];
      for (let at = find(".ll-drill-ticket"); at && at !== document.documentElement; at = at.parentElement) {
        at.classList.add("ll-drill-keep");
        on.push(at);
      }
      document.documentElement.classList.add("ll-drill-printing");
      window.addEventListener("afterprint", () => {
        document.documentElement.classList.remove("ll-drill-printing");
        on.forEach((one) => one.classList.remove("ll-drill-keep"));
      }, { once: true });
      window.print();
    }

    function erase() {
      keep(kept().filter((one) => one.seed !== ticket.seed));
      ticket.answers = {};
      all("[data-ask]").forEach((area) => { area.value = ""; });
      paper();
      find("[data-kept]").textContent = "Erased.";
    }

    // -------------------------------------------------------------- buttons

    function begin() {
      const typed = find("#drill-seed").value.trim();
      const sound = /^\d+$/.test(typed) && Number(typed) < N.seeds;
      find(".ll-drill-setup .ll-drill-note").textContent = sound ? ""
        : `“${typed}” is no evening: expected a whole number from 0 to ${drill.grouped(N.seeds - 1)}.`;
      if (sound) start(Number(typed));
    }

    const draw1 = () => Math.floor(Math.random() * N.seeds);

    const doing = {
      begin,
      draw() { find("#drill-seed").value = String(draw1()); begin(); },
      play() {
        if (timer) { stop(); return; }
        timer = window.setInterval(() => act("wait 1"), TICK_MS);
        const button = find("[data-do=play]");
        button.setAttribute("aria-pressed", "true");
        button.textContent = "Pause";
      },
      copy, print, erase,
    };

    section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button || button.disabled) return;
      const what = button.dataset.do;
      if (Object.hasOwn(doing, what)) doing[what]();
      else { stop(); act(what); }
    });
    find("#drill-seed").addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); begin(); }
    });
    find(".ll-drill-ticket").addEventListener("submit", (event) => event.preventDefault());
    find(".ll-drill-ticket").addEventListener("input", save);
    all("[data-price]").forEach((one) => one.addEventListener("change", reckon));

    find(".ll-drill-still").hidden = true;
    find(".ll-drill-game").hidden = false;
    find("#drill-seed").value = String(draw1());
    const last = kept().pop();
    if (last) {
      open(last);
      find("[data-kept]").textContent = "Kept in this browser, and sent nowhere.";
    }
  }

  document.querySelectorAll(".ll-drill:not([data-mounted])").forEach((section) => {
    section.dataset.mounted = "true";
    mount(section);
  });
})();
