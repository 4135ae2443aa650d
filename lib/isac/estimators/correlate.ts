import type { Observation } from '../types.js';

/** A source's steering tensor against the data, phases counted from the middle of each dimension. */
export interface Correlation {
  /** a^H y of each snapshot, interleaved. */
  value: Float64Array;
  /** (d a / d mu_d)^H y of each snapshot, for each dimension. */
  slopes: Float64Array[];
}

/** Contracts the data with the conjugate steering tensor, the last dimension first: O(samples). */
export function correlate({ shape, data }: Observation, mu: readonly number[]): Correlation {
  let value = data;
  let slopes: Float64Array[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const weights = conjugateSteering(shape[d]!, mu[d]!);
    const slope = contract(value, weightedSteering(weights));
    slopes = [slope, ...slopes.map((one) => contract(one, weights))];
    value = contract(value, weights);
  }
  return { value, slopes };
}

/** exp(-i mu c), c = n - (N - 1) / 2. */
function conjugateSteering(size: number, mu: number): Float64Array {
  const middle = (size - 1) / 2;
  return Float64Array.from({ length: 2 * size }, (_, at) => {
    const angle = -mu * ((at >> 1) - middle);
    return at % 2 ? Math.sin(angle) : Math.cos(angle);
  });
}

/** The conjugate of d/dmu exp(i mu c): -i c exp(-i mu c). */
function weightedSteering(weights: Float64Array): Float64Array {
  const middle = (weights.length / 2 - 1) / 2;
  return weights.map((_, at) => {
    const c = (at >> 1) - middle;
    return at % 2 ? -c * weights[at - 1]! : c * weights[at + 1]!;
  });
}

/** Sums over the last dimension with complex weights. */
function contract(data: Float64Array, weights: Float64Array): Float64Array {
  const width = weights.length;
  const out = new Float64Array((2 * data.length) / width);
  let to = 0;
  for (let start = 0; start < data.length; start += width) {
    let re = 0;
    let im = 0;
    for (let k = 0; k < width; k += 2) {
      const xr = data[start + k]!;
      const xi = data[start + k + 1]!;
      const wr = weights[k]!;
      const wi = weights[k + 1]!;
      re += xr * wr - xi * wi;
      im += xr * wi + xi * wr;
    }
    out[to++] = re;
    out[to++] = im;
  }
  return out;
}

/** |y|^2 over all samples. */
export function energyOf({ data }: Observation): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum;
}
