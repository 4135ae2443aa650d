import { InputError } from '../../base/index.js';
import { type ComplexMatrix, complexMatrix, sizeOf } from './matrix.js';

/** All products a_i b_j of two interleaved complex vectors, j running fastest. */
export function kroneckerVectors(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array((a.length * b.length) / 2);
  let to = 0;
  for (let i = 0; i < a.length; i += 2) {
    const re = a[i]!;
    const im = a[i + 1]!;
    for (let j = 0; j < b.length; j += 2) {
      out[to++] = re * b[j]! - im * b[j + 1]!;
      out[to++] = re * b[j + 1]! + im * b[j]!;
    }
  }
  return out;
}

const rowOf = ({ columns, data }: ComplexMatrix, i: number) =>
  data.subarray(2 * i * columns, 2 * (i + 1) * columns);

/** Kronecker product: block (i, j) is a_ij B. */
export function kroneckerProduct(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(a.rows * b.rows, a.columns * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < b.rows; k++) {
      out.data.set(kroneckerVectors(rowOf(a, i), rowOf(b, k)), 2 * (i * b.rows + k) * out.columns);
    }
  }
  return out;
}

/**
 * Khatri-Rao product: column k is the Kronecker product of the columns k of A and B, so row i B.rows + j holds
 * a_ik b_jk.
 * @throws InputError unless A and B have the same number of columns.
 */
export function khatriRao(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  if (a.columns !== b.columns) {
    throw new InputError(
      `Khatri-Rao product of ${sizeOf(a)} and ${sizeOf(b)} matrices; allowed: equally many columns`,
    );
  }
  const width = 2 * a.columns;
  const out = complexMatrix(a.rows * b.rows, a.columns);
  let to = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      for (let k = 0; k < width; k += 2, to += 2) {
        const [re, im] = [a.data[i * width + k]!, a.data[i * width + k + 1]!];
        const [br, bi] = [b.data[j * width + k]!, b.data[j * width + k + 1]!];
        out.data[to] = re * br - im * bi;
        out.data[to + 1] = re * bi + im * br;
      }
    }
  }
  return out;
}
