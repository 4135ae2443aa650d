import * as tf from '@tensorflow/tfjs-core';
import { gainIndex, gainTensor, multiply, requireSymbols, requireTensors } from './realisation.js';
import type { ComplexTensor, Realisation } from './types.js';

/** Symbols after equalisation, y/h = x + n/h. */
export interface Equalised {
  /** Interleaved complex, as long as the received ones. */
  symbols: Float32Array;
  /** Variance of n/h per complex dimension, N0/|h|^2: one a codeword, or one a use of a fast channel. */
  noiseVariance: Float32Array;
}

/**
 * Coherent zero-forcing: divides by the gain, which the receiver knows. Where a gain is exactly 0, nothing
 * was received: the symbol is 0 and its noise variance infinite.
 * @param received interleaved complex, from `realisation.apply`
 * @throws InputError when the length does not match the realisation.
 */
export function equalise(received: Float32Array, realisation: Realisation): Equalised {
  const { shape, fading } = realisation;
  requireSymbols(received, shape);
  const inverse = inverseGains(realisation.gains);
  const symbols = new Float32Array(received.length);
  for (let index = 0; 2 * index < received.length; index++) {
    const at = 2 * index;
    const gain = 2 * gainIndex(fading, index, shape.uses);
    const [gr, gi] = [inverse[gain]!, inverse[gain + 1]!];
    const [yr, yi] = [received[at]!, received[at + 1]!];
    symbols[at] = gr * yr - gi * yi;
    symbols[at + 1] = gr * yi + gi * yr;
  }
  return { symbols, noiseVariance: equalisedVariance(realisation) };
}

/**
 * The same on tensors [codewords, uses]; differentiable with respect to the received symbols. The noise
 * variance, a constant, is `equalisedVariance(realisation)`.
 * @throws InputError when a tensor's shape does not match the realisation.
 */
export function equaliseTensor(received: ComplexTensor, realisation: Realisation): ComplexTensor {
  const { shape, fading, gains } = realisation;
  requireTensors(received, shape);
  const [re, im] = tf.tidy(() => {
    const out = multiply(received, gainTensor(inverseGains(gains), fading, shape));
    return [out.re, out.im] as [tf.Tensor2D, tf.Tensor2D];
  });
  return { re, im };
}

/** N0/|h|^2 after zero-forcing: one a codeword, or one a use of a fast channel. */
export function equalisedVariance({ gains, fading, shape, noiseVariances }: Realisation): Float32Array {
  const variances = new Float32Array(gains.length / 2);
  for (let index = 0; index < variances.length; index++) {
    const codeword = fading === 'fast' ? Math.floor(index / shape.uses) : index;
    variances[index] = noiseVariances[codeword]! / (gains[2 * index]! ** 2 + gains[2 * index + 1]! ** 2);
  }
  return variances;
}

/** 1/h of interleaved gains; 0 where a gain is 0. */
export function inverseGains(gains: Float32Array): Float32Array {
  const inverse = new Float32Array(gains.length);
  for (let at = 0; at < gains.length; at += 2) {
    const power = gains[at]! ** 2 + gains[at + 1]! ** 2;
    if (power === 0) continue;
    inverse[at] = gains[at]! / power;
    inverse[at + 1] = -gains[at + 1]! / power;
  }
  return inverse;
}
