// Twin of launchlab.ratings.blend.ridge_blend, for experiments in rule form.

// Solve a symmetric positive definite system by Cholesky's factors.
function solve(gram, right) {
  const n = right.length;
  const lower = gram.map((row) => row.slice());
  const found = right.slice();
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = gram[i][j];
      for (let k = 0; k < j; k += 1) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) found[i] -= lower[i][k] * found[k];
    found[i] /= lower[i][i];
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) found[i] -= lower[k][i] * found[k];
    found[i] /= lower[i][i];
  }
  return found;
}

// moments: rows of means of products, first the constant, last the truth. chosen: places from 0.
function ridgeBlend(moments, chosen, penalty) {
  const last = moments.length - 1;
  const mean = moments[0];
  const centred = (i, j) => moments[i][j] - mean[i] * mean[j];
  const gram = chosen.map((i) => chosen.map((j) => centred(i + 1, j + 1) + (i === j ? penalty : 0)));
  const solved = solve(gram, chosen.map((i) => centred(i + 1, last)));
  const weights = new Array(last - 1).fill(0);
  let intercept = mean[last];
  chosen.forEach((place, k) => {
    weights[place] = solved[k];
    intercept -= solved[k] * mean[place + 1];
  });
  return { intercept, weights };
}

function rmse(moments, blend) {
  const error = [blend.intercept, ...blend.weights, -1];
  let sum = 0;
  for (let i = 0; i < error.length; i += 1) {
    for (let j = 0; j < error.length; j += 1) sum += error[i] * moments[i][j] * error[j];
  }
  return Math.sqrt(sum);
}
