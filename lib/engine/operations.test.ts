import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagreement, testedEngines, valueAndGradients } from './testing.js';

const tolerance = 1e-4;

function product(a: number[], b: number[], transposeA: boolean, transposeB: boolean): () => tf.Tensor[] {
  const turn = (shape: number[], flag: boolean) =>
    flag ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
  return valueAndGradients([turn(a, transposeA), turn(b, transposeB)], (x, y) =>
    tf.matMul(x!, y!, transposeA, transposeB),
  );
}

describe.each(testedEngines)('matMul on %s: value and gradients of the plain engine', (engine) => {
  for (const flags of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as [boolean, boolean][]) {
    it(`transposed: ${flags}`, async () => {
      for (const [a, b] of [
        [
          [5, 7],
          [7, 3],
        ],
        [
          [1, 4],
          [4, 1],
        ],
        [
          [3, 5, 4],
          [3, 4, 6],
        ],
        [
          [2, 3, 5, 4],
          [2, 3, 4, 6],
        ],
        [
          [3, 30, 40],
          [3, 40, 20],
        ],
        [
          [3, 5, 4],
          [1, 4, 6],
        ],
        [
          [1, 30, 40],
          [3, 40, 20],
        ],
      ] as [number[], number[]][]) {
        expect(await disagreement(engine, product(a, b, ...flags))).toBeLessThan(tolerance);
      }
    });
  }

  it('a batch by one matrix, by broadcasting', async () => {
    expect(
      await disagreement(
        engine,
        valueAndGradients(
          [
            [3, 5, 4],
            [4, 6],
          ],
          (a, b) => tf.matMul(a!, b!),
        ),
      ),
    ).toBeLessThan(tolerance);
  });

  it('any small sizes, batched or not (property)', async () => {
    const n = fc.integer({ min: 1, max: 33 });
    await fc.assert(
      fc.asyncProperty(
        n,
        n,
        n,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        async (m, k, p, batch, ta, tb) => {
          return (await disagreement(engine, product([batch, m, k], [batch, k, p], ta, tb))) < tolerance;
        },
      ),
      { seed: 2, numRuns: 30 },
    );
  });
});

/** What neural codecs are made of: each with its gradient. */
const operations: Record<string, [number[][], (...inputs: tf.Tensor[]) => tf.Tensor]> = {
  add: [[[2, 3, 4], [4]], (a, b) => tf.add(a!, b!)],
  sub: [
    [
      [2, 3, 4],
      [3, 1],
    ],
    (a, b) => tf.sub(a!, b!),
  ],
  mul: [
    [
      [2, 3, 4],
      [2, 1, 1],
    ],
    (a, b) => tf.mul(a!, b!),
  ],
  div: [[[2, 3, 4], [4]], (a, b) => tf.div(a!, tf.add(tf.square(b!), 1))],
  exp: [[[3, 5]], (x) => tf.exp(x!)],
  log: [[[3, 5]], (x) => tf.log(tf.add(tf.square(x!), 0.5))],
  sqrt: [[[3, 5]], (x) => tf.sqrt(tf.add(tf.square(x!), 0.5))],
  rsqrt: [[[3, 5]], (x) => tf.rsqrt(tf.add(tf.square(x!), 0.5))],
  pow: [[[3, 5]], (x) => tf.pow(tf.add(tf.square(x!), 0.5), 1.7)],
  sigmoid: [[[3, 5]], (x) => tf.sigmoid(x!)],
  tanh: [[[3, 5]], (x) => tf.tanh(x!)],
  relu: [[[3, 5]], (x) => tf.relu(x!)],
  leakyRelu: [[[3, 5]], (x) => tf.leakyRelu(x!, 0.1)],
  elu: [[[3, 5]], (x) => tf.elu(x!)],
  softplus: [[[3, 5]], (x) => tf.softplus(x!)],
  'prelu, a slope a channel': [[[2, 3, 3, 4], [4]], (x, a) => tf.prelu(x!, a!)],
  'prelu, one slope': [[[2, 3, 3, 4], [1]], (x, a) => tf.prelu(x!, a!)],
  'prelu, a slope an element': [
    [
      [2, 5],
      [2, 5],
    ],
    (x, a) => tf.prelu(x!, a!),
  ],
  'GELU by erf': [[[3, 5]], (x) => tf.mul(tf.mul(x!, 0.5), tf.add(1, tf.erf(tf.div(x!, Math.SQRT2))))],
  softmax: [[[3, 5]], (x) => tf.softmax(x!)],
  logSoftmax: [[[3, 5]], (x) => tf.logSoftmax(x!)],
  'sum over leading axes': [[[5, 4, 3, 6]], (x) => tf.sum(x!, [0, 1, 2])],
  'sum over leading axes, kept': [[[20, 6]], (x) => tf.sum(x!, 0, true)],
  'sum over an inner axis': [[[20, 6, 3]], (x) => tf.sum(x!, 1)],
  'layer normalisation': [
    [[4, 6], [6], [6]],
    (x, gain, bias) => {
      const { mean, variance } = tf.moments(x!, -1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-5))), gain!), bias!);
    },
  ],
  max: [[[3, 5]], (x) => tf.max(x!, 1)],
  maximum: [
    [
      [3, 5],
      [3, 5],
    ],
    (a, b) => tf.maximum(a!, b!),
  ],
  minimum: [
    [
      [3, 5],
      [3, 5],
    ],
    (a, b) => tf.minimum(a!, b!),
  ],
  clip: [[[3, 5]], (x) => tf.clipByValue(x!, -0.5, 0.7)],
  where: [
    [
      [3, 5],
      [3, 5],
    ],
    (a, b) => tf.where(tf.greater(a!, b!), a!, b!),
  ],
  transpose: [[[2, 3, 4, 5]], (x) => tf.transpose(x!, [2, 0, 3, 1])],
  reshape: [[[2, 6]], (x) => tf.reshape(x!, [3, 4])],
  'slice inside': [[[3, 4, 5, 6]], (x) => tf.slice(x!, [1, 1, 2, 1], [2, 2, 3, 4])],
  'slice of rows': [[[3, 4, 50]], (x) => tf.slice(x!, [1, 0, 0], [1, 3, -1])],
  'slice of one axis': [[[30]], (x) => tf.slice(x!, [7], [20])],
  concat: [
    [
      [2, 3, 2],
      [2, 3, 4],
    ],
    (a, b) => tf.concat([a!, b!], 2),
  ],
  stack: [
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack([a!, b!], 1),
  ],
  split: [[[2, 6]], (x) => tf.mul(...(tf.split(x!, 2, 1) as [tf.Tensor, tf.Tensor]))],
  pad: [
    [[2, 3, 4, 2]],
    (x) =>
      tf.pad(x!, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  ],
  tile: [[[2, 3]], (x) => tf.tile(x!, [2, 3])],
  reverse: [[[2, 3, 4]], (x) => tf.reverse(x!, [0, 2])],
  'gather of rows': [[[5, 4]], (x) => tf.gather(x!, tf.tensor1d([3, 0, 3, 4], 'int32'))],
  'gather of columns': [[[2, 5, 3]], (x) => tf.gather(x!, tf.tensor1d([4, 4, 1], 'int32'), 1)],
  depthToSpace: [[[2, 3, 2, 12]], (x) => tf.depthToSpace(x as tf.Tensor4D, 2, 'NHWC')],
  'depthToSpace by 3': [[[1, 2, 3, 18]], (x) => tf.depthToSpace(x as tf.Tensor4D, 3, 'NHWC')],
  avgPool: [[[2, 6, 6, 3]], (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')],
  maxPool: [[[2, 6, 6, 3]], (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')],
  resizeBilinear: [[[1, 4, 4, 2]], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 8])],
  resizeNearestNeighbor: [[[1, 4, 4, 2]], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8])],
};

describe.each(testedEngines)('operations on %s: value and gradients of the plain engine', (engine) => {
  for (const [name, [shapes, f]] of Object.entries(operations)) {
    it(name, async () => {
      expect(await disagreement(engine, valueAndGradients(shapes, f))).toBeLessThan(tolerance);
    });
  }
});
