/**
 * Time of one DeepJSCC training step (Bourtsoulatze et al. 2019: five 5x5 convolutions, mirrored; batch 64
 * of 32x32x3, mean squared error, Adam): the onnx and wasm engines beside PyTorch and the stock wasm backend.
 *
 * The contenders take turns, so that other work on the machine disturbs all alike; medians are printed.
 * Usage: npx tsx scripts/bench/engine/deepjscc-step.ts [rounds, 5 where not given]
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineName, type EngineOptions, useEngine } from '../../../lib/engine/index.js';

const stepsPerTurn = 5;
const batch = 64;

interface Layer {
  filter: tf.Variable;
  bias: tf.Variable;
  slope?: tf.Variable;
  stride: number;
  outputSize?: number;
}

function layer(shape: number[], channels: number, stride: number, outputSize?: number, last = false): Layer {
  const fanIn = 25 * (outputSize ? shape[3]! : shape[2]!);
  return {
    filter: tf.variable(tf.randomNormal(shape, 0, Math.sqrt(1 / fanIn), 'float32', 1)),
    bias: tf.variable(tf.zeros([channels])),
    ...(last ? {} : { slope: tf.variable(tf.fill([channels], 0.25)) }),
    stride,
    ...(outputSize ? { outputSize } : {}),
  };
}

function model(): Layer[] {
  const down = (i: number, o: number, stride: number, last = false) =>
    layer([5, 5, i, o], o, stride, undefined, last);
  const up = (i: number, o: number, stride: number, size: number, last = false) =>
    layer([5, 5, o, i], o, stride, size, last);
  return [
    ...[down(3, 16, 2), down(16, 32, 2), down(32, 32, 1), down(32, 32, 1), down(32, 16, 1, true)],
    ...[up(16, 32, 1, 8), up(32, 32, 1, 8), up(32, 32, 1, 8), up(32, 16, 2, 16), up(16, 3, 2, 32, true)],
  ];
}

function apply(x: tf.Tensor, { filter, bias, slope, stride, outputSize }: Layer): tf.Tensor {
  const [input, weights] = [x as tf.Tensor4D, filter as tf.Tensor as tf.Tensor4D];
  const y = outputSize
    ? tf.conv2dTranspose(input, weights, [batch, outputSize, outputSize, bias.size], stride, 'same')
    : tf.conv2d(input, weights, stride, 'same');
  const biased = tf.add(y, bias);
  return slope ? tf.prelu(biased, slope) : biased;
}

const forward = (layers: Layer[], x: tf.Tensor): tf.Tensor => tf.sigmoid(layers.reduce(apply, x));

async function timed(work: () => tf.Tensor, steps: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const result = work();
    await result.data();
    times.push(performance.now() - start);
    result.dispose();
  }
  return times;
}

function pytorch(threads: number): number[] {
  const script = fileURLToPath(new URL('deepjscc_step.py', import.meta.url));
  const python = process.env.PYTHON ?? 'python3';
  const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
  const out = execFileSync(python, [script, String(threads), String(stepsPerTurn)], {
    encoding: 'utf8',
    env,
  });
  return out.trim().split('\n').map(Number);
}

/**
 * What the stock backend can do of a step: the forward pass and every layer's input gradient. Filter
 * gradients it does not have.
 */
function forwardAndInputGradients(layers: Layer[], x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const checks: tf.Tensor[] = [];
    let input = x;
    for (const current of layers) {
      const { filter, stride, outputSize } = current;
      const y = apply(input, current);
      const common = { strides: [stride, stride], pad: 'same', dataFormat: 'NHWC' };
      const gradient = outputSize
        ? tf.conv2d(y as tf.Tensor4D, filter as tf.Tensor as tf.Tensor4D, stride, 'same')
        : (tf
            .engine()
            .runKernel(
              'Conv2DBackpropInput',
              { dy: y, filter },
              { ...common, inputShape: input.shape },
            ) as tf.Tensor);
      checks.push(tf.mean(gradient));
      input = y;
    }
    return tf.addN(checks);
  });
}

async function stockTurn(): Promise<void> {
  const name: string = '@tensorflow/tfjs-backend-wasm';
  await import(name);
  await tf.setBackend('wasm');
  const layers = model();
  const x = tf.randomUniform([batch, 32, 32, 3], 0, 1, 'float32', 4);
  const work = () => forwardAndInputGradients(layers, x);
  await timed(work, 1);
  for (const time of await timed(work, 3)) console.log(time);
}

function stockInOwnProcess(): number[] {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), 'stock'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n').map(Number);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** A model on an engine, and the pieces of work that are timed; each turn warms up, since threads may change. */
async function trainer(name: EngineName) {
  console.log((await useEngine(name)).note);
  const layers = model();
  const x = tf.randomUniform([batch, 32, 32, 3], 0, 1, 'float32', 4);
  const optimizer = tf.train.adam(1e-3);
  const loss = () => tf.mean(tf.squaredDifference(forward(layers, x), x)) as tf.Scalar;
  const turn = async (work: () => tf.Tensor, options?: EngineOptions): Promise<number[]> => {
    await useEngine(name, options);
    await timed(work, 2);
    return timed(work, stepsPerTurn);
  };
  return {
    train: (options?: EngineOptions) => turn(() => optimizer.minimize(loss, true)!, options),
    infer: (options?: EngineOptions) => turn(() => tf.tidy(() => forward(layers, x)), options),
    inputGradients: () => turn(() => forwardAndInputGradients(layers, x)),
  };
}

async function compare(rounds: number): Promise<void> {
  const wasm = await trainer('wasm');
  const onnx = await trainer('onnx');
  const contenders: [string, () => number[] | Promise<number[]>][] = [
    ['PyTorch, 1 thread', () => pytorch(1)],
    ['PyTorch, 2 threads', () => pytorch(2)],
    ['onnx engine, 1 thread', () => onnx.train({ threads: 1 })],
    ['onnx engine, 2 threads', () => onnx.train({ threads: 2 })],
    ['onnx engine, 1 thread, inference', () => onnx.infer({ threads: 1 })],
    ['onnx engine, 2 threads, inference', () => onnx.infer({ threads: 2 })],
    ['wasm engine', () => wasm.train()],
    ['wasm engine, inference', () => wasm.infer()],
    ['wasm engine, forward and input gradients', () => wasm.inputGradients()],
    ['stock wasm, forward and input gradients', () => stockInOwnProcess()],
  ];
  const times = contenders.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, [, run]] of contenders.entries()) times[i]!.push(...(await run()));
  }
  const reference = median(times[0]!);
  console.log(
    `${'contender'.padEnd(44)} ${'ms, median'.padStart(10)} ${'fastest'.padStart(8)} ${'x PyTorch 1'.padStart(12)}`,
  );
  for (const [i, [name]] of contenders.entries()) {
    const ms = median(times[i]!);
    const cells = [
      ms.toFixed(1).padStart(10),
      Math.min(...times[i]!)
        .toFixed(1)
        .padStart(8),
      (ms / reference).toFixed(2).padStart(12),
    ];
    console.log(`${name.padEnd(44)} ${cells.join(' ')}`);
  }
  console.log(
    'Stock wasm has no filter gradient, so it cannot train: only the part of the step that it has is timed.',
  );
}

const argument = process.argv[2];
const finished = argument === 'stock' ? stockTurn() : compare(Number(argument ?? 5));
finished.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
