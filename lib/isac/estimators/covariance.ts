import { InputError, requireInteger } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  complexTensor,
  conjugateTranspose,
  type HermitianEigen,
  hermitianEigen,
  realRowGram,
  rowGramMatrix,
  unfold,
} from '../../math/index.js';
import type { Observation } from '../types.js';

/**
 * Sample covariance of one dimension, Y Y^H / K: all other dimensions and the snapshots count as its K snapshots.
 * @throws InputError for a dimension that the observation lacks.
 */
export function dimensionCovariance(
  { shape, snapshots, data }: Observation,
  dimension: number,
): { covariance: ComplexMatrix; samples: number } {
  requireInteger('dimension', dimension, 0, shape.length - 1);
  const unfolded = unfold(complexTensor([snapshots, ...shape], data), dimension + 1);
  const covariance = rowGramMatrix(unfolded);
  for (let at = 0; at < covariance.data.length; at++) covariance.data[at]! /= unfolded.columns;
  return { covariance, samples: unfolded.columns };
}

/** Forward-backward average (R + J conj(R) J) / 2, J the exchange matrix. @throws InputError unless R is square. */
export function forwardBackward(covariance: ComplexMatrix): ComplexMatrix {
  const { rows: n, columns, data } = covariance;
  if (n !== columns) throw new InputError(`matrix is ${n} x ${columns}; allowed: square`);
  const out = complexMatrix(n, n);
  const last = data.length - 2;
  for (let at = 0; at <= last; at += 2) {
    out.data[at] = (data[at]! + data[last - at]!) / 2;
    out.data[at + 1] = (data[at + 1]! - data[last - at + 1]!) / 2;
  }
  return out;
}

/**
 * `forwardBackward` of `dimensionCovariance` at half the cost: with the unitary, column-conjugate-symmetric Q that mixes sample
 * n with sample N - 1 - n, it is Q Re(Q^H R Q) Q^H (Linebarger, DeGroat and Dowling 1994).
 * @throws InputError for a dimension that the observation lacks.
 */
export function averagedCovariance(
  { shape, snapshots, data }: Observation,
  dimension: number,
): { covariance: ComplexMatrix; samples: number } {
  requireInteger('dimension', dimension, 0, shape.length - 1);
  const unfolded = unfold(complexTensor([snapshots, ...shape], data), dimension + 1);
  mixRows(unfolded);
  const covariance = realRowGram(unfolded);
  for (let at = 0; at < covariance.data.length; at += 2) covariance.data[at]! /= unfolded.columns;
  unmixRows(covariance);
  // Its columns are the rows of the conjugate transpose.
  const turned = conjugateTranspose(covariance);
  unmixRows(turned);
  return { covariance: turned, samples: unfolded.columns };
}

/** Q^H A in place: rows n and N - 1 - n become (a + b) / sqrt(2) and (a - b) / (i sqrt(2)). */
function mixRows({ rows, columns, data }: ComplexMatrix): void {
  const width = 2 * columns;
  for (let n = 0; n < rows >> 1; n++) {
    const p = n * width;
    const q = (rows - 1 - n) * width;
    for (let k = 0; k < width; k += 2) {
      const ar = data[p + k]!;
      const ai = data[p + k + 1]!;
      const br = data[q + k]!;
      const bi = data[q + k + 1]!;
      data[p + k] = (ar + br) * Math.SQRT1_2;
      data[p + k + 1] = (ai + bi) * Math.SQRT1_2;
      data[q + k] = (ai - bi) * Math.SQRT1_2;
      data[q + k + 1] = (br - ar) * Math.SQRT1_2;
    }
  }
}

/** Q A in place: rows n and N - 1 - n become (a + i b) / sqrt(2) and (a - i b) / sqrt(2). */
function unmixRows({ rows, columns, data }: ComplexMatrix): void {
  const width = 2 * columns;
  for (let n = 0; n < rows >> 1; n++) {
    const p = n * width;
    const q = (rows - 1 - n) * width;
    for (let k = 0; k < width; k += 2) {
      const ar = data[p + k]!;
      const ai = data[p + k + 1]!;
      const br = data[q + k]!;
      const bi = data[q + k + 1]!;
      data[p + k] = (ar - bi) * Math.SQRT1_2;
      data[p + k + 1] = (ai + br) * Math.SQRT1_2;
      data[q + k] = (ar + bi) * Math.SQRT1_2;
      data[q + k + 1] = (ai - br) * Math.SQRT1_2;
    }
  }
}

/**
 * Spatial smoothing in any number of dimensions: all sub-tensors of a size as snapshots. It gives snapshots where there is
 * one only and decorrelates coherent sources, for a smaller aperture.
 * @param shape of the sub-tensors, in each dimension at most the observation's
 * @param backward adds the conjugate of each with all indices reversed, default true
 * @throws InputError when a size does not fit.
 */
export function smoothed(observation: Observation, shape: readonly number[], backward = true): Observation {
  if (shape.length !== observation.shape.length) {
    throw new InputError(`sub-tensors of ${shape.length} dimensions; allowed: ${observation.shape.length}`);
  }
  for (const [d, size] of shape.entries())
    requireInteger(`size of sub-tensors in dimension ${d}`, size, 1, observation.shape[d]!);
  const windows = observation.shape.map((size, d) => size - shape[d]! + 1);
  const count = observation.snapshots * windows.reduce((a, b) => a * b, 1);
  const length = 2 * shape.reduce((a, b) => a * b, 1);
  const snapshots = backward ? 2 * count : count;
  const data = new Float64Array(snapshots * length);
  const full = [observation.snapshots, ...observation.shape];
  let to = 0;
  forEachIndex([observation.snapshots, ...windows], (start) => {
    copyBlock(observation.data, full, start, [1, ...shape], data, to);
    to += length;
  });
  if (backward) reverseConjugates(data, count, length);
  return { shape: [...shape], snapshots, data };
}

/** Calls back with every index of a shape, the last running fastest; the index is reused. */
function forEachIndex(shape: readonly number[], visit: (index: readonly number[]) => void): void {
  const index = shape.map(() => 0);
  for (;;) {
    visit(index);
    let d = shape.length - 1;
    while (d >= 0 && ++index[d]! === shape[d]) index[d--] = 0;
    if (d < 0) return;
  }
}

function copyBlock(
  from: Float64Array,
  full: readonly number[],
  start: readonly number[],
  shape: readonly number[],
  out: Float64Array,
  place: number,
): void {
  const width = 2 * shape.at(-1)!;
  let to = place;
  forEachIndex(shape.slice(0, -1), (index) => {
    const row = full.reduce((all, size, d) => all * size + start[d]! + (index[d] ?? 0), 0);
    out.set(from.subarray(2 * row, 2 * row + width), to);
    to += width;
  });
}

function reverseConjugates(data: Float64Array, count: number, length: number): void {
  const end = 2 * count * length - 2;
  for (let at = 0; at < count * length; at += 2) {
    // Snapshots are reversed too, which matters to nobody.
    data[end - at] = data[at]!;
    data[end - at + 1] = -data[at + 1]!;
  }
}

/** Eigenvectors of one dimension's covariance. @throws InputError for a dimension that the observation lacks. */
export function dimensionEigen(observation: Observation, dimension: number): HermitianEigen {
  return hermitianEigen(dimensionCovariance(observation, dimension).covariance);
}
