/** What the small networks of sensing share: how they are trained, fed and read. */
import * as tf from '@tensorflow/tfjs-core';
import { cosineRate, type TrainOptions, type TrainResult, train } from '../../nn/index.js';

/** A training run whose rate rises over `warmUp` steps to `peak` and falls as half a cosine to `floor`. */
export interface Fit extends Omit<TrainOptions, 'schedule' | 'optimiser'> {
  peak: number;
  /** Fewer where the run is shorter. */
  warmUp: number;
  /** Default a hundredth of the peak. */
  floor?: number;
}

/** Trains in place by Adam. @throws InputError as `train`. */
export function fitNetwork({ peak, warmUp, floor = peak / 100, ...options }: Fit): Promise<TrainResult> {
  const { steps } = options;
  const schedule = cosineRate({ peak, steps, warmUp: Math.min(warmUp, steps - 1), floor });
  return train({ clipNorm: 5, ...options, schedule });
}

/** What a caller of a training function chooses. */
export type TrainingChoices = Pick<TrainOptions, 'steps' | 'rng' | 'onStep' | 'progress' | 'stop'> & {
  /** Samples an update. */
  batch?: number;
};

/** The values of the tensor that `compute` makes, which is released with all else that it makes. */
export async function valuesOf(compute: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(compute);
  try {
    return (await result.data()) as Float32Array;
  } finally {
    result.dispose();
  }
}

/** Vectors of one length, one after the other. */
export function joined(vectors: readonly ArrayLike<number>[]): Float32Array {
  const each = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * each);
  for (const [index, vector] of vectors.entries()) all.set(vector, index * each);
  return all;
}
