/** Inner nodes of the tree: LLRs down to the children, their bits up again. */
import { BIT_LANE, LLR_LANE, bitsOf, gather, identity, lanes, llrsOf, pointers, step, swizzleOf, wide } from './rows';

export function left(stage: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
  const high = v128.load(row, 16);
  for (let at = 0; at < bytes; at += 16) {
    const a = gather(parent, at, low, high, isWide);
    const b = gather(parent + bytes, at, low, high, isWide);
    v128.store(child + at, i8x16.max_s(i8x16.min_s(a, b), i8x16.neg(i8x16.max_s(a, b))));
  }
  identity(pointers(LLR_LANE, stage - 1));
}

export function right(stage: i32, offset: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const bits = bitsOf(offset);
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
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

export function rightOfZero(stage: i32): void {
  const isWide = wide;
  const parent = llrsOf(stage);
  const child = llrsOf(stage - 1);
  const bytes = lanes << (stage - 1);
  const row = pointers(LLR_LANE, stage);
  const low = swizzleOf(row);
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

export function combine(stage: i32, offset: i32): void {
  const isWide = wide;
  const bytes = lanes << (stage - 1);
  const first = bitsOf(offset);
  const second = first + bytes;
  const row = pointers(BIT_LANE, stage - 1);
  const low = swizzleOf(row);
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

export function combineZero(stage: i32, offset: i32): void {
  const bytes = <usize>lanes << (stage - 1);
  const first = bitsOf(offset);
  const second = first + bytes;
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(first + at, load<u64>(second + at));
}
