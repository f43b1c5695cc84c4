// Twin of launchlab.stakeholders.room.choose. WHO and TODAY are constants that Python writes in front.

const sign = (one) => (one.more ? 1 : -1);

function bests(table) {
  return WHO.map((one) => table[one.measure].reduce((best, value) =>
    (sign(one) * value > sign(one) * best ? value : best)));
}

function chosenRow(table, controls) {
  const best = bests(table);
  const shares = WHO.map((one, k) => {
    const now = table[one.measure][TODAY];
    return best[k] === now ? Math.abs(best[k]) : Math.abs(best[k] - now);
  });
  let found = -1, highest = -Infinity, fewest = Infinity;
  for (let row = 0; row < table.orders.length; row += 1) {
    if (table.p95_ms[row] > controls.p95_limit || table.artefacts[row] > controls.artefact_cap) continue;
    let total = 0;
    WHO.forEach((one, k) => {
      if (!one.weighted) return;
      const lost = Math.abs(best[k] - table[one.measure][row]);
      total += controls[one.name] * (1 - lost / shares[k]);
    });
    const moved = ["model", "shortlist", "margin_weight", "ad_weight"]
      .filter((lever) => table[lever][row] !== table[lever][TODAY]).length;
    if (total > highest + 1e-9 || (total > highest - 1e-9 && moved < fewest)) {
      found = row; highest = Math.max(total, highest); fewest = moved;
    }
  }
  return found;
}
