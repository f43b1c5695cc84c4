// Twin of `net_gain` in the chapter on slow ensembles: orders after a wait, world by world.

const OVERHEAD = 40;
function rowsOf(table, ranker) {
  return table.ranker.map((name, i) => i).filter((i) => table.ranker[i] === ranker);
}
function ordersAfter(table, i, ms, elasticity) {
  const x = -Math.log1p(-elasticity) * ms / 100;
  const power = -table.orders_k1[i] * x + table.orders_k2[i] * x * x / 2
    - table.orders_k3[i] * x * x * x / 6;
  return table.orders[i] * Math.exp(power);
}
function frame(table, controls) {
  const { calls, rival, multiplier, elasticity } = controls;
  const ours = rowsOf(table, "ensemble5"), theirs = rowsOf(table, rival);
  const ms = OVERHEAD + multiplier * table[calls][ours[0]];
  const rival_ms = OVERHEAD + multiplier * table[calls][theirs[0]];
  const gains = ours.map((i, n) => 100 * (ordersAfter(table, i, ms, elasticity / 100)
    / ordersAfter(table, theirs[n], rival_ms, elasticity / 100) - 1));
  const mean = gains.reduce((sum, one) => sum + one, 0) / gains.length;
  const wins = gains.filter((one) => one > 0).length;
  return gains.map((gain, n) => ({
    world: table.world[ours[n]] + 1, gain, mean, wins, ms, rival_ms,
  }));
}
