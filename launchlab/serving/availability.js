// Twin of launchlab.serving.availability, for the experiment in rule form. Uses faults.js.

function frame(table, { members, failure, missing, common }) {
  const q = failure / 100, beta = common / 100, floor = 0.001, month = 30 * 24;
  const facts = {
    asked: members, missing,
    hours: month * unanswered(members, q, missing, beta), one_hours: month * q,
    accuracy: 100 * meanWhenAnswered(table.accuracy, members, q, missing, beta),
    accuracy_all: 100 * table.accuracy[members],
  };
  return Array.from({ length: 50 }, (_, before) => {
    const size = before + 1;
    const strict = 100 * unanswered(size, q, 0, beta);
    const degraded = 100 * unanswered(size, q, missing, beta);
    return {
      members: size, strict, degraded,
      strict_shown: Math.max(strict, floor),
      degraded_shown: missing ? Math.max(degraded, floor) : null,
      one: failure, here: size === members, ...facts,
    };
  });
}
