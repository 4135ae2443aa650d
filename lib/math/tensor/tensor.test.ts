import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  gramMatrix,
  khatriRao,
  kroneckerProduct,
  matrixMultiply,
} from '../linear/index.js';
import { Rng } from '../rng.js';
import { type ComplexTensor, complexTensor, fold, modeProduct, outerProduct, unfold } from './index.js';

const numbers = (count: number, seed: number) =>
  Rng.of(seed)
    .fork('tensor')
    .fillComplexNormal(new Float64Array(2 * count));
const randomMatrix = (rows: number, columns: number, seed: number) =>
  complexMatrix(rows, columns, numbers(rows * columns, seed));
const randomTensor = (shape: number[], seed: number) =>
  complexTensor(
    shape,
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  );

function gap(a: ComplexMatrix | ComplexTensor, b: ComplexMatrix | ComplexTensor): number {
  expect(a.data.length).toBe(b.data.length);
  return a.data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b.data[at]!)), 0);
}

const transpose = (a: ComplexMatrix) => {
  const turned = conjugateTranspose(a);
  return complexMatrix(
    turned.rows,
    turned.columns,
    turned.data.map((value, at) => (at % 2 ? -value : value)),
  );
};

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
const seed = fc.integer({ min: 0, max: 1e6 });
const settings = { numRuns: 50, seed: 6 };

describe('unfolding', () => {
  it('puts the mode in the rows and the last of the other indices first to run', () => {
    const tensor = complexTensor(
      [2, 2, 3],
      Float64Array.from({ length: 24 }, (_, at) => (at % 2 ? 0 : at / 2)),
    );
    const real = (a: ComplexMatrix) => Array.from(a.data).filter((_, at) => at % 2 === 0);
    expect(real(unfold(tensor, 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(real(unfold(tensor, 1))).toEqual([0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]);
    expect(real(unfold(tensor, 2))).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  });

  it('is undone by fold, in every mode', () => {
    fc.assert(
      fc.property(shapes, seed, (shape, s) => {
        const tensor = randomTensor(shape, s);
        shape.forEach((_, mode) => {
          expect(fold(unfold(tensor, mode), mode, shape)).toEqual(tensor);
        });
      }),
      settings,
    );
  });

  it('of a sum of rank-one terms is a factor times the Khatri-Rao product of the others', () => {
    const [a, b, c] = [randomMatrix(3, 2, 1), randomMatrix(4, 2, 2), randomMatrix(5, 2, 3)];
    const column = (m: ComplexMatrix, k: number) =>
      Float64Array.from({ length: 2 * m.rows }, (_, at) => m.data[2 * ((at >> 1) * 2 + k) + (at & 1)]!);
    const terms = [0, 1].map((k) => outerProduct([column(a, k), column(b, k), column(c, k)]));
    const sum = complexTensor(
      [3, 4, 5],
      terms[0]!.data.map((value, at) => value + terms[1]!.data[at]!),
    );
    const product = (first: ComplexMatrix, x: ComplexMatrix, y: ComplexMatrix) =>
      matrixMultiply(first, transpose(khatriRao(x, y)));
    expect(gap(unfold(sum, 0), product(a, b, c))).toBeLessThan(1e-14);
    expect(gap(unfold(sum, 1), product(b, a, c))).toBeLessThan(1e-14);
    expect(gap(unfold(sum, 2), product(c, a, b))).toBeLessThan(1e-14);
  });
});

describe('mode products', () => {
  it('multiply the unfolding, and commute between modes', () => {
    fc.assert(
      fc.property(shapes, seed, (shape, s) => {
        const tensor = randomTensor(shape, s);
        const matrices = shape.map((size, mode) => randomMatrix(3, size, s + mode + 1));
        shape.forEach((_, mode) => {
          const product = modeProduct(tensor, matrices[mode]!, mode);
          expect(product.shape).toEqual(shape.with(mode, 3));
          expect(
            gap(unfold(product, mode), matrixMultiply(matrices[mode]!, unfold(tensor, mode))),
          ).toBeLessThan(1e-12);
        });
        const modes = shape.map((_, mode) => mode);
        const all = (order: number[]) =>
          order.reduce((product, mode) => modeProduct(product, matrices[mode]!, mode), tensor);
        expect(gap(all(modes), all(modes.toReversed()))).toBeLessThan(1e-11);
      }),
      settings,
    );
  });

  it('over all modes are one Kronecker product on the values in their order', () => {
    const tensor = randomTensor([2, 3], 4);
    const [a, b] = [randomMatrix(4, 2, 5), randomMatrix(2, 3, 6)];
    const product = modeProduct(modeProduct(tensor, a, 0), b, 1);
    const stacked = matrixMultiply(kroneckerProduct(a, b), complexMatrix(6, 1, tensor.data));
    expect(gap(product, stacked)).toBeLessThan(1e-13);
  });
});

describe('products of matrices', () => {
  it('Kronecker: (A x B)(C x D) = AC x BD', () => {
    const [a, b, c, d] = [
      randomMatrix(2, 3, 1),
      randomMatrix(3, 2, 2),
      randomMatrix(3, 2, 3),
      randomMatrix(2, 4, 4),
    ];
    const left = matrixMultiply(kroneckerProduct(a, b), kroneckerProduct(c, d));
    expect(gap(left, kroneckerProduct(matrixMultiply(a, c), matrixMultiply(b, d)))).toBeLessThan(1e-13);
  });

  it('Khatri-Rao: its Gram matrix is the product, entry by entry, of those of its factors', () => {
    const [a, b] = [randomMatrix(4, 3, 1), randomMatrix(5, 3, 2)];
    const [p, q, all] = [gramMatrix(a), gramMatrix(b), gramMatrix(khatriRao(a, b))];
    for (let at = 0; at < 18; at += 2) {
      const [pr, pi, qr, qi] = [p.data[at]!, p.data[at + 1]!, q.data[at]!, q.data[at + 1]!];
      expect(all.data[at]).toBeCloseTo(pr * qr - pi * qi, 12);
      expect(all.data[at + 1]).toBeCloseTo(pr * qi + pi * qr, 12);
    }
  });
});

describe('bad input', () => {
  it('is named', () => {
    expect(() => complexTensor([])).toThrow('0 modes');
    expect(() => complexTensor([2, 0])).toThrow('size of mode 1 is 0');
    expect(() => complexTensor([2 ** 20, 2 ** 20])).toThrow('at most');
    expect(() => complexTensor([2, 2], new Float64Array(7))).toThrow('7 numbers for a complex 2 x 2');
    expect(() => unfold(complexTensor([2, 2]), 2)).toThrow('mode is 2');
    expect(() => fold(complexMatrix(2, 3), 0, [2, 2])).toThrow('allowed: 2 x 2');
    expect(() => modeProduct(complexTensor([2, 3]), complexMatrix(4, 2), 1)).toThrow('allowed: 3 columns');
    expect(() => outerProduct([])).toThrow('0 modes');
    expect(() => outerProduct([new Float64Array(3)])).toThrow('allowed: even');
    expect(() => khatriRao(complexMatrix(2, 3), complexMatrix(2, 2))).toThrow('equally many columns');
  });
});
