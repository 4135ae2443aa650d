/**
 * The wasm backend as it comes beside the mended one: DeepJSCC's convolutions, batch 64, forward and gradient by
 * the input. Each backend runs in processes of its own, turn by turn.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from '../../../lib/engine/index.js';
import { startStock } from '../../../lib/engine/specs/stock.js';
import { median } from '../../../lib/math/index.js';

const engines = ['wasm-stock', 'wasm'];
/** Filter, stride; the decoder has the same in reverse, transposed. */
const layers = [
  [3, 16, 2],
  [16, 32, 2],
  [32, 32, 1],
  [32, 32, 1],
  [32, 16, 1],
] as const;

/** Medians in ms of one process. */
async function measure(engine: string): Promise<number> {
  // The plain engine registers the gradients of tfjs-core, which the stock backend comes without under Node.
  await useEngine('cpu');
  if (!(await startStock(engine))) await useEngine('wasm');
  const filters = layers.map(([from, to], i) => tf.randomNormal([5, 5, from, to], 0, 0.05, 'float32', i));
  const chain = (x: tf.Tensor): tf.Tensor => {
    let y = x as tf.Tensor4D;
    const shapes: tf.Tensor4D['shape'][] = [];
    for (const [i, [, , stride]] of layers.entries()) {
      shapes.push(y.shape);
      y = tf.conv2d(y, filters[i] as tf.Tensor4D, stride, 'same');
    }
    for (const [i, [, , stride]] of [...layers.entries()].reverse()) {
      y = tf.conv2dTranspose(y, filters[i] as tf.Tensor4D, shapes[i]!, stride, 'same');
    }
    return tf.sum(tf.square(y));
  };
  const x = tf.randomUniform([64, 32, 32, 3], 0, 1, 'float32', 9);
  const times: number[] = [];
  for (let round = -1; round < 5; round++) {
    const start = performance.now();
    const dx = tf.grad(chain)(x);
    await dx.data();
    dx.dispose();
    if (round >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

async function main(engine: string | undefined): Promise<void> {
  if (engine) {
    console.log(await measure(engine));
    return;
  }
  const results = new Map<string, number[]>();
  for (let round = 0; round < 3; round++) {
    for (const name of engines) {
      const args = [...process.execArgv, fileURLToPath(import.meta.url), name];
      const output = execFileSync(process.execPath, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      results.set(name, [...(results.get(name) ?? []), Number(output.trim().split('\n').at(-1))]);
    }
  }
  const [stock, ours] = engines.map((name) => median(results.get(name)!)) as [number, number];
  console.log(
    `stock ${stock.toFixed(0)} ms, mended ${ours.toFixed(0)} ms, ratio ${(stock / ours).toFixed(1)}`,
  );
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
