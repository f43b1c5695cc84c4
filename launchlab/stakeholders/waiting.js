// Twin of launchlab.stakeholders.waiting, for experiments in rule form. Stands behind money.js.

const CHANCES = [0.01, 0.02, 0.03, 0.04, ...Array.from({ length: 40 }, (_, k) => (k + 1) / 20), 2.5, 3];
const SIZES = [4, 5, 6, 7].flatMap((e) => [1, 1.5, 2, 3, 5, 7].map((m) => m * Math.pow(10, e)));
SIZES.push(1e8);
const OPTIONS = { keep: "keep all three", automate: "automate, and keep one", go: "let all go" };

// Closer than the assumptions behind them are known.
const close = (one, two) => Math.abs(one - two) <= 0.05 * Math.max(one, two);
const same = (one, two) => Math.abs(one - two) <= 1e-6 * Math.abs(two);

function hold(table, { step, weeks, sessions, late, chance, loss }) {
  const gain = table.gain[table.step.indexOf(step)];
  const freeze = { weeks, late_weeks: late, weekly_chance: 0, breach_loss: loss * 1e6 };
  const cost = costOfDelay(freeze, sessions, gain);
  const even = 100 * breakEvenChance(freeze, sessions, gain);
  return CHANCES.map((one) => {
    const averted = riskAverted({ ...freeze, weekly_chance: one / 100 });
    return { chance: one, averted, cost, here: same(one, chance), even, close: close(averted, cost) };
  });
}

function staff(table, { sessions, horizon, rate, wage, severance, new_work }) {
  const lost = { share: table.share, dollars: table.dollars, margin: table.margin[0] };
  const team = {
    people: 3, loaded_wage: wage * 1e3, severance_weeks: severance, maintainers: 1,
    automation_cost: 60000, retrain_weeks: 4, new_gain: new_work / 100, discount_rate: 0.1,
    horizon,
  };
  const go = letGo(team, lost, rate / 100), automatic = automate(team, lost, rate / 100);
  const keep = { fixed: 0, per_session: 0 };
  // All wages saved, without severance.
  const wages = letGo({ ...team, severance_weeks: 0 }, lost, rate / 100).fixed;
  const costs = (size) => ({
    keep: wages - lineAt(keep, size), automate: wages - lineAt(automatic, size),
    go: wages - lineAt(go, size),
  });
  const there = costs(sessions);
  const best = Object.keys(there).reduce((a, b) => (there[b] < there[a] ? b : a));
  const [first, second] = Object.values(there).sort((a, b) => a - b);
  const goUntil = Math.min(above(go, automatic), above(go, keep));
  const until = Math.max(goUntil, above(automatic, keep));
  return SIZES.map((size) => ({
    size, ...costs(size), here: same(size, sessions), best: OPTIONS[best], go_until: goUntil, until,
    close: close(first, second),
  }));
}
