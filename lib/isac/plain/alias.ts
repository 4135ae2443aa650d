import { type ComplexTensor, complexMatrix, complexTensor, modeProduct, unfold } from '../../math/index.js';
import { steeringVector } from '../model/harmonic.js';
import type { Observation, Source } from '../types.js';
import { blocksOf, type Compressed } from './compress.js';

/** A source outside of the band of a compression. */
export interface Alias {
  readonly dimension: number;
  /** The frequency found, which is an alias of the true one. */
  readonly mu: number;
}

/** Values that tell aliases apart wherever compression was worth while. */
const ENOUGH = 2 ** 16;

/**
 * Looks for sources outside of the band that a compression keeps. The observation, decimated in all dimensions but one,
 * tells the frequencies mu + 2 pi k / factor of that dimension apart, which the compressed one cannot.
 */
export function findAlias(
  observation: Observation,
  { bandFactors }: Compressed,
  sources: readonly Source[],
): Alias | undefined {
  for (const [dimension, factor] of bandFactors.entries()) {
    if (factor === 1) continue;
    const step = thinned(observation.shape, bandFactors.with(dimension, 1), dimension);
    const shape = sizesOf(observation.shape, step);
    const fine = blocksOf(observation, { starts: [shape.map(() => 0)], step, shape });
    const seen = sources.map(({ mu, gains }) => ({ mu: mu.map((value, d) => value * step[d]!), gains }));
    const lines = linesOf(fine, dimension, seen);
    const alias = seen.find((one, l) => isAlias(lines[l]!, one.mu[dimension]!, factor));
    if (alias) return { dimension, mu: alias.mu[dimension]! };
  }
  return undefined;
}

const sizesOf = (shape: readonly number[], step: readonly number[]) =>
  shape.map((size, d) => Math.floor(size / step[d]!));

/** Steps that leave no more values than are needed: the longest of the other dimensions is halved as long as it takes. */
function thinned(shape: readonly number[], step: readonly number[], dimension: number): readonly number[] {
  const sizes = sizesOf(shape, step);
  const others = sizes.with(dimension, 1);
  const longest = others.indexOf(Math.max(...others));
  const enough = sizes.reduce((product, size) => product * size, 1) <= ENOUGH || others[longest]! < 4;
  return enough ? step : thinned(shape, step.with(longest, 2 * step[longest]!), dimension);
}

/** The values along a dimension, correlated with each source's steering vectors in all others, less the other sources. */
function linesOf(fine: Observation, dimension: number, sources: readonly Source[]): Observation[] {
  const { shape, snapshots } = fine;
  const size = shape[dimension]!;
  // The longest of the others first, for all sources at once: after it little is left.
  const others = [...shape.keys()].filter((d) => d !== dimension).sort((a, b) => shape[b]! - shape[a]!);
  const [first, ...rest] = others;
  const whole = complexTensor([snapshots, ...shape], fine.data);
  const all = first === undefined ? whole : contracted(whole, first, sources, shape);
  return sources.map((one, l) => {
    let line = first === undefined ? whole : sliceOf(all, first + 1, l);
    for (const d of rest) line = contracted(line, d, [one], shape);
    const data = first === undefined ? line.data.slice() : line.data;
    for (const other of sources) {
      if (other !== one) subtract(data, size, other, dimension, overlap(shape, dimension, one.mu, other.mu));
    }
    return { shape: [size], snapshots, data };
  });
}

/** A dimension correlated with the steering vectors of some sources, which take its place. */
function contracted(
  tensor: ComplexTensor,
  dimension: number,
  sources: readonly Source[],
  shape: readonly number[],
): ComplexTensor {
  const size = shape[dimension]!;
  const rows = complexMatrix(sources.length, size);
  for (const [l, { mu }] of sources.entries())
    rows.data.set(steeringVector(size, -mu[dimension]!), 2 * l * size);
  return modeProduct(tensor, rows, dimension + 1);
}

/** One index of a mode, which stays as a mode of size 1. */
function sliceOf(tensor: ComplexTensor, mode: number, index: number): ComplexTensor {
  const row = unfold(tensor, mode);
  const data = row.data.subarray(2 * index * row.columns, 2 * (index + 1) * row.columns);
  return complexTensor(tensor.shape.with(mode, 1), data);
}

/** The product of a(mu)^H a(other) over all dimensions but one. */
function overlap(shape: readonly number[], without: number, mu: readonly number[], other: readonly number[]) {
  let [re, im] = [1, 0];
  for (const [d, size] of shape.entries()) {
    if (d === without) continue;
    const [sumRe, sumIm] = sum(steeringVector(size, other[d]! - mu[d]!));
    [re, im] = [re * sumRe - im * sumIm, re * sumIm + im * sumRe];
  }
  return [re, im] as const;
}

function sum(values: Float64Array): [re: number, im: number] {
  let [re, im] = [0, 0];
  for (let at = 0; at < values.length; at += 2) [re, im] = [re + values[at]!, im + values[at + 1]!];
  return [re, im];
}

function subtract(
  line: Float64Array,
  size: number,
  { mu, gains }: Source,
  dimension: number,
  [re, im]: readonly [number, number],
): void {
  const steering = steeringVector(size, mu[dimension]!);
  for (let at = 0; at < line.length; at += 2) {
    const t = Math.floor(at / 2 / size);
    const n = (at / 2) % size;
    const gr = gains[2 * t]! * re - gains[2 * t + 1]! * im;
    const gi = gains[2 * t]! * im + gains[2 * t + 1]! * re;
    line[at]! -= gr * steering[2 * n]! - gi * steering[2 * n + 1]!;
    line[at + 1]! -= gr * steering[2 * n + 1]! + gi * steering[2 * n]!;
  }
}

function isAlias(line: Observation, mu: number, factor: number): boolean {
  const found = powerAt(line, mu);
  for (let k = 1; k < factor; k++) {
    if (powerAt(line, mu + (2 * Math.PI * k) / factor) > found) return true;
  }
  return false;
}

/** Power at a frequency, over all snapshots. */
function powerAt({ shape: [size], snapshots, data }: Observation, mu: number): number {
  const values = complexTensor([snapshots, size!], data);
  const row = complexMatrix(1, size!, steeringVector(size!, -mu));
  return modeProduct(values, row, 1).data.reduce((power, value) => power + value * value, 0);
}
