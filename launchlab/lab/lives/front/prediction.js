/* Reads a typed answer, judges a prediction once, and writes it down: the twin of
 * launchlab.lab.lives.prediction, where the rules are told. Stands before launchlab.js in the one
 * script that pages and kernels load.
 */
(function (root) {
  "use strict";
  const { fixed, significant } = root.launchlabRounding;
  const SCHEMA = 1;
  const SURE = { guess: "a guess", fairly: "fairly sure", certain: "certain" };
  const NO_BREAK = "\u00a0";
  const SPACES = /[ \t\r\n\u00a0\u2007\u2009\u202f]+/g;
  const MINUS = /[\u2212\u2012\u2013\uff0d]/g;
  const ANSWER = /^(\$?) ?([+-]?) ?(\$?) ?([0-9.,][0-9.,'\u2019 ]*)(.*)$/s;
  const COUNTED = ["of ", "in "];
  const MEASURED = ["points", "times", "places", "orders"];
  const FAR = 10;
  const OTHER_NAMES = {
    "%": ["percent", "per cent"],
    "$": ["dollar", "dollars"],
    "ms": ["milliseconds"],
    "points": ["percentage points", "%", "percent"],
    "of 100": ["%", "percent"],
    "in 100": ["%", "percent"],
  };
  const trim = (text) => text.replace(/^ +| +$/g, "");
  const isCounted = (unit) => COUNTED.some((one) => unit.startsWith(one));

  /** A unit after the number 1: "world" of "worlds". */
  const one = (unit) => (unit.length > 3 && unit.endsWith("s") ? unit.slice(0, -1) : unit);

  /** Whether a unit's numbers are whole: "of 20", "sessions a week". */
  function isWhole(unit) {
    const noun = unit.split(" ")[0];
    const plural = noun.length > 3 && noun.endsWith("s");
    return isCounted(unit) || (plural && !MEASURED.includes(noun));
  }

  /** Whether what is typed around a number is its unit, the beginning of it, or nothing. */
  function isUnit(unit, money, rest) {
    if (money && (rest || !unit.startsWith("$"))) return false;
    const words = unit.toLowerCase().split(" ");
    const names = ["", ...words.map((_, last) => words.slice(0, last + 1).join(" ")),
      ...(Object.hasOwn(OTHER_NAMES, unit) ? OTHER_NAMES[unit] : []),
      ...(Object.hasOwn(OTHER_NAMES, words[0]) ? OTHER_NAMES[words[0]] : []),
      one(unit).toLowerCase()];
    return names.includes(trim(rest).toLowerCase());
  }

  /** The decimals that digits with marks may mean; none, if they are put together wrongly. */
  function readings(text) {
    if (/^[0-9]+[.,]?$/.test(text)) return [text.replace(/[.,]$/, "")];
    if (/^[0-9]*\.[0-9]+$/.test(text)) return [text];
    if (/^[0-9]{1,3}([ '\u2019][0-9]{3})+([.,][0-9]+)?$/.test(text)) {
      return [text.replace(/[ '\u2019]/g, "").replace(",", ".")];
    }
    if (/^([0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+)$/.test(text)) {
      return [text.replaceAll(",", "")];
    }
    if (/^([0-9]{1,3}(\.[0-9]{3}){2,}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+)$/.test(text)) {
      return [text.replaceAll(".", "").replace(",", ".")];
    }
    if (/^[1-9][0-9]{0,2},000$/.test(text)) return [text.replace(",", "")];
    if (/^[1-9][0-9]{0,2},[0-9]{3}$/.test(text)) {
      return [text.replace(",", ""), text.replace(",", ".")];
    }
    if (/^[0-9]*,[0-9]+$/.test(text)) return [text.replace(",", ".")];
    return [];
  }

  /** A number with its unit: a typographic minus, a no-break space, and "$4". */
  function quantity(value, unit, digits) {
    let text = significant(value, digits);
    let sign = text.startsWith("-") ? "\u2212" : "";
    text = text.replace(/^-/, "");
    if (unit.startsWith("$")) { sign += "$"; unit = trim(unit.slice(1)); }
    if (text === "1") unit = one(unit);
    return sign + text + (unit ? NO_BREAK : "") + unit;
  }

  /** A range with its unit: "0 to 50 %". */
  function span(low, high, unit) {
    if (isCounted(unit)) unit = "";
    return `${quantity(low, unit === "$" ? "$" : "", 6)} to ${quantity(high, unit, 6)}`;
  }

  /** How far two values are apart; percentages differ by points. */
  function distance(off, unit) {
    if (unit.startsWith("%")) unit = "points";
    return quantity(off, isCounted(unit) ? "" : unit, off < 100 ? 2 : 3);
  }

  /** The number that a reader has typed: { value }, or { refused } with what to say. */
  function read(question, text) {
    const { unit } = question;
    const bounded = question.low !== null;
    const [low, high] = bounded ? [question.low, question.high] : [-Infinity, Infinity];
    const wanted = bounded ? `Write a number from ${span(low, high, unit)}, or skip`
      : "Write a number, or skip";
    const typed = trim(text.replace(SPACES, " "));
    const parts = ANSWER.exec(typed.replace(MINUS, "-"));
    let values = [];
    if (parts && isUnit(unit, parts[1] || parts[3], parts[5])) {
      const sign = parts[2] === "-" ? -1 : 1;
      // Adding 0 makes 0 of -0.
      values = readings(trim(parts[4])).map((decimal) => sign * Number(decimal) + 0);
    }
    if (!values.length) return { refused: `${wanted}.` };
    const fitting = values.filter((value) => low <= value && value <= high && Number.isFinite(value));
    if (fitting.length === 1) return { value: fitting[0] };
    if (fitting.length) {
      const [whole, parted] = fitting.map((value) => significant(value, 6).replaceAll(",", ""));
      return { refused:
        `“${typed}” may mean ${whole} or ${parted}: write it without the comma, or skip.` };
    }
    return { refused: `${wanted}: ${typed.slice(0, 40)} lies outside.` };
  }

  /** A prediction, with all that it takes to judge it without the lab. */
  function record(asked, said, sure) {
    const named = (value) => (asked.values.length ? asked.names[asked.values.indexOf(value)] : value);
    return {
      schema: SCHEMA,
      lab: asked.lab,
      question: asked.text,
      setting: asked.setting,
      words: asked.words,
      said: said === null ? null : named(said),
      truth: named(asked.truth),
      unit: asked.unit,
      tolerance: asked.tolerance,
      sure,
      book: asked.book,
    };
  }

  /** What is said of a prediction, by its record alone; nothing where the reader skipped. */
  function verdict(kept) {
    const { said, unit, tolerance, words } = kept;
    let { truth } = kept;
    if (said === null) return "";
    let guess, right, judged;
    if (typeof truth === "string") {
      [guess, right, judged] = [`“${said}”`, `“${truth}”`, said === truth ? "Right." : ""];
    } else {
      if (isWhole(unit)) truth = Number(fixed(truth, 0).replaceAll(",", ""));
      const off = Math.abs(said - truth);
      [guess, right] = [quantity(said, unit, 4), quantity(truth, unit, 3)];
      if (significant(said, 3) === significant(truth, 3)) judged = "Right.";
      else if (off <= tolerance) judged = `Close: ${distance(off, unit)} off.`;
      else if (said * truth > 0 && !(1 / FAR < said / truth && said / truth < FAR)) {
        [right, judged] = [`${right}; your guess was far too ${said > truth ? "high" : "low"}`, ""];
      } else judged = `That is ${distance(off, unit)} off.`;
    }
    const sure = kept.sure ? ` (${SURE[kept.sure]})` : "";
    const parts = [`You predicted ${guess}${sure}.`, `It is ${right}.`, judged];
    return [...parts.filter(Boolean), `Asked at: ${words}.`].join(" ");
  }

  root.launchlabPrediction = { SCHEMA, SURE, read, record, verdict, quantity };
})(globalThis);
