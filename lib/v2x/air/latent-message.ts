import { PILLARS } from '../pillars/index.js';
import { type BitCoder, freshContexts, rangeDecoder, rangeEncode } from './range-coder.js';

/** Values of the 50 x 50 cells rounded to multiples of a step. */
export interface Quantised {
  readonly levels: Int16Array;
  /** Between neighbouring levels. */
  readonly step: number;
}

/** Steps go by eighths of an octave from the finest. */
const FINEST = 2 ** -8;
const STEPS = 96;
const stepOf = (index: number) => FINEST * 2 ** (index / 8);
/** Below a half, so that what is nearly nothing costs nothing. */
const ROUNDING = 0.4;
/** Larger levels are clipped, at the coarsest step. */
const MOST = 2 ** 12;
const UNARY = 14;
const ESCAPE_BITS = 12;

/**
 * The message of values with the finest step at which no level is clipped and it has at most so many bytes: number of the step (a byte), then the
 * levels by an adaptive range coder, each told apart by its neighbours. Undefined where even the coarsest is too long.
 */
export function latentMessage(
  values: Float32Array,
  perCell: number,
  maxBytes: number,
): Uint8Array | undefined {
  let [low, high] = [finestOf(values), STEPS];
  let best: Uint8Array | undefined;
  while (low < high) {
    const index = (low + high) >> 1;
    const message = messageAt(values, perCell, index);
    if (message.length <= maxBytes) {
      best = message;
      high = index;
    } else low = index + 1;
  }
  return best;
}

/** The finest step at which no level is clipped; the coarsest where there is none. */
function finestOf(values: Float32Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  let index = 0;
  while (index < STEPS - 1 && largest / stepOf(index) + ROUNDING >= MOST + 1) index++;
  return index;
}

function messageAt(values: Float32Array, perCell: number, index: number): Uint8Array {
  const step = stepOf(index);
  const levels = Int16Array.from(values, (value) => {
    const level = Math.min(MOST, Math.floor(Math.abs(value) / step + ROUNDING));
    return value < 0 ? -level : level;
  });
  const coded = rangeEncode((coder) => codeLevels(coder, levels, perCell));
  const message = new Uint8Array(1 + coded.length);
  message[0] = index;
  message.set(coded, 1);
  return message;
}

/** What a message says; undefined where it is none. */
export function readLatents(message: Uint8Array, perCell: number): Quantised | undefined {
  const index = message[0];
  if (index === undefined || index >= STEPS) return undefined;
  const levels = new Int16Array(PILLARS.featureCells ** 2 * perCell);
  codeLevels(rangeDecoder(message.subarray(1)), levels, perCell);
  return { levels, step: stepOf(index) };
}

/** Writes the levels, or reads them into their places: the coder says which. */
function codeLevels(coder: BitCoder, levels: Int16Array, perCell: number): void {
  const [zeros, signs, more] = [freshContexts(27), freshContexts(1), freshContexts(2 * UNARY)];
  const tail = freshContexts(ESCAPE_BITS);
  const size = (at: number) => Math.min(2, Math.abs(levels[at] ?? 0));
  const row = PILLARS.featureCells * perCell;
  for (let at = 0; at < levels.length; at++) {
    const beside = at % row >= perCell ? size(at - perCell) : 0;
    const before = at % perCell > 0 ? size(at - 1) : 0;
    const context = 9 * size(at - row) + 3 * beside + before;
    const level = levels[at]!;
    if (coder(zeros, context, level === 0 ? 0 : 1) === 0) continue;
    const negative = coder(signs, 0, level < 0 ? 1 : 0);
    const magnitude = codeMagnitude(coder, Math.abs(level), { more, tail, busy: context > 0 });
    levels[at] = negative ? -magnitude : magnitude;
  }
}

function codeMagnitude(
  coder: BitCoder,
  magnitude: number,
  { more, tail, busy }: Record<'more' | 'tail', Uint16Array> & { busy: boolean },
): number {
  let found = 1;
  while (found <= UNARY && coder(more, 2 * (found - 1) + Number(busy), magnitude > found ? 1 : 0) === 1)
    found++;
  if (found <= UNARY) return found;
  let rest = 0;
  for (let bit = ESCAPE_BITS - 1; bit >= 0; bit--)
    rest |= coder(tail, bit, ((magnitude - found) >> bit) & 1) << bit;
  return found + rest;
}
