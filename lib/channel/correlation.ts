import { InputError, requireInteger, requireRange } from '../base/index.js';
import { type ComplexMatrix, cholesky, complexMatrix } from '../math/index.js';

/**
 * Exponential correlation of a uniform linear array, R[i, k] = a^(k - i) for k >= i and its conjugate below
 * (Loyka 2001).
 * @param size antennas, 1 to 256
 * @param magnitude |a| of neighbours, 0 to 0.9999
 * @param phaseRad the phase of a, from the mean angle of arrival; -2 pi to 2 pi
 * @throws InputError when one is out of range.
 */
export function exponentialCorrelation(size: number, magnitude: number, phaseRad = 0): ComplexMatrix {
  requireInteger('size', size, 1, 256);
  requireRange('magnitude', magnitude, 0, 0.9999);
  requireRange('phaseRad', phaseRad, -2 * Math.PI, 2 * Math.PI, 'rad');
  const matrix = complexMatrix(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      const radius = magnitude ** Math.abs(column - row);
      matrix.data[at] = radius * Math.cos((column - row) * phaseRad);
      matrix.data[at + 1] = radius * Math.sin((column - row) * phaseRad);
    }
  }
  return matrix;
}

/**
 * The lower triangular L with R = L L^H (Cholesky) of a correlation matrix: Hermitian, positive definite, of
 * unit diagonal.
 * @throws InputError when the matrix is not `size` x `size`, or no correlation matrix.
 */
export function correlationRoot(matrix: ComplexMatrix, size: number): ComplexMatrix {
  const { rows, columns, data } = matrix;
  if (rows !== size || columns !== size) {
    throw new InputError(`correlation matrix is ${rows} x ${columns}; allowed: ${size} x ${size}`);
  }
  for (let antenna = 0; antenna < size; antenna++) {
    const at = 2 * antenna * (size + 1);
    if (!(Math.hypot(data[at]! - 1, data[at + 1]!) < 1e-6)) {
      throw new InputError(
        `correlation matrix has ${data[at]} at (${antenna}, ${antenna}); allowed: a diagonal of ones`,
      );
    }
  }
  return cholesky(matrix);
}

/** Roots of the correlation matrices at both ends; undefined where antennas are independent. */
export interface AntennaRoots {
  receive: ComplexMatrix | undefined;
  transmit: ComplexMatrix | undefined;
}

/** @throws InputError when a matrix is no correlation matrix of its array. */
export function correlationRoots(options: {
  receive: number;
  transmit: number;
  receiveCorrelation?: ComplexMatrix;
  transmitCorrelation?: ComplexMatrix;
}): AntennaRoots {
  const { receive, transmit, receiveCorrelation, transmitCorrelation } = options;
  return {
    receive: receiveCorrelation && correlationRoot(receiveCorrelation, receive),
    transmit: transmitCorrelation && correlationRoot(transmitCorrelation, transmit),
  };
}

/** Axes of gains [..., receive, transmit, inner]. */
export interface AntennaAxes {
  receive: number;
  transmit: number;
  inner: number;
}

/** Replaces each matrix G over the antennas by L_R G L_T^T, in place. */
export function correlateAntennas(gains: Float32Array, axes: AntennaAxes, roots: AntennaRoots): void {
  const { receive, transmit, inner } = axes;
  const row = 2 * transmit * inner;
  for (let base = 0; base < gains.length; base += receive * row) {
    if (roots.receive) {
      for (let at = 0; at < row; at += 2) multiplyLower(gains, base + at, row, roots.receive);
    }
    if (!roots.transmit) continue;
    for (let antenna = 0; antenna < receive; antenna++) {
      for (let at = 0; at < 2 * inner; at += 2) {
        multiplyLower(gains, base + antenna * row + at, 2 * inner, roots.transmit);
      }
    }
  }
}

/**
 * Replaces the vector of complex numbers at `start`, `stride` numbers apart, by L times it: L is lower
 * triangular, so the last is made first.
 */
function multiplyLower(values: Float32Array, start: number, stride: number, lower: ComplexMatrix): void {
  const { rows: size, data } = lower;
  for (let row = size - 1; row >= 0; row--) {
    let [re, im] = [0, 0];
    for (let k = 0; k <= row; k++) {
      const [lr, li] = [data[2 * (row * size + k)]!, data[2 * (row * size + k) + 1]!];
      const [vr, vi] = [values[start + k * stride]!, values[start + k * stride + 1]!];
      re += lr * vr - li * vi;
      im += lr * vi + li * vr;
    }
    values[start + row * stride] = re;
    values[start + row * stride + 1] = im;
  }
}
