// Twin of launchlab.stakeholders.weighing.weigh. Stands behind choice.js; NAMES, UNITS, WIDE, HIGH,
// LONG and WEEKS are constants that Python writes in front.

function halfOfTheLine({ ml, sales, manager }) {
  const across = sales / UNITS[1], up = -ml / UNITS[0];
  const size = Math.abs(across) / WIDE + Math.abs(up) / HIGH;
  if (manager > 0 || size === 0) return [0, 0];
  return [LONG * across / size, LONG * up / size];
}

function frame(table, controls) {
  const row = chosenRow(table, controls);
  const released = 1 - controls.freeze / WEEKS;
  const quarter = (name) => table[name][TODAY] + released * (table[name][row] - table[name][TODAY]);
  const barred = (place) =>
    table.p95_ms[place] > controls.p95_limit || table.artefacts[place] > controls.artefact_cap;
  const [across, up] = halfOfTheLine(controls);
  return table.model.map((model, place) => ({
    margin_weight: table.margin_weight[place], ad_weight: table.ad_weight[place],
    orders: table.orders[place], ad_revenue: table.ad_revenue[place],
    profit: table.profit[place], kind: table.kind[place],
    model: NAMES[model], freeze: controls.freeze,
    asked: controls.ml + controls.sales + controls.manager, chosen: place === row, today: place === TODAY,
    within: table.kind[place] === "within reach", waits: place === row && controls.freeze > 0,
    mark: place === row ? "chosen" : barred(place) ? "over a limit" : table.kind[place],
    quarter_orders: quarter("orders"), quarter_ad_revenue: quarter("ad_revenue"),
    quarter_profit: quarter("profit"),
    left: table.orders[row] - across, top: table.ad_revenue[row] - up,
    right: table.orders[row] + across, bottom: table.ad_revenue[row] + up,
  }));
}
