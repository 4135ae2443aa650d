import { InputError, requireInteger, requireRange } from '../base/index.js';

/** A complex square matrix, row-major and interleaved: 2 * size * size numbers. */
export type ComplexMatrix = Float64Array;

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
  const matrix = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      const radius = magnitude ** Math.abs(column - row);
      matrix[at] = radius * Math.cos((column - row) * phaseRad);
      matrix[at + 1] = radius * Math.sin((column - row) * phaseRad);
    }
  }
  return matrix;
}

/**
 * The lower triangular L with R = L L^H (Cholesky) of a correlation matrix: Hermitian, positive definite, of
 * unit diagonal.
 * @throws InputError when the length is not that of `size`, or the matrix is no correlation matrix.
 */
export function correlationRoot(matrix: ComplexMatrix, size: number): ComplexMatrix {
  requireCorrelation(matrix, size);
  const root = new Float64Array(matrix.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const [re, im] = remainder(matrix, root, size, row, column);
      const at = 2 * (row * size + column);
      if (row === column) {
        if (!(re > 1e-12)) throw new InputError('correlation matrix is singular; allowed: positive definite');
        root[at] = Math.sqrt(re);
      } else {
        const pivot = root[2 * (column * size + column)]!;
        root[at] = re / pivot;
        root[at + 1] = im / pivot;
      }
    }
  }
  return root;
}

/** R[row, column] less what the columns of L before `column` explain. */
function remainder(
  matrix: ComplexMatrix,
  root: ComplexMatrix,
  size: number,
  row: number,
  column: number,
): [re: number, im: number] {
  let re = matrix[2 * (row * size + column)]!;
  let im = matrix[2 * (row * size + column) + 1]!;
  for (let k = 0; k < column; k++) {
    const [a, b] = [2 * (row * size + k), 2 * (column * size + k)];
    const [ar, ai, br, bi] = [root[a]!, root[a + 1]!, root[b]!, root[b + 1]!];
    re -= ar * br + ai * bi;
    im -= ai * br - ar * bi;
  }
  return [re, im];
}

function requireCorrelation(matrix: ComplexMatrix, size: number): void {
  if (matrix.length !== 2 * size * size) {
    throw new InputError(
      `correlation matrix of ${matrix.length} numbers; allowed: ${2 * size * size}, interleaved ${size} x ${size}`,
    );
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const [a, b] = [2 * (row * size + column), 2 * (column * size + row)];
      const gap = Math.hypot(matrix[a]! - matrix[b]!, matrix[a + 1]! + matrix[b + 1]!);
      const power = row === column ? Math.abs(matrix[a]! - 1) : 0;
      if (!(gap + power < 1e-6)) {
        throw new InputError(
          `correlation matrix at (${row}, ${column}); allowed: Hermitian with a diagonal of ones`,
        );
      }
    }
  }
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
      for (let at = 0; at < row; at += 2) multiplyLower(gains, base + at, row, roots.receive, receive);
    }
    if (!roots.transmit) continue;
    for (let antenna = 0; antenna < receive; antenna++) {
      for (let at = 0; at < 2 * inner; at += 2) {
        multiplyLower(gains, base + antenna * row + at, 2 * inner, roots.transmit, transmit);
      }
    }
  }
}

/**
 * Replaces the vector of `size` complex numbers at `start`, `stride` numbers apart, by L times it: L is lower
 * triangular, so the last is made first.
 */
function multiplyLower(
  values: Float32Array,
  start: number,
  stride: number,
  lower: ComplexMatrix,
  size: number,
): void {
  for (let row = size - 1; row >= 0; row--) {
    let [re, im] = [0, 0];
    for (let k = 0; k <= row; k++) {
      const [lr, li] = [lower[2 * (row * size + k)]!, lower[2 * (row * size + k) + 1]!];
      const [vr, vi] = [values[start + k * stride]!, values[start + k * stride + 1]!];
      re += lr * vr - li * vi;
      im += lr * vi + li * vr;
    }
    values[start + row * stride] = re;
    values[start + row * stride + 1] = im;
  }
}
