// Twin of launchlab.stakeholders.money, for experiments in rule form.

const WEEKS_A_YEAR = 52;
const NEVER = 1e12;

// Chance that something with a weekly chance has happened after some weeks.
function happened(chance, weeks) {
  return -Math.expm1(weeks * Math.log1p(-chance));
}

function costOfDelay(f, sessions, gain) { return f.weeks * sessions * gain; }

function riskAverted(f) { return f.breach_loss * happened(f.weekly_chance, f.late_weeks); }

function breakEvenChance(f, sessions, gain) {
  const cost = costOfDelay(f, sessions, gain);
  if (cost <= 0) return 0;
  if (cost >= f.breach_loss) return 1;
  return -Math.expm1(Math.log1p(-cost / f.breach_loss) / f.late_weeks);
}

function breakEvenSessions(f, gain) {
  const weekly = f.weeks * gain;
  return weekly > 0 ? Math.min(NEVER, riskAverted(f) / weekly) : NEVER;
}

function interpolate(x, xs, ys) {
  let i = 1;
  while (i < xs.length - 1 && x > xs[i]) i += 1;
  return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
}

// A line is what a choice is worth against keeping the team: fixed $, and $ for each session a week.
function option(t, lost, rate, leaving, age, once) {
  let factors = 0, missed = 0;
  for (let week = 1; week <= t.horizon; week += 1) {
    const factor = Math.pow(1 + t.discount_rate, -week / WEEKS_A_YEAR);
    const stale = interpolate(happened(rate, age(week)), lost.share, lost.dollars);
    factors += factor;
    missed += factor * (stale + t.new_gain * lost.margin * week / WEEKS_A_YEAR);
  }
  const weekly = t.loaded_wage / WEEKS_A_YEAR;
  return { fixed: leaving * weekly * (factors - t.severance_weeks) - once, per_session: -missed };
}

function letGo(t, lost, rate) { return option(t, lost, rate, t.people, (week) => week, 0); }

function automate(t, lost, rate) {
  const age = (week) => (week - 1) % t.retrain_weeks;
  return option(t, lost, rate, t.people - t.maintainers, age, t.automation_cost);
}

function lineAt(line, sessions) { return line.fixed + line.per_session * sessions; }

// Up to which size one line lies above another that falls less.
function above(line, other) {
  const ahead = line.fixed - other.fixed, faster = other.per_session - line.per_session;
  if (ahead <= 0) return 0;
  return faster > 0 ? Math.min(NEVER, ahead / faster) : NEVER;
}
