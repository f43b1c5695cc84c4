// Twin of launchlab.stakeholders.room: who proposes what, who gives up what. Stands behind choice.js;
// NAMES, WINDOW and CODES are constants that Python writes in front.

function worsts(table) {
  return WHO.map((one) => table[one.measure].reduce((worst, value) =>
    (sign(one) * value < sign(one) * worst ? value : worst)));
}

function frame(table, controls) {
  const row = chosenRow(table, controls);
  const best = bests(table), worst = worsts(table);
  const released = 1 - controls.freeze / 13;
  const rows = WHO.map((one, k) => {
    const column = table[one.measure];
    const now = column[TODAY];
    const part = one.name === "product" || one.name === "infrastructure" ? Math.ceil(released) : released;
    const value = now + part * (column[row] - now);
    const regret = Math.abs(best[k] - value);
    const place = (x) => 100 * (x - worst[k]) / (best[k] - worst[k]);
    return {
      who: one.label, unit: one.unit, today: now, value, ideal: best[k], regret,
      percent: 100 * regret / Math.abs(best[k]),
      place: place(value), place_today: place(now),
      moved: change(one, value - now, true), told: change(one, value - now, false),
      name: NAMES[table.model[row]],
      model: table.model[row], shortlist: table.shortlist[row],
      margin_weight: table.margin_weight[row], ad_weight: table.ad_weight[row],
      slate: table.slate[row], freeze: controls.freeze,
      p95_limit: controls.p95_limit, artefact_cap: controls.artefact_cap,
      ml: controls.ml, sales: controls.sales, manager: controls.manager,
    };
  });
  const far = rows.map((one) => Math.abs(one.place - one.place_today));
  // Equal but for the last bits, which the two languages compute differently: the first of them.
  const furthest = far.reduce((found, distance, k) => (distance > far[found] + UNCHANGED ? k : found), 0);
  const { better, worse } = changed(rows);
  return rows.map((one, k) => (
    { ...one, most: k === furthest, better: better.join(", "), worse: worse.join(", ") }));
}

const UNCHANGED = 1e-9;

function number(one, value) { return fixed(value, one.decimals); }

function short(one, value) { return `${one.change[0]}${number(one, value)}${one.change[1]}`; }

function change(one, by, brief) {
  if (!(Math.abs(by) > UNCHANGED)) return "as today";
  const [before, shorter, after] = one.change;
  if (one.directions) {
    return `${number(one, Math.abs(by))}${after} ${one.directions[by > 0 ? 0 : 1]}`;
  }
  return `${by > 0 ? "+" : "−"}${before}${number(one, Math.abs(by))}${brief ? shorter : after}`;
}

function amount(one, value) {
  if (one.unit.startsWith("$ ")) return `$${number(one, value)} ${one.unit.slice(2)}`;
  if (one.unit.startsWith("M$ ")) return `$${number(one, value)} million ${one.unit.slice(3)}`;
  return `${number(one, value)} ${one.unit}`;
}

// Who gains and who loses against today, each with their change.
function changed(rows) {
  const better = [], worse = [];
  rows.forEach((row, k) => {
    const by = row.value - row.today;
    if (!(Math.abs(by) > UNCHANGED)) return;
    ((by > 0) === WHO[k].more ? better : worse).push(`${row.who} (${row.told})`);
  });
  return { better, worse };
}

function proposal(rows) {
  const one = rows[0];
  return `${NAMES[one.model]}, asked about ${one.shortlist} of 30 candidates, margin weight ` +
    `${fixed(one.margin_weight, 1)}, ad weight ${fixed(one.ad_weight, 2)}`;
}

function slateLines(word) {
  return [...word].map((letter, place) => {
    const small = letter.toLowerCase();
    return `${place + 1}. ${WINDOW[CODES.indexOf(small)]}${letter === small ? "" : " (Ad)"}`;
  });
}

function cards(rows) {
  const scores = rows.map((row, k) => ({
    title: row.who,
    figure: amount(WHO[k], row.value),
    lines: [
      row.regret < UNCHANGED ? "their ideal"
        : `regret ${short(WHO[k], row.regret)}: their ideal is ${short(WHO[k], row.ideal)}`,
      `today ${short(WHO[k], row.today)}`,
      WHO[k].question,
    ],
  }));
  const when = rows[0].freeze === 0 ? "sees" : "sees once it is released";
  const slate = { title: "The slate", figure: `one hungry customer ${when}`, lines: slateLines(rows[0].slate) };
  return [...scores, slate];
}

function record(rows) {
  const one = rows[0];
  const held = one.freeze === 13;
  const lines = [
    "DECISION RECORD",
    `${held ? "We ship nothing this quarter. What waits" : "We ship"}: ${proposal(rows)}.`,
    `Weights: ML engineers ${fixed(one.ml, 1)}, sales ${fixed(one.sales, 1)}, manager ${fixed(one.manager, 1)}.`,
    `Limits: p95 at most ${fixed(one.p95_limit, 0)} ms, at most ${one.artefact_cap} artefacts.`,
    held ? "Release: none in these 13 weeks; the numbers below are today's."
      : `Release: after a freeze of ${one.freeze} of 13 weeks; orders, ads and profit are the ` +
        "quarter's average.",
    "Who gave up what, against their own ideal:",
  ];
  rows.forEach((row, k) => {
    lines.push(`- ${row.who}: ${amount(WHO[k], row.value)}, ` + (row.regret < UNCHANGED
      ? "nothing given up" : `${number(WHO[k], row.regret)} ${WHO[k].more ? "given up" : "more than their ideal"}`));
  });
  lines.push("The customer of our example sees, once it is released:", ...slateLines(one.slate));
  lines.push("Agreed by: ____________________", "We reopen this when: ____________________");
  return lines.join("\n");
}
