import { describe, expect, it } from 'vitest';
import { symmetricEigen } from './eigen.js';
import { Rng } from './rng.js';

function randomSymmetric(n: number): Float64Array {
  const a = Rng.of('eigen')
    .fork(n)
    .fillNormal(new Float64Array(n * n));
  return a.map((value, index) => value + a[(index % n) * n + Math.floor(index / n)]!);
}

/** Largest |A v - lambda v| and |V V' - I|, relative to the matrix's largest eigenvalue. */
function errors(a: Float64Array, n: number): { residual: number; orthogonality: number } {
  const { values, vectors } = symmetricEigen(a, n);
  const scale = Math.max(1e-300, ...values.map(Math.abs));
  let [residual, orthogonality] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
    for (let row = 0; row < n; row++) {
      let [product, overlap] = [0, 0];
      for (let column = 0; column < n; column++) {
        product += a[row * n + column]! * vectors[k * n + column]!;
        overlap += vectors[k * n + column]! * vectors[row * n + column]!;
      }
      residual = Math.max(residual, Math.abs(product - values[k]! * vectors[k * n + row]!) / scale);
      orthogonality = Math.max(orthogonality, Math.abs(overlap - (row === k ? 1 : 0)));
    }
  }
  return { residual, orthogonality };
}

function expectExact(a: Float64Array, n: number): void {
  const { residual, orthogonality } = errors(a, n);
  expect(residual).toBeLessThan(1e-10);
  expect(orthogonality).toBeLessThan(1e-10);
}

describe('symmetricEigen', () => {
  it('gives orthonormal eigenvectors for random matrices up to 256 x 256', () => {
    for (const n of [1, 2, 3, 4, 5, 10, 48, 192, 256]) expectExact(randomSymmetric(n), n);
  });

  it('gives the closed form of the second-difference matrix', () => {
    const n = 60;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i + 1 < n) a[i * n + i + 1] = a[(i + 1) * n + i] = -1;
    }
    symmetricEigen(a, n).values.forEach((value, index) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - index)) / (n + 1)), 12);
    });
  });

  it('copes with repeated, zero, tiny and widely spread eigenvalues', () => {
    const n = 20;
    const diagonal = (of: (i: number) => number) =>
      Float64Array.from({ length: n * n }, (_, index) => (index % (n + 1) === 0 ? of(index / (n + 1)) : 0));
    expectExact(new Float64Array(n * n), n);
    expectExact(
      diagonal(() => 3),
      n,
    );
    expectExact(
      diagonal((i) => 10 ** (i - 10)),
      n,
    );
    expectExact(new Float64Array(n * n).fill(1), n);
    expectExact(
      randomSymmetric(n).map((value) => value * 1e-150),
      n,
    );
    expect(symmetricEigen(new Float64Array(n * n).fill(1), n).values[0]).toBeCloseTo(n, 12);
  });

  it('orders a known 2 x 2 case and leaves its input alone', () => {
    const a = Float64Array.of(2, 1, 1, 2);
    const { values, vectors } = symmetricEigen(a, 2);
    expect(Array.from(values)).toEqual([expect.closeTo(3, 14), expect.closeTo(1, 14)]);
    expect(Math.abs(vectors[0]! + vectors[1]!)).toBeCloseTo(Math.SQRT2, 14);
    expect(a).toEqual(Float64Array.of(2, 1, 1, 2));
  });

  it('refuses what is no finite symmetric matrix', () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow('matrix of 5 numbers');
    expect(() => symmetricEigen(Float64Array.of(1, 2, 3, 4), 2)).toThrow('transpose at (1, 0)');
    expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(
      'matrix holds NaN',
    );
    expect(() => symmetricEigen(new Float64Array(0), 0)).toThrow('n is 0');
  });
});
