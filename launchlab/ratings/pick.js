// Twin of `pick` in the chapter on the Netflix Prize; stands behind blend.js, and needs PENALTY.

function frame(table, ticked) {
  const slugs = table.name.slice(1, -1).map((one) => one.replaceAll(" ", "_").toLowerCase());
  const size = slugs.length + 2;
  const moments = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => table[`m${j}`][i]));
  const every = slugs.map((_, k) => k);
  const chosen = every.filter((k) => ticked[slugs[k]]);
  const blend = ridgeBlend(moments, chosen, PENALTY);
  const alone = every.map((k) => rmse(moments, ridgeBlend(moments, [k], PENALTY)));
  const best = Math.min(...alone), leader = alone.indexOf(best);
  const everybody = rmse(moments, ridgeBlend(moments, every, PENALTY));
  const error = rmse(moments, blend);
  const cost = (column) =>
    chosen.reduce((sum, k) => sum + column[k + 1], 0) / column[leader + 1];
  const facts = {
    above_blend: Math.max(0, 1000 * (error - everybody)),
    above_best: 1000 * (best - everybody),
    count: chosen.length, rmse: error, best, everybody,
    share: 100 * (best - error) / (best - everybody),
    parameters: cost(table.parameters), cpu: cost(table.cpu_seconds),
  };
  return every.map((k) => ({
    member: table.name[k + 1], used: chosen.includes(k), weight: blend.weights[k],
    alone: alone[k], above: 1000 * (alone[k] - everybody), ...facts,
  }));
}
