// Twin of launchlab.serving.fanout.Stragglers, for experiments in rule form.

function cdf(ms, s) {
  const quick = 1 / (1 + Math.pow(Math.max(ms, 0) / s.median_ms, -s.shape));
  const slow = -Math.expm1(-Math.max(ms - s.floor_ms, 0) / s.mean_ms);
  return (1 - s.share) * quick + s.share * slow;
}

function quantile(probability, members, s) {
  const target = Math.pow(probability, 1 / members);
  let low = 0, high = 1;
  while (cdf(high, s) < target) high *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (cdf(middle, s) < target) low = middle; else high = middle;
  }
  return high;
}

// Mean of values[k] when k of n independent members answer, each with probability p.
function binomialMean(values, n, p) {
  if (p >= 1) return values[n];
  if (p <= 0) return values[0];
  let logChoose = 0, mean = 0;
  for (let k = 0; k <= n; k += 1) {
    mean += values[k] * Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log1p(-p));
    logChoose += Math.log(n - k) - Math.log(k + 1);
  }
  return mean;
}
