import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { countParameters, type Drawn, disposeTree, drawnTensors, flatten } from '../../nn/index.js';
import { PILLARS } from './grid.js';
import { pillarLoss } from './loss.js';
import { initPillars } from './network.js';
import { startPillars, trainPillars } from './train.js';
import { trainingBatch } from './training-batch.js';
import { trainingFrames } from './training-frames.js';

const frames = trainingFrames(1);
const bytesOf = ({ data }: Drawn) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('training of the pillar network', () => {
  beforeAll(() => useEngine('onnx', { threads: 1 }));

  it('draws the same views of a frame from the same stream, each with targets', () => {
    const [a, b] = [1, 1].map((seed) => trainingBatch([frames.frame(0)], Rng.of(seed)));
    // Part by part as bytes, since many thousand numbers are compared.
    for (const part of ['values', 'sources', 'fused', 'heat', 'weights', 'boxes'] as const)
      expect(Buffer.compare(bytesOf(a![part]), bytesOf(b![part])), part).toBe(0);
    const views = 7;
    const fused = 4;
    const cells = PILLARS.featureCells ** 2;
    expect(a!.sources.data.length).toBe(views * PILLARS.cells ** 2);
    expect(a!.heat.shape).toEqual([(views + fused) * cells, 1]);
    for (let view = 0; view < views + fused; view++) {
      const heat = (a!.heat.data as Float32Array).subarray(view * cells, (view + 1) * cells);
      expect(heat.filter((value) => value === 1).length, `view ${view}`).toBeGreaterThan(2);
    }
    // The ego's map is fused where it stands: each of its cells with itself.
    expect((a!.fused.data as Int32Array).subarray(0, cells)).toEqual(
      Int32Array.from({ length: cells }, (_, cell) => cell + 1),
    );
  });

  it('has a finite gradient for every parameter', async () => {
    const params = initPillars(Rng.of(2));
    const loss = pillarLoss(params, () => trainingBatch([frames.frame(1)], Rng.of(3)));
    const drawn = drawnTensors(loss.draw(0, Rng.of(0)));
    const variables = flatten(params);
    const { grads } = tf.variableGrads(
      () => (loss.compute(drawn) as { loss: tf.Scalar }).loss,
      [...variables.values()],
    );
    for (const [name, variable] of variables) {
      const values = await grads[variable.name]!.data();
      expect(values.every(Number.isFinite), name).toBe(true);
      expect(
        values.some((value) => value !== 0),
        name,
      ).toBe(true);
    }
    expect(countParameters(params)).toBeLessThan(70_000);
    disposeTree(params);
  });

  it('lowers the loss on a few frames', async () => {
    const params = startPillars(1);
    const losses: number[] = [];
    const training = { seed: 1, steps: 16, learningRate: 3e-3, batch: 1, frames };
    await trainPillars(params, training, { onStep: ({ loss }) => void losses.push(loss) });
    const mean = (some: number[]) => some.reduce((sum, loss) => sum + loss, 0) / some.length;
    expect(mean(losses.slice(-4))).toBeLessThan(0.95 * mean(losses.slice(0, 4)));
    disposeTree(params);
  });
});
