import { requireInteger, requireRange } from '../../base/index.js';
import type { Path } from './trace.js';

/** How a receiver samples the channel. */
export interface TapOptions {
  taps: number;
  sampleRateHz: number;
  /** Index of the tap that a path of delay `originSec` falls on, and that delay. */
  originTap: number;
  originSec: number;
}

/**
 * Taps of a band-limited receiver, interleaved complex: each path through an ideal low-pass of the sample rate.
 * @throws InputError for a tap count, origin or rate that cannot be.
 */
export function channelTaps(paths: readonly Path[], options: TapOptions): Float64Array {
  const { taps, sampleRateHz, originTap, originSec } = options;
  requireInteger('taps', taps, 1, 65_536);
  requireInteger('originTap', originTap, 0, taps - 1);
  requireRange('sampleRateHz', sampleRateHz, 1, 1e12, 'Hz');
  const out = new Float64Array(2 * taps);
  for (const { gain, delaySec } of paths) {
    const at = originTap + (delaySec - originSec) * sampleRateHz;
    for (let tap = 0; tap < taps; tap++) {
      const weight = sinc(tap - at);
      out[2 * tap]! += gain.re * weight;
      out[2 * tap + 1]! += gain.im * weight;
    }
  }
  return out;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
