// Twin of launchlab.stakeholders.room: who proposes what, who gives up what. Stands behind choice.js;
// NAMES, WINDOW and CODES are constants that Python writes in front.

function frame(table, controls) {
  const row = chosenRow(table, controls);
  const best = bests(table);
  const released = 1 - controls.freeze / 13;
  return WHO.map((one, k) => {
    const column = table[one.measure];
    const now = column[TODAY];
    const value = now + released * (column[row] - now);
    const regret = Math.abs(best[k] - value);
    const percent = 100 * regret / Math.abs(best[k]);
    return {
      who: one.label, unit: one.unit, today: now, value, ideal: best[k], regret,
      percent, shown: Math.min(100, percent),
      model: table.model[row], shortlist: table.shortlist[row],
      margin_weight: table.margin_weight[row], ad_weight: table.ad_weight[row],
      slate: table.slate[row], freeze: controls.freeze,
      p95_limit: controls.p95_limit, artefact_cap: controls.artefact_cap,
      ml: controls.ml, sales: controls.sales, manager: controls.manager,
    };
  });
}

// Artefacts are whole, unless they are a quarter's average.
function number(one, value) {
  return fixed(value, one.name === "infrastructure" && Number.isInteger(value) ? 0 : one.decimals);
}

function amount(one, value) {
  if (one.unit.startsWith("$ ")) return `$${number(one, value)} ${one.unit.slice(2)}`;
  if (one.unit.startsWith("M$ ")) return `$${number(one, value)} million ${one.unit.slice(3)}`;
  return `${number(one, value)} ${one.unit}`;
}

const UNCHANGED = 1e-9;

// Who gains and who loses against today, each with their change.
function changed(rows) {
  const better = [], worse = [];
  rows.forEach((row, k) => {
    const one = WHO[k], by = row.value - row.today;
    if (!(Math.abs(by) > UNCHANGED)) return;
    const [before, after] = one.change;
    const told = `${one.label} (${by > 0 ? "+" : "−"}${before}${number(one, Math.abs(by))}${after})`;
    ((by > 0) === one.more ? better : worse).push(told);
  });
  return { better, worse };
}

function proposal(rows) {
  const one = rows[0];
  return `${NAMES[one.model]}, asked about ${one.shortlist} of 30 candidates, margin weight ` +
    `${fixed(one.margin_weight, 1)}, ad weight ${fixed(one.ad_weight, 2)}`;
}

function sentence(rows) {
  const { better, worse } = changed(rows);
  const held = rows[0].freeze > 0
    ? ` It waits ${rows[0].freeze} of 13 weeks; the figures are the quarter's average.` : "";
  const gain = better.length ? `Better off than today: ${better.join(", ")}.`
    : "Nobody is better off than today.";
  const loss = worse.length ? `Worse off: ${worse.join(", ")}.` : "Nobody is worse off.";
  return `The proposal: ${proposal(rows)}.${held} ${gain} ${loss}`;
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
        : `regret ${number(WHO[k], row.regret)}: their ideal is ${number(WHO[k], row.ideal)}`,
      `today ${number(WHO[k], row.today)}`,
      WHO[k].question,
    ],
  }));
  const slate = { title: "The slate", figure: "one hungry customer sees", lines: slateLines(rows[0].slate) };
  return [...scores, slate];
}

function record(rows) {
  const one = rows[0];
  const lines = [
    "DECISION RECORD",
    `We ship: ${proposal(rows)}.`,
    `Weights: ML engineers ${fixed(one.ml, 1)}, sales ${fixed(one.sales, 1)}, manager ${fixed(one.manager, 1)}.`,
    `Limits: p95 at most ${fixed(one.p95_limit, 0)} ms, at most ${one.artefact_cap} artefacts.`,
    `Release: after a freeze of ${one.freeze} of 13 weeks; figures are the quarter's average.`,
    "Who gave up what, against their own ideal:",
  ];
  rows.forEach((row, k) => {
    lines.push(`- ${row.who}: ${amount(WHO[k], row.value)}, ` + (row.regret < UNCHANGED
      ? "nothing given up" : `${number(WHO[k], row.regret)} given up`));
  });
  lines.push("The customer of our example sees:", ...slateLines(one.slate));
  lines.push("Agreed by: ____________________", "We reopen this when: ____________________");
  return lines.join("\n");
}
