import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { ChannelShape, ComplexTensor, Fading, Realisation } from './types.js';

/** What a channel draws; `noise` is interleaved complex, codeword after codeword. */
export interface Draw {
  shape: ChannelShape;
  fading: Fading;
  gains: Float32Array;
  noise: Float32Array;
  noiseVariances: Float32Array;
}

/** Makes a realisation y = h x + n of drawn gains and noise. */
export function realisationOf(draw: Draw): Realisation {
  const { shape, fading, gains, noise, noiseVariances } = draw;
  let sum = 0;
  for (const variance of noiseVariances) sum += variance;
  return {
    shape,
    fading,
    gains,
    noise,
    noiseVariances,
    noiseVariance: sum / noiseVariances.length,
    apply: (symbols) => applyToArray(draw, symbols),
    applyTensor: (symbols) => applyToTensor(draw, symbols),
  };
}

/** @throws InputError unless `symbols` holds 2 * codewords * uses numbers. */
export function requireSymbols(symbols: Float32Array, { codewords, uses }: ChannelShape): void {
  if (symbols.length !== 2 * codewords * uses) {
    throw new InputError(
      `${symbols.length} numbers for ${codewords} codewords of ${uses} complex uses; allowed: ${2 * codewords * uses}`,
    );
  }
}

/** @throws InputError unless both parts are [codewords, uses]. */
export function requireTensors(symbols: ComplexTensor, { codewords, uses }: ChannelShape): void {
  for (const part of [symbols.re, symbols.im]) {
    if (part.rank !== 2 || part.shape[0] !== codewords || part.shape[1] !== uses) {
      throw new InputError(`symbols of shape [${part.shape}]; allowed: [${codewords},${uses}]`);
    }
  }
}

/** Where the gain of symbol `index` stands among the gains. */
export function gainIndex(fading: Fading, index: number, uses: number): number {
  return fading === 'fast' ? index : Math.floor(index / uses);
}

function applyToArray({ shape, fading, gains, noise }: Draw, symbols: Float32Array): Float32Array {
  requireSymbols(symbols, shape);
  const out = new Float32Array(symbols.length);
  for (let index = 0; 2 * index < symbols.length; index++) {
    const at = 2 * index;
    const gain = 2 * gainIndex(fading, index, shape.uses);
    const [hr, hi] = [gains[gain]!, gains[gain + 1]!];
    const [xr, xi] = [symbols[at]!, symbols[at + 1]!];
    out[at] = hr * xr - hi * xi + noise[at]!;
    out[at + 1] = hr * xi + hi * xr + noise[at + 1]!;
  }
  return out;
}

function applyToTensor({ shape, fading, gains, noise }: Draw, symbols: ComplexTensor): ComplexTensor {
  requireTensors(symbols, shape);
  const { codewords, uses } = shape;
  const [re, im] = tf.tidy(() => {
    const n = tensorOf(noise, codewords, uses);
    const faded = fading === 'none' ? symbols : multiply(symbols, gainTensor(gains, fading, shape));
    return [tf.add(faded.re, n.re), tf.add(faded.im, n.im)] as [tf.Tensor2D, tf.Tensor2D];
  });
  return { re, im };
}

/** Interleaved gains as tensors that broadcast over the symbols: [codewords, 1], or [codewords, uses]. */
export function gainTensor(gains: Float32Array, fading: Fading, shape: ChannelShape): ComplexTensor {
  return tensorOf(gains, shape.codewords, fading === 'fast' ? shape.uses : 1);
}

/** Splits an interleaved complex array into a pair of tensors [rows, columns]. */
export function tensorOf(interleaved: Float32Array, rows: number, columns: number): ComplexTensor {
  const [re, im] = split(interleaved);
  return { re: tf.tensor2d(re, [rows, columns]), im: tf.tensor2d(im, [rows, columns]) };
}

/** The real parts and the imaginary parts of an interleaved complex array. */
export function split(interleaved: Float32Array): [re: Float32Array, im: Float32Array] {
  const [re, im] = [new Float32Array(interleaved.length / 2), new Float32Array(interleaved.length / 2)];
  for (let index = 0; index < re.length; index++) {
    re[index] = interleaved[2 * index]!;
    im[index] = interleaved[2 * index + 1]!;
  }
  return [re, im];
}

/** Complex product with broadcasting. */
export function multiply(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  return {
    re: tf.sub(tf.mul(a.re, b.re), tf.mul(a.im, b.im)),
    im: tf.add(tf.mul(a.re, b.im), tf.mul(a.im, b.re)),
  };
}
