import { InputError, requireInteger } from '../../base/index.js';
import { fft, kroneckerVectors } from '../../math/index.js';
import { steeringVector, wrapped } from '../model/index.js';
import type { Observation } from '../types.js';

/** Correlations of the data with steering tensors on a regular grid of frequencies. */
export interface Spectrum {
  /** Grid points of each dimension: frequencies 2 pi k / size. */
  shape: readonly number[];
  /** |a^H y|^2, summed over the snapshots; the last dimension fastest. */
  power: Float64Array;
}

const MAX_CELLS = 2 ** 26;

const paddedSize = (size: number, padding: number) =>
  size === 1 ? 1 : 2 ** Math.ceil(Math.log2(padding * size));

/**
 * The periodogram, D-dimensional and zero-padded: each dimension to the power of two that is at least `padding` times its
 * size (a dimension of one sample stays one).
 * @param padding 1 to 64
 * @throws InputError for a padding out of range or a grid of more than 2^26 cells.
 */
export function powerSpectrum(observation: Observation, padding: number): Spectrum {
  requireInteger('padding', padding, 1, 64);
  const shape = observation.shape.map((size) => paddedSize(size, padding));
  const cells = shape.reduce((all, size) => all * size, 1);
  if (cells > MAX_CELLS)
    throw new InputError(`grid of ${shape.join(' x ')} cells; allowed: at most ${MAX_CELLS}`);
  const power = new Float64Array(cells);
  const length = observation.data.length / observation.snapshots;
  for (let start = 0; start < observation.data.length; start += length) {
    const values = transformed(observation.data.subarray(start, start + length), observation.shape, shape);
    for (let cell = 0; cell < cells; cell++)
      power[cell]! += values[2 * cell]! ** 2 + values[2 * cell + 1]! ** 2;
  }
  return { shape, power };
}

/** Fourier transform of all dimensions, the last first. */
function transformed(data: Float64Array, shape: readonly number[], padded: readonly number[]): Float64Array {
  let values = data;
  for (let d = shape.length - 1; d >= 0; d--) {
    const after = padded.slice(d + 1).reduce((all, size) => all * size, 1);
    values = alongDimension(values, shape[d]!, padded[d]!, after);
  }
  return values;
}

/** Columns that are read and written together: of values far apart, a whole line of the cache is used. */
const TOGETHER = 8;

function alongDimension(values: Float64Array, size: number, padded: number, after: number): Float64Array {
  if (padded === 1) return values;
  const blocks = values.length / (2 * size * after);
  const out = new Float64Array(2 * blocks * padded * after);
  const lines = Array.from({ length: Math.min(TOGETHER, after) }, () => new Float64Array(2 * padded));
  for (let block = 0; block < blocks; block++) {
    for (let column = 0; column < after; column += TOGETHER) {
      const used = lines.slice(0, after - column);
      gather(values, 2 * (block * size * after + column), 2 * after, size, used);
      scatter(used.map(fft), out, 2 * (block * padded * after + column), 2 * after);
    }
  }
  return out;
}

/** Neighbouring columns as lines. */
function gather(
  values: Float64Array,
  start: number,
  stride: number,
  size: number,
  lines: Float64Array[],
): void {
  for (let n = 0; n < size; n++) {
    let from = start + n * stride;
    for (const line of lines) {
      line[2 * n] = values[from++]!;
      line[2 * n + 1] = values[from++]!;
    }
  }
}

function scatter(lines: readonly Float64Array[], out: Float64Array, start: number, stride: number): void {
  const length = lines[0]!.length;
  for (let at = 0; at < length; at += 2) {
    let to = start + (at / 2) * stride;
    for (const line of lines) {
      out[to++] = line[at]!;
      out[to++] = line[at + 1]!;
    }
  }
}

/**
 * The observation with all frequencies lowered by half a cell of its unpadded spectrum: that spectrum is of the middles of its cells,
 * where a source between the cells, which loses up to 3.9 dB a dimension on them, is found again.
 */
export function betweenCells(observation: Observation): Observation {
  const { shape, data } = observation;
  const turns = shape.map((size) => steeringVector(size, size === 1 ? 0 : -Math.PI / paddedSize(size, 1)));
  const tail = turns.at(-1)!;
  const head = turns.slice(0, -1).reduce(kroneckerVectors, Float64Array.of(1, 0));
  const out = new Float64Array(data.length);
  for (let row = 0; row < data.length / tail.length; row++) {
    const i = (2 * row) % head.length;
    const [hr, hi] = [head[i]!, head[i + 1]!];
    for (let j = 0; j < tail.length; j += 2) {
      const at = row * tail.length + j;
      const re = hr * tail[j]! - hi * tail[j + 1]!;
      const im = hr * tail[j + 1]! + hi * tail[j]!;
      out[at] = data[at]! * re - data[at + 1]! * im;
      out[at + 1] = data[at]! * im + data[at + 1]! * re;
    }
  }
  return { ...observation, data: out };
}

/** Half a cell of the coarsest dimension, in Fourier bins: how far a grid point may be off. */
export function halfCell(shape: readonly number[], samples: readonly number[]): number {
  return Math.max(...shape.map((size, d) => samples[d]! / size)) / 2;
}

/** The frequencies of a cell. */
export function cellFrequencies(shape: readonly number[], cell: number): number[] {
  return indexOf(shape, cell).map((k, d) => wrapped((2 * Math.PI * k) / shape[d]!));
}

function indexOf(shape: readonly number[], cell: number): number[] {
  let left = cell;
  return shape
    .toReversed()
    .map((size) => {
      const k = left % size;
      left = (left - k) / size;
      return k;
    })
    .reverse();
}

/** The strongest cell. */
export function strongestCell({ power }: Spectrum): number {
  let best = 0;
  for (let cell = 1; cell < power.length; cell++) if (power[cell]! > power[best]!) best = cell;
  return best;
}

/** The strongest cells that no neighbour along a dimension exceeds, strongest first, at most `count`. */
export function strongestPeaks({ shape, power }: Spectrum, count: number): number[] {
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((all, size) => all * size, 1));
  const peaks: number[] = [];
  for (let cell = 0; cell < power.length; cell++) {
    if (peaks.length === count && power[cell]! <= power[peaks.at(-1)!]!) continue;
    if (!isPeak(power, shape, strides, cell)) continue;
    const place = peaks.findIndex((peak) => power[cell]! > power[peak]!);
    peaks.splice(place < 0 ? peaks.length : place, 0, cell);
    if (peaks.length > count) peaks.pop();
  }
  return peaks;
}

function isPeak(
  power: Float64Array,
  shape: readonly number[],
  strides: readonly number[],
  cell: number,
): boolean {
  for (let d = 0; d < shape.length; d++) {
    const [size, stride] = [shape[d]!, strides[d]!];
    if (size === 1) continue;
    const k = Math.floor(cell / stride) % size;
    const up = k === size - 1 ? cell - k * stride : cell + stride;
    const down = k === 0 ? cell + (size - 1) * stride : cell - stride;
    // Of two equal neighbours the first is the peak.
    if (power[up]! > power[cell]! || power[down]! >= power[cell]!) return false;
  }
  return true;
}
