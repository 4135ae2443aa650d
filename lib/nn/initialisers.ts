import type * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../math/index.js';
import { parameter, sizeOf } from './parameters.js';

/** How a weight starts: `glorot` for linear and tanh-like layers, `he` before (P)ReLU and GELU, `zero` for a silent residual branch. */
export type Initialiser = 'glorot' | 'he' | 'zero';

/** Uniform in ±sqrt(6 / (fanIn + fanOut)), variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010, eq. 16). */
export function glorotUniform(rng: Rng, shape: number[], fanIn: number, fanOut: number): tf.Variable {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const values = new Float32Array(sizeOf(shape));
  rng.fillUniform(values, -limit, limit);
  return parameter(values, shape);
}

/** Normal of variance 2 / fanIn (He et al. 2015, eq. 10). */
export function heNormal(rng: Rng, shape: number[], fanIn: number): tf.Variable {
  const values = new Float32Array(sizeOf(shape));
  rng.fillNormal(values, 0, Math.sqrt(2 / fanIn));
  return parameter(values, shape);
}

/** All zeros. */
export function zeros(shape: number[]): tf.Variable {
  return parameter(0, shape);
}

/** A weight of the given shape by the chosen rule; `fanIn` and `fanOut` count the values that meet at one unit. */
export function initWeight(
  rng: Rng,
  shape: number[],
  fans: { fanIn: number; fanOut: number },
  rule: Initialiser,
): tf.Variable {
  if (rule === 'zero') return zeros(shape);
  if (rule === 'he') return heNormal(rng, shape, fans.fanIn);
  return glorotUniform(rng, shape, fans.fanIn, fans.fanOut);
}
