/* How numbers are rounded and written: the twin of launchlab.rounding, where the rule is told.
 * A classic script, which stands before launchlab.js in the one script that pages and kernels load.
 */
(function (root) {
  "use strict";
  const SAME_DIGITS = 12;
  const SMALLEST = -6, LARGEST = 20;

  /** A finite number as its shortest decimal: sign, digits d.ddd and the power of ten of the first. */
  function decimal(value) {
    if (!Number.isFinite(value)) throw new RangeError(`value=${value}, expected a finite number`);
    const [digits, power] = Math.abs(value).toExponential().split("e");
    return { negative: value < 0, digits: digits.replace(".", ""), power: Number(power) };
  }

  /** Keep so many leading digits, and round a half away from zero. */
  function cut(number, keep) {
    if (keep >= number.digits.length) return number;
    const kept = number.digits.slice(0, Math.max(0, keep));
    const up = keep >= 0 && number.digits[keep] >= "5";
    // Added as text would be: no float is exact for as many digits as may be kept.
    const digits = up ? String(BigInt(kept || 0) + 1n) : kept;
    if (!digits) return { negative: false, digits: "0", power: 0 };
    return { ...number, digits, power: number.power + digits.length - kept.length };
  }

  /** What both languages agree on, rounded to so many leading digits. */
  function rounded(number, keep) {
    if (keep >= SAME_DIGITS) return cut(number, keep);
    const same = cut(number, SAME_DIGITS);
    return cut(same, keep + same.power - number.power);
  }

  /** Without an exponent, in groups of three, and with so many decimals. */
  function written({ negative, digits, power }, decimals) {
    const padded = power < 0 ? "0".repeat(-power) + digits : digits;
    const whole = padded.slice(0, Math.max(power, 0) + 1).padEnd(power + 1, "0");
    const rest = padded.slice(whole.length).padEnd(Math.max(0, decimals), "0");
    return (negative ? "-" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest && "." + rest);
  }

  /** A number with so many decimals; below zero: rounded to tens (-1), hundreds (-2) and so on. */
  function fixed(value, decimals = 0) {
    const number = decimal(value);
    return written(rounded(number, number.power + 1 + decimals), decimals);
  }

  /** A number with at most so many significant digits, without zeros at its end. */
  function significant(value, digits) {
    if (!(digits >= 1)) throw new RangeError(`digits=${digits}, expected at least 1`);
    const number = rounded(decimal(value), digits);
    const short = { ...number, digits: number.digits.replace(/^(.+?)0+$/, "$1") };
    if (short.power >= SMALLEST && short.power <= LARGEST) return written(short, 0);
    const [first, rest] = [short.digits[0], short.digits.slice(1)];
    return `${number.negative ? "-" : ""}${first}${rest && "." + rest}` +
      `e${short.power < 0 ? "-" : "+"}${Math.abs(short.power)}`;
  }

  root.launchlabRounding = { fixed, significant };
})(globalThis);
