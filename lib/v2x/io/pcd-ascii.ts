import { InputError } from '../../base/index.js';

const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i;
const [SPACE, MINUS, POINT, ZERO] = [32, 45, 46, 48] as const;
/** Powers of ten that double precision holds exactly. */
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** The value in a column of the row at hand. */
type Value = (column: number) => number;

/**
 * Calls `take` for each row of numbers of a text; empty rows are passed over.
 * @throws InputError for other than the stated rows or columns, or a value asked for that is no number.
 */
export function readRows(
  text: string,
  rows: number,
  columns: number,
  what: string,
  take: (value: Value) => void,
): void {
  const spans = new Int32Array(2 * columns);
  let row = 0;
  const value: Value = (column) => parseNumber(text, spans[2 * column]!, spans[2 * column + 1]!, row, what);
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const found = splitRow(text, at, end, spans);
    at = end + 1;
    if (found === 0) continue;
    if (row++ === rows) throw new InputError(`${what}: more rows than the ${rows} points its header says`);
    if (found !== columns)
      throw new InputError(`${what}: row ${row} has ${found} values; its header says ${columns}`);
    take(value);
  }
  if (row !== rows) throw new InputError(`${what}: ${row} rows; its header says ${rows} points`);
}

/** Notes where the tokens of a row start and end, as many as fit, and returns how many there are. */
function splitRow(text: string, from: number, end: number, spans: Int32Array): number {
  let found = 0;
  for (let at = from; at < end; at++) {
    if (text.charCodeAt(at) <= SPACE) continue;
    const start = at;
    while (at < end && text.charCodeAt(at) > SPACE) at++;
    // What lies beyond a typed array's end is not stored.
    spans[2 * found] = start;
    spans[2 * found + 1] = at;
    found++;
  }
  return found;
}

function parseNumber(text: string, from: number, to: number, row: number, what: string): number {
  const plain = plainDecimal(text, from, to);
  if (plain !== undefined) return plain;
  const token = text.slice(from, to);
  const value = Number(token);
  if (Number.isNaN(value) && !NOT_A_NUMBER.test(token)) {
    throw new InputError(`${what}: row ${row} has ${JSON.stringify(token.slice(0, 40))}; allowed: numbers`);
  }
  // `Number` knows no `inf`: what is infinite is as unusable as what is no number.
  return value;
}

/**
 * A number of up to 15 digits without exponent, several times faster than `Number` and equal to it: both the digits and the
 * power of ten are exact in double precision, so their quotient is rounded once (Clinger 1990). Undefined for any other text.
 */
export function plainDecimal(text: string, from: number, to: number): number | undefined {
  const negative = text.charCodeAt(from) === MINUS;
  let mantissa = 0;
  let digits = 0;
  let before = -1;
  for (let at = negative ? from + 1 : from; at < to; at++) {
    const code = text.charCodeAt(at);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = 10 * mantissa + digit;
      digits++;
    } else if (code === POINT && before < 0) before = digits;
    else return undefined;
  }
  if (digits === 0 || digits > 15) return undefined;
  const value = before < 0 ? mantissa : mantissa / POWERS[digits - before]!;
  return negative ? -value : value;
}
