import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import {
  cloneTree,
  disposeTree,
  flatten,
  type LossParts,
  plainLoss,
  snapshot,
  TrainingDiverged,
} from '../nn/index.js';
import type { AdaptiveParameters } from './adaptive-model.js';
import { type AdaptiveTraining, adaptiveLoss } from './adaptive-training.js';
import { largestDifference, wavyPicture } from './testing.js';
import { startAdaptive, trainAdaptive } from './train-adaptive.js';

const shape = { width: 6, encoderUnits: 1, decoderUnits: 1, blockWidth: 5 };
const pictures = [wavyPicture(128, 112, 'a'), wavyPicture(96, 96, 'b')];
const tiny: AdaptiveTraining = { pictures, batch: 2, side: 16, ratios: [1 / 6], snrDb: [4, 8] };

beforeAll(async () => {
  await useEngine('wasm');
});

const plain = (parameters: AdaptiveParameters, training: AdaptiveTraining, rng: Rng) =>
  (plainLoss(adaptiveLoss(parameters, training))(0, rng) as LossParts).loss as tf.Scalar;

const lossAt = (parameters: AdaptiveParameters, training: AdaptiveTraining, rng: Rng) =>
  tf.tidy(() => plain(parameters, training, rng).dataSync()[0]!);

describe('loss of the default codec', () => {
  it('has the gradients of finite differences, in every parameter', () => {
    const parameters = startAdaptive(pictures, 1, shape);
    const rng = Rng.of('gradients');
    // At this ratio the gates' rectifiers stand clear of their kinks.
    const training = { ...tiny, ratios: [1 / 3] };
    const loss = () => plain(parameters, training, rng);
    for (const [name, variable] of flatten(parameters)) {
      // The start has zeros that hide what stands before them.
      const noise = rng.fork(name).fillNormal(new Float32Array(variable.size), 0, 0.1);
      tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(noise, variable.shape))));
    }
    const { grads } = tf.variableGrads(loss);
    const variables = flatten(parameters);
    expect(Object.keys(grads)).toHaveLength(variables.size);
    for (const [name, variable] of variables) {
      const gradient = grads[variable.name]!.dataSync().slice();
      const norm = Math.hypot(...gradient);
      expect(norm, name).toBeGreaterThan(0);
      // Along the gradient itself: the slope must be its norm.
      const centre = variable.dataSync().slice();
      const moved = (by: number) => {
        const values = centre.map((value, i) => value + (by * gradient[i]!) / norm);
        tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
        return lossAt(parameters, training, rng);
      };
      const step = Math.min(0.02, 0.01 / norm);
      const slope = (moved(step) - moved(-step)) / (2 * step);
      tf.tidy(() => variable.assign(tf.tensor(centre, variable.shape)));
      expect(Math.abs(slope - norm), `${name}: ${slope} against ${norm}`).toBeLessThan(0.03 * norm + 2e-4);
    }
    tf.dispose(grads);
    disposeTree(parameters);
  });

  it('is minus the mean PSNR of the batch, with the noise of the SNR', () => {
    const parameters = startAdaptive(pictures, 1, shape);
    const psnrAt = (snr: number, ratio = 1 / 6) => {
      const training = { ...tiny, batch: 8, ratios: [ratio], snrDb: [snr, snr + 1e-3] as const };
      return (lossAt(parameters, training, Rng.of('psnr')) * -10) / Math.LN10;
    };
    expect(psnrAt(20)).toBeGreaterThan(psnrAt(5) + 1);
    expect(psnrAt(5)).toBeGreaterThan(psnrAt(-3) + 1);
    expect(psnrAt(10, 1 / 3)).toBeGreaterThan(psnrAt(10, 1 / 12));
    expect(psnrAt(10)).toBeGreaterThan(20);
    expect(psnrAt(10)).toBeLessThan(45);
    disposeTree(parameters);
  });

  it('draws anew from another stream, and the same from the same', () => {
    const parameters = startAdaptive(pictures, 1, shape);
    const [a, b, c] = ['x', 'x', 'y'].map((name) => lossAt(parameters, tiny, Rng.of(name)));
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    disposeTree(parameters);
  });
});

describe('training of the default codec', () => {
  const options = { seed: 5, steps: 15, learningRate: 2e-3 };
  const run = async (seed = 5) => {
    const parameters = startAdaptive(pictures, seed, shape);
    const losses: number[] = [];
    await trainAdaptive(parameters, tiny, { ...options, seed, onStep: ({ loss }) => void losses.push(loss) });
    const values = await snapshot(parameters);
    disposeTree(parameters);
    return { losses, values: [...values.values()].flatMap(({ data }) => [...data]) };
  };

  it('lowers the loss within 15 steps', async () => {
    const parameters = startAdaptive(pictures, 5, shape);
    const judged = () => lossAt(parameters, { ...tiny, batch: 32 }, Rng.of('judge'));
    const before = judged();
    await trainAdaptive(parameters, { ...tiny, batch: 8 }, options);
    expect(judged()).toBeLessThan(before - 0.01);
    disposeTree(parameters);
  });

  it('is a function of its seed', async () => {
    const [first, again, other] = [await run(), await run(), await run(6)];
    expect(first.losses).toHaveLength(15);
    expect(again.losses).toEqual(first.losses);
    expect(largestDifference(again.values, first.values)).toBe(0);
    expect(other.losses).not.toEqual(first.losses);
  });

  it('leaks no tensor', async () => {
    const parameters = startAdaptive(pictures, 5, shape);
    const before = tf.memory().numTensors;
    await trainAdaptive(parameters, tiny, { ...options, steps: 3 });
    expect(tf.memory().numTensors).toBe(before);
    disposeTree(parameters);
    expect(tf.memory().numTensors).toBe(before - flatten(parameters).size);
  });

  it('stops at a NaN in a batch, names step and tensor, and leaves the weights as they were', async () => {
    const broken = wavyPicture(16, 16, 'broken');
    broken.data.fill(Number.NaN, 30, 33);
    const parameters = startAdaptive(pictures, 5, shape);
    const start = cloneTree(parameters);
    const failing = trainAdaptive(parameters, { ...tiny, pictures: [broken] }, options);
    const error = await failing.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TrainingDiverged);
    expect(error).toMatchObject({ step: 0, tensor: 'batch' });
    expect((error as Error).message).toMatch(/^training diverged at step 0: batch is not finite.*$/);
    const [left, right] = [await snapshot(parameters), await snapshot(start)];
    for (const [name, { data }] of left) expect(largestDifference(data, right.get(name)!.data), name).toBe(0);
    disposeTree(parameters);
    disposeTree(start);
  });
});
