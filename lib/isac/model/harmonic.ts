import { InputError, requireInteger, requireRange } from '../../base/index.js';
import {
  type ComplexMatrix,
  type ComplexTensor,
  complexLength,
  complexMatrix,
  kroneckerVectors,
  type Rng,
} from '../../math/index.js';
import type { Observation, Source } from '../types.js';

const MAX_VALUES = 2 ** 27;
const MAX_DIMENSIONS = 16;

/** [exp(i mu n)], n = 0 ... size - 1, interleaved. */
export function steeringVector(size: number, mu: number): Float64Array {
  const out = new Float64Array(2 * size);
  for (let n = 0; n < size; n++) {
    out[2 * n] = Math.cos(mu * n);
    out[2 * n + 1] = Math.sin(mu * n);
  }
  return out;
}

/** Steering vectors as columns, one for each frequency. @throws InputError for no frequency. */
export function steeringMatrix(size: number, mus: readonly number[]): ComplexMatrix {
  const out = complexMatrix(size, mus.length);
  for (const [l, mu] of mus.entries()) {
    for (let n = 0; n < size; n++) {
      out.data[2 * (n * mus.length + l)] = Math.cos(mu * n);
      out.data[2 * (n * mus.length + l) + 1] = Math.sin(mu * n);
    }
  }
  return out;
}

/** The angle in [-pi, pi) that differs from `mu` by turns. */
export function wrapped(mu: number): number {
  const turns = mu - 2 * Math.PI * Math.floor((mu + Math.PI) / (2 * Math.PI));
  // Rounding of the quotient may leave pi itself.
  return turns >= Math.PI ? -Math.PI : turns;
}

/** The size of the model's samples. */
export interface Sampling {
  /** N_1 ... N_D, 1 to 16 dimensions. */
  readonly shape: readonly number[];
  /** T, default 1. */
  readonly snapshots?: number;
}

/**
 * The model without noise: the sum over the sources of gains o a_1(mu_1) o ... o a_D(mu_D).
 * @throws InputError when a size is out of range or a source has not one frequency a dimension and one gain a snapshot.
 */
export function noiseless(sources: readonly Source[], { shape, snapshots = 1 }: Sampling): Observation {
  const data = new Float64Array(2 * requireSampling(shape, snapshots));
  for (const source of sources) {
    requireSource(source, shape, snapshots);
    addSource(data, source, shape);
  }
  return { shape: [...shape], snapshots, data };
}

/**
 * The model in circular Gaussian noise.
 * @param noiseVariance sigma^2 of a complex sample, from 0
 * @throws InputError as `noiseless` does, or for a noise variance out of range.
 */
export function observe(
  sources: readonly Source[],
  sampling: Sampling & { noiseVariance: number },
  rng: Rng,
): Observation {
  requireRange('noiseVariance', sampling.noiseVariance, 0, Number.MAX_VALUE);
  const observation = noiseless(sources, sampling);
  const noise = rng.fillComplexNormal(new Float64Array(observation.data.length), sampling.noiseVariance);
  for (let at = 0; at < noise.length; at++) observation.data[at]! += noise[at]!;
  return observation;
}

/** A tensor as an observation of one snapshot; the data are shared. */
export function observationOf({ shape, data }: ComplexTensor): Observation {
  return { shape, snapshots: 1, data };
}

/** One snapshot as a tensor; the data are shared. */
export function snapshotOf({ shape, snapshots, data }: Observation, snapshot: number): ComplexTensor {
  requireInteger('snapshot', snapshot, 0, snapshots - 1);
  const length = data.length / snapshots;
  return { shape, data: data.subarray(snapshot * length, (snapshot + 1) * length) };
}

/** The number of values. @throws InputError for sizes out of range. */
export function requireSampling(shape: readonly number[], snapshots: number): number {
  requireInteger('number of dimensions', shape.length, 1, MAX_DIMENSIONS);
  requireInteger('snapshots', snapshots, 1, MAX_VALUES);
  for (const [d, size] of shape.entries()) requireInteger(`size of dimension ${d}`, size, 1, MAX_VALUES);
  const count = shape.reduce((product, size) => product * size, snapshots);
  if (count > MAX_VALUES) {
    throw new InputError(
      `observation of ${snapshots} x ${shape.join(' x ')} values; allowed: at most ${MAX_VALUES}`,
    );
  }
  return count;
}

/** @throws InputError when the data do not fit the sizes or a value is not finite. */
export function requireObservation({ shape, snapshots, data }: Observation): void {
  const count = requireSampling(shape, snapshots);
  if (data.length !== 2 * count) {
    throw new InputError(
      `${data.length} numbers for an observation of ${snapshots} x ${shape.join(' x ')}; allowed: ${2 * count}`,
    );
  }
  if (allFinite(data)) return;
  const bad = data.findIndex((value) => !Number.isFinite(value));
  throw new InputError(`value ${bad >> 1} of the observation is ${data[bad]}; allowed: finite numbers`);
}

/** What is not finite is not a number when taken from itself. */
function allFinite(data: Float64Array): boolean {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at]! - data[at]!;
  return sum === 0;
}

/** @throws InputError unless the source has a finite frequency for each dimension and a gain for each snapshot. */
export function requireSource({ mu, gains }: Source, shape: readonly number[], snapshots: number): void {
  if (mu.length !== shape.length || complexLength(gains) !== snapshots) {
    throw new InputError(
      `source of ${mu.length} frequencies and ${gains.length / 2} gains; allowed: ${shape.length} and ${snapshots}`,
    );
  }
  for (const value of mu) requireRange('mu', value, -1e6, 1e6, 'rad');
}

/** Adds one rank-one term to the data. */
export function addSource(data: Float64Array, { mu, gains }: Source, shape: readonly number[]): void {
  const vectors = [gains, ...shape.map((size, d) => steeringVector(size, mu[d]!))];
  const head = vectors.slice(0, -1).reduce(kroneckerVectors);
  const tail = vectors.at(-1)!;
  let to = 0;
  for (let i = 0; i < head.length; i += 2) {
    const re = head[i]!;
    const im = head[i + 1]!;
    for (let j = 0; j < tail.length; j += 2) {
      const br = tail[j]!;
      const bi = tail[j + 1]!;
      data[to++]! += re * br - im * bi;
      data[to++]! += re * bi + im * br;
    }
  }
}
