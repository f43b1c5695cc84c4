// Twin of launchlab.stakeholders.ship_it, for the experiment in rule form; needs shipping.js.

function frame(table, c) {
  const offer = {
    orders_per_session: table.orders_per_session[0], value_per_order: c.value, gain: c.gain,
    slower_ms: c.slower, elasticity: c.elasticity, engineers: c.engineers, wage: table.wage[0],
    incidents: c.incidents, incident_cost: table.incident_cost[0],
  };
  const line = offerLine(offer), even = breakEven(line);
  const facts = {
    net_gain: netGain(offer), per_thousand: 1000 * line.per_session, cost: -line.fixed / 1e6 + 0,
    even: even / 1e6, never: even >= NEVER,
  };
  return Array.from({ length: 101 }, (_, millions) => {
    const net = lineAt(line, millions * 1e6) / 1e6;
    const shown = Math.abs(net) <= 3 ? net : null;
    return { millions, net, shown, zero: 0, here: millions === c.sessions, ...facts };
  });
}
