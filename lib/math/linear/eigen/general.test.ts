import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../rng.js';
import { complexMatrix, generalEigen, inverseMatrix, matrixMultiply } from '../index.js';

const random = (n: number, seed: number) =>
  complexMatrix(n, n, Rng.of(seed).fillComplexNormal(new Float64Array(2 * n * n)));

function diagonal(values: Float64Array) {
  const n = values.length / 2;
  const out = complexMatrix(n, n);
  for (let k = 0; k < n; k++) out.data.set(values.subarray(2 * k, 2 * k + 2), 2 * k * (n + 1));
  return out;
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('eigenvalues of any square matrix', () => {
  it('satisfy A V = V diag(values)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const a = random(n, seed);
        const { values, vectors } = generalEigen(a);
        const [left, right] = [matrixMultiply(a, vectors), matrixMultiply(vectors, diagonal(values))];
        expect(largest(left.data.map((value, at) => value - right.data[at]!))).toBeLessThan(1e-13 * n);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('are found again after a similarity transform', () => {
    const wanted = Float64Array.of(1, 0, 0, 1, -1, 0, 0, -1, 2, 3);
    const basis = random(5, 3);
    const a = matrixMultiply(basis, matrixMultiply(diagonal(wanted), inverseMatrix(basis)));
    const { values } = generalEigen(a);
    for (let k = 0; k < 10; k += 2) {
      const gaps = Array.from({ length: 5 }, (_, j) =>
        Math.hypot(values[2 * j]! - wanted[k]!, values[2 * j + 1]! - wanted[k + 1]!),
      );
      expect(Math.min(...gaps)).toBeLessThan(1e-12);
    }
  });

  it('of a cyclic shift, of a defective block and of zeros', () => {
    const shift = complexMatrix(4, 4);
    for (let i = 0; i < 4; i++) shift.data[2 * (i * 4 + ((i + 1) % 4))] = 1;
    const { values } = generalEigen(shift);
    for (let k = 0; k < 8; k += 2) expect(Math.hypot(values[k]!, values[k + 1]!)).toBeCloseTo(1, 12);
    const jordan = complexMatrix(2, 2, Float64Array.of(3, 0, 1, 0, 0, 0, 3, 0));
    expect(Array.from(generalEigen(jordan).values)).toEqual([3, 0, 3, 0]);
    expect(largest(generalEigen(complexMatrix(3, 3)).values)).toBe(0);
  });

  it('need a square, finite matrix', () => {
    expect(() => generalEigen(complexMatrix(2, 3))).toThrow('square');
    expect(() => generalEigen(complexMatrix(1, 1, Float64Array.of(Number.NaN, 0)))).toThrow('finite');
    expect(() => generalEigen(complexMatrix(129, 129))).toThrow('at most 128');
  });
});
