import * as tf from '@tensorflow/tfjs-core';
import { inverseGains } from './equalise.js';
import { multiply, requireTensors, split } from './realisation.js';
import type { ComplexTensor, Realisation } from './types.js';

/** The numbers of a tensor of two axes, row-major. */
interface Numbers {
  shape: [rows: number, columns: number];
  data: Float32Array;
}

type Noise<T> = { noiseRe: T; noiseIm: T };
type Gains<T> = { gainRe: T; gainIm: T; inverseRe: T; inverseIm: T };

/** Real and imaginary parts of the noise [codewords, uses] and, where there is fading, of h and 1/h, which broadcast over it. */
export type ChannelInputs<T> = Noise<T> | (Noise<T> & Gains<T>);

/**
 * The numbers of a draw, for tensors that a compiled training step takes as inputs: what is drawn anew in each
 * step must not be a constant of the step. `overChannel` applies them.
 */
export function channelInputs(realisation: Realisation): ChannelInputs<Numbers> {
  const { shape, fading, noise, gains } = realisation;
  const { codewords, uses } = shape;
  const [noiseRe, noiseIm] = pair(noise, codewords, uses);
  if (fading === 'none') return { noiseRe, noiseIm };
  const columns = fading === 'fast' ? uses : 1;
  const [gainRe, gainIm] = pair(gains, codewords, columns);
  const [inverseRe, inverseIm] = pair(inverseGains(gains), codewords, columns);
  return { noiseRe, noiseIm, gainRe, gainIm, inverseRe, inverseIm };
}

function pair(interleaved: Float32Array, rows: number, columns: number): [re: Numbers, im: Numbers] {
  const [re, im] = split(interleaved);
  return [
    { shape: [rows, columns], data: re },
    { shape: [rows, columns], data: im },
  ];
}

/**
 * Symbols after the channel and coherent zero-forcing, y/h = x + n/h: what `equaliseTensor` makes of
 * `applyTensor` for the same draw. Differentiable with respect to the symbols.
 * @param inputs of `channelInputs`, as tensors
 * @throws InputError when a tensor's shape does not match the draw's.
 */
export function overChannel(symbols: ComplexTensor, inputs: ChannelInputs<tf.Tensor>): ComplexTensor {
  const { noiseRe, noiseIm } = inputs;
  const [codewords, uses] = noiseRe.shape as [number, number];
  requireTensors(symbols, { codewords, uses });
  const [re, im] = tf.tidy(() => {
    const plus = (x: ComplexTensor): ComplexTensor => ({
      re: tf.add(x.re, noiseRe as tf.Tensor2D),
      im: tf.add(x.im, noiseIm as tf.Tensor2D),
    });
    if (!('gainRe' in inputs)) return Object.values(plus(symbols));
    const { gainRe, gainIm, inverseRe, inverseIm } = inputs as Gains<tf.Tensor2D>;
    const received = plus(multiply(symbols, { re: gainRe, im: gainIm }));
    return Object.values(multiply(received, { re: inverseRe, im: inverseIm }));
  }) as [tf.Tensor2D, tf.Tensor2D];
  return { re, im };
}
