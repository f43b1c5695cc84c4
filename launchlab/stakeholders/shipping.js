// Twin of launchlab.stakeholders.shipping.Offer, for experiments in rule form; needs money.js.

function netGain(o) {
  const stay = Math.pow(1 - o.elasticity / 100, o.slower_ms / 100);
  return 100 * ((1 + o.gain / 100) * stay - 1);
}

function offerLine(o) {
  return {
    fixed: -(o.engineers * o.wage + o.incidents * o.incident_cost),
    per_session: o.orders_per_session * o.value_per_order * netGain(o) / 100,
  };
}

function breakEven(line) {
  return line.per_session > 0 ? above({ fixed: 0, per_session: 0 }, line) : NEVER;
}
