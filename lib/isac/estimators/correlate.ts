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
    const both = contractWithSlope(value, weights);
    slopes = [both.slope, ...slopes.map((one) => contract(one, weights))];
    value = both.value;
  }
  return { value, slopes };
}

/** exp(-i mu c), c = n - (N - 1) / 2. */
function conjugateSteering(size: number, mu: number): Float64Array {
  const middle = (size - 1) / 2;
  const out = new Float64Array(2 * size);
  for (let n = 0; n < size; n++) {
    out[2 * n] = Math.cos(mu * (n - middle));
    out[2 * n + 1] = -Math.sin(mu * (n - middle));
  }
  return out;
}

/**
 * Sums over the last dimension with the weights w, and with those of the conjugate of d/dmu exp(i mu c), which are -i c w:
 * both are made of the same products.
 */
function contractWithSlope(
  data: Float64Array,
  weights: Float64Array,
): { value: Float64Array; slope: Float64Array } {
  const width = weights.length;
  const value = new Float64Array((2 * data.length) / width);
  const slope = new Float64Array(value.length);
  const first = -(width / 2 - 1) / 2;
  let to = 0;
  for (let start = 0; start < data.length; start += width) {
    let re = 0;
    let im = 0;
    let slopeRe = 0;
    let slopeIm = 0;
    let c = first;
    for (let k = 0; k < width; k += 2) {
      const xr = data[start + k]!;
      const xi = data[start + k + 1]!;
      const wr = weights[k]!;
      const wi = weights[k + 1]!;
      const pr = xr * wr - xi * wi;
      const pi = xr * wi + xi * wr;
      re += pr;
      im += pi;
      slopeRe += c * pi;
      slopeIm -= c * pr;
      c++;
    }
    value[to] = re;
    slope[to++] = slopeRe;
    value[to] = im;
    slope[to++] = slopeIm;
  }
  return { value, slope };
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
  let re = 0;
  let im = 0;
  for (let at = 0; at < data.length; at += 2) {
    re += data[at]! * data[at]!;
    im += data[at + 1]! * data[at + 1]!;
  }
  return re + im;
}
