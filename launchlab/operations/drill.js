// Twin of launchlab.operations.drill: the evening, its dashboards, and what a choice costs.
// A plain script; `launchlabDrill(data)` gives the functions for what Python ships as data.
globalThis.launchlabDrill = function (data) {
  "use strict";
  const { numbers: N, frame, worlds, story } = data;
  const NEVER = 10000;

  // ---------------------------------------------------------------- what chance brings

  function uniforms(seed) {
    let held = seed >>> 0;
    return () => {
      held = (held + 0x6d2b79f5) >>> 0;
      let t = Math.imul(held ^ (held >>> 15), held | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  const normal = (draw) => (draw() + draw() + draw() + draw() - 2) * 1.7320508075688772;

  function makeEvening(seed, scenario) {
    const draw = uniforms(seed);
    const place = Math.floor(draw() * story.scenarios.length);
    const town = Math.floor(draw() * worlds.length);
    const level = 1 + N.level_sd * normal(draw);
    const friday = 1 + N.level_sd * normal(draw);
    const falseAlarm = draw() < N.false_alarm;
    const noise = [];
    for (let m = 0; m < N.minutes; m += 1) noise.push(Array.from({ length: 7 }, () => normal(draw)));
    const alarmFrom = N.alarm_from + Math.floor(draw() * N.alarm_spread);
    const falseFeature = N.false_features[Math.floor(draw() * N.false_features.length)];
    const falsePsi = N.false_psi + N.false_psi_spread * draw();
    const name = scenario || story.scenarios[place].name;
    const about = story.scenarios.find((one) => one.name === name);
    const truth = worlds[town];
    const stays = frame.wait.map((wait, m) => 1 - truth.leaves * (frame.wait_slow[m] - wait));
    return { seed, name, about, town, truth, level, friday, falseAlarm, alarmFrom, falseFeature,
      falsePsi, noise, stays };
  }

  // ---------------------------------------------------------------- what is true

  function ratesOf(evening, minute, state, meant) {
    const { truth: { rates }, name } = evening;
    const well = meant || minute >= state.cured_at;
    const back = !meant && minute >= state.back_at;
    const behind = name === "campaign" && minute >= N.campaign_from ? "-campaign" : "";
    const old = name === "units" && !well ? "old-seconds" : "old" + behind;
    let fresh = old, keeps = 1;
    if (!back) {
      const broken = `new-${name}` in rates && name !== "campaign" && !well;
      fresh = broken ? `new-${name}` : "new" + behind;
      if (name === "slow" && !well) keeps = evening.stays[minute];
    }
    return [keeps * rates[fresh].orders, keeps * rates[fresh].ad_revenue,
      rates[old].orders, rates[old].ad_revenue];
  }

  const expectedSessions = (evening, minute) =>
    frame.sessions[minute] * evening.level * (evening.name === "holiday" ? N.away : 1);

  const count = (mean, variance, z) => Math.max(0, Math.floor(mean + Math.sqrt(variance) * z + 0.5));

  function counts(evening, minute, state) {
    const n = expectedSessions(evening, minute), z = evening.noise[minute];
    const rates = ratesOf(evening, minute, state, false);
    const found = [];
    for (const arm of [0, 1]) {
      const sessions = Math.max(1, count(n, n, z[3 * arm]));
      const chance = rates[2 * arm], ads = rates[2 * arm + 1];
      const orders = count(sessions * chance, sessions * chance * (1 - chance), z[3 * arm + 1]);
      const money = Math.max(0, sessions * ads + N.ads_sd * Math.sqrt(sessions) * z[3 * arm + 2]);
      found.push(sessions, Math.min(orders, sessions), money);
    }
    return found;
  }

  function alarm(evening, state) {
    if (state.minute < evening.alarmFrom || state.minute >= state.back_at) return ["", 0];
    if (evening.about.feature) {
      return state.minute < state.cured_at
        ? [evening.about.feature, evening.truth.psi[evening.name]] : ["", 0];
    }
    return evening.falseAlarm ? [evening.falseFeature, evening.falsePsi] : ["", 0];
  }

  function reading(evening, n) {
    const one = n[1] / n[0], two = n[4] / n[3], usual = evening.truth.rates.old.orders;
    if (!(one > 0 && one < 1 && two > 0 && two < 1)) return 0;
    const first = Math.sqrt(one * (1 - one) / n[0]), second = Math.sqrt(two * (1 - two) / n[3]);
    const spread = Math.sqrt(one * (1 - one) / n[0] + two * (1 - two) / n[3]);
    const moved = (one - usual) / first, oldMoved = (two - usual) / second;
    const apart = (one - two) / spread;
    if (moved < -2 && oldMoved < -2) {
      return Math.min(moved, oldMoved) < -3 && apart > -2 ? 3 : 0;
    }
    if (oldMoved < -3 && apart > 2) return 2;
    if (moved < -3 && apart < -2) return 1;
    if (moved > 3 && oldMoved > -2 && apart > 2) return 4;
    return 0;
  }

  function facts(evening, state) {
    let n = [0, 0, 0, 0, 0, 0], before = 0, now = 0;
    const usual = evening.truth.rates.old.orders;
    for (let m = 0; m < state.minute; m += 1) {
      const seen = counts(evening, m, state);
      if (m < state.back_at) n = n.map((one, k) => one + seen[k]);
      if (m >= state.minute - N.window) {
        now += seen[1] + seen[4];
        before += 2 * frame.sessions[m] * evening.friday * usual;
      }
    }
    const m = Math.max(0, Math.min(state.minute, N.minutes) - 1);
    const slow = evening.name === "slow" && m < state.cured_at && m < state.back_at;
    const jitter = 1 + 0.05 * evening.noise[m][6];
    const [feature, psi] = alarm(evening, state);
    const found = {
      minute: state.minute, usual: 1000 * usual, release: 0, control: 0, change: 0, error: 0,
      release_error: 0, control_error: 0, z: 0, reading: 0, ads_release: 0, ads_control: 0, ads: 0,
      p99: Math.floor((slow ? frame.p99_slow : frame.p99)[m] * jitter + 0.5),
      p99_control: Math.floor(frame.p99[m] * jitter + 0.5),
      alarm: feature ? 1 : 0, psi, total: before > 0 ? 100 * (now / before - 1) : 0,
      back: state.back_at < NEVER ? 1 : 0, mended: state.minute >= state.cured_at ? 1 : 0,
    };
    if (n[0] > 0 && n[4] > 0 && n[5] > 0) {
      const one = n[1] / n[0], two = n[4] / n[3];
      const spread = Math.sqrt(one * (1 - one) / n[0] + two * (1 - two) / n[3]);
      Object.assign(found, {
        release: 1000 * one, control: 1000 * two, change: 100 * (one / two - 1),
        error: 196 * spread / two,
        release_error: 1960 * Math.sqrt(one * (1 - one) / n[0]),
        control_error: 1960 * Math.sqrt(two * (1 - two) / n[3]),
        reading: reading(evening, n), z: spread > 0 ? (one - two) / spread : 0,
        ads_release: 1000 * n[2] / n[0], ads_control: 1000 * n[5] / n[3],
        ads: 100 * ((n[2] / n[0]) / (n[5] / n[3]) - 1),
      });
    }
    return found;
  }

  function red(found) {
    const lights = {
      ml: found.z < N.red_z && found.minute >= N.window,
      product: found.p99 > N.red_p99,
      infrastructure: found.alarm > 0,
      manager: found.total < N.red_total && found.minute >= N.window,
    };
    return Object.keys(lights).filter((name) => lights[name]);
  }

  // ---------------------------------------------------------------- what you do

  const grouped = (value) =>
    String(Math.floor(Math.abs(value) + 0.5)).replace(/\B(?=(\d{3})+$)/g, ",");

  function tell(cases, found) {
    for (const [fact, sign, number, text] of cases) {
      if (!fact || (sign === ">" ? found[fact] > number : found[fact] < number)) {
        return Object.keys(found).reduce(
          (said, name) => said.replaceAll(`{${name}}`, grouped(found[name])), text);
      }
    }
    return "";
  }

  const note = (state, kind, who, text) =>
    ({ ...state, log: [...state.log, [state.minute, kind, who, text]] });

  const begin = () => note({
    minute: 0, back_at: NEVER, cured_at: NEVER, lost_orders: 0, lost_ads: 0,
    called: [], pending: [], looked: [], log: [], over: false,
  }, "event", "", "The understudy answers half of the sessions.");

  const knows = (evening, state) => state.looked.some((look) => evening.about.shown.includes(look));

  function cured(evening, state) {
    const { cures, told } = evening.about;
    let at = state.cured_at;
    for (const [due, who] of state.pending) {
      if (who in cures) {
        at = Math.min(at, due - story.called[who].minutes + cures[who]);
        if (knows(evening, state)) at = Math.min(at, Math.max(state.minute, due) + told);
      }
    }
    return { ...state, cured_at: at };
  }

  function happen(evening, given) {
    let state = given;
    if (state.minute === state.back_at) {
      state = note(state, "event", "", "Everybody has the old model again.");
    }
    if (state.minute === state.cured_at) {
      state = note(state, "event", "", "What was wrong is mended.");
    }
    const [feature] = alarm(evening, state);
    if (state.minute === evening.alarmFrom && feature) {
      state = note(state, "event", "", `An input alarm rings: ${feature}.`);
    }
    for (const [due, who] of state.pending) {
      if (due === state.minute) {
        const { says, told } = story.called[who];
        const known = knows(evening, state) && told[evening.name];
        state = note(state, "answer", who, known || says[evening.name] || says[""]);
      }
    }
    for (const which of ["", evening.name]) {
      for (const [when, who, cases] of story.messages[which] || []) {
        // Who has been called in is there, and writes no more.
        if (when === state.minute && !state.called.includes(who)) {
          const text = tell(cases, facts(evening, state));
          if (text) state = note(state, "message", who, text);
        }
      }
    }
    return state;
  }

  function advance(evening, given, minutes) {
    let state = given;
    for (let left = Math.min(minutes, N.minutes - state.minute); left > 0; left -= 1) {
      const m = state.minute, n = expectedSessions(evening, m);
      const meant = ratesOf(evening, m, state, true), got = ratesOf(evening, m, state, false);
      state = happen(evening, {
        ...state, minute: m + 1,
        lost_orders: state.lost_orders + n * (meant[0] - got[0]) + n * (meant[2] - got[2]),
        lost_ads: state.lost_ads + n * (meant[1] - got[1]) + n * (meant[3] - got[3]),
      });
    }
    if (state.minute >= N.minutes && !state.over) {
      state = { ...note(state, "event", "", "Your shift is over."), over: true };
    }
    return state;
  }

  function step(evening, state, action) {
    if (state.over) throw new RangeError(`${action}: the evening is over, expected none`);
    const [verb, what] = action.split(" ");
    if (verb === "wait") return advance(evening, state, Number(what));
    if (verb === "look") {
      const look = story.looks[what];
      const later = advance(evening, note(state, "you", what, `You look: ${look.label}.`), look.minutes);
      const cases = look.found[evening.name] || look.found[""];
      const found = note(later, "look", what, tell(cases, facts(evening, later)));
      const sooner = cured(evening, { ...found, looked: [...found.looked, what] });
      return sooner.cured_at < found.cured_at
        ? note(sooner, "you", "", "You tell those at work on it what you have found.") : sooner;
    }
    if (verb === "call") {
      if (state.called.includes(what)) {
        return note(state, "you", what, "You have called them already.");
      }
      const said = knows(evening, state) ? ", and tell them what you have found" : "";
      return cured(evening, {
        ...note(state, "you", what, `You call them${said}.`),
        called: [...state.called, what],
        pending: [...state.pending, [state.minute + story.called[what].minutes, what]],
      });
    }
    if (action === "rollback") {
      if (state.back_at < NEVER) return note(state, "you", "", "You have rolled back already.");
      return { ...note(state, "you", "", "You roll back. It takes five minutes."),
        back_at: state.minute + N.rollback_takes };
    }
    if (action === "run") {
      const said = state.back_at === NEVER ? "You let it run." : "You wait until nine.";
      return advance(evening, note(state, "you", "", said), N.minutes - state.minute);
    }
    throw new RangeError(`${action}: expected an action`);
  }

  const cost = (state, worth, call) =>
    worth * state.lost_orders + state.lost_ads + call * state.called.length;

  function replay(evening, plan) {
    let state = begin();
    for (const [minute, action] of plan) {
      if (minute > state.minute && !state.over) {
        state = step(evening, state, `wait ${minute - state.minute}`);
      }
      if (!state.over) state = step(evening, state, action);
    }
    return state.over ? state : step(evening, state, `wait ${N.minutes - state.minute}`);
  }

  function differences(evening, plan, worth, call) {
    const whole = cost(replay(evening, plan), worth, call);
    return plan.map((_, place) =>
      whole - cost(replay(evening, plan.filter((__, k) => k !== place)), worth, call));
  }

  function stretches(evening, plan, worth) {
    let state = begin();
    const ends = [];
    for (const [minute, action] of plan) {
      if (minute > state.minute && !state.over) {
        state = step(evening, state, `wait ${minute - state.minute}`);
      }
      ends.push(state);
      if (!state.over) state = step(evening, state, action);
    }
    ends.push(state.over ? state : step(evening, state, `wait ${N.minutes - state.minute}`));
    let minute = 0, lost = 0;
    return ends.map((end) => {
      const soFar = cost(end, worth, 0), found = [end.minute - minute, soFar - lost];
      minute = end.minute;
      lost = soFar;
      return found;
    });
  }

  function lesson(evening, worth) {
    const { about } = evening;
    if (!about.harmless) return about.lesson;
    const [back, run] = ["rollback", "run"].map((action) =>
      cost(replay(evening, [[0, action]]), worth, N.call_costs));
    return `${about.lesson} ${back < run ? story.worse : story.better}`;
  }

  // ---------------------------------------------------------------- five who never change

  function choose(name, evening, state) {
    if (state.back_at < NEVER || name === "run") return "run";
    if (state.minute < N.first_look) return `wait ${N.first_look}`;
    if (name === "back") return "rollback";
    if (name === "call") return state.called.length ? "run" : "call ml";
    if (name === "red") return red(facts(evening, state)).length ? "rollback" : "wait 5";
    const look = N.looks_at.indexOf(state.minute);
    if (look < 0) return `wait ${15 - state.minute % 15}`;
    return facts(evening, state).z < -frame.bounds[look] ? "rollback" : "wait 15";
  }

  function play(name, evening) {
    let state = begin();
    while (!state.over) state = step(evening, state, choose(name, evening, state));
    return state;
  }

  return { NEVER, makeEvening, begin, step, facts, counts, red, alarm, cost, replay, differences,
    stretches, lesson, choose, play, grouped };
};
