/**
 * Where the polar kernel keeps its rows, and how it reads them: a row holds one int8 of every path. A fork moves
 * no LLRs: each stage has a row that says in which lane a path's data lies, forks permute these rows only, and
 * readers swizzle by them. Writes of 16 bytes may spill into the next row of 8; buffers are laid out so that it
 * is free then.
 */

// Addresses. Those down to LLRS are known to the caller; rows of pointers and of a node's state take 32 bytes.
export const METRICS: usize = 1024; // int32 a path
export const PROGRAM: usize = 8192; // int32 triples kind, stage, offset
export const CHANNEL: usize = 49152; // int8, N
export const BITS: usize = 51200; // rows of 0 and -1, N
export const LLRS: usize = 86016; // rows of each stage

export const COSTS: usize = 1152; // int32 a path: of flipping it
export const LLR_LANE: usize = 2048; // a row a stage
export const BIT_LANE: usize = 2560; // a row a stage, for a decided left child
export const STATE: usize = 3072; // rows of an open node; forks permute as many as are in use
export const FLIPPED: usize = 7168; // a row: -1 where the last fork flipped

export let list: i32 = 8;
export let lanes: i32 = 8;
export let stages: i32 = 10;
export let wide: bool = false;
/** Bytes from a vector to the next of the same lanes. */
export let step: i32 = 16;

/** For a list of 1 to 32 and codes of length 1 << `codeStages`. */
export function configure(listSize: i32, codeStages: i32): void {
  list = listSize;
  stages = codeStages;
  lanes = listSize <= 8 ? 8 : listSize <= 16 ? 16 : 32;
  wide = lanes == 32;
  step = wide ? 32 : 16;
}

@inline
export function llrsOf(stage: i32): usize {
  return LLRS + (<usize>lanes << stage) + (<usize>stage << 4);
}

@inline
export function bitsOf(offset: i32): usize {
  return BITS + <usize>(offset * lanes);
}

@inline
export function pointers(rows: usize, stage: i32): usize {
  return rows + (<usize>stage << 5);
}

@inline
export function identity(row: usize): void {
  v128.store(row, i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  v128.store(row, i8x16(16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31), 16);
}

/** A row with the same byte in every lane. */
@inline
export function fill(row: usize, value: i8): void {
  v128.store(row, i8x16.splat(value));
  v128.store(row, i8x16.splat(value), 16);
}

/** A row of 8 lanes in both halves of a vector. */
@inline
export function twice(row: v128): v128 {
  return v128.shuffle<i8>(row, row, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
}

@inline
export function otherHalf(row: v128): v128 {
  return v128.shuffle<i8>(row, row, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** The swizzle that reads by a row of pointers; of two rows of 8 the second one's stay in its half. */
@inline
export function swizzleOf(row: usize): v128 {
  const index = v128.load(row);
  return lanes == 8 ? i8x16.add(twice(index), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8)) : index;
}

/** The vector `at` bytes from `base` as the paths see it, by the pointers of their lanes to 15 and from 16. */
@inline
export function gather(base: usize, at: i32, low: v128, high: v128, isWide: bool): v128 {
  if (!isWide) return i8x16.swizzle(v128.load(base + at), low);
  const row = base + (at & ~31);
  const index = (at & 16) != 0 ? high : low;
  return v128.or(
    i8x16.swizzle(v128.load(row), index),
    i8x16.swizzle(v128.load(row, 16), i8x16.sub(index, i8x16.splat(16))),
  );
}
