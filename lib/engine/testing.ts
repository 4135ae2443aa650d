import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from './engines.js';

/** A fixed pattern without symmetry, so that a flipped or shifted axis cannot go unseen. For tests. */
export function pattern(shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from(
    { length: size },
    (_, i) => Math.sin(1.7 * i + seed) + Math.cos(0.31 * i * seed),
  );
  return tf.tensor(values, shape);
}

/**
 * The value of `f` at fixed inputs and the gradients by each input of its product with a fixed pattern.
 * For tests.
 */
export function valueAndGradients(
  shapes: number[][],
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): () => tf.Tensor[] {
  return () => {
    const inputs = shapes.map((shape, i) => pattern(shape, i + 1));
    const loss = (...args: tf.Tensor[]) => {
      const y = f(...args);
      return tf.sum(tf.mul(y, pattern(y.shape, 7)));
    };
    return [f(...inputs), ...tf.valueAndGrads(loss)(inputs).grads];
  };
}

/** The engines that must agree with the plain one. For tests. */
export const testedEngines = ['wasm', 'onnx'] as const;
type TestedEngine = (typeof testedEngines)[number];

/**
 * Largest difference between an engine and the plain one, relative to the largest value of each tensor. For tests.
 * @param compute what the engine computes.
 * @param reference what the plain engine computes; the same, where not given.
 */
export async function disagreement(
  engine: TestedEngine,
  compute: () => tf.Tensor[],
  reference = compute,
): Promise<number> {
  const expected = await results('cpu', reference);
  const found = await results(engine, compute);
  let worst = 0;
  for (const [i, values] of expected.entries()) {
    if (found[i]!.length !== values.length) return Number.POSITIVE_INFINITY;
    const scale = values.filter(Number.isFinite).reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
    for (const [j, v] of values.entries()) {
      // Infinity and NaN agree with themselves only; Math.max would pass over a NaN on one side.
      const error = Object.is(v, found[i]![j]) ? 0 : Math.abs(v - found[i]![j]!) / scale;
      if (!(error <= worst)) worst = error;
    }
  }
  return worst;
}

async function results(engine: 'cpu' | TestedEngine, compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  await useEngine(engine);
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map(async (t) => Float32Array.from(await t.data())));
  tf.dispose(tensors);
  return values;
}
