// Twin of launchlab.capstone.releases and .afterwards: days of a release, and what became of it.
// A plain script; `launchlabDesk(data)` gives the functions for what Python ships as data.
globalThis.launchlabDesk = function (data) {
  "use strict";
  const count = (sessions, chance, luck) => Math.max(0, Math.floor(
    sessions * chance + Math.sqrt(sessions * chance * (1 - chance)) * luck + 0.5));

  /** The fault of a release, [words, share of orders], or null. */
  function faultOf(town, seed) {
    const { faulty, which } = data.luck[seed], known = data.towns[town].faults;
    return faulty && known.length ? known[Math.floor(which * known.length)] : null;
  }

  /** Days of a release: share, sessions and orders of the release, and of the control. */
  function days(town, place, seed) {
    const { later, rate } = data.towns[town], fault = faultOf(town, seed);
    const ratio = (later[place][0] / data.scale) * (1 - (fault ? fault[1] : 0));
    return data.shares.map((share, day) => {
      const fresh = Math.round(data.a_day * share), old = Math.round(data.a_day * (1 - share));
      const [one, two] = data.luck[seed].noise[day];
      return [share, fresh, count(fresh, rate * ratio, one), old, count(old, rate, two)];
    });
  }

  /** What days let one conclude: change and error in percent, z against the limit, and its bound. */
  function watched(rows) {
    const limit = data.limits.orders;
    let total = 0, level = 0, fresh = 0, apart = 0, variance = 0;
    return rows.map(([, n, orders, m, others], day) => {
      const p = orders / n, q = others / m, weight = n * m / (n + m);
      total += weight;
      level += weight * q;
      fresh += weight * p;
      apart += weight * (p - limit * q);
      variance += weight ** 2 * (p * (1 - p) / n + limit ** 2 * q * (1 - q) / m);
      const usual = level / total;
      return [100 * (fresh / total / usual - 1), 100 * Math.sqrt(variance) / total / usual,
        apart / Math.sqrt(variance), data.bounds[day]];
    });
  }

  /** What four weeks brought against the control; as launchlab.capstone.afterwards.facts. */
  function facts(town, place, fault, stopped) {
    const { later, control, best } = data.towns[town];
    const back = stopped && !fault, lost = fault && !stopped ? fault[1] : 0;
    const out = later[place].map((one) => one / data.scale * (1 - (fault ? fault[1] : 0)));
    const [orders, ads, margin] = later[place].map((one) => (back ? 1 : one / data.scale * (1 - lost)));
    return {
      orders: 100 * (orders - 1), ads: 100 * (ads - 1), margin: 100 * (margin - 1),
      orders_thousand: 1000 * control[0] * (orders - 1),
      ads_thousand: 1000 * control[1] * (ads - 1),
      money: data.a_week / 1000 * control[2] * (margin - 1),
      missed: data.a_week / 1000 * control[2] * (best - margin),
      p95: data.p95[place], artefacts: data.artefacts[place],
      short: out[0] < data.limits.orders ? 1 : 0, ads_short: out[1] < data.limits.ads ? 1 : 0,
      fault: fault ? 1 : 0, stopped: stopped ? 1 : 0,
      broken: (orders < data.limits.orders ? 1 : 0) + (ads < data.limits.ads ? 1 : 0),
    };
  }

  const grouped = (value) => Math.floor(Math.abs(value) + 0.5).toLocaleString("en-US");

  function tell(cases, found) {
    for (const [conditions, text] of cases) {
      if (conditions.every(([f, sign, n]) => (sign === ">" ? found[f] > n : found[f] < n))) {
        return text.replace(/\{(\w+)\}/g, (_, name) => grouped(found[name]));
      }
    }
    return "";
  }

  /** What each of the five says. */
  const said = (found) => Object.fromEntries(
    Object.entries(data.says).map(([who, cases]) => [who, tell(cases, found)]));

  return { faultOf, days, watched, facts, said, grouped };
};
