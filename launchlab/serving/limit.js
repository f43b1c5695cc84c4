// Twin of `fan_out` in the chapter on slow ensembles; stands behind fanout.js.

const NO_LIMIT = 500;
function frame(table, controls) {
  const { members, stragglers, wait } = controls;
  const server = { share: stragglers / 100, median_ms: 10, shape: 8, floor_ms: 50, mean_ms: 60 };
  const limited = wait < NO_LIMIT;
  const everybody = quantile(0.99, members, server);
  const p99 = limited ? Math.min(everybody, wait) : everybody;
  const facts = {
    members, wait, p99,
    p99_one: quantile(0.99, 1, server),
    held_up: 100 * (1 - Math.pow(1 - stragglers / 100, members)),
    accuracy: 100 * binomialMean(table.accuracy, members, limited ? cdf(wait, server) : 1),
    accuracy_all: 100 * table.accuracy[members],
  };
  const row = (ms, here) => {
    const within = limited && wait <= ms ? 1 : Math.pow(cdf(ms, server), members);
    return { ms, within: 100 * within, one: 100 * cdf(ms, server), here, level: 99, ...facts };
  };
  const rows = Array.from({ length: 60 }, (_, i) =>
    row(Math.round(5 * Math.pow(100, i / 59) * 1000) / 1000, false));
  return [...rows, row(p99, true)].sort((a, b) => a.ms - b.ms);
}
