import { InputError } from '../../base/index.js';
import { fft, ifft } from '../../math/index.js';
import { type ResourceGrid, requireOnGrid } from './grid.js';

/** Samples of one OFDM symbol with its cyclic prefix. */
const symbolSamples = ({ fftSize, cpLength }: ResourceGrid) => fftSize + cpLength;

/** Samples of all OFDM symbols of a grid. */
export const gridSamples = (grid: ResourceGrid) => grid.symbols * symbolSamples(grid);

/**
 * CP-OFDM modulation, x[n] = 1/sqrt(N) sum over k of X[k] exp(2 pi i k n / N) with the last `cpLength` samples
 * of each symbol sent before it. The transform is unitary: resource elements of mean energy 1 on all N
 * subcarriers make samples of mean energy 1.
 * @param resources interleaved complex, symbols x subcarriers
 * @returns interleaved complex, symbols * (fftSize + cpLength) samples
 * @throws InputError when the resource elements do not fill the grid.
 */
export function ofdmModulate(grid: ResourceGrid, resources: Float64Array): Float64Array {
  requireOnGrid(grid, resources, 'resources');
  const { fftSize, cpLength, subcarriers, bins } = grid;
  const out = new Float64Array(2 * gridSamples(grid));
  const scale = Math.sqrt(fftSize);
  for (let symbol = 0; symbol < grid.symbols; symbol++) {
    const spectrum = new Float64Array(2 * fftSize);
    for (let k = 0; k < subcarriers; k++) {
      const from = 2 * (symbol * subcarriers + k);
      spectrum[2 * bins[k]!] = resources[from]! * scale;
      spectrum[2 * bins[k]! + 1] = resources[from + 1]! * scale;
    }
    const samples = ifft(spectrum);
    const start = 2 * symbol * symbolSamples(grid);
    out.set(samples.subarray(2 * (fftSize - cpLength)), start);
    out.set(samples, start + 2 * cpLength);
  }
  return out;
}

/**
 * CP-OFDM demodulation: drops the prefixes and transforms, X[k] = 1/sqrt(N) sum over n of x[n] exp(-2 pi i k n / N),
 * so that white noise of variance N0 a sample has the variance N0 on each subcarrier.
 * @param samples interleaved complex, at least symbols * (fftSize + cpLength) samples from the first prefix on;
 *   what follows (the tail of a channel) is ignored
 * @returns interleaved complex, symbols x subcarriers
 * @throws InputError when there are too few samples.
 */
export function ofdmDemodulate(grid: ResourceGrid, samples: Float64Array): Float64Array {
  if (samples.length < 2 * gridSamples(grid) || samples.length % 2 !== 0) {
    throw new InputError(`${samples.length / 2} samples of a grid; allowed: ${gridSamples(grid)} or more`);
  }
  const { fftSize, cpLength, subcarriers, bins } = grid;
  const out = new Float64Array(2 * grid.symbols * subcarriers);
  const scale = 1 / Math.sqrt(fftSize);
  for (let symbol = 0; symbol < grid.symbols; symbol++) {
    const start = 2 * (symbol * symbolSamples(grid) + cpLength);
    const spectrum = fft(samples.subarray(start, start + 2 * fftSize));
    for (let k = 0; k < subcarriers; k++) {
      const to = 2 * (symbol * subcarriers + k);
      out[to] = spectrum[2 * bins[k]!]! * scale;
      out[to + 1] = spectrum[2 * bins[k]! + 1]! * scale;
    }
  }
  return out;
}
