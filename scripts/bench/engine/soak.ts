/**
 * Whether an engine keeps its memory over a long training: 2,000 steps of a small convolutional autoencoder,
 * the loss read in every step, in every tenth, and never, after half as many to
 * warm up. Prints tensors, compiled graphs and resident memory: the medians of twenty readings while warming up and after.
 *
 * Usage: node --expose-gc --import tsx scripts/bench/engine/soak.ts [steps, 2000 where not given]
 */
import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from '../../../lib/engine/index.js';
import { median } from '../../../lib/math/index.js';

const batch = 8;
const mebibyte = 2 ** 20;

function trainer(): { step: () => tf.Scalar; dispose: () => void } {
  const x = tf.randomUniform([batch, 16, 16, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
  const weights = [
    [5, 5, 3, 16],
    [5, 5, 16, 16],
    [5, 5, 3, 16],
  ].map((shape, i) => tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 0.05, 'float32', i + 1))));
  const [first, second, last] = weights as unknown as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const optimizer = tf.train.adam(1e-3);
  const loss = (): tf.Scalar => {
    const code = tf.conv2d(tf.relu(tf.conv2d(x, first, 2, 'same')), second, 1, 'same');
    const y = tf.conv2dTranspose(code, last, [batch, 16, 16, 3], 2, 'same');
    return tf.mean(tf.squaredDifference(tf.sigmoid(y), x));
  };
  return {
    step: () => optimizer.minimize(loss, true, weights)!,
    dispose: () => {
      optimizer.dispose();
      tf.dispose([x, ...weights]);
    },
  };
}

async function soak(steps: number, readEvery: number): Promise<void> {
  const { step, dispose } = trainer();
  const run = async (count: number) => {
    const readings: number[] = [];
    for (let i = 1; i <= count; i++) {
      const loss = step();
      if (i % readEvery === 0) await loss.data();
      loss.dispose();
      if (i % Math.ceil(count / 20) === 0) {
        globalThis.gc?.();
        readings.push(process.memoryUsage().rss / mebibyte);
      }
    }
    const graph = (tf.backend() as { graph?: { size: { plans: number } } }).graph;
    return {
      tensors: tf.memory().numTensors,
      graphs: graph?.size.plans ?? 0,
      // A single reading moves by some per cent with what the collector has given back.
      resident: median(readings),
    };
  };
  const before = await run(Math.max(1, Math.round(steps / 2)));
  const start = performance.now();
  const after = await run(steps);
  const milliseconds = (performance.now() - start) / steps;
  const growth = (after.resident / before.resident - 1) * 100;
  const label = readEvery > steps ? 'never read' : `read every ${readEvery}`;
  console.log(
    `${label.padEnd(14)} ${milliseconds.toFixed(1)} ms a step; tensors ${before.tensors} -> ${after.tensors}; ` +
      `graphs ${before.graphs} -> ${after.graphs}; resident ${before.resident.toFixed(0)} -> ` +
      `${after.resident.toFixed(0)} MiB (${growth >= 0 ? '+' : ''}${growth.toFixed(1)} %)`,
  );
  dispose();
}

async function main(): Promise<void> {
  const steps = Number(process.argv[2] ?? 2000);
  const info = await useEngine('onnx');
  console.log(`${info.note}, ${info.threads} threads`);
  for (const readEvery of [1, 10, Number.POSITIVE_INFINITY]) await soak(steps, readEvery);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
