import { fft, type Rng } from '../../math/index.js';
import type { ResourceGrid } from './grid.js';

/** Linear convolution with taps at the delays 0, 1, ... samples; as long as both together less one. */
export function throughTaps(samples: Float64Array, taps: Float64Array): Float64Array {
  const out = new Float64Array(samples.length + taps.length - 2);
  for (let tap = 0; tap < taps.length; tap += 2) {
    const [re, im] = [taps[tap]!, taps[tap + 1]!];
    for (let n = 0; n < samples.length; n += 2) {
      out[tap + n]! += re * samples[n]! - im * samples[n + 1]!;
      out[tap + n + 1]! += re * samples[n + 1]! + im * samples[n]!;
    }
  }
  return out;
}

/** Gains of the taps on each resource element of a grid. */
export function gainsOf(grid: ResourceGrid, taps: Float64Array): Float64Array {
  const padded = new Float64Array(2 * grid.fftSize);
  padded.set(taps);
  const spectrum = fft(padded);
  const out = new Float64Array(2 * grid.symbols * grid.subcarriers);
  for (const [k, bin] of grid.bins.entries()) out.set(spectrum.subarray(2 * bin, 2 * bin + 2), 2 * k);
  for (let symbol = 1; symbol < grid.symbols; symbol++) {
    out.copyWithin(2 * symbol * grid.subcarriers, 0, 2 * grid.subcarriers);
  }
  return out;
}

/** Independent Rayleigh taps of the given powers. */
export function rayleighTaps(rng: Rng, powers: readonly number[]): Float64Array {
  const taps = rng.fillComplexNormal(new Float64Array(2 * powers.length));
  return taps.map((value, index) => value * Math.sqrt(powers[index >> 1]!));
}
