/** Nodes whose outputs are all the same bit: frozen, or repeated. */
import { fork } from './fork';
import { COSTS, FLIPPED, LLR_LANE, METRICS, STATE, bitsOf, gather, lanes, llrsOf, pointers, step, swizzleOf, twice, wide } from './rows';

export function rate0(stage: i32, offset: i32): void {
  const bits = bitsOf(offset);
  const bytes = lanes << stage;
  for (let at = 0; at < bytes; at += 16) v128.store(bits + at, i8x16.splat(0));
  addPenalties(stage, false);
}

export function repetition(stage: i32, offset: i32): void {
  addPenalties(stage, true);
  const bits = bitsOf(offset);
  const bytes = lanes << stage;
  const forked = fork(stage, 1);
  for (let column = 0; column < step; column += 16) {
    let bit = v128.load(STATE + column);
    if (forked) bit = v128.xor(bit, v128.load(FLIPPED + column));
    if (lanes == 8) bit = twice(bit);
    for (let at = column; at < bytes; at += step) v128.store(bits + at, bit);
  }
}

/**
 * Adds to the metrics what the likeliest output costs: all zeros, or if `repeated` also all ones; there the
 * output goes to STATE and the difference to COSTS.
 */
function addPenalties(stage: i32, repeated: bool): void {
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
  const high = v128.load(row, 16);
  const zero = i8x16.splat(0);
  for (let column = 0; column < step; column += 16) {
    let zerosLow = zero;
    let zerosHigh = zero;
    let onesLow = zero;
    let onesHigh = zero;
    for (let at = column; at < bytes; at += step) {
      let llr = gather(llrs, at, low, high, isWide);
      if (bytes == 8) llr = v128.and(llr, i64x2(-1, 0));
      const negative = i8x16.neg(i8x16.min_s(llr, zero));
      const positive = i8x16.max_s(llr, zero);
      zerosLow = i16x8.add(zerosLow, i16x8.extend_low_i8x16_u(negative));
      zerosHigh = i16x8.add(zerosHigh, i16x8.extend_high_i8x16_u(negative));
      onesLow = i16x8.add(onesLow, i16x8.extend_low_i8x16_u(positive));
      onesHigh = i16x8.add(onesHigh, i16x8.extend_high_i8x16_u(positive));
    }
    if (lanes == 8) {
      zerosLow = i16x8.add(zerosLow, zerosHigh);
      zerosHigh = zerosLow;
      onesLow = i16x8.add(onesLow, onesHigh);
      onesHigh = onesLow;
    }
    const metrics = METRICS + (<usize>column << 2);
    if (!repeated) {
      accumulate(metrics, zerosLow);
      if (lanes > 8) accumulate(metrics + 32, zerosHigh);
      continue;
    }
    accumulate(metrics, i16x8.min_u(zerosLow, onesLow));
    if (lanes > 8) accumulate(metrics + 32, i16x8.min_u(zerosHigh, onesHigh));
    const costs = COSTS + (<usize>column << 2);
    storeWide(costs, i16x8.sub(i16x8.max_u(zerosLow, onesLow), i16x8.min_u(zerosLow, onesLow)));
    storeWide(costs + 32, i16x8.sub(i16x8.max_u(zerosHigh, onesHigh), i16x8.min_u(zerosHigh, onesHigh)));
    const ones = i8x16.narrow_i16x8_s(i16x8.gt_u(zerosLow, onesLow), i16x8.gt_u(zerosHigh, onesHigh));
    v128.store(STATE + column, ones);
  }
}

/** Adds 8 numbers of 16 bits to 8 of 32. */
@inline
function accumulate(to: usize, values: v128): void {
  v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(values)));
  v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(values)), 16);
}

@inline
export function storeWide(to: usize, values: v128): void {
  v128.store(to, i32x4.extend_low_i16x8_u(values));
  v128.store(to, i32x4.extend_high_i16x8_u(values), 16);
}
