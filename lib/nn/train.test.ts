import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { gelu } from './activations.js';
import { adam, type Optimiser } from './adam.js';
import { loadCheckpoint } from './checkpoint.js';
import type { LossFunction } from './evaluation.js';
import { dense, initDense } from './linear.js';
import { disposeTree, flatten, type ParameterTree, parameter, snapshot } from './parameters.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { cosineRate } from './schedules.js';
import { type StepReport, TrainingDiverged, type TrainOptions, train } from './train.js';

const folder = mkdtempSync(join(tmpdir(), 'semwave-train-'));
let files = 0;
const freshPath = () => join(folder, `${files++}.safetensors`);

beforeAll(async () => {
  await useEngine('cpu');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A small network that learns y = sin x from random batches. */
function problem(): { parameters: ParameterTree; loss: (step: number, rng: Rng) => tf.Tensor } {
  const rng = Rng.of('initial');
  const hidden = initDense(rng.fork('hidden'), 1, 16, { initialiser: 'he' });
  const output = initDense(rng.fork('output'), 16, 1);
  const loss = (_step: number, stream: Rng) => {
    const batch = new Float32Array(32);
    stream.fillUniform(batch, -2, 2);
    const x = tf.tensor2d(batch, [32, 1]);
    const y = dense(output, gelu(dense(hidden, x)));
    return tf.mean(tf.square(tf.sub(y, tf.sin(x))));
  };
  return { parameters: { hidden, output }, loss };
}

const rng = Rng.of('run');

it('learns a function, reports every step and averages the weights', async () => {
  const reports: StepReport[] = [];
  const schedule = cosineRate({ peak: 0.02, steps: 200, warmUp: 10 });
  const { parameters, loss } = problem();
  const onStep = (report: StepReport) => void reports.push(report);
  const result = await train({
    parameters,
    loss,
    steps: 200,
    rng,
    schedule,
    clipNorm: 5,
    ema: { decay: 0.9 },
    logEvery: 50,
    onStep,
  });
  expect(reports.length).toBe(200);
  expect(reports[199]!.loss).toBeLessThan(reports[0]!.loss / 30);
  expect(reports[10]!.learningRate).toBe(0.02);
  expect(result.history.map(({ step }) => step)).toEqual([0, 50, 100, 150, 199]);
  expect(result).toMatchObject({ step: 200, stopped: false });
  const [last, mean] = [await snapshot(parameters), await snapshot(result.average!)];
  const difference = Math.max(
    ...[...last].flatMap(([name, { data }]) =>
      [...data].map((w, i) => Math.abs(w - mean.get(name)!.data[i]!)),
    ),
  );
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(0.1);
});

it('the average of weights is the recursion it states', async () => {
  const weight = parameter(0, [1]);
  // A constant gradient makes Adam walk −0.1 a step: the weights are −0.1, −0.2, −0.3.
  const optimiser = adam({ weight }, { learningRate: 0.1 });
  const { average } = await train({
    parameters: { weight },
    optimiser,
    loss: () => tf.sum(weight),
    steps: 3,
    rng,
    ema: { decay: 0.2 },
  });
  let expected = 0;
  for (const [step, w] of [-0.1, -0.2, -0.3].entries()) {
    const d = Math.min(0.2, (1 + step) / (10 + step));
    expected = d * expected + (1 - d) * w;
  }
  expect(flatten(average!).get('weight')!.dataSync()[0]).toBeCloseTo(expected, 5);
});

it.each(['cpu', 'wasm', 'onnx'] as const)(
  'ten steps equal five, a checkpoint and five more, bit for bit, on %s',
  async (engine) => {
    await useEngine(engine);
    const path = freshPath();
    const schedule = cosineRate({ peak: 0.05, steps: 10 });
    const run = (steps: number, resume: boolean, where: string) => {
      const { parameters, loss } = problem();
      const options = { parameters, loss, steps, rng, schedule, clipNorm: 0.1, ema: { decay: 0.9 } };
      return train({ ...options, checkpoint: { path: where, everySteps: 3, resume } });
    };
    const whole = freshPath();
    await run(10, false, whole);
    await run(5, false, path);
    const { step } = await run(10, true, path);
    expect(step).toBe(10);
    expect(readFileSync(path).equals(readFileSync(whole))).toBe(true);
    expect(readSafetensors(path).metadata).toMatchObject({ step: '10', rng: 'run', optimiser: 'adam' });
    await useEngine('cpu');
  },
);

it('a run that is complete resumes to nothing, and a checkpoint of another run is refused', async () => {
  const path = freshPath();
  const { parameters, loss } = problem();
  const options: TrainOptions = {
    parameters,
    loss,
    steps: 2,
    rng,
    checkpoint: { path, everySteps: 1, resume: true },
  };
  await train(options);
  const before = readFileSync(path);
  expect(await train(options)).toMatchObject({ step: 2, history: [] });
  expect(readFileSync(path).equals(before)).toBe(true);
  await expect(train({ ...options, rng: Rng.of('other') })).rejects.toThrow(/rng is "run"; allowed: "other"/);
  const { hidden } = parameters;
  await expect(train({ ...options, parameters: { hidden: hidden! } })).rejects.toThrow(InputError);
  writeSafetensors(path, await snapshot(parameters));
  await expect(train(options)).rejects.toThrow(/format is absent/);
});

it('loading a checkpoint that does not fit changes nothing', async () => {
  const path = freshPath();
  const { parameters, loss } = problem();
  await train({ parameters, loss, steps: 2, rng, checkpoint: { path, everySteps: 1 } });
  const { tensors, metadata } = readSafetensors(path);
  tensors.delete('optimiser.v.output.bias');
  writeSafetensors(path, tensors, { metadata });
  const fresh = problem();
  const before = await snapshot(fresh.parameters);
  const state = { parameters: fresh.parameters, optimiser: adam(fresh.parameters), rng };
  expect(() => loadCheckpoint(path, state)).toThrow(/no tensor optimiser.v.output.bias/);
  expect(await snapshot(fresh.parameters)).toEqual(before);
});

/** A run on one weight whose loss breaks at step 3 in a chosen way. */
async function breakAt3(spoil: (weight: tf.Tensor, stream: Rng) => ReturnType<LossFunction>) {
  const path = freshPath();
  const weight = parameter(1, [2]);
  const optimiser = adam({ weight });
  const seen: Float32Array[] = [];
  const loss = (step: number, stream: Rng) => {
    seen.push((weight.dataSync() as Float32Array).slice());
    return step === 3 ? spoil(weight, stream) : tf.sum(tf.square(weight));
  };
  const run = train({
    parameters: { weight },
    loss,
    steps: 10,
    rng,
    optimiser,
    checkpoint: { path, everySteps: 1 },
  });
  const error = (await run.catch((failure: unknown) => failure)) as TrainingDiverged;
  return { error, weight, optimiser, seen, path };
}

it.each<[string, (weight: tf.Tensor, stream: Rng) => ReturnType<LossFunction>]>([
  ['loss', (w) => tf.sum(tf.log(tf.sub(w, 2)))],
  // The root has an infinite slope at zero while its value is sound.
  ['gradient of weight', (w) => tf.sum(tf.sqrt(tf.mul(w, 0)))],
  [
    'rate',
    (w) => ({
      loss: tf.sum(w),
      parts: { distortion: tf.scalar(1), rate: tf.scalar(Number.POSITIVE_INFINITY) },
    }),
  ],
  [
    'batch',
    (w, stream) => {
      // The search for the name must see the batch that this step saw.
      const batch = tf.tensor1d([1, stream.path === 'run/3' ? Number.NaN : 1]);
      return {
        loss: tf.sum(tf.mul(w, batch)),
        parts: { again: tf.sum(batch) },
        inputs: { labels: tf.ones([2]), batch },
      };
    },
  ],
])('stops at a value that is not finite and names it: %s', async (name, spoil) => {
  const { error, weight, optimiser, seen, path } = await breakAt3(spoil);
  expect(error).toBeInstanceOf(TrainingDiverged);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ step: 3, tensor: name });
  expect(error.message).toMatch(new RegExp(`^training diverged at step 3: ${name} is not finite`));
  // Step 2 was the last whose loss and gradient were finite: its weights are back, and in the file.
  expect([...weight.dataSync()]).toEqual([...seen[2]!]);
  expect(optimiser.state.step).toBe(2);
  const { tensors, metadata } = readSafetensors(path);
  expect(metadata.step).toBe('2');
  expect([...tensors.get('parameters.weight')!.data]).toEqual([...seen[2]!]);
});

it('weights that an update blew up are never kept', async () => {
  const path = freshPath();
  const weight = parameter(1, [2]);
  const options: TrainOptions = {
    parameters: { weight },
    loss: () => tf.sum(tf.square(weight)),
    steps: 5,
    rng,
  };
  const wild: TrainOptions = {
    ...options,
    schedule: (step) => (step === 2 ? 1e30 : 1e-3),
    checkpoint: { path, everySteps: 1 },
  };
  await expect(train(wild)).rejects.toThrow(/step 3: loss is not finite/);
  for (const value of weight.dataSync()) expect(value).toBeCloseTo(1, 2);
  expect(readSafetensors(path).metadata.step).toBe('2');
  // After the last update no loss follows, so the weights themselves are checked.
  await expect(train({ ...options, schedule: (step) => (step === 4 ? 1e39 : 1e-4) })).rejects.toThrow(
    /parameter weight/,
  );
  for (const value of weight.dataSync()) expect(value).toBeCloseTo(1, 2);
});

it('a first step that fails leaves no file and the weights as they were', async () => {
  const path = freshPath();
  const weight = parameter(1, [1]);
  const loss = () => tf.sum(tf.div(weight, 0));
  const run = train({ parameters: { weight }, loss, steps: 5, rng, checkpoint: { path, everySteps: 1 } });
  await expect(run).rejects.toThrow(TrainingDiverged);
  expect(existsSync(path)).toBe(false);
  expect(weight.dataSync()[0]).toBe(1);
});

it('stops on request, keeps its place, and goes on', async () => {
  const path = freshPath();
  const { parameters, loss } = problem();
  const controller = new AbortController();
  const onStep = ({ step }: StepReport) => step === 3 && controller.abort();
  const options: TrainOptions = {
    parameters,
    loss,
    steps: 8,
    rng,
    checkpoint: { path, everySteps: 100, resume: true },
  };
  const part = await train({ ...options, stop: controller.signal, onStep: (report) => void onStep(report) });
  expect(part).toMatchObject({ step: 4, stopped: true });
  expect(readSafetensors(path).metadata.step).toBe('4');
  expect(await train(options)).toMatchObject({ step: 8, stopped: false });
});

it('clips the global norm of the gradients', async () => {
  const norms: number[] = [];
  const spy = (weight: tf.Variable): Optimiser => {
    const inner = adam({ weight });
    return {
      ...inner,
      step: (gradients, options) => {
        const scaled = tf.mul(gradients.get('weight')!, options?.gradientScale ?? 1);
        norms.push(tf.norm(scaled).dataSync()[0]!);
        inner.step(gradients, options);
      },
    };
  };
  const weight = parameter(Float32Array.of(3, 4), [2]);
  const reports: StepReport[] = [];
  const loss = (step: number) => tf.mul(tf.sum(tf.square(weight)), step === 0 ? 1 : 0.01);
  const onStep = (report: StepReport) => void reports.push(report);
  await train({ parameters: { weight }, loss, steps: 2, rng, optimiser: spy(weight), clipNorm: 0.5, onStep });
  expect(reports[0]!.gradientNorm).toBeCloseTo(10, 5);
  expect(norms[0]).toBeCloseTo(0.5, 5);
  expect(norms[1]).toBeCloseTo(0.1, 2);
});

it('holds no more tensors from step to step, and none at the end', async () => {
  const { parameters, loss } = problem();
  const idle = parameter(1, [1]);
  const before = tf.memory().numTensors;
  const counts: number[] = [];
  const withParts = (step: number, stream: Rng) => {
    const value = loss(step, stream);
    return { loss: value, parts: { twice: tf.mul(value, 2) } };
  };
  const onStep = ({ loss: value, parts }: StepReport) => {
    expect(parts.twice).toBeCloseTo(2 * value, 5);
    counts.push(tf.memory().numTensors);
  };
  // A parameter that the loss does not reach stays as it is.
  const options: TrainOptions = {
    parameters: { ...parameters, idle },
    loss: withParts,
    steps: 6,
    rng,
    ema: { decay: 0.9 },
    onStep,
  };
  const { average } = await train({ ...options, checkpoint: { path: freshPath(), everySteps: 2 } });
  expect(new Set(counts).size).toBe(1);
  disposeTree(average!);
  expect(tf.memory().numTensors).toBe(before);
  expect(idle.dataSync()[0]).toBe(1);
  await train({
    ...options,
    loss: () => ({ loss: tf.div(1, tf.sum(tf.mul(idle, 0))), parts: { a: tf.scalar(1) } }),
  }).catch(() => {});
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses options and losses that make no sense', async () => {
  const { parameters, loss } = problem();
  await expect(train({ parameters, loss, rng, steps: -1 })).rejects.toThrow(/steps is -1/);
  await expect(train({ parameters, loss, rng, steps: 1, clipNorm: 0 })).rejects.toThrow(/clipNorm/);
  await expect(train({ parameters, loss, rng, steps: 1, ema: { decay: 1 } })).rejects.toThrow(/decay/);
  const vector = () => tf.ones([2]);
  await expect(train({ parameters, loss: vector, rng, steps: 1 })).rejects.toThrow(
    /shape \[2\]; allowed: a scalar/,
  );
});
