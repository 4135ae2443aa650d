import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, type ComplexTensor } from '../../channel/index.js';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { adam, disposeTree } from '../../nn/index.js';
import {
  bitCrossEntropy,
  type Constellation,
  constellation,
  constellationOf,
  demapTensor,
  initConstellation,
  mapTensor,
  trainedConstellation,
  unitEnergyPoints,
} from './index.js';

const shape = { codewords: 3, uses: 5 };
const randomBits = (rng: Rng, count: number) => Uint8Array.from({ length: count }, () => rng.integer(2));

function interleave({ re, im }: ComplexTensor): Float32Array {
  const [real, imaginary] = [re.dataSync(), im.dataSync()];
  return Float32Array.from({ length: 2 * real.length }, (_, i) => (i % 2 === 0 ? real : imaginary)[i >> 1]!);
}

/** A constellation of no symmetry. */
const skew = (order: number) =>
  constellationOf('skew', Rng.of('skew').fillNormal(new Float64Array(2 * order)));

const cases: Constellation[] = [constellation('qam', 16), constellation('psk', 8), skew(4), skew(32)];

describe.each(['cpu', 'wasm', 'onnx'] as const)('the tensor form on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
  });

  it.each(cases.map((one) => [`${one.order} ${one.name}`, one] as const))(
    'maps and demaps as the array form: %s',
    (_, one) => {
      const rng = Rng.of('equal');
      const bits = randomBits(rng, shape.codewords * shape.uses * one.bitsPerSymbol);
      const parameters = initConstellation(one);
      const points = unitEnergyPoints(parameters);
      const sent = mapTensor(
        points,
        tf.tensor2d(bits, [shape.codewords, shape.uses * one.bitsPerSymbol], 'float32'),
      );
      const symbols = one.map(bits);
      interleave(sent).forEach((value, index) => {
        expect(value).toBeCloseTo(symbols[index]!, 6);
      });
      const channel = awgn({ snrDb: 6 }).sample(rng, shape);
      const received = channel.applyTensor(sent);
      const noise = tf.tensor2d(channel.noiseVariances, [shape.codewords, 1]);
      const llrs = one.demap(interleave(received), channel.noiseVariance);
      for (const given of [channel.noiseVariance, noise]) {
        demapTensor(points, received, given)
          .dataSync()
          .forEach((llr, index) => {
            expect(Math.abs(llr - llrs[index]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(llrs[index]!)));
          });
      }
      disposeTree(parameters);
    },
  );

  it('is differentiable from the points through map, channel and LLRs', () => {
    const one = skew(8);
    const rng = Rng.of('gradient');
    const parameters = initConstellation(one);
    const bits = tf.tensor2d(
      randomBits(rng, shape.codewords * shape.uses * 3),
      [shape.codewords, shape.uses * 3],
      'float32',
    );
    const channel = awgn({ snrDb: 4 }).sample(rng, shape);
    const loss = () => {
      const points = unitEnergyPoints(parameters);
      const received = channel.applyTensor(mapTensor(points, bits));
      return bitCrossEntropy(bits, demapTensor(points, received, channel.noiseVariance));
    };
    const { grads } = tf.variableGrads(loss, [parameters.points]);
    const gradient = grads[parameters.points.name]!.dataSync();
    const start = Float32Array.from(parameters.points.dataSync());
    const at = (index: number, step: number) => {
      const moved = start.slice();
      moved[index]! += step;
      parameters.points.assign(tf.tensor2d(moved, [8, 2]));
      return loss().dataSync()[0]!;
    };
    const largest = Math.max(...gradient.map(Math.abs));
    const step = 1 / 128;
    for (let index = 0; index < start.length; index++) {
      const slope = (at(index, step) - at(index, -step)) / (2 * step);
      expect(Math.abs(gradient[index]! - slope)).toBeLessThan(1e-3 * Math.max(1, largest));
    }
    disposeTree(parameters);
  });

  it('is differentiable with respect to what is received and to the noise variance', () => {
    const points = unitEnergyPoints(initConstellation(constellation('qam', 16)));
    const rng = Rng.of('received');
    const [re, im] = ['re', 'im'].map((name) =>
      tf.tensor2d(rng.fork(name).fillNormal(new Float32Array(6)), [2, 3]),
    ) as [tf.Tensor2D, tf.Tensor2D];
    const weights = tf.tensor2d(rng.fillNormal(new Float32Array(24)), [2, 12]);
    const loss = (x: tf.Tensor, y: tf.Tensor, noise: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(weights, demapTensor(points, { re: x as tf.Tensor2D, im: y as tf.Tensor2D }, noise)));
    const noise = tf.tensor2d([[0.5], [0.8]]);
    const inputs = [re, im, noise];
    const gradients = tf.grads(loss as (...args: tf.Tensor[]) => tf.Scalar)(inputs);
    for (const [which, input] of inputs.entries()) {
      const values = input.dataSync();
      const claimed = gradients[which]!.dataSync();
      for (let index = 0; index < values.length; index++) {
        const step = 1 / 256;
        const at = (sign: number) => {
          const moved = Float32Array.from(values);
          moved[index]! += sign * step;
          const args = inputs.map((one, k) => (k === which ? tf.tensor(moved, one.shape) : one));
          return loss(args[0]!, args[1]!, args[2]!).dataSync()[0]!;
        };
        const slope = (at(1) - at(-1)) / (2 * step);
        expect(Math.abs(claimed[index]! - slope)).toBeLessThan(4e-3 * Math.max(1, Math.abs(slope)));
      }
    }
  });
});

describe('training', () => {
  it('finds eight points that carry nearly what Gray 8-PSK does, from random ones', async () => {
    await useEngine('onnx');
    const rng = Rng.of('training');
    const parameters = initConstellation(constellationOf('start', rng.fillNormal(new Float64Array(16))));
    const optimiser = adam(parameters, { learningRate: 0.03 });
    let rate = 0;
    const batch = { codewords: 1, uses: 500 };
    for (let step = 0; step < 100; step++) {
      const bits = tf.tensor2d(randomBits(rng, batch.uses * 3), [1, batch.uses * 3], 'float32');
      const channel = awgn({ snrDb: 10 }).sample(rng, batch);
      const loss = () => {
        const points = unitEnergyPoints(parameters);
        const received = channel.applyTensor(mapTensor(points, bits));
        return bitCrossEntropy(bits, demapTensor(points, received, channel.noiseVariance));
      };
      const { value, grads } = tf.variableGrads(loss, [parameters.points]);
      optimiser.step(new Map([['points', grads[parameters.points.name]!]]));
      rate = 3 * (1 - value.dataSync()[0]!);
      tf.dispose([value, grads, bits]);
    }
    const trained = await trainedConstellation(parameters);
    // Gray 8-PSK carries 2.60 bit at 10 dB; the rate is that of the last batch, +- 0.04.
    expect(rate).toBeGreaterThan(2.5);
    expect(trained.order).toBe(8);
    optimiser.dispose();
    disposeTree(parameters);
  });
});

describe('wrong input', () => {
  it('gets one clear line', () => {
    const points = tf.tensor2d(Array.from(constellation('qam', 16).points), [16, 2]);
    expect(() => mapTensor(points, tf.zeros([1, 6]))).toThrow(
      '6 bits a codeword for 16 points; allowed: a multiple of 4',
    );
    expect(() => demapTensor(points, { re: tf.zeros([1, 2]), im: tf.zeros([2, 1]) }, 1)).toThrow(
      'equal shapes',
    );
    expect(() => mapTensor(tf.zeros([6, 2]), tf.zeros([1, 6]))).toThrow('number of points is 6');
  });
});
