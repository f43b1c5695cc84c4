// Twin of `through` in through.py: every release through the gates that are switched on.

function frame(table, state) {
  const labels = {
    unit: "unit tests", schema: "schema", drift: "PSI", offline: "offline score",
    behaviour: "behaviour", shadow: "live against batch", former: "former slate", canary: "canary",
  };
  const gates = Object.keys(labels), on = gates.map((name) => Boolean(state[name]));
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const worlds = (share) => String(Math.floor(20 * share + 0.5) || "");
  const releases = table.place.map((place, i) => {
    const chance = gates.map((name) =>
      name === "canary" ? table[`canary_${state.sessions}`][i] : table[name][i]);
    if (state.too_good) chance[3] = Math.max(chance[3], table.too_good[i]);
    const early = Math.max(...chance.slice(0, 7).map((one, k) => (on[k] ? one : 0)));
    const passed = (1 - early) * (on[7] ? 1 - chance[7] : 1);
    const served = (1 - early) * (on[7] ? state.sessions : 0) + passed * 100000;
    return { place, words: table.words[i], lost: table.lost[i], chance, passed, served };
  });
  const faulty = releases.filter((one) => one.place >= 0);
  const sound = releases.filter((one) => one.place < 0);
  const faults = Math.max(...table.place) + 1, rows = [], passing = [];
  for (let k = 0; k < faults; k += 1) {
    const here = faulty.filter((one) => one.place === k), fault = here[0].words;
    const total = 1 - mean(here.map((one) => one.passed));
    if (total < 0.5) passing.push(fault);
    gates.forEach((name, gate) => {
      const share = on[gate] ? mean(here.map((one) => one.chance[gate])) : 0;
      rows.push({ fault, column: labels[name], value: share, text: worlds(share) });
    });
    rows.push({ fault, column: "together", value: total >= 0.5 ? 1 : 0, text: worlds(total) });
  }
  const facts = {
    passing: passing.length, faults,
    sound: 100 * (1 - mean(sound.map((one) => one.passed))),
    orders: mean(faulty.map((one) => one.served * one.lost)),
    gates: on.filter(Boolean).length, worst: passing.length ? passing[0] : "",
  };
  return rows.map((row) => ({ ...row, ...facts }));
}
