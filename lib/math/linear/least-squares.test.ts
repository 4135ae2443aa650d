import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares } from './least-squares.js';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
} from './matrix.js';
import { pseudoInverse } from './svd.js';
import { golden, goldenMatrix, largestGap, matrixFrom, randomMatrix, sum } from './testing.js';

const minus = (a: ComplexMatrix, b: ComplexMatrix) =>
  sum(
    a,
    complexMatrix(
      b.rows,
      b.columns,
      b.data.map((x) => -x),
    ),
  );
const settings = { numRuns: 60, seed: 63 };
const side = fc.integer({ min: 1, max: 12 });

describe('leastSquares', () => {
  it('solves tall and wide systems as mpmath does', () => {
    const tall = leastSquares(goldenMatrix(7, 4, 2), goldenMatrix(7, 2, 5));
    expect(tall.rank).toBe(4);
    const wide = leastSquares(goldenMatrix(3, 6, 4), goldenMatrix(3, 2, 5));
    expect(wide.rank).toBe(3);
    for (const [{ solution }, name] of [
      [tall, 'leastSquares'],
      [wide, 'leastNorm'],
    ] as const) {
      const wanted = complexMatrix(solution.rows, 2, Float64Array.from(golden[name]!));
      expect(largestGap(solution, wanted)).toBeLessThan(1e-14);
    }
    for (const power of wide.residualPower) expect(power).toBeLessThan(1e-28);
  });

  it('leaves a residual orthogonal to the columns, and the solution of least norm, of any rank and shape', () => {
    fc.assert(
      fc.property(side, side, side, fc.integer({ min: 0, max: 1e6 }), (m, n, rank, s) => {
        const a = matrixMultiply(randomMatrix(m, rank, s), randomMatrix(rank, n, s + 1));
        const b = randomMatrix(m, 2, s + 2);
        const found = leastSquares(a, b, 1e-10);
        expect(found.rank).toBe(Math.min(m, n, rank));
        const inverse = pseudoInverse(a, 1e-10);
        const scale = Math.max(1, ...inverse.data.map(Math.abs));
        expect(largestGap(found.solution, matrixMultiply(inverse, b)) / scale ** 2).toBeLessThan(1e-11);
        const residual = minus(b, matrixMultiply(a, found.solution));
        expect(
          largestGap(matrixMultiply(conjugateTranspose(a), residual), complexMatrix(n, 2)) / scale,
        ).toBeLessThan(1e-10);
        [0, 1].forEach((j) => {
          const power = residual.data.reduce((total, x, at) => total + ((at >> 1) % 2 === j ? x * x : 0), 0);
          expect(found.residualPower[j]).toBeCloseTo(power, 9);
        });
      }),
      settings,
    );
  });

  it('loses by the condition, not by its square: Lauchli, whose normal equations are singular', () => {
    const small = 1e-9;
    const a = matrixFrom(4, 3, (i, j) => [i === 0 ? 1 : i === j + 1 ? small : 0, 0]);
    const ones = matrixFrom(3, 1, () => [1, -1]);
    const { solution, rank } = leastSquares(a, matrixMultiply(a, ones));
    expect(rank).toBe(3);
    expect(largestGap(solution, ones)).toBeLessThan(1e-6);
  });

  it('copes with zeros, and with huge and tiny scales', () => {
    const zero = leastSquares(complexMatrix(3, 2), identityMatrix(3));
    expect(zero.rank).toBe(0);
    expect(Array.from(zero.residualPower)).toEqual([1, 1, 1]);
    for (const scale of [1e-200, 1e200]) {
      const a = matrixFrom(3, 2, (i, j) => [scale * (i + 1) ** j, scale * i]);
      const { solution } = leastSquares(a, a);
      expect(largestGap(solution, identityMatrix(2))).toBeLessThan(1e-13);
    }
  });

  it('names bad input', () => {
    expect(() => leastSquares(identityMatrix(2), identityMatrix(3))).toThrow('right side is 3 x 3');
    expect(() => leastSquares(identityMatrix(2), identityMatrix(2), 2)).toThrow('tolerance is 2');
    expect(() =>
      leastSquares(
        matrixFrom(1, 1, () => [Number.NaN, 0]),
        identityMatrix(1),
      ),
    ).toThrow('holds NaN');
    expect(() =>
      leastSquares(
        identityMatrix(1),
        matrixFrom(1, 1, () => [Number.NaN, 0]),
      ),
    ).toThrow('holds NaN');
  });
});
