// One more tree, on the device that shows the page: predicted, measured, told in a table and a chart.
(function () {
  "use strict";
  // A browser's clock may step by a millisecond: a sample lasts twenty of them and more.
  const SAMPLE_MS = 20, ROUNDS = 9, AT_ONCE = 50;
  // Above this share of the median, the nine samples of a size say that something else went on.
  const WIDE = 0.5;
  const SVG = "http://www.w3.org/2000/svg";

  /** Milliseconds for all rows with so many trees; begins where the sample before it ended. */
  function sample(forest, trees, place) {
    const { rows, features } = forest, count = rows.length / features;
    const began = performance.now();
    let done = 0, took = 0;
    while (took < SAMPLE_MS) {
      for (let k = 0; k < AT_ONCE; k += 1) {
        place.sum += window.launchlabForest.predict(forest, rows, place.row * features, trees);
        place.row = (place.row + 1) % count;
      }
      done += AT_ONCE;
      took = performance.now() - began;
    }
    return took * count / done;
  }

  const breathe = () => new Promise((done) => { setTimeout(done, 0); });

  function middle(values) {
    const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Median, lowest and highest of each size; sizes take turns, in another order each round. */
  async function measure(forest, sizes, tell) {
    const place = { row: 0, sum: 0 }, samples = sizes.map(() => []);
    let away = document.hidden;
    const leave = () => { away = away || document.hidden; };
    document.addEventListener("visibilitychange", leave);
    // The first round warms up: a browser compiles what it has seen run.
    for (let round = 0; round <= ROUNDS && !away; round += 1) {
      for (let k = 0; k < sizes.length; k += 1) {
        const which = (round % 2 ? sizes.length - 1 - k : k + round) % sizes.length;
        const ms = sample(forest, sizes[which], place);
        if (round) samples[which].push(ms);
        await breathe();
      }
      tell(round / ROUNDS);
    }
    document.removeEventListener("visibilitychange", leave);
    if (away) return null;
    return samples.map((all, k) => ({
      trees: sizes[k], median: middle(all), low: Math.min(...all), high: Math.max(...all), all,
    }));
  }

  const digits = (x) => (x < 0.995 ? x.toPrecision(2) : x < 9.95 ? x.toFixed(1) : x.toFixed(0));
  const number = (x) => (x < 0.01 ? x.toFixed(3) : x < 1 ? x.toFixed(2) : digits(x));

  function drawn(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** Trees across, milliseconds up: this device's samples, and scikit-learn as it was measured. */
  function draw(svg, mine, kept, most) {
    const middles = [...mine.map((one) => one.median), ...kept.map((one) => one.ms)];
    // One sample that was interrupted must not press all others flat: its line leaves the chart.
    const top = 1.08 * Math.min(Math.max(...mine.map((one) => one.high), ...middles),
      2 * Math.max(...middles));
    const x = (trees) => 44 + 300 * trees / most, y = (ms) => 196 - 172 * ms / top;
    const step = [1, 2, 5].flatMap((k) => [0.01, 0.1, 1, 10, 100, 1000].map((ten) => k * ten))
      .sort((a, b) => a - b).find((one) => top / one < 5);
    const parts = [drawn("text", { x: 4, y: 14 }, "ms for 1,000 candidates")];
    for (let k = 0; k * step <= top; k += 1) {
      const label = String(Number((k * step).toFixed(2)));
      parts.push(drawn("line", { class: "ll-grid", x1: 44, x2: 350, y1: y(k * step), y2: y(k * step) }));
      parts.push(drawn("text", { x: 38, y: y(k * step) + 4, "text-anchor": "end" }, label));
    }
    for (const trees of [0, 50, 100, 150, 200]) {
      parts.push(drawn("text", { x: x(trees), y: 213, "text-anchor": "middle" }, String(trees)));
    }
    parts.push(drawn("text", { x: 194, y: 232, "text-anchor": "middle" }, "trees"));
    const path = (all, value) => all.map((one, k) =>
      `${k ? "L" : "M"}${x(one.trees)},${y(value(one)).toFixed(1)}`).join("");
    parts.push(drawn("path", { class: "ll-kept", d: path(kept, (one) => one.ms) }));
    parts.push(drawn("path", { class: "ll-mine", d: path(mine, (one) => one.median) }));
    mine.forEach((one) => {
      const at = x(one.trees);
      parts.push(drawn("line", { class: "ll-mine", x1: at, x2: at, y1: y(one.low),
        y2: y(Math.min(one.high, top)) }));
      parts.push(drawn("circle", { cx: at, cy: y(one.median), r: 4 }));
    });
    svg.replaceChildren(...parts);
  }

  function mount(section) {
    const find = (selector) => section.querySelector(selector);
    const form = find("form"), field = find("input"), buttons = [...section.querySelectorAll("button")];
    const status = find("[role=status]"), alert = find("[role=alert]");
    const rows = [...section.querySelectorAll("[data-trees]")];
    const kept = rows.map((row) => ({ trees: +row.dataset.trees, ms: +row.dataset.ms }));
    const most = Math.max(...kept.map((one) => one.trees));
    let forest = null, busy = false, predicted = null;

    function show(mine) {
      section.querySelectorAll("[data-mine]").forEach((cell) => { cell.hidden = false; });
      mine.forEach((one, k) => {
        const [median, spread] = rows[k].querySelectorAll("td[data-mine]");
        median.textContent = number(one.median);
        spread.textContent = `${number(one.low)} to ${number(one.high)}`;
      });
      const few = mine.find((one) => one.trees === 20), many = mine[mine.length - 1];
      const ratios = many.all.map((ms, k) => ms / few.all[k]);
      const ratio = middle(ratios), tree = (many.median - few.median) / (many.trees - few.trees);
      const said = predicted === null ? "" : ` You predicted ${predicted} times.`;
      const wide = mine.some((one) => one.high - one.low > WIDE * one.median)
        ? " The samples of a size lie far apart: something else was going on. Measure again." : "";
      find(".ll-device-says").textContent = `On this device ${many.trees} trees take ` +
        `${digits(ratio)} times as long as 20 (${digits(Math.min(...ratios))} to ` +
        `${digits(Math.max(...ratios))} in ${ROUNDS} rounds).${said} One more tree costs ` +
        `${number(1000 * tree)} µs for 1,000 candidates.${wide}`;
      const chart = find("svg");
      chart.setAttribute("aria-label", `Milliseconds over the number of trees. On this device ` +
        mine.map((one) => `${number(one.median)} at ${one.trees}`).join(", ") +
        `. The table has the same numbers, with their spread, beside scikit-learn's.`);
      draw(chart, mine, kept, most);
      find(".ll-device-seen").hidden = false;
      section.removeAttribute("data-asks");
    }

    async function run() {
      try {
        if (!forest) {
          status.textContent = "Loading the forest.";
          forest = await window.launchlabForest.load(section.dataset.llAsset);
        }
      } catch (error) {
        section.removeAttribute("data-asks");
        const old = typeof DecompressionStream === "undefined";
        status.textContent = old
          ? "This browser cannot unpack the forest: a newer one can. The table below stands."
          : "The forest could not be loaded. Nothing is lost: try again.";
        return;
      }
      status.textContent = "Comparing it with scikit-learn.";
      await breathe();
      const off = window.launchlabForest.difference(forest);
      const same = `Walked here, all ${(forest.rows.length / forest.features).toLocaleString("en")} candidates get ` +
        `scikit-learn's probabilities: the largest difference is ${off.toExponential(0)}.`;
      if (!(off <= 3e-8)) {
        status.textContent = `Walked here, the forest is not scikit-learn's: a probability differs ` +
          `by ${off.toExponential(0)}. Nothing was measured.`;
        return;
      }
      const sizes = kept.map((one) => one.trees);
      const mine = await measure(forest, sizes, (share) => {
        status.textContent = `Measuring: ${Math.round(100 * share)} %.`;
      });
      status.textContent = mine ? same
        : "The page was in the background, where browsers slow scripts down. Measure again with it in front.";
      if (mine) show(mine);
    }

    async function press(event) {
      event.preventDefault();
      if (busy) return;
      const skips = event.submitter && event.submitter.dataset.skip !== undefined;
      const value = Number(field.value.replace(",", "."));
      const fits = field.value.trim() !== "" && value >= 1 && value <= 1000;
      alert.textContent = skips || fits || field.readOnly ? ""
        : "Expected a number from 1 to 1,000: how many times as long?";
      if (alert.textContent) { field.focus(); return; }
      if (!field.readOnly && !skips) predicted = value;
      busy = true;
      buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
      await run();
      busy = false;
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
      if (!find(".ll-device-seen").hidden) {
        // Whoever has seen the outcome predicts no more.
        field.readOnly = true;
        field.parentElement.hidden = predicted === null;
        find("[data-skip]").hidden = true;
        find("[data-measure]").textContent = "Measure again";
        if (skips) find("[data-measure]").focus();
      }
    }

    form.addEventListener("submit", press);
    find("[data-size]").textContent = `(loads ${(section.dataset.llBytes / 1e6).toFixed(1)} MB)`;
    // What scikit-learn took is shown with the outcome, or where there is none.
    section.dataset.asks = "";
    find(".ll-device-game").hidden = false;
    find(".ll-device-still").hidden = true;
  }

  document.querySelectorAll(".ll-device:not([data-mounted])").forEach((section) => {
    section.dataset.mounted = "true";
    mount(section);
  });
})();
