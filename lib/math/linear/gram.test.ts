import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gramMatrix,
  plainRowGram,
  plainRowProducts,
  realRowGram,
  rowGramMatrix,
  rowProducts,
} from './gram.js';
import { conjugateTranspose, matrixMultiply } from './matrix.js';
import { largestGap, randomMatrix } from './testing.js';

describe('Gram matrices', () => {
  it('are the products, in the kernel and out of it, of any shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 1e6 }),
        (rows, columns, seed) => {
          const a = randomMatrix(rows, columns, seed);
          const turned = conjugateTranspose(a);
          expect(largestGap(rowGramMatrix(a), matrixMultiply(a, turned))).toBeLessThan(1e-12);
          expect(largestGap(rowGramMatrix(a), plainRowGram(a))).toBeLessThan(1e-12);
          expect(largestGap(gramMatrix(a), matrixMultiply(turned, a))).toBeLessThan(1e-12);
          const real = plainRowGram(a);
          real.data.forEach((_, at) => {
            if (at % 2) real.data[at] = 0;
          });
          expect(largestGap(realRowGram(a), real)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60, seed: 65 },
    );
  });

  it('of many columns are summed in stretches', () => {
    const a = randomMatrix(7, 9001, 1);
    expect(largestGap(rowGramMatrix(a), plainRowGram(a))).toBeLessThan(1e-10);
  });

  it('are Hermitian to the last bit', () => {
    const gram = rowGramMatrix(randomMatrix(33, 50, 2));
    expect(largestGap(gram, conjugateTranspose(gram))).toBe(0);
  });

  it('have products of the rows of two matrices beside them, in the kernel and out of it', () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 1, max: 60 }),
          fc.integer({ min: 1, max: 30 }),
          fc.integer({ min: 1, max: 40 }),
        ),
        fc.integer({ min: 0, max: 1e6 }),
        ([rows, others, columns], seed) => {
          const [a, b] = [randomMatrix(rows, columns, seed), randomMatrix(others, columns, seed + 1)];
          const product = matrixMultiply(a, conjugateTranspose(b));
          expect(largestGap(rowProducts(a, b), product)).toBeLessThan(1e-12);
          expect(largestGap(plainRowProducts(a, b), product)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60, seed: 66 },
    );
  });

  it('have products of more rows than the kernel holds, and of rows too long for it', () => {
    const [tall, wide] = [randomMatrix(5001, 30, 3), randomMatrix(3, 9001, 4)];
    expect(
      largestGap(rowProducts(tall, randomMatrix(5, 30, 5)), plainRowProducts(tall, randomMatrix(5, 30, 5))),
    ).toBeLessThan(1e-12);
    expect(largestGap(rowProducts(wide, wide), plainRowGram(wide))).toBeLessThan(1e-10);
    expect(() => rowProducts(tall, wide)).toThrow(
      'products of the rows of 5001 x 30 and 3 x 9001 matrices; allowed: equally many columns',
    );
  });
});
