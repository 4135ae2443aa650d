import { requireRange } from '../../base/index.js';

/** h(p) = -p log2 p - (1 - p) log2(1 - p), in bits. @throws InputError outside [0, 1]. */
export function binaryEntropy(p: number): number {
  requireRange('p', p, 0, 1);
  return p === 0 || p === 1 ? 0 : -(p * Math.log2(p) + ((1 - p) * Math.log1p(-p)) / Math.LN2);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const GRID = 64;

/**
 * The argument within [low, high] at which a function is largest: a grid, then golden sections about its best point.
 * Key rates have one hump, flat on both sides where no key is left.
 */
export function maximise(f: (x: number) => number, low: number, high: number): { at: number; value: number } {
  const step = (high - low) / GRID;
  let best = 0;
  for (let k = 1; k <= GRID; k++) if (f(low + k * step) > f(low + best * step)) best = k;
  let left = low + Math.max(0, best - 1) * step;
  let right = low + Math.min(GRID, best + 1) * step;
  while (right - left > 1e-9 * (high - low)) {
    const width = GOLDEN * (right - left);
    if (f(right - width) >= f(left + width)) right = left + width;
    else left = right - width;
  }
  const at = (left + right) / 2;
  return { at, value: f(at) };
}

/** Where a function that starts above 0 falls to 0 and stays there: halving down to the last digits. */
export function lastPositive(f: (x: number) => number, low: number, high: number): number {
  let [above, below] = [low, high];
  for (let round = 0; round < 60; round++) {
    const middle = (above + below) / 2;
    if (f(middle) > 0) above = middle;
    else below = middle;
  }
  return (above + below) / 2;
}
