import { type ComplexMatrix, complexMatrix, matrixMultiply, solveHermitian } from '../../math/index.js';
import type { Source } from '../types.js';

/**
 * Inner products of steering tensors a_l and their derivatives a_l,d = d a_l / d mu_d. With phases counted from the middle
 * of each dimension all of them are real, and each is a product over the dimensions, so no product over all samples is
 * needed. Complex matrices with imaginary parts 0.
 */
export interface SteeringProducts {
  /** a_l^H a_m, L x L. */
  gram: ComplexMatrix;
  /** a_l,d^H a_m; row l D + d. */
  cross: ComplexMatrix;
  /** a_l,d^H P a_m,e with P the projector on what no a_l reaches; row l D + d, column m D + e. */
  projected: ComplexMatrix;
}

/** Sums over n of 1, c sin(delta c), c^2 cos(delta c) and cos(delta c), c = n - (N - 1) / 2. */
interface LagSums {
  value: number;
  slope: number;
  curvature: number;
}

function lagSums(size: number, delta: number): LagSums {
  // The terms of c and -c are equal.
  let [value, slope, curvature] = [size % 2, 0, 0];
  for (let c = size % 2 ? 1 : 0.5; c < size / 2; c++) {
    const [cos, sin] = [Math.cos(delta * c), Math.sin(delta * c)];
    value += 2 * cos;
    slope += 2 * c * sin;
    curvature += 2 * c * c * cos;
  }
  return { value, slope, curvature };
}

/**
 * The products of sources at given frequencies.
 * @param frequencies one list of D for each source
 * @throws InputError when the steering tensors are linearly dependent, as those of coinciding sources are.
 */
export function steeringProducts(
  frequencies: readonly (readonly number[])[],
  shape: readonly number[],
): SteeringProducts {
  const [count, dims] = [frequencies.length, shape.length];
  const gram = complexMatrix(count, count);
  const cross = complexMatrix(count * dims, count);
  const projected = complexMatrix(count * dims, count * dims);
  for (let l = 0; l < count; l++) {
    for (let m = l; m < count; m++) {
      const sums = shape.map((size, d) => lagSums(size, frequencies[m]![d]! - frequencies[l]![d]!));
      const value = productExcept(sums);
      setReal(gram, l, m, value);
      setReal(gram, m, l, value);
      for (let d = 0; d < dims; d++) {
        const slope = sums[d]!.slope * productExcept(sums, d);
        // The slope changes its sign with the difference of the frequencies.
        setReal(cross, m * dims + d, l, -slope);
        setReal(cross, l * dims + d, m, slope);
        for (let e = 0; e < dims; e++) {
          const product = derivativeProduct(sums, d, e);
          setReal(projected, l * dims + d, m * dims + e, product);
          setReal(projected, m * dims + d, l * dims + e, product);
        }
      }
    }
  }
  const transposed = realTranspose(cross);
  const reached = matrixMultiply(cross, solveHermitian(gram, transposed));
  for (let at = 0; at < projected.data.length; at++) projected.data[at]! -= reached.data[at]!;
  return { gram, cross, projected };
}

function derivativeProduct(sums: readonly LagSums[], d: number, e: number): number {
  if (d === e) return sums[d]!.curvature * productExcept(sums, d);
  return -sums[d]!.slope * sums[e]!.slope * productExcept(sums, d, e);
}

function productExcept(sums: readonly LagSums[], ...left: number[]): number {
  return sums.reduce((all, { value }, d) => (left.includes(d) ? all : all * value), 1);
}

function setReal({ columns, data }: ComplexMatrix, row: number, column: number, value: number): void {
  data[2 * (row * columns + column)] = value;
}

function realTranspose(a: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) setReal(out, j, i, a.data[2 * (i * a.columns + j)]!);
  return out;
}

/** The gain with phases counted from the middle of each dimension; `sign` -1 turns it back. */
export function centredGains({ mu, gains }: Source, shape: readonly number[], sign = 1): Float64Array {
  const angle = sign * shape.reduce((sum, size, d) => sum + (mu[d]! * (size - 1)) / 2, 0);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const out = new Float64Array(gains.length);
  for (let at = 0; at < gains.length; at += 2) {
    out[at] = gains[at]! * cos - gains[at + 1]! * sin;
    out[at + 1] = gains[at]! * sin + gains[at + 1]! * cos;
  }
  return out;
}

/**
 * Re(sum over snapshots of conj(b_l) b_m) times each projected product: the information on the frequencies, times sigma^2 / 2
 * (and the Gauss-Newton matrix of a fit). Gains are counted from the middle.
 */
export function frequencyInformation(
  projected: ComplexMatrix,
  gains: readonly Float64Array[],
): ComplexMatrix {
  const dims = projected.rows / gains.length;
  const out = complexMatrix(projected.rows, projected.rows);
  for (let row = 0; row < out.rows; row++) {
    for (let column = 0; column < out.rows; column++) {
      const [p, q] = [gains[Math.floor(row / dims)]!, gains[Math.floor(column / dims)]!];
      const weight = p.reduce((sum, value, at) => sum + value * q[at]!, 0);
      const at = 2 * (row * out.rows + column);
      out.data[at] = weight * projected.data[at]!;
    }
  }
  return out;
}
