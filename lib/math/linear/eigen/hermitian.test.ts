import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gramMatrix } from '../gram.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
} from '../matrix.js';
import {
  diagonalMatrix,
  golden,
  goldenMatrix,
  largestGap,
  matrixFrom,
  randomHermitian,
  randomMatrix,
  randomUnitary,
  sum,
} from '../testing.js';
import { decompose, hermitianEigen } from './hermitian.js';
import { plainWorkspace } from './workspace.js';

/** Largest |A V - V L| over the largest eigenvalue, largest |V^H V - I|. */
function expectExact(a: ComplexMatrix, tolerance = 1e-13): Float64Array {
  const { values, vectors } = hermitianEigen(a);
  for (let k = 1; k < values.length; k++) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
  const scale = Math.max(1e-300, Math.abs(values[0]!), Math.abs(values.at(-1)!));
  const unscaled = complexMatrix(
    a.rows,
    a.rows,
    a.data.map((value) => value / scale),
  );
  const left = matrixMultiply(unscaled, vectors);
  const right = matrixMultiply(vectors, diagonalMatrix(values.map((value) => value / scale)));
  expect(largestGap(left, right)).toBeLessThan(tolerance);
  expect(largestGap(gramMatrix(vectors), identityMatrix(a.rows))).toBeLessThan(tolerance);
  return values;
}

/** U diag(values) U^H. */
function withSpectrum(values: readonly number[], seed: number): ComplexMatrix {
  const u = randomUnitary(values.length, seed);
  const a = matrixMultiply(matrixMultiply(u, diagonalMatrix(values)), conjugateTranspose(u));
  return sum(a, conjugateTranspose(a));
}

const side = fc.integer({ min: 1, max: 24 });
const seed = fc.integer({ min: 0, max: 1e6 });
const settings = { numRuns: 40, seed: 61 };

describe('hermitianEigen', () => {
  it('gives the eigenvalues mpmath gives', () => {
    const b = goldenMatrix(9, 9, 1);
    const values = expectExact(sum(b, conjugateTranspose(b)));
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(golden.hermitian![k]!, 13);
    });
    const hilbert = expectExact(matrixFrom(10, 10, (i, j) => [1 / (i + j + 1), 0]));
    hilbert.forEach((value, k) => {
      expect(Math.abs(value - golden.hilbert![k]!)).toBeLessThan(1e-14);
    });
  });

  it('decomposes random matrices of any size, up to 192', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 128, 192]) expectExact(randomHermitian(n, n));
  });

  it('keeps the trace, the power and the spectrum of a similar matrix', () => {
    fc.assert(
      fc.property(side, seed, (n, s) => {
        const a = randomHermitian(n, s);
        const values = expectExact(a);
        const trace = a.data.reduce((total, value, at) => total + (at % (2 * n + 2) === 0 ? value : 0), 0);
        const power = a.data.reduce((total, value) => total + value * value, 0);
        expect(values.reduce((total, value) => total + value, 0)).toBeCloseTo(trace, 10);
        expect(values.reduce((total, value) => total + value * value, 0) / power).toBeCloseTo(1, 12);
        const u = randomUnitary(n, s + 1);
        const turned = matrixMultiply(matrixMultiply(u, a), conjugateTranspose(u));
        hermitianEigen(turned).values.forEach((value, k) => {
          expect(value).toBeCloseTo(values[k]!, 11);
        });
      }),
      settings,
    );
  });

  it('interlaces: a row and its column less leave eigenvalues between those of the whole (Cauchy)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), seed, (n, s) => {
        const a = randomHermitian(n, s);
        const { values } = hermitianEigen(a);
        const part = matrixFrom(n - 1, n - 1, (i, j) => [
          a.data[2 * (i * n + j)]!,
          a.data[2 * (i * n + j) + 1]!,
        ]);
        hermitianEigen(part).values.forEach((value, k) => {
          expect(value).toBeLessThan(values[k]! + 1e-12);
          expect(value).toBeGreaterThan(values[k + 1]! - 1e-12);
        });
      }),
      settings,
    );
  });

  it('stays orthonormal where an eigenvalue is 61-fold, or all are one', () => {
    const values = Array.from({ length: 64 }, (_, k) => (k < 3 ? 10 + k : 0.5));
    const found = expectExact(withSpectrum(values, 5));
    expect(found[0]).toBeCloseTo(24, 12);
    for (const value of found.slice(3)) expect(value).toBeCloseTo(1, 13);
    expectExact(identityMatrix(30, 3));
    expectExact(complexMatrix(12, 12));
    expectExact(
      complexMatrix(
        20,
        20,
        new Float64Array(800).map((_, at) => 1 - (at % 2)),
      ),
    );
  });

  it('is exact for spectra of 20 decades, clusters, graded and nearly diagonal matrices', () => {
    expectExact(
      withSpectrum(
        Array.from({ length: 40 }, (_, k) => 10 ** (-k / 2)),
        7,
      ),
    );
    expectExact(
      withSpectrum(
        Array.from({ length: 30 }, (_, k) => 1 + k * 1e-15),
        8,
      ),
    );
    const graded = (exponent: number) => {
      const a = randomHermitian(25, 9);
      return matrixFrom(25, 25, (i, j) => {
        const scale = 10 ** (exponent * (i + j));
        return [scale * a.data[2 * (i * 25 + j)]!, scale * a.data[2 * (i * 25 + j) + 1]!];
      });
    };
    expectExact(graded(0.5));
    expectExact(graded(-0.5));
    expectExact(
      addToDiagonal(
        randomHermitianTiny(),
        Float64Array.from({ length: 9 }, (_, k) => k),
      ),
    );
  });

  it('keeps tiny eigenvalues of a diagonal matrix, and does not mind huge or tiny scales', () => {
    const exact = [1, 1e-20, 1e-100, -1e-200];
    expect(Array.from(hermitianEigen(diagonalMatrix(exact)).values)).toEqual(exact);
    for (const scale of [1e-300, 1e-150, 1e150, 1e306]) {
      const a = randomHermitian(12, 4);
      expectExact(
        complexMatrix(
          12,
          12,
          a.data.map((value) => value * scale),
        ),
      );
    }
  });

  it('finds the closed form of the Hermitian hopping chain with phases', () => {
    const n = 50;
    // Phases of the couplings are a change of basis: the eigenvalues are 2 cos(k pi / (n + 1)).
    const chain = matrixFrom(n, n, (i, j) =>
      Math.abs(i - j) === 1 ? [Math.cos(Math.min(i, j)), (i - j) * Math.sin(Math.min(i, j))] : [0, 0],
    );
    expectExact(chain).forEach((value, k) => {
      expect(value).toBeCloseTo(2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13);
    });
  });

  it('finds in plain arrays, which matrices of more than 1024 rows take, what the kernel finds', () => {
    fc.assert(
      fc.property(side, seed, (n, s) => {
        const a = randomHermitian(n, s);
        const plain = decompose(a, plainWorkspace(n));
        const fast = hermitianEigen(a);
        // Vectors may differ in phase: |V^H W| is the identity.
        const overlap = matrixMultiply(conjugateTranspose(plain.vectors), fast.vectors);
        for (let k = 0; k < n; k++) {
          expect(fast.values[k]!).toBeCloseTo(plain.values[k]!, 12);
          const at = 2 * (k * n + k);
          expect(Math.hypot(overlap.data[at]!, overlap.data[at + 1]!)).toBeCloseTo(1, 8);
        }
      }),
      settings,
    );
  });

  it('gives the same, to the last bit, whatever was decomposed before', () => {
    const a = randomHermitian(21, 1);
    const first = hermitianEigen(a);
    for (const n of [64, 22, 20, 3]) hermitianEigen(randomHermitian(n, n));
    expect(hermitianEigen(a)).toEqual(first);
  });

  it('leaves its input alone and reads one triangle only of what is Hermitian to rounding', () => {
    const a = gramMatrix(randomMatrix(6, 6, 3));
    const before = a.data.slice();
    hermitianEigen(a);
    expect(a.data).toEqual(before);
  });

  it('refuses what is no finite Hermitian matrix', () => {
    expect(() => hermitianEigen(complexMatrix(2, 3))).toThrow('matrix is 2 x 3');
    expect(() => hermitianEigen(matrixFrom(2, 2, () => [1, 1]))).toThrow('conjugate transpose at (0, 0)');
    expect(() => hermitianEigen(matrixFrom(2, 2, (i, j) => [i - j, 0]))).toThrow('at (1, 0)');
    expect(() => hermitianEigen(matrixFrom(2, 2, () => [Number.NaN, 0]))).toThrow('holds NaN');
  });
});

const randomHermitianTiny = () => {
  const a = randomHermitian(9, 2);
  return complexMatrix(
    9,
    9,
    a.data.map((value) => value * 1e-14),
  );
};
