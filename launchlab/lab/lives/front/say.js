/* Texts that follow a frame, as launchlab.lab.view.say declares them: its twin in a page.
 * Templates come as data, already read; rounding.js stands before it in the one script.
 */
(function (root) {
  "use strict";
  const { fixed, significant } = root.launchlabRounding;
  const MINUS = "\u2212", NO_BREAK = "\u00a0", NEAR = 1e-9;
  const WHOLE = { kind: "d", digits: 0 };

  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
  const near = (one, two) =>
    Math.abs(one - two) <= NEAR * Math.max(1, Math.abs(one), Math.abs(two));

  function shown(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return "nothing";
    if (typeof value === "boolean") return value ? "yes" : "no";
    return typeof value === "string" ? `“${value}”` : significant(value, 12);
  }

  /** A number by a format; twin of launchlab.lab.view.numbers.Format.write. */
  function number(form, value) {
    if (!isNumber(value)) throw new Error(`${shown(value)}, expected a finite number`);
    const size = Math.abs(value);
    if (form.kind === "d" && !near(size, Math.floor(size + 0.5))) {
      throw new Error(`${shown(value)}, expected a whole number (or round it: .0f)`);
    }
    let text = form.kind === "g" ? significant(size, form.digits)
      : fixed(form.kind === "%" ? 100 * size : size, form.digits);
    if (!form.group) text = text.replaceAll(",", "");
    if (form.kind === "%") text += `${NO_BREAK}%`;
    const bare = form.size || !/[1-9]/.test(text);
    return (bare ? "" : value < 0 ? MINUS : form.plus ? "+" : "") + (form.money ? "$" : "") + text;
  }

  /** A number in a table; twin of launchlab.lab.view.numbers.plain. */
  function plain(value, digits) {
    const whole = Number.isInteger(value) && Math.abs(value) < 2 ** 53;
    return (whole ? fixed(value) : significant(value, digits)).replace(/^-/, MINUS);
  }

  function rowOf(row, columns) {
    const names = Object.keys(columns);
    const count = columns[names[0]].length;
    if (row === null || row === "first") return 0;
    if (row === "last") return count - 1;
    const found = [];
    const marks = Object.hasOwn(columns, row) &&
      columns[row].every((value) => typeof value === "boolean");
    for (let at = 0; at < count; at += 1) {
      if (marks ? columns[row][at] : names.some((name) => columns[name][at] === row)) found.push(at);
    }
    if (found.length !== 1) {
      throw new Error(marks ? `“${row}” is yes in ${found.length} rows, expected one`
        : `${found.length} rows say “${row}”, expected one (or first, or last)`);
    }
    return found[0];
  }

  function find({ row, column }, columns, values) {
    if (row === null && Object.hasOwn(values, column)) return values[column];
    if (!Object.hasOwn(columns, column)) {
      const names = Object.keys(columns).map((name) => `“${name}”`).join(", ");
      throw new Error(`no column “${column}”, expected one of ${names}`);
    }
    return columns[column][rowOf(row, columns)];
  }

  function write(slot, value) {
    const form = slot.format || WHOLE;
    if (slot.words) {
      const [yes, no] = slot.words;
      if (typeof value === "boolean") return value ? yes : no;
      const text = number(form, value);
      return (text === "1" ? yes : no).replaceAll("#", () => text);
    }
    if (slot.format) return number(form, value);
    if (typeof value === "string") return value;
    if (!isNumber(value)) throw new Error(`${shown(value)}, expected text or a number`);
    if (!near(value, Math.floor(value + 0.5))) {
      throw new Error(`${shown(value)}, expected a format for it, such as :.1f`);
    }
    return number(form, value);
  }

  function compare(left, sign, right) {
    let same, less;
    if (isNumber(left) && isNumber(right)) [same, less] = [near(left, right), left < right];
    else if (typeof left === "string" && typeof right === "string" && ["==", "!="].includes(sign)) {
      [same, less] = [left === right, false];
    } else {
      throw new Error(`${shown(left)} ${sign} ${shown(right)}, ` +
        "expected two numbers, or == or != of two texts");
    }
    return { "==": same, "!=": !same, "<": less && !same, "<=": less || same,
      ">": !less && !same, ">=": !less || same }[sign];
  }

  /** Do something, and say in its error where it was. */
  function within(where, action) {
    try { return action(); } catch (error) { throw new Error(`${where}: ${error.message}`); }
  }

  function holds(part, columns, values) {
    return within(`condition “${part.source}”`, () => {
      const left = find(part.left, columns, values);
      if (part.sign === "is" || part.sign === "not") {
        if (typeof left !== "boolean") {
          throw new Error(`${shown(left)}, expected yes or no (or a comparison)`);
        }
        return left === (part.sign === "is");
      }
      const { right } = part;
      return compare(left, part.sign, "value" in right ? right.value : find(right, columns, values));
    });
  }

  function fill(template, columns, values) {
    return template.parts.map((part) => (typeof part === "string" ? part
      : within(`template “${template.text}”: ${part.source}`,
        () => write(part, find(part, columns, values))))).join("");
  }

  /** The text of declared pieces over columns; twin of launchlab.lab.view.say.interpret. */
  function interpret(pieces, columns, values = {}) {
    let text = "";
    for (const cases of pieces) {
      const found = cases.find((one) => one.when.every((part) => holds(part, columns, values)));
      if (!found) continue;
      const said = fill(found.say, columns, values);
      text += text && said && !/^[,.;:!?)]/.test(said) ? ` ${said}` : said;
    }
    return text;
  }

  root.launchlabSay = { interpret, number, plain };
})(globalThis);
