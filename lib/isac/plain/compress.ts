import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import { requireObservation, requireSampling } from '../model/harmonic.js';
import type { Observation } from '../types.js';

/** How samples are made fewer before the estimation. */
export type CompressionMethod = 'none' | 'decimation' | 'averaging' | 'decimation2' | 'smoothing';

/** Compression by a factor in each dimension; all but `none` and `smoothing` narrow the band to |mu| < pi / factor. */
export interface Compression {
  /**
   * `decimation`: every factor-th sample; keeps the aperture, loses 10 lg(product of the factors) dB.
   * `averaging`: means of factor neighbours; keeps the aperture and most of the power.
   * `decimation2`: shifted decimations as snapshots, at most 100 of them.
   * `smoothing`: sub-tensors of N / factor samples as snapshots, at most 100 of them; loses aperture, decorrelates.
   */
  readonly method: CompressionMethod;
  /** One for each dimension, 1 to N / 2; samples beyond the last whole block are left out. */
  readonly factors?: readonly number[];
}

/** What the stages behind a compression work on. */
export interface Compressed {
  readonly method: CompressionMethod;
  readonly factors: readonly number[];
  /** For the covariances of each dimension. */
  readonly observation: Observation;
  /** For the fit of the sources. Frequencies in it are those of the scene times `bandFactors`. */
  readonly target: Observation;
  readonly bandFactors: readonly number[];
  /** Starts of the snapshots made of each snapshot. */
  readonly starts: readonly (readonly number[])[];
}

const MAX_STARTS = 100;

/** A block of samples: n stands for start + step n. */
export interface Block {
  readonly start: readonly number[];
  readonly step: readonly number[];
  readonly shape: readonly number[];
}

/**
 * The first stage of PLAIN, Y x_1 J_1 ... x_D J_D.
 * @throws InputError for an observation that does not fit its sizes, an unknown method or a factor out of range.
 */
export function compress(observation: Observation, compression: Compression): Compressed {
  requireSizes(observation);
  const { method } = compression;
  requireChoice('compression', method, ['none', 'decimation', 'averaging', 'decimation2', 'smoothing']);
  const factors = requireFactors(observation.shape, compression);
  const ones = factors.map(() => 1);
  const whole = {
    method,
    factors,
    observation,
    target: observation,
    bandFactors: ones,
    starts: [ones.map(() => 0)],
  };
  if (method === 'none' || factors.every((factor) => factor === 1)) {
    requireObservation(observation);
    return whole;
  }
  const shape = observation.shape.map((size, d) => Math.floor(size / factors[d]!));
  if (method === 'smoothing') {
    requireObservation(observation);
    const starts = startsIn(observation.shape.map((size, d) => size - shape[d]! + 1));
    return { ...whole, observation: blocksOf(observation, { starts, step: ones, shape }) };
  }
  const starts = method === 'decimation2' ? startsIn(factors) : whole.starts;
  const made =
    method === 'averaging'
      ? averaged(observation, factors)
      : blocksOf(observation, { starts, step: factors, shape });
  requireObservation(made);
  return { ...whole, observation: made, target: made, bandFactors: factors, starts };
}

/** Values are looked at once they are few. */
function requireSizes({ shape, snapshots, data }: Observation): void {
  const count = requireSampling(shape, snapshots);
  if (data.length !== 2 * count) {
    throw new InputError(
      `${data.length} numbers for an observation of ${snapshots} x ${shape.join(' x ')}; allowed: ${2 * count}`,
    );
  }
}

function requireFactors(shape: readonly number[], { method, factors }: Compression): number[] {
  for (const [d, size] of shape.entries()) {
    if (size < 2) throw new InputError(`dimension ${d} has 1 sample; allowed: 2 or more`);
  }
  if (method === 'none') return shape.map(() => 1);
  if (factors?.length !== shape.length) {
    throw new InputError(
      `${factors?.length ?? 0} compression factors; allowed: one for each of ${shape.length} dimensions`,
    );
  }
  return factors.map((factor, d) =>
    requireInteger(`compression factor of dimension ${d}`, factor, 1, Math.floor(shape[d]! / 2)),
  );
}

/** All indices of a box, or as many as are allowed, spread evenly. */
function startsIn(sizes: readonly number[]): number[][] {
  const all = sizes.reduce((product, size) => product * size, 1);
  const count = Math.min(all, MAX_STARTS);
  return Array.from({ length: count }, (_, k) => indexOf(Math.floor((k * all) / count), sizes));
}

/** The index of the k-th value, the last index fastest. */
export function indexOf(k: number, sizes: readonly number[]): number[] {
  const index = new Array<number>(sizes.length);
  let left = k;
  for (let d = sizes.length - 1; d >= 0; d--) {
    index[d] = left % sizes[d]!;
    left = Math.floor(left / sizes[d]!);
  }
  return index;
}

/** Blocks from each start as snapshots: those of the first snapshot come first. */
export function blocksOf(
  { shape: full, snapshots, data }: Observation,
  { starts, step, shape }: Omit<Block, 'start'> & { starts: readonly (readonly number[])[] },
): Observation {
  const length = 2 * shape.reduce((product, size) => product * size, 1);
  const whole = data.length / snapshots;
  const out = new Float64Array(snapshots * starts.length * length);
  for (let to = 0; to < out.length; to += length) {
    const from = Math.floor(to / length / starts.length) * whole;
    const start = starts[(to / length) % starts.length]!;
    copyBlock(data.subarray(from, from + whole), full, { start, step, shape }, out.subarray(to, to + length));
  }
  return { shape, snapshots: snapshots * starts.length, data: out };
}

function copyBlock(
  from: Float64Array,
  full: readonly number[],
  { start, step, shape }: Block,
  out: Float64Array,
) {
  const last = shape.length - 1;
  const width = shape[last]!;
  const stride = 2 * step[last]!;
  const heads = shape.slice(0, last);
  for (let row = 0; 2 * row * width < out.length; row++) {
    const place = indexOf(row, heads).reduce((at, n, d) => at * full[d]! + start[d]! + step[d]! * n, 0);
    let at = 2 * (place * full[last]! + start[last]!);
    for (let to = 2 * row * width; to < 2 * (row + 1) * width; to += 2) {
      out[to] = from[at]!;
      out[to + 1] = from[at + 1]!;
      at += stride;
    }
  }
}

/** Means over blocks of neighbours: each row of the last dimension is added to where it belongs, in one pass over the data. */
function averaged({ shape, snapshots, data }: Observation, factors: readonly number[]): Observation {
  const sizes = shape.map((size, d) => Math.floor(size / factors[d]!));
  const [width, kept, factor] = [shape.at(-1)!, sizes.at(-1)!, factors.at(-1)!];
  const length = snapshots * sizes.reduce((product, size) => product * size, 1);
  const out = new Float64Array(2 * length);
  for (let row = 0; 2 * row * width < data.length; row++) {
    const place = blockOfRow(row, shape, sizes, factors);
    if (place >= 0) addSums(data, 2 * row * width, factor, out, 2 * place * kept, kept);
  }
  const scale = 1 / factors.reduce((product, value) => product * value, 1);
  for (let at = 0; at < out.length; at++) out[at]! *= scale;
  return { shape: sizes, snapshots, data: out };
}

/** The compressed row that a row is added to, or -1 beyond the last whole block of a dimension. */
function blockOfRow(
  row: number,
  shape: readonly number[],
  sizes: readonly number[],
  factors: readonly number[],
): number {
  let [left, place, stride] = [row, 0, 1];
  for (let d = shape.length - 2; d >= 0; d--) {
    const n = left % shape[d]!;
    const block = Math.floor(n / factors[d]!);
    if (block >= sizes[d]!) return -1;
    place += stride * block;
    stride *= sizes[d]!;
    left = (left - n) / shape[d]!;
  }
  return place + stride * left;
}

/** Adds sums of `factor` neighbouring values each, in two chains, since one waits for its additions. */
function addSums(
  data: Float64Array,
  from: number,
  factor: number,
  out: Float64Array,
  to: number,
  count: number,
): void {
  let at = from;
  for (let k = to; k < to + 2 * count; k += 2) {
    let re = 0;
    let im = 0;
    let re2 = 0;
    let im2 = 0;
    const end = at + 2 * factor;
    for (; at + 4 <= end; at += 4) {
      re += data[at]!;
      im += data[at + 1]!;
      re2 += data[at + 2]!;
      im2 += data[at + 3]!;
    }
    if (at < end) {
      re += data[at]!;
      im += data[at + 1]!;
      at = end;
    }
    out[k]! += re + re2;
    out[k + 1]! += im + im2;
  }
}

/**
 * What a compression does to the gain of a source, snapshot by snapshot: the response of its means, or the phase at the
 * start of its blocks. Interleaved complex, one for each start.
 */
export function compressionGains(
  { method, factors, starts }: Compressed,
  mu: readonly number[],
): Float64Array {
  if (method !== 'averaging')
    return turns(starts.map((start) => start.reduce((sum, n, d) => sum + n * mu[d]!, 0)));
  let [re, im] = [1, 0];
  for (const [d, factor] of factors.entries()) {
    let [sumRe, sumIm] = [0, 0];
    for (let n = 0; n < factor; n++) {
      sumRe += Math.cos(n * mu[d]!) / factor;
      sumIm += Math.sin(n * mu[d]!) / factor;
    }
    [re, im] = [re * sumRe - im * sumIm, re * sumIm + im * sumRe];
  }
  return Float64Array.of(re, im);
}

const turns = (phases: readonly number[]) =>
  Float64Array.from(phases.flatMap((phase) => [Math.cos(phase), Math.sin(phase)]));
