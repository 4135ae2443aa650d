/**
 * Successive cancellation list decoding of a pruned polar tree; its plain twin is `polar/pruned.ts`.
 *
 * Lanes are paths: a row holds one int8 of every path, 8, 16 or 32 wide, so that every node of the tree fills
 * the vectors, and two rows of 8 go into one. A fork moves no LLRs: each stage has a row that says in which
 * lane a path's data lies, forks permute these rows only, and readers swizzle by them.
 * Writes of 16 bytes may spill into the next row of 8; buffers are laid out so that it is free then.
 */

// Addresses, which the caller knows too. Rows of pointers and of a node's state take 32 bytes each.
const METRICS: usize = 1024; // int32 a path
const PROGRAM: usize = 8192; // int32 triples kind, stage, offset
const CHANNEL: usize = 49152; // int8, N
const BITS: usize = 51200; // rows of 0 and -1, N
const LLRS: usize = 86016; // rows of each stage

const COSTS: usize = 1152; // int32 a path: of flipping it
const PLACES: usize = 1280; // int32 keys metric * 32 + path
const TAKERS: usize = 1408; // the same of flipped paths
const UNUSABLE: usize = 1536; // int32 -1 for lanes beyond the list
const SOURCE: usize = 1664; // where each path came from at the last fork
const LLR_LANE: usize = 2048; // a row a stage
const BIT_LANE: usize = 2560; // a row a stage, for a decided left child
const STATE: usize = 3072; // rows of an open node; forks permute as many as are in use
const REPEATED: usize = STATE;
const VALUE: usize = STATE; // minus the magnitude of the output last looked at
const INDEX: usize = STATE + 32; // and its position
const LEAST_VALUE: usize = STATE + 64;
const LEAST_INDEX: usize = STATE + 96;
const MENDED: usize = STATE + 128; // -1 where the least reliable output is flipped
const FLIPS: usize = STATE + 160; // pairs of rows: position, and -1 where flipped
const FLIPPED: usize = 7168;

const UNUSED_METRIC: i32 = 1 << 24;

let list: i32 = 8;
let lanes: i32 = 8;
let stages: i32 = 10;
let wide: bool = false;
/** Bytes from a vector to the next of the same lanes. */
let step: i32 = 16;

/** For a list of 1 to 32 and codes of length 1 << `codeStages`. */
export function configure(listSize: i32, codeStages: i32): void {
  list = listSize;
  stages = codeStages;
  lanes = listSize <= 8 ? 8 : listSize <= 16 ? 16 : 32;
  wide = lanes == 32;
  step = wide ? 32 : 16;
  for (let lane = 0; lane < 32; lane++) {
    store<i32>(UNUSABLE + (<usize>lane << 2), lane < listSize ? 0 : -1);
  }
}

/** Decodes the LLRs at CHANNEL by the `count` steps at PROGRAM into BITS and METRICS. */
export function decode(count: i32): void {
  start();
  const end = PROGRAM + <usize>count * 12;
  for (let at = PROGRAM; at < end; at += 12) {
    const kind = load<i32>(at);
    const stage = load<i32>(at, 4);
    const offset = load<i32>(at, 8);
    switch (kind) {
      case 0: left(stage); break;
      case 1: right(stage, offset); break;
      case 2: rightOfZero(stage); break;
      case 3: combine(stage, offset); break;
      case 4: combineZero(stage, offset); break;
      case 5: rate0(stage, offset); break;
      case 6: repetition(stage, offset); break;
      default: splitLeastReliable(stage, offset, kind == 8);
    }
  }
}

function start(): void {
  const length = 1 << stages;
  let to = llrsOf(stages);
  for (let i = 0; i < length; i++) {
    const row = i8x16.splat(load<i8>(CHANNEL + i));
    v128.store(to, row);
    if (wide) v128.store(to, row, 16);
    to += lanes;
  }
  for (let lane = 0; lane < 32; lane++) {
    store<i32>(METRICS + (<usize>lane << 2), lane == 0 ? 0 : UNUSED_METRIC);
  }
  for (let stage = 0; stage <= stages; stage++) {
    identity(pointers(LLR_LANE, stage));
    identity(pointers(BIT_LANE, stage));
  }
}

// Rows

@inline
function llrsOf(stage: i32): usize {
  return LLRS + (<usize>lanes << stage) + (<usize>stage << 4);
}

@inline
function pointers(rows: usize, stage: i32): usize {
  return rows + (<usize>stage << 5);
}

@inline
function identity(row: usize): void {
  v128.store(row, i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  v128.store(row, i8x16(16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31), 16);
}

/** A row of 8 lanes in both halves of a vector. */
@inline
function twice(row: v128): v128 {
  return v128.shuffle<i8>(row, row, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** The swizzle that reads by a row of pointers; for two rows of 8 the second one's stay in its half. */
@inline
function swizzleOf(row: usize, eight: bool): v128 {
  const index = v128.load(row);
  return eight ? i8x16.add(twice(index), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8)) : index;
}

/** The vector of rows `at` bytes from `base` as the paths see it. */
@inline
function gather(base: usize, at: i32, low: v128, high: v128, isWide: bool): v128 {
  if (!isWide) return i8x16.swizzle(v128.load(base + at), low);
  const row = base + (at & ~31);
  const index = (at & 16) != 0 ? high : low;
  return v128.or(
    i8x16.swizzle(v128.load(row), index),
    i8x16.swizzle(v128.load(row, 16), i8x16.sub(index, i8x16.splat(16))),
  );
}

// Inner nodes

function left(stage: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    const a = gather(parent, at, low, high, isWide);
    const b = gather(parent + bytes, at, low, high, isWide);
    v128.store(child + at, i8x16.max_s(i8x16.min_s(a, b), i8x16.neg(i8x16.max_s(a, b))));
  }
  identity(pointers(LLR_LANE, stage - 1));
}

function right(stage: i32, offset: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const bits = BITS + offset * lanes;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    const a = gather(parent, at, low, high, isWide);
    const b = gather(parent + bytes, at, low, high, isWide);
    const bit = v128.load(bits + at);
    v128.store(child + at, saturatingSum(i8x16.sub(v128.xor(a, bit), bit), b));
  }
  identity(pointers(LLR_LANE, stage - 1));
  identity(pointers(BIT_LANE, stage - 1));
}

function rightOfZero(stage: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    const a = gather(parent, at, low, high, isWide);
    const b = gather(parent + bytes, at, low, high, isWide);
    v128.store(child + at, saturatingSum(a, b));
  }
  identity(pointers(LLR_LANE, stage - 1));
}

@inline
function saturatingSum(a: v128, b: v128): v128 {
  return i8x16.max_s(i8x16.add_sat_s(a, b), i8x16.splat(-127));
}

function combine(stage: i32, offset: i32): void {
  const isWide = wide;
  const bytes = lanes << (stage - 1);
  const first = BITS + offset * lanes;
  const second = first + bytes;
  const row = pointers(BIT_LANE, stage - 1);
  const low = swizzleOf(row, lanes == 8);
  const high = v128.load(row, 16);
  if (bytes == 8) {
    const sum = v128.xor(gather(first, 0, low, high, false), v128.load(second));
    v128.store64_lane(first, sum, 0);
    return;
  }
  for (let at = 0; at < bytes; at += step) {
    const sum = v128.xor(gather(first, at, low, high, isWide), v128.load(second + at));
    if (isWide) {
      const upper = v128.xor(gather(first, at + 16, low, high, true), v128.load(second + at, 16));
      v128.store(first + at, upper, 16);
    }
    v128.store(first + at, sum);
  }
}

function combineZero(stage: i32, offset: i32): void {
  const bytes = <usize>lanes << (stage - 1);
  const first = BITS + offset * lanes;
  memory.copy(first, first + bytes, bytes);
}

// Nodes decided at once

function rate0(stage: i32, offset: i32): void {
  memory.fill(BITS + offset * lanes, 0, <usize>lanes << stage);
  addPenalties(stage, false);
}

function repetition(stage: i32, offset: i32): void {
  addPenalties(stage, true);
  const bits = BITS + offset * lanes;
  const bytes = lanes << stage;
  const forked = fork(stage, 1);
  for (let column = 0; column < step; column += 16) {
    let bit = v128.load(REPEATED + column);
    if (forked) bit = v128.xor(bit, v128.load(FLIPPED + column));
    if (lanes == 8) bit = twice(bit);
    for (let at = column; at < bytes; at += step) v128.store(bits + at, bit);
  }
}

/**
 * Adds to the metrics what the likeliest output costs: all zeros, or if `repeated` also all ones; there the
 * output goes to REPEATED and the difference to COSTS.
 */
function addPenalties(stage: i32, repeated: bool): void {
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
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
    v128.store(REPEATED + column, ones);
  }
}

/** Adds 8 numbers of 16 bits to 8 of 32. */
@inline
function accumulate(to: usize, values: v128): void {
  v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(values)));
  v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(values)), 16);
}

@inline
function storeWide(to: usize, values: v128): void {
  v128.store(to, i32x4.extend_low_i16x8_u(values));
  v128.store(to, i32x4.extend_high_i16x8_u(values), 16);
}

/**
 * Rate-1 and single-parity-check nodes: hard decisions, an odd parity mended at the least reliable output,
 * and forks at the outputs next in unreliability until none of them survives.
 */
function splitLeastReliable(stage: i32, offset: i32, parityCheck: bool): void {
  const length = 1 << stage;
  const forks = min(list, length) - 1;
  memory.fill(VALUE, 1, 32);
  memory.fill(INDEX, 0, 32);
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
  const bits = BITS + offset * lanes;
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
  memory.copy(LEAST_VALUE, VALUE, 64);
  const isWide = wide;
  const llrs = llrsOf(stage);
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
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
    addBytes(METRICS, METRICS, column, i8x16.neg(v128.and(mended, v128.load(VALUE + column))));
  }
}

/** `to` = `from` plus 16 bytes of 0 to 127, for the paths of a column. */
@inline
function addBytes(from: usize, to: usize, column: i32, bytes: v128): void {
  const at = <usize>column << 2;
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  v128.store(to + at, i32x4.add(v128.load(from + at), i32x4.extend_low_i16x8_u(low)));
  v128.store(to + at, i32x4.add(v128.load(from + at, 16), i32x4.extend_high_i16x8_u(low)), 16);
  v128.store(to + at, i32x4.add(v128.load(from + at, 32), i32x4.extend_low_i16x8_u(high)), 32);
  v128.store(to + at, i32x4.add(v128.load(from + at, 48), i32x4.extend_high_i16x8_u(high)), 48);
}

@inline
function otherHalf(row: v128): v128 {
  return v128.shuffle<i8>(row, row, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
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
  const low = swizzleOf(row, eight);
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
  const bits = BITS + offset * lanes;
  const bytes = lanes << stage;
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row, lanes == 8);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    v128.store(bits + at, i8x16.lt_s(gather(llrs, at, low, high, isWide), i8x16.splat(0)));
  }
}

// Forks

/**
 * Keeps the best of the paths and of their flips, which cost more by COSTS: the worst path gives its place to
 * the best flip, and so on while that is a gain. Whether there was one; then FLIPPED marks the flips, and the
 * pointers of the open nodes and `stateRows` rows of STATE follow the paths.
 */
function fork(stage: i32, stateRows: i32): bool {
  makeKeys();
  let forked = false;
  for (;;) {
    const place = largestPlace();
    const taker = smallestTaker();
    if (taker >> 5 >= place >> 5) break;
    if (!forked) {
      identity(SOURCE);
      memory.fill(FLIPPED, 0, 32);
      forked = true;
    }
    const to = place & 31;
    store<u8>(SOURCE + to, <u8>(taker & 31));
    store<i8>(FLIPPED + to, -1);
    store<i32>(METRICS + (<usize>to << 2), taker >> 5);
    strike(place, taker);
  }
  if (forked) {
    permute(pointers(LLR_LANE, stage), stages - stage);
    permute(pointers(BIT_LANE, stage), stages - stage);
    permute(STATE, stateRows);
  }
  return forked;
}

function makeKeys(): void {
  let path = i32x4(0, 1, 2, 3);
  const end = <usize>list << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const unusable = v128.load(UNUSABLE + at);
    const metric = v128.load(METRICS + at);
    const flipped = i32x4.add(metric, v128.load(COSTS + at));
    v128.store(PLACES + at, v128.or(v128.or(i32x4.shl(metric, 5), path), unusable));
    const taker = v128.or(v128.or(i32x4.shl(flipped, 5), path), unusable);
    v128.store(TAKERS + at, v128.and(taker, i32x4.splat(i32.MAX_VALUE)));
    path = i32x4.add(path, i32x4.splat(4));
  }
}

/** Takes a key each out of the running. */
function strike(place: i32, taker: i32): void {
  const end = <usize>list << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const places = v128.load(PLACES + at);
    v128.store(PLACES + at, v128.or(places, i32x4.eq(places, i32x4.splat(place))));
    const takers = v128.load(TAKERS + at);
    const struck = v128.or(takers, i32x4.eq(takers, i32x4.splat(taker)));
    v128.store(TAKERS + at, v128.and(struck, i32x4.splat(i32.MAX_VALUE)));
  }
}

function largestPlace(): i32 {
  let best = v128.load(PLACES);
  const end = <usize>list << 2;
  for (let at: usize = 16; at < end; at += 16) best = i32x4.max_s(best, v128.load(PLACES + at));
  best = i32x4.max_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.max_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}

function smallestTaker(): i32 {
  let best = v128.load(TAKERS);
  const end = <usize>list << 2;
  for (let at: usize = 16; at < end; at += 16) best = i32x4.min_s(best, v128.load(TAKERS + at));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}

/** Rows of bytes by path follow SOURCE. */
function permute(rows: usize, count: i32): void {
  const low = v128.load(SOURCE);
  const end = rows + (<usize>count << 5);
  if (!wide) {
    for (let row = rows; row < end; row += 32) v128.store(row, i8x16.swizzle(v128.load(row), low));
    return;
  }
  const high = v128.load(SOURCE, 16);
  for (let row = rows; row < end; row += 32) {
    const lower = gather(row, 0, low, high, true);
    v128.store(row, gather(row, 16, low, high, true), 16);
    v128.store(row, lower);
  }
}
