/**
 * Layered normalised min-sum of a quasi-cyclic LDPC code in 8-bit integers, 16 checks of a base row a vector.
 *
 * A column's posteriors are kept turned, so that the row at hand writes them from its first check on: value x of a
 * column is that of bit (x + turn) mod Z, for as many x as are read. They are read from the difference of two
 * shifts on. A row is worked on in `lanes`, Z or a little more: a lane from Z on does again what lane - Z does.
 */

/** An edge: where its posteriors are read, where they are written, how many the next row reads beyond the lanes. */
@inline const READ: usize = 0;
@inline const WRITE: usize = 4;
@inline const AHEAD: usize = 8;
/** Where its posteriors are read at the end of an iteration. */
@inline const READ_LAST: usize = 12;
@inline const EDGE: usize = 16;

/** Mean magnitude of the LLRs that are neither 0 nor as large as `known`; 0 if none is. `count` is a multiple of 4. */
export function meanMagnitude(llrs: usize, count: i32, known: f32): f32 {
  const end = llrs + (count << 2);
  let sums = f32x4.splat(0);
  let counts = f32x4.splat(0);
  for (; llrs < end; llrs += 16) {
    const weight = f32x4.abs(v128.load(llrs));
    const used = v128.and(f32x4.gt(weight, f32x4.splat(0)), f32x4.lt(weight, f32x4.splat(known)));
    sums = f32x4.add(sums, v128.and(weight, used));
    counts = f32x4.add(counts, v128.and(f32x4.splat(1), used));
  }
  const total = lanesSum(counts);
  return total == 0 ? 0 : lanesSum(sums) / total;
}

@inline function lanesSum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Rounds LLRs times `scale` to -127..127. `count` is a multiple of 16. */
export function quantise(llrs: usize, values: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  const low = i8x16.splat(-127);
  for (let i = 0; i < count; i += 16) {
    const from = llrs + (i << 2);
    const first = i16x8.narrow_i32x4_s(rounded(from, factor), rounded(from + 16, factor));
    const second = i16x8.narrow_i32x4_s(rounded(from + 32, factor), rounded(from + 48, factor));
    const value = i8x16.narrow_i16x8_s(first, second);
    v128.store(values + i, i8x16.max_s(value, low));
  }
}

@inline function rounded(from: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from), factor)));
}

/** Fills a column of `length` values from its Z values, turned. */
export function turn(values: usize, column: usize, size: i32, by: i32, length: i32): void {
  memory.copy(column, values + by, size - by);
  memory.copy(column + size - by, values, by);
  for (let filled = size; filled < length; filled <<= 1) {
    memory.copy(column + filled, column, min(filled, length - filled));
  }
}

/** `iterations` times over all rows. `rows` holds the addresses of their first edges and of the end. */
export function iterate(
  rows: usize,
  count: i32,
  messages: usize,
  lanes: i32,
  period: i32,
  iterations: i32,
): void {
  for (let iteration = 0; iteration < iterations; iteration++) {
    let first: usize = load<u32>(rows);
    let message = messages;
    for (let row = 1; row <= count; row++) {
      const end: usize = load<u32>(rows + (row << 2));
      updateRow(first, end, message, lanes);
      for (let edge = first; edge < end; edge += EDGE) {
        extend(load<u32>(edge, WRITE), lanes, period, load<i32>(edge, AHEAD));
        message += lanes;
      }
      first = end;
    }
  }
}

/** Repeats a column's values, which have the period given, beyond the lanes. */
@inline function extend(column: usize, lanes: i32, period: i32, ahead: i32): void {
  const to = column + lanes;
  const from = to - period;
  for (let i = 0; i < ahead; i += 16) v128.store(to + i, v128.load(from + i));
}

function updateRow(first: usize, end: usize, messages: usize, lanes: i32): void {
  const largest = i8x16.splat(127);
  for (let lane: usize = 0; lane < <usize>lanes; lane += 32) {
    let leastA = largest;
    let leastB = largest;
    let secondA = largest;
    let secondB = largest;
    let signsA = i8x16.splat(0);
    let signsB = i8x16.splat(0);
    let message = messages + lane;
    for (let edge = first; edge < end; edge += EDGE) {
      const read = load<u32>(edge, READ) + lane;
      const a = i8x16.sub_sat_s(v128.load(read), v128.load(message));
      const b = i8x16.sub_sat_s(v128.load(read, 16), v128.load(message, 16));
      v128.store(message, a);
      v128.store(message, b, 16);
      signsA = v128.xor(signsA, a);
      signsB = v128.xor(signsB, b);
      const weightA = i8x16.abs(a);
      const weightB = i8x16.abs(b);
      secondA = i8x16.min_u(secondA, i8x16.max_u(leastA, weightA));
      secondB = i8x16.min_u(secondB, i8x16.max_u(leastB, weightB));
      leastA = i8x16.min_u(leastA, weightA);
      leastB = i8x16.min_u(leastB, weightB);
      message += lanes;
    }
    const scaledA = normalised(leastA);
    const scaledB = normalised(leastB);
    const otherA = v128.xor(scaledA, normalised(secondA));
    const otherB = v128.xor(scaledB, normalised(secondB));
    message = messages + lane;
    for (let edge = first; edge < end; edge += EDGE) {
      const write = load<u32>(edge, WRITE) + lane;
      const a = v128.load(message);
      const b = v128.load(message, 16);
      const backA = outgoing(a, leastA, scaledA, otherA, signsA);
      const backB = outgoing(b, leastB, scaledB, otherB, signsB);
      v128.store(message, backA);
      v128.store(message, backB, 16);
      v128.store(write, i8x16.add_sat_s(a, backA));
      v128.store(write, i8x16.add_sat_s(b, backB), 16);
      message += lanes;
    }
  }
}

/** Three quarters, rounded down. */
@inline function normalised(weight: v128): v128 {
  const quarter = i8x16.avgr_u(i8x16.avgr_u(weight, i8x16.splat(0)), i8x16.splat(0));
  return i8x16.sub(weight, quarter);
}

/** The least weight of the other edges, with the sign of their product. `other` is what makes the second of it. */
@inline function outgoing(incoming: v128, least: v128, scaled: v128, other: v128, signs: v128): v128 {
  const own = i8x16.eq(i8x16.abs(incoming), least);
  const weight = v128.xor(scaled, v128.and(other, own));
  const negative = i8x16.lt_s(v128.xor(incoming, signs), i8x16.splat(0));
  return i8x16.sub(v128.xor(weight, negative), negative);
}

/** Whether all checks hold, after whole iterations and `repeat`. */
export function satisfied(rows: usize, count: i32, lanes: i32): bool {
  let first: usize = load<u32>(rows);
  for (let row = 1; row <= count; row++) {
    const end: usize = load<u32>(rows + (row << 2));
    let failed = i8x16.splat(0);
    for (let lane: usize = 0; lane < <usize>lanes; lane += 16) {
      let signs = i8x16.splat(0);
      for (let edge = first; edge < end; edge += EDGE) {
        signs = v128.xor(signs, v128.load(load<u32>(edge, READ_LAST) + lane));
      }
      failed = v128.or(failed, signs);
    }
    if (i8x16.bitmask(failed) != 0) return false;
    first = end;
  }
  return true;
}

/** Makes a column's values readable from any of the first Z on. */
export function repeat(column: usize, lanes: i32, period: i32, size: i32): void {
  extend(column, lanes, period, size);
}

/** Hard decisions from an address on, up to 15 more than `count` are written; returns whether none is of a 0. */
export function decide(values: usize, bits: usize, count: i32): bool {
  let undecided = i8x16.splat(0);
  for (let i = 0; i < count; i += 16) {
    const value = v128.load(values + i);
    undecided = v128.or(undecided, i8x16.eq(value, i8x16.splat(0)));
    v128.store(bits + i, v128.and(i8x16.lt_s(value, i8x16.splat(0)), i8x16.splat(1)));
  }
  return !v128.any_true(undecided);
}
