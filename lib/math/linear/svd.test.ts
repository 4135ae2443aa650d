import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gramMatrix, rowGramMatrix } from './gram.js';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
} from './matrix.js';
import { dominantSubspace } from './subspace.js';
import { complexSvd, pseudoInverse } from './svd.js';
import {
  diagonalMatrix,
  golden,
  goldenMatrix,
  largestGap,
  matrixFrom,
  randomMatrix,
  randomUnitary,
} from './testing.js';

const grades = [0, -12, -23, -34].map((e) => 2 ** e);
const side = fc.integer({ min: 1, max: 14 });
const seed = fc.integer({ min: 0, max: 1e6 });
const settings = { numRuns: 40, seed: 62 };

function expectFactors(a: ComplexMatrix): Float64Array {
  const { u, values, v } = complexSvd(a);
  const k = Math.min(a.rows, a.columns);
  const back = matrixMultiply(matrixMultiply(u, diagonalMatrix(values)), conjugateTranspose(v));
  expect(largestGap(back, a)).toBeLessThan(1e-13 * Math.max(1e-300, values[0]!));
  expect(largestGap(gramMatrix(u), identityMatrix(k))).toBeLessThan(1e-13);
  expect(largestGap(gramMatrix(v), identityMatrix(k))).toBeLessThan(1e-13);
  for (let i = 1; i < k; i++) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
  return values;
}

describe('complexSvd', () => {
  it('factors matrices of any shape', () => {
    fc.assert(
      fc.property(side, side, seed, (m, n, s) => {
        expectFactors(randomMatrix(m, n, s));
      }),
      settings,
    );
    expectFactors(randomMatrix(64, 90, 1));
  });

  it('keeps all singular values to relative accuracy at condition 2e10 (mpmath)', () => {
    const graded = matrixMultiply(goldenMatrix(7, 4, 2), diagonalMatrix(grades));
    for (const a of [graded, conjugateTranspose(graded)]) {
      expectFactors(a).forEach((value, k) => {
        expect(value / golden.gradedColumns![k]!).toBeCloseTo(1, 14);
      });
    }
  });

  it('keeps them over 300 decades', () => {
    const unitary = randomUnitary(6, 3);
    const sizes = [1, 1e-30, 1e-60, 1e-90, 1e-120, 1e-140];
    complexSvd(matrixMultiply(unitary, diagonalMatrix(sizes))).values.forEach((value, k) => {
      expect(value / sizes[k]!).toBeCloseTo(1, 13);
    });
    expectFactors(matrixFrom(4, 3, (i, j) => [1e300 * Math.cos(i + 2 * j * j), 1e300 * Math.sin(i * j)]));
  });

  it('completes the vectors of dependent, repeated and zero columns', () => {
    const rankTwo = matrixMultiply(randomMatrix(9, 2, 1), randomMatrix(2, 6, 2));
    const values = expectFactors(rankTwo);
    expect(values[2]! / values[0]!).toBeLessThan(1e-14);
    expectFactors(matrixFrom(5, 4, (_, j) => [j === 1 ? 2 : 0, 0]));
    expectFactors(identityMatrix(7, 2));
    expect(Array.from(complexSvd(complexMatrix(3, 2)).values)).toEqual([0, 0]);
  });

  it('does not change under unitary matrices from both sides', () => {
    const a = randomMatrix(8, 5, 3);
    const turned = matrixMultiply(matrixMultiply(randomUnitary(8, 4), a), randomUnitary(5, 5));
    const { values } = complexSvd(a);
    complexSvd(turned).values.forEach((value, k) => {
      expect(value).toBeCloseTo(values[k]!, 12);
    });
  });

  it('refuses what is not finite', () => {
    expect(() => complexSvd(matrixFrom(2, 2, () => [0, Number.POSITIVE_INFINITY]))).toThrow('holds Infinity');
  });
});

describe('pseudoInverse', () => {
  it('is that of mpmath', () => {
    const a = matrixMultiply(goldenMatrix(7, 4, 2), diagonalMatrix([1, 2 ** -4, 2 ** -8, 2 ** -12]));
    const wanted = complexMatrix(4, 7, Float64Array.from(golden.pseudoInverse!));
    // The condition number is 6e3.
    expect(
      largestGap(pseudoInverse(a), wanted) / wanted.data.reduce((m, x) => Math.max(m, Math.abs(x)), 0),
    ).toBeLessThan(1e-13);
  });

  it('meets the four conditions of Penrose, of any rank', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 14 }), seed, (m, n, rank, s) => {
        const a = matrixMultiply(randomMatrix(m, rank, s), randomMatrix(rank, n, s + 1));
        const b = pseudoInverse(a, 1e-10);
        const [ab, ba] = [matrixMultiply(a, b), matrixMultiply(b, a)];
        const size = (x: ComplexMatrix) => x.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        const scale = size(a) * size(b) * 1e-12;
        expect(largestGap(matrixMultiply(ab, a), a)).toBeLessThan(scale * size(a));
        expect(largestGap(matrixMultiply(ba, b), b)).toBeLessThan(scale * size(b));
        expect(largestGap(ab, conjugateTranspose(ab))).toBeLessThan(scale);
        expect(largestGap(ba, conjugateTranspose(ba))).toBeLessThan(scale);
      }),
      settings,
    );
  });

  it('refuses a tolerance out of range', () => {
    expect(() => pseudoInverse(identityMatrix(2), -1)).toThrow('tolerance is -1');
  });
});

describe('dominantSubspace', () => {
  it('spans what the strongest singular vectors span, whichever side is longer', () => {
    for (const [m, n] of [
      [6, 40],
      [40, 6],
      [8, 8],
    ] as const) {
      const a = randomMatrix(m, n, m);
      const { basis, values, trusted } = dominantSubspace(a, 3);
      const { u, values: wanted } = complexSvd(a);
      const three = matrixFrom(m, 3, (i, k) => [
        u.data[2 * (i * u.columns + k)]!,
        u.data[2 * (i * u.columns + k) + 1]!,
      ]);
      expect(largestGap(rowGramMatrix(basis), rowGramMatrix(three))).toBeLessThan(1e-12);
      expect(largestGap(gramMatrix(basis), identityMatrix(3))).toBeLessThan(1e-13);
      expect(trusted).toBe(3);
      values.forEach((value, k) => {
        expect(value).toBeCloseTo(wanted[k]!, 12);
      });
    }
  });

  it('says which values the Gram matrix has lost', () => {
    const graded = matrixMultiply(goldenMatrix(7, 4, 2), diagonalMatrix(grades));
    expect(dominantSubspace(graded, 4).trusted).toBe(3);
    expect(() => dominantSubspace(graded, 5)).toThrow('count is 5');
  });
});
