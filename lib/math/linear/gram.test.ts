import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gramMatrix, plainRowGram, rowGramMatrix } from './gram.js';
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
});
