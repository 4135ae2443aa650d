/**
 * Successive cancellation list decoding of a pruned polar tree; its plain twin is `polar/pruned.ts`.
 *
 * Lanes are paths: a row holds one int8 of every path, 8, 16 or 32 wide, so that every node of the tree fills
 * the vectors, and two rows of 8 go into one.
 */
import { rate0, repetition } from './polar/constant';
import { startPaths } from './polar/fork';
import { combine, combineZero, left, right, rightOfZero } from './polar/inner';
import { BITS, CHANNEL, PROGRAM, lanes, llrsOf, stages, wide } from './polar/rows';
import { splitLeastReliable } from './polar/split';

export { configure } from './polar/rows';

/** Decodes the LLRs at CHANNEL by the `count` steps at PROGRAM into BITS and METRICS. */
export function decode(count: i32): void {
  startPaths();
  spreadChannel();
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

/** The LLRs of the root, the same for all paths. */
function spreadChannel(): void {
  const length = 1 << stages;
  let to = llrsOf(stages);
  for (let i = 0; i < length; i++) {
    const row = i8x16.splat(load<i8>(CHANNEL + i));
    v128.store(to, row);
    if (wide) v128.store(to, row, 16);
    to += lanes;
  }
}

/** Takes the transform's inputs along a path from BITS to CHANNEL, as 0 and 1. */
export function inputsOf(path: i32): void {
  const length: usize = 1 << stages;
  for (let i: usize = 0, from = BITS + path; i < length; i++, from += lanes) {
    store<u8>(CHANNEL + i, load<u8>(from) & 1);
  }
  for (let at = CHANNEL; at < CHANNEL + length; at += 16) v128.store(at, transformed(v128.load(at)));
  for (let half: usize = 16; half < length; half <<= 1) {
    for (let start: usize = 0; start < length; start += 2 * half) {
      for (let at = CHANNEL + start; at < CHANNEL + start + half; at += 16) {
        v128.store(at, v128.xor(v128.load(at), v128.load(at + half)));
      }
    }
  }
}

/** The polar transform of the 16 bits of a vector. */
@inline
function transformed(x: v128): v128 {
  x = v128.xor(x, v128.and(i16x8.shr_u(x, 8), i16x8.splat(0x00ff)));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = v128.xor(x, i64x2.shr_u(x, 32));
  return v128.xor(x, v128.shuffle<i64>(x, i64x2.splat(0), 1, 2));
}
