/** Nodes whose outputs are free, or free but for their parity. */
import { storeWide } from './constant';
import { fork } from './fork';
import { COSTS, FLIPPED, LLR_LANE, METRICS, STATE, bitsOf, fill, gather, lanes, list, llrsOf, otherHalf, pointers, step, swizzleOf, twice, wide } from './rows';

const VALUE: usize = STATE; // minus the magnitude of the output last looked at
const INDEX: usize = STATE + 32; // and its position
const LEAST_VALUE: usize = STATE + 64; // the same of the least reliable output
const LEAST_INDEX: usize = STATE + 96;
const MENDED: usize = STATE + 128; // -1 where that one is flipped to mend the parity
const FLIPS: usize = STATE + 160; // pairs of rows: position, and -1 where flipped

/**
 * Rate-1 and single-parity-check nodes: hard decisions, an odd parity mended at the least reliable output,
 * and forks at the outputs next in unreliability until none of them survives.
 */
export function splitLeastReliable(stage: i32, offset: i32, parityCheck: bool): void {
  const length = 1 << stage;
  const forks = min(list, length) - 1;
  fill(VALUE, 1);
  fill(INDEX, 0);
  if (parityCheck) mendParity(stage);
  let flips = 0;
  while (flips < forks) {
    nextReliable(stage);
    flipCosts(parityCheck);
    if (!fork(stage, 5 + 2 * flips)) break;
    recordFlip(FLIPS + (<usize>flips << 6), parityCheck);
    flips++;
  }
  hardDecide(stage, offset);
  const bits = bitsOf(offset);
  for (let flip = 0; flip < flips; flip++) {
    const row = FLIPS + (<usize>flip << 6);
    invert(bits, row, row + 32);
  }
  if (parityCheck) invert(bits, LEAST_INDEX, MENDED);
}

function recordFlip(row: usize, parityCheck: bool): void {
  for (let column: usize = 0; column < 32; column += 16) {
    const flipped = v128.load(FLIPPED + column);
    v128.store(row + column, v128.load(INDEX + column));
    v128.store(row + column, flipped, 32);
    if (parityCheck) v128.store(MENDED + column, v128.xor(v128.load(MENDED + column), flipped));
  }
}

/** Inverts in each lane the bit at its position, where the mask is set. */
function invert(bits: usize, positions: usize, masks: usize): void {
  for (let lane = 0; lane < list; lane++) {
    if (load<i8>(masks + lane) == 0) continue;
    const bit = bits + <i32>load<u8>(positions + lane) * lanes + lane;
    store<i8>(bit, ~load<i8>(bit));
  }
}

/** Finds the least reliable output, and where the parity is odd adds its cost. */
function mendParity(stage: i32): void {
  nextReliable(stage);
  for (let at: usize = 0; at < 64; at += 16) v128.store(LEAST_VALUE + at, v128.load(VALUE + at));
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
  const high = v128.load(row, 16);
  const zero = i8x16.splat(0);
  for (let column = 0; column < step; column += 16) {
    let parity = zero;
    for (let at = column; at < bytes; at += step) {
      parity = v128.xor(parity, gather(llrs, at, low, high, isWide));
    }
    if (lanes == 8) parity = v128.xor(parity, otherHalf(parity));
    const mended = i8x16.lt_s(parity, zero);
    v128.store(MENDED + column, mended);
    addBytes(METRICS, column, i8x16.neg(v128.and(mended, v128.load(VALUE + column))));
  }
}

/** Adds 16 bytes of 0 to 127 to those of a column. */
@inline
function addBytes(numbers: usize, column: i32, bytes: v128): void {
  const to = numbers + (<usize>column << 2);
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(low)));
  v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(low)), 16);
  v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_u(high)), 32);
  v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_u(high)), 48);
}

/** Costs of flipping the output last looked at: both it and the least reliable one where parity counts. */
function flipCosts(parityCheck: bool): void {
  for (let column = 0; column < step; column += 16) {
    let cost = i8x16.neg(v128.load(VALUE + column));
    if (parityCheck) {
      // Of 127 + 127 at most, so that it fits 8 bits without a sign.
      const least = v128.load(LEAST_VALUE + column);
      const mended = v128.load(MENDED + column);
      cost = i8x16.sub(cost, i8x16.sub(v128.xor(least, mended), mended));
    }
    const low = i16x8.extend_low_i8x16_u(cost);
    const high = i16x8.extend_high_i8x16_u(cost);
    storeWide(COSTS + (<usize>column << 2), low);
    if (lanes > 8) storeWide(COSTS + (<usize>column << 2) + 32, high);
  }
}

/** Moves VALUE and INDEX of each path to the output that comes next in reliability, then in position. */
function nextReliable(stage: i32): void {
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const eight = lanes == 8;
  const low = swizzleOf(row);
  const high = v128.load(row, 16);
  const rows = i8x16.splat(eight ? 2 : 1);
  for (let column = 0; column < step; column += 16) {
    let lastValue = v128.load(VALUE + column);
    let lastIndex = v128.load(INDEX + column);
    if (eight) {
      lastValue = twice(lastValue);
      lastIndex = twice(lastIndex);
    }
    let best = i8x16.splat(-128);
    let bestIndex = i8x16.splat(0);
    let index = eight ? i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1) : i8x16.splat(0);
    for (let at = column; at < bytes; at += step) {
      const llr = gather(llrs, at, low, high, isWide);
      const value = i8x16.min_s(llr, i8x16.neg(llr));
      const tied = v128.and(i8x16.eq(value, lastValue), i8x16.gt_s(index, lastIndex));
      const later = v128.or(i8x16.lt_s(value, lastValue), tied);
      const better = v128.and(later, i8x16.gt_s(value, best));
      best = v128.bitselect(value, best, better);
      bestIndex = v128.bitselect(index, bestIndex, better);
      index = i8x16.add(index, rows);
    }
    if (eight) {
      const other = otherHalf(best);
      const otherIndex = otherHalf(bestIndex);
      const tied = v128.and(i8x16.eq(other, best), i8x16.lt_s(otherIndex, bestIndex));
      const better = v128.or(i8x16.gt_s(other, best), tied);
      best = v128.bitselect(other, best, better);
      bestIndex = v128.bitselect(otherIndex, bestIndex, better);
    }
    v128.store(VALUE + column, best);
    v128.store(INDEX + column, bestIndex);
  }
}

function hardDecide(stage: i32, offset: i32): void {
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bits = bitsOf(offset);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    v128.store(bits + at, i8x16.lt_s(gather(llrs, at, low, high, isWide), i8x16.splat(0)));
  }
}
