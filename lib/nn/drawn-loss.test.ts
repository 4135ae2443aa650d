import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { adamW } from './adam.js';
import { type DrawnLoss, type LossFunction, plainLoss } from './evaluation.js';
import { dense, initDense } from './linear.js';
import { disposeTree, type ParameterTree } from './parameters.js';
import { cosineRate } from './schedules.js';
import { type StepReport, TrainingDiverged, type TrainOptions, train } from './train.js';

const folder = mkdtempSync(join(tmpdir(), 'semwave-drawn-'));
let files = 0;
const freshPath = () => join(folder, `${files++}.safetensors`);
afterAll(() => rmSync(folder, { recursive: true }));

const rng = Rng.of('run');

/** A network that learns sums of noisy inputs, chosen by index; the batch size changes in every third step. */
function problem(spoiled?: number): { parameters: ParameterTree; loss: DrawnLoss<'x' | 'noise' | 'order'> } {
  const initial = Rng.of('initial');
  const parameters = {
    hidden: initDense(initial.fork('hidden'), 4, 8, { initialiser: 'he' }),
    output: initDense(initial.fork('output'), 8, 1),
  };
  const loss: DrawnLoss<'x' | 'noise' | 'order'> = {
    draw(step, stream) {
      const rows = step % 3 === 2 ? 6 : 8;
      const normal = (name: string) => stream.fork(name).fillNormal(new Float32Array(4 * rows), 0, 1);
      const noise = normal('noise');
      if (step === spoiled) noise[3] = Number.NaN;
      return {
        x: { shape: [rows, 4], data: normal('x') },
        noise: { shape: [rows, 4], data: noise },
        order: { shape: [4], data: Int32Array.from([0, 1, 2, 3], (k) => (k + step) % 4) },
      };
    },
    compute({ x, noise, order }) {
      const input = tf.gather(tf.add(x, tf.mul(noise, 0.1)), order as tf.Tensor1D, 1);
      const y = dense(parameters.output, tf.relu(dense(parameters.hidden, input)));
      const distortion = tf.mean(tf.square(tf.sub(y, tf.sum(x, 1, true))));
      const size = tf.mean(tf.square(y));
      return { loss: tf.add(distortion, tf.mul(size, 1e-3)), parts: { distortion, size } };
    },
  };
  return { parameters, loss };
}

/** All reports of a run, and the file of its state. */
async function run(
  form: (loss: DrawnLoss) => LossFunction | DrawnLoss,
  options: Partial<TrainOptions> = {},
  path = freshPath(),
) {
  const { parameters, loss } = problem();
  const reports: StepReport[] = [];
  const optimiser = adamW(parameters);
  const before = tf.memory().numTensors;
  const counts = new Set<number>();
  const { average } = await train({
    parameters,
    loss: form(loss),
    steps: 12,
    rng,
    optimiser,
    schedule: cosineRate({ peak: 0.05, steps: 12 }),
    clipNorm: 2,
    ema: { decay: 0.9 },
    checkpoint: { path, everySteps: 4, resume: true },
    onStep: (report) => {
      reports.push(report);
      counts.add(tf.memory().numTensors);
    },
    ...options,
  });
  disposeTree(average!);
  expect(tf.memory().numTensors).toBe(before);
  expect(counts.size).toBe(1);
  optimiser.dispose();
  disposeTree(parameters);
  return { reports, file: readFileSync(path) };
}

const split = (loss: DrawnLoss) => loss;

describe.each(['onnx', 'wasm', 'cpu'] as const)('training on a drawn loss, on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
  });

  it('equals training on the same loss as one function, bit for bit, and keeps no tensors', async () => {
    const [whole, apart] = [await run(plainLoss), await run(split)];
    expect(apart.reports).toEqual(whole.reports);
    expect(apart.reports[0]!.parts).toMatchObject({ distortion: expect.any(Number) as number });
    const norms = apart.reports.map(({ gradientNorm }) => gradientNorm);
    // Both steps that are clipped and steps that are not.
    expect(Math.max(...norms)).toBeGreaterThan(2);
    expect(Math.min(...norms)).toBeLessThan(2);
    expect(apart.file.equals(whole.file)).toBe(true);
  });

  it('goes on from a checkpoint as if it had not stopped', async () => {
    const path = freshPath();
    const whole = await run(split);
    const first = await run(split, { stop: stopAfter(5) }, path);
    expect(first.reports.length).toBe(5);
    const rest = await run(split, {}, path);
    expect([...first.reports, ...rest.reports]).toEqual(whole.reports);
    expect(rest.file.equals(whole.file)).toBe(true);
  });

  it('stops at a drawn value that is not finite and names it', async () => {
    const { parameters, loss } = problem(3);
    const error = await train({ parameters, loss, steps: 6, rng }).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(TrainingDiverged);
    expect(error).toMatchObject({ step: 3, tensor: 'noise' });
    disposeTree(parameters);
  });
});

/** Is asked once before each step. */
function stopAfter(steps: number): { aborted: boolean } {
  let asked = 0;
  return {
    get aborted() {
      return asked++ >= steps;
    },
  };
}

it('a drawn loss that reads a value is refused in one line on the engine that compiles', async () => {
  await useEngine('onnx');
  const { parameters, loss } = problem();
  const reading: DrawnLoss = {
    draw: loss.draw,
    compute: ({ x }) => tf.mul(tf.sum(x!), x!.dataSync()[0]!),
  };
  await expect(train({ parameters, loss: reading, steps: 2, rng })).rejects.toThrow(
    /^jit: the function needs the value of a tensor in JavaScript [^\n]*$/,
  );
  disposeTree(parameters);
});
