import { InputError } from '../../base/index.js';
import { type ComplexMatrix, requireRightSide, requireSquare } from './matrix.js';

/**
 * Solves L X = B by forward substitution; only the lower triangle of L is read.
 * @throws InputError when L is not square, a diagonal entry is zero or the rows do not match.
 */
export function solveLower(l: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const n = requireSquare(l);
  requireRightSide(l, b);
  const x = b.data.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const at = 2 * (i * n + k);
      subtractScaledRow(x, i, k, b.columns, l.data[at]!, l.data[at + 1]!);
    }
    divideRow(x, i, b.columns, l, i);
  }
  return { rows: n, columns: b.columns, data: x };
}

/**
 * Solves U X = B by back substitution; only the upper triangle of U is read.
 * @throws InputError when U is not square, a diagonal entry is zero or the rows do not match.
 */
export function solveUpper(u: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const n = requireSquare(u);
  requireRightSide(u, b);
  const x = b.data.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const at = 2 * (i * n + k);
      subtractScaledRow(x, i, k, b.columns, u.data[at]!, u.data[at + 1]!);
    }
    divideRow(x, i, b.columns, u, i);
  }
  return { rows: n, columns: b.columns, data: x };
}

/**
 * Solves L^H X = B with the lower triangle L, which is not transposed first.
 * @throws InputError when L is not square, a diagonal entry is zero or the rows do not match.
 */
export function solveLowerTransposed(l: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const n = requireSquare(l);
  requireRightSide(l, b);
  const x = b.data.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const at = 2 * (k * n + i);
      subtractScaledRow(x, i, k, b.columns, l.data[at]!, -l.data[at + 1]!);
    }
    divideRow(x, i, b.columns, l, i, -1);
  }
  return { rows: n, columns: b.columns, data: x };
}

/** Row `to` of x loses (re + i im) times row `from`. */
export function subtractScaledRow(
  x: Float64Array,
  to: number,
  from: number,
  width: number,
  re: number,
  im: number,
): void {
  if (re === 0 && im === 0) return;
  const [target, source] = [2 * to * width, 2 * from * width];
  for (let j = 0; j < 2 * width; j += 2) {
    const [sr, si] = [x[source + j]!, x[source + j + 1]!];
    x[target + j]! -= re * sr - im * si;
    x[target + j + 1]! -= re * si + im * sr;
  }
}

/** Row `row` of x over the diagonal entry of `a` there, conjugated when `sign` is -1. */
function divideRow(
  x: Float64Array,
  row: number,
  width: number,
  a: ComplexMatrix,
  pivot: number,
  sign: 1 | -1 = 1,
): void {
  const at = 2 * (pivot * a.columns + pivot);
  const [re, im] = [a.data[at]!, sign * a.data[at + 1]!];
  const power = re * re + im * im;
  if (!(power > 0)) throw new InputError(`diagonal entry ${pivot} is ${re} + ${im}i; allowed: not zero`);
  const start = 2 * row * width;
  for (let j = start; j < start + 2 * width; j += 2) {
    const [xr, xi] = [x[j]!, x[j + 1]!];
    x[j] = (xr * re + xi * im) / power;
    x[j + 1] = (xi * re - xr * im) / power;
  }
}
