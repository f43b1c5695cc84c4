// Twin of launchlab.serving.faults.unanswered and mean_when_answered, for experiments in rule
// form. Uses binomialMean of fanout.js.

function causes(members, failure, missing, common) {
  const together = failure * common;
  const alone = together < 1 ? (failure - together) / (1 - together) : 1;
  return { needed: Math.max(1, members - missing), together, answers: 1 - alone };
}

function unanswered(members, failure, missing, common) {
  const { needed, together, answers } = causes(members, failure, missing, common);
  const few = Array.from({ length: members + 1 }, (_, k) => (k < needed ? 1 : 0));
  return together + (1 - together) * binomialMean(few, members, answers);
}

function meanWhenAnswered(values, members, failure, missing, common) {
  const { needed, answers } = causes(members, failure, missing, common);
  const enough = Array.from({ length: members + 1 }, (_, k) => (k < needed ? 0 : 1));
  const total = binomialMean(enough, members, answers);
  const sum = binomialMean(enough.map((one, k) => one * values[k]), members, answers);
  return total > 0 ? sum / total : values[needed];
}
