/** Which paths the list keeps. */
import { BIT_LANE, COSTS, FLIPPED, LLR_LANE, METRICS, STATE, fill, gather, identity, list, pointers, stages, wide } from './rows';

const PLACES: usize = 1280; // int32 keys metric * 32 + path
const TAKERS: usize = 1408; // the same of flipped paths
const UNUSABLE: usize = 1536; // int32 -1 for lanes beyond the list
const SOURCE: usize = 1664; // a row: where each path came from at the last fork

const UNUSED_METRIC: i32 = 1 << 24;

/** One path in use. */
export function startPaths(): void {
  for (let lane = 0; lane < 32; lane++) {
    store<i32>(METRICS + (<usize>lane << 2), lane == 0 ? 0 : UNUSED_METRIC);
    store<i32>(UNUSABLE + (<usize>lane << 2), lane < list ? 0 : -1);
  }
  for (let stage = 0; stage <= stages; stage++) {
    identity(pointers(LLR_LANE, stage));
    identity(pointers(BIT_LANE, stage));
  }
}

/**
 * Keeps the best of the paths and of their flips, which cost more by COSTS: the worst path gives its place to
 * the best flip, and so on while that is a gain. Whether there was one; then FLIPPED marks the flips, and the
 * pointers of the open nodes and `stateRows` rows of STATE follow the paths.
 */
export function fork(stage: i32, stateRows: i32): bool {
  makeKeys();
  let forked = false;
  for (;;) {
    const place = largestPlace();
    const taker = smallestTaker();
    if (taker >> 5 >= place >> 5) break;
    if (!forked) {
      identity(SOURCE);
      fill(FLIPPED, 0);
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
