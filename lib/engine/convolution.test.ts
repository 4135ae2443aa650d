import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagreement, testedEngines, valueAndGradients } from './testing.js';

type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
type Pair = [number, number];

const x4 = (x: tf.Tensor) => x as tf.Tensor4D;
const oneEach: Pad = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];
const uneven: Pad = [
  [0, 0],
  [2, 0],
  [0, 3],
  [0, 0],
];
const tolerance = 1e-4;

const conv2d = (x: number[], filter: number[], strides: Pair, pad: Pad, dilations: Pair = [1, 1]) =>
  valueAndGradients([x, filter], (a, w) => tf.conv2d(x4(a!), x4(w!), strides, pad, 'NHWC', dilations));

/** The transposed convolution that undoes the shapes of a convolution of `output` to `x`. */
const conv2dTranspose = (
  x: number[],
  filter: number[],
  output: number[],
  strides: Pair,
  pad: 'same' | 'valid',
) =>
  valueAndGradients([x, filter], (a, w) =>
    tf.conv2dTranspose(x4(a!), x4(w!), output as [number, number, number, number], strides, pad),
  );

const depthwise = (x: number[], filter: number[], strides: Pair, pad: Pad, dilations: Pair = [1, 1]) =>
  valueAndGradients([x, filter], (a, w) =>
    tf.depthwiseConv2d(x4(a!), x4(w!), strides, pad as 'same', 'NHWC', dilations),
  );

const shapes: [number[], number[]][] = [
  [
    [2, 8, 8, 3],
    [3, 3, 3, 4],
  ],
  [
    [1, 9, 7, 2],
    [5, 5, 2, 3],
  ],
  [
    [3, 6, 11, 1],
    [2, 3, 1, 5],
  ],
  [
    [2, 5, 5, 4],
    [1, 1, 4, 3],
  ],
  [
    [1, 7, 6, 2],
    [4, 2, 2, 1],
  ],
];

describe.each(testedEngines)('conv2d on %s: value and gradients of the plain engine', (engine) => {
  for (const strides of [
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 2],
    [3, 2],
  ] as Pair[]) {
    for (const pad of ['same', 'valid', oneEach, uneven] as Pad[]) {
      it(`strides ${strides}, padding ${pad}`, async () => {
        for (const [x, filter] of shapes) {
          expect(await disagreement(engine, conv2d(x, filter, strides, pad))).toBeLessThan(tolerance);
        }
      });
    }
  }

  it('a number as padding means that many zeros on each side, for filters and strides that are not square too', async () => {
    const [x, filter] = shapes[2]!;
    expect(
      await disagreement(engine, conv2d(x, filter, [1, 2], 1), conv2d(x, filter, [1, 2], oneEach)),
    ).toBeLessThan(tolerance);
  });

  it('dilated by d: as with a filter that has d - 1 zeros between its taps', async () => {
    const dilated = conv2d([2, 9, 10, 2], [3, 2, 2, 3], [1, 1], 'same', [2, 3]);
    const spread = valueAndGradients(
      [
        [2, 9, 10, 2],
        [3, 2, 2, 3],
      ],
      (x, w) => {
        const spaced = tf.reshape(
          tf.pad(tf.reshape(w!, [3, 1, 2, 1, 6]), [
            [0, 0],
            [0, 1],
            [0, 0],
            [0, 2],
            [0, 0],
          ]),
          [6, 6, 2, 3],
        );
        return tf.conv2d(x4(x!), x4(tf.slice(spaced, [0, 0, 0, 0], [5, 4, 2, 3])), 1, 'same');
      },
    );
    expect(await disagreement(engine, dilated, spread)).toBeLessThan(tolerance);
  });

  it('any small geometry (property)', async () => {
    const size = fc.integer({ min: 5, max: 9 });
    const small = fc.integer({ min: 1, max: 4 });
    const stride = fc.integer({ min: 1, max: 3 });
    const pad = fc.constantFrom<Pad>('same', 'valid');
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        small,
        small,
        small,
        small,
        stride,
        stride,
        pad,
        async (h, w, kh, kw, c, o, s, t, p) => {
          return (await disagreement(engine, conv2d([2, h, w, c], [kh, kw, c, o], [s, t], p))) < tolerance;
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe.each(testedEngines)('conv2dTranspose on %s: value and gradients of the plain engine', (engine) => {
  for (const stride of [1, 2, 3]) {
    for (const pad of ['same', 'valid'] as const) {
      it(`stride ${stride}, padding ${pad}`, async () => {
        for (const [output, filter] of shapes) {
          const reach = pad === 'same' ? [1, 1] : [filter[0]!, filter[1]!];
          const small = [1, 2].map((axis) => Math.ceil((output[axis]! - reach[axis - 1]! + 1) / stride));
          const x = [output[0]!, ...small, filter[3]!];
          const compute = conv2dTranspose(x, filter, output, [stride, stride], pad);
          expect(await disagreement(engine, compute)).toBeLessThan(tolerance);
        }
      });
    }
  }
});

describe.each(testedEngines)(
  'depthwise convolution on %s: value and gradients of the plain engine',
  (engine) => {
    const cases: [number[], number[], Pair, Pad, Pair][] = [
      [[2, 8, 7, 3], [3, 3, 3, 1], [1, 1], 'same', [1, 1]],
      [[2, 8, 7, 3], [3, 3, 3, 2], [1, 1], 'valid', [1, 1]],
      [[1, 9, 9, 2], [5, 5, 2, 1], [2, 2], 'same', [1, 1]],
      [[1, 9, 8, 2], [3, 3, 2, 3], [2, 2], 'valid', [1, 1]],
      [[1, 7, 7, 4], [2, 2, 4, 1], [3, 3], 'same', [1, 1]],
    ];
    for (const [x, filter, strides, pad, dilations] of cases) {
      it(`filter ${filter}, strides ${strides}, ${pad}, dilations ${dilations}`, async () => {
        expect(await disagreement(engine, depthwise(x, filter, strides, pad, dilations))).toBeLessThan(
          tolerance,
        );
      });
    }
  },
);
