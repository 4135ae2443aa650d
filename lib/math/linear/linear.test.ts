import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../rng.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  cholesky,
  complexMatrix,
  conjugateTranspose,
  determinant,
  gramMatrix,
  identityMatrix,
  inverseMatrix,
  invertHermitian,
  luFactors,
  matrixMultiply,
  qrFactors,
  solveHermitian,
  solveLinear,
  solveLower,
  solveLowerTransposed,
  solveUpper,
} from './index.js';

const randomMatrix = (rows: number, columns: number, seed: number) =>
  complexMatrix(
    rows,
    columns,
    Rng.of(seed)
      .fork('matrix')
      .fillComplexNormal(new Float64Array(2 * rows * columns)),
  );

function largestGap(a: ComplexMatrix, b: ComplexMatrix): number {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  return a.data.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b.data[index]!)), 0);
}

const side = fc.integer({ min: 1, max: 12 });
const seed = fc.integer({ min: 0, max: 1e6 });
const settings = { numRuns: 60, seed: 4 };

describe('products', () => {
  it('multiplies as numpy does', () => {
    // numpy: a = [[1+2j, 3-1j], [0.5j, -2]]; b = [[1j], [2+1j]]; a @ b
    const a = complexMatrix(2, 2, Float64Array.of(1, 2, 3, -1, 0, 0.5, -2, 0));
    const b = complexMatrix(2, 1, Float64Array.of(0, 1, 2, 1));
    expect(Array.from(matrixMultiply(a, b).data)).toEqual([5, 2, -4.5, -2]);
    expect(Array.from(conjugateTranspose(a).data)).toEqual([1, -2, 0, -0.5, 3, 1, -2, -0]);
  });

  it('is associative, and (A B)^H = B^H A^H', () => {
    fc.assert(
      fc.property(side, side, side, seed, (m, n, p, s) => {
        const [a, b, c] = [randomMatrix(m, n, s), randomMatrix(n, p, s + 1), randomMatrix(p, m, s + 2)];
        const left = matrixMultiply(matrixMultiply(a, b), c);
        expect(largestGap(left, matrixMultiply(a, matrixMultiply(b, c)))).toBeLessThan(1e-11);
        const turned = matrixMultiply(conjugateTranspose(b), conjugateTranspose(a));
        expect(largestGap(conjugateTranspose(matrixMultiply(a, b)), turned)).toBeLessThan(1e-12);
      }),
      settings,
    );
  });

  it('makes the Gram matrix A^H A and adds to a diagonal', () => {
    const a = randomMatrix(5, 3, 1);
    const product = matrixMultiply(conjugateTranspose(a), a);
    expect(largestGap(gramMatrix(a), product)).toBeLessThan(1e-13);
    expect(addToDiagonal(identityMatrix(2), Float64Array.of(1, 2)).data).toEqual(
      Float64Array.of(2, 0, 0, 0, 0, 0, 3, 0),
    );
  });
});

describe('factors', () => {
  it('cholesky: L L^H is the matrix, and the solution solves it', () => {
    fc.assert(
      fc.property(side, side, seed, (n, width, s) => {
        const a = addToDiagonal(gramMatrix(randomMatrix(n, n, s)), 0.1);
        const l = cholesky(a);
        expect(largestGap(matrixMultiply(l, conjugateTranspose(l)), a)).toBeLessThan(1e-12 * n);
        const b = randomMatrix(n, width, s + 1);
        expect(largestGap(matrixMultiply(a, solveHermitian(a, b)), b)).toBeLessThan(1e-10);
        expect(largestGap(matrixMultiply(a, invertHermitian(a)), identityMatrix(n))).toBeLessThan(1e-10);
        expect(largestGap(matrixMultiply(l, solveLower(l, b)), b)).toBeLessThan(1e-11);
        const turned = conjugateTranspose(l);
        expect(largestGap(solveLowerTransposed(l, b), solveUpper(turned, b))).toBeLessThan(1e-12);
      }),
      settings,
    );
  });

  it('LU: rows of P A are L U, the solution solves it, the inverse is one from both sides', () => {
    fc.assert(
      fc.property(side, side, seed, (n, width, s) => {
        const a = addToDiagonal(randomMatrix(n, n, s), 0.5);
        const { factors, order } = luFactors(a);
        const rows = complexMatrix(n, n);
        order.forEach((from, to) => {
          rows.data.set(a.data.subarray(2 * from * n, 2 * (from + 1) * n), 2 * to * n);
        });
        expect(largestGap(productOfTriangles(factors), rows)).toBeLessThan(1e-12 * n);
        const b = randomMatrix(n, width, s + 1);
        const x = solveLinear(a, b);
        const scale = Math.max(1, ...x.data.map(Math.abs));
        expect(largestGap(matrixMultiply(a, x), b) / scale).toBeLessThan(1e-12 * n);
        const inverse = inverseMatrix(a);
        const size = Math.max(1, ...inverse.data.map(Math.abs));
        expect(largestGap(matrixMultiply(inverse, a), identityMatrix(n)) / size).toBeLessThan(1e-11 * n);
      }),
      settings,
    );
  });

  it('QR: Q R is the matrix, Q has orthonormal columns, R a real diagonal >= 0', () => {
    fc.assert(
      fc.property(side, fc.integer({ min: 0, max: 6 }), seed, (n, more, s) => {
        const a = randomMatrix(n + more, n, s);
        const { q, r } = qrFactors(a);
        expect(largestGap(matrixMultiply(q, r), a)).toBeLessThan(1e-12);
        expect(largestGap(gramMatrix(q), identityMatrix(n))).toBeLessThan(1e-12);
        for (let i = 0; i < n; i++) {
          expect(r.data[2 * (i * n + i)]).toBeGreaterThan(0);
          expect(r.data[2 * (i * n + i) + 1]).toBe(0);
          for (let j = 0; j < 2 * i; j++) expect(r.data[2 * i * n + j]).toBe(0);
        }
      }),
      settings,
    );
  });

  it('QR copes with dependent and zero columns', () => {
    const a = complexMatrix(3, 2, Float64Array.of(1, 1, 2, 2, 0, 1, 0, 2, 3, 0, 6, 0));
    for (const matrix of [a, complexMatrix(3, 2)]) {
      const { q, r } = qrFactors(matrix);
      expect(largestGap(matrixMultiply(q, r), matrix)).toBeLessThan(1e-14);
      expect(largestGap(gramMatrix(q), identityMatrix(2))).toBeLessThan(1e-14);
    }
  });

  it('needs row exchanges where the first pivot is zero', () => {
    const swap = complexMatrix(2, 2, Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0));
    expect(inverseMatrix(swap).data).toEqual(swap.data);
    expect(determinant(swap)).toEqual([-1, 0]);
  });

  it('determinant: multiplicative, and that of the Vandermonde matrix', () => {
    const [a, b] = [randomMatrix(4, 4, 7), randomMatrix(4, 4, 8)];
    const [ar, ai] = determinant(a);
    const [br, bi] = determinant(b);
    const [cr, ci] = determinant(matrixMultiply(a, b));
    expect(cr).toBeCloseTo(ar * br - ai * bi, 10);
    expect(ci).toBeCloseTo(ar * bi + ai * br, 10);
    const vandermonde = complexMatrix(
      3,
      3,
      Float64Array.of(1, 0, 2, 0, 4, 0, 1, 0, 3, 0, 9, 0, 1, 0, 5, 0, 25, 0),
    );
    expect(determinant(vandermonde)[0]).toBeCloseTo((3 - 2) * (5 - 2) * (5 - 3), 12);
  });

  it('solves an ill-conditioned Hilbert system to the digits its condition leaves', () => {
    const n = 8;
    const hilbert = complexMatrix(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) hilbert.data[2 * (i * n + j)] = 1 / (i + j + 1);
    const ones = complexMatrix(
      n,
      1,
      new Float64Array(2 * n).map((_, index) => 1 - (index % 2)),
    );
    const b = matrixMultiply(hilbert, ones);
    // The condition number is 1.5e10.
    expect(largestGap(solveHermitian(hilbert, b), ones)).toBeLessThan(1e-5);
    expect(largestGap(solveLinear(hilbert, b), ones)).toBeLessThan(1e-5);
  });
});

function productOfTriangles(factors: ComplexMatrix): ComplexMatrix {
  const n = factors.rows;
  const [l, u] = [identityMatrix(n), complexMatrix(n, n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = 2 * (i * n + j);
      (j < i ? l : u).data.set(factors.data.subarray(at, at + 2), at);
    }
  }
  return matrixMultiply(l, u);
}

describe('bad input', () => {
  it('names sizes that do not fit', () => {
    expect(() => complexMatrix(2, 2, new Float64Array(7))).toThrow('7 numbers for a 2 x 2');
    expect(() => complexMatrix(0, 2)).toThrow('rows is 0');
    expect(() => matrixMultiply(complexMatrix(2, 3), complexMatrix(2, 3))).toThrow('2 x 3 and 2 x 3');
    expect(() => cholesky(complexMatrix(2, 3))).toThrow('matrix is 2 x 3');
    expect(() => solveLinear(identityMatrix(2), complexMatrix(3, 1))).toThrow('right side is 3 x 1');
    expect(() => addToDiagonal(identityMatrix(2), new Float64Array(3))).toThrow('3 numbers');
    expect(() => qrFactors(complexMatrix(1, 2))).toThrow('QR of a 1 x 2');
  });

  it('names matrices without the factor asked for', () => {
    expect(() => cholesky(complexMatrix(2, 2, Float64Array.of(1, 0, 0, 1, 0, 1, 1, 0)))).toThrow('Hermitian');
    expect(() => cholesky(addToDiagonal(identityMatrix(2), -2))).toThrow('positive definite');
    const singular = complexMatrix(2, 2, new Float64Array(8).fill(1));
    expect(() => cholesky(gramMatrix(singular))).toThrow('positive definite');
    expect(() => solveLinear(singular, identityMatrix(2))).toThrow('not singular');
    expect(() => solveLower(complexMatrix(1, 1), identityMatrix(1))).toThrow('not zero');
    const broken = complexMatrix(1, 1, Float64Array.of(Number.NaN, 0));
    expect(() => cholesky(broken)).toThrow('Hermitian');
    expect(() => luFactors(broken)).toThrow('holds NaN');
    expect(() => qrFactors(broken)).toThrow('holds NaN');
  });
});
