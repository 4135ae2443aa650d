import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { split } from './realisation.js';
import type { ChannelShape, Fading } from './types.js';

/** Codewords of vectors: each use sends a symbol from every transmit antenna. */
export interface MimoShape extends ChannelShape {
  receive: number;
  transmit: number;
}

/** Complex vectors of a batch as a pair of real tensors, both [codewords, uses, antennas]. */
export interface ComplexVectors {
  re: tf.Tensor3D;
  im: tf.Tensor3D;
}

/** What a MIMO channel draws. */
export interface MimoDraw {
  readonly shape: MimoShape;
  /** One matrix a codeword ('block'), or one a use ('fast'). */
  readonly fading: Exclude<Fading, 'none'>;
  /** The matrices H, interleaved [codewords or codewords * uses, receive, transmit]. */
  readonly gains: Float32Array;
  /** The noise n, interleaved [codewords, uses, receive]. */
  readonly noise: Float32Array;
  /** N0 of each receive antenna, the noise variance per complex dimension. */
  readonly noiseVariance: number;
}

/** One draw of y = H x + n; applying it to an array or to tensors gives the same. */
export interface MimoRealisation extends MimoDraw {
  /**
   * Received vectors, interleaved [codewords, uses, receive], of sent ones [codewords, uses, transmit].
   * @throws InputError when the length does not match the shape.
   */
  apply(symbols: Float32Array): Float32Array;
  /**
   * The same on tensors; differentiable with respect to the symbols.
   * @throws InputError when a tensor's shape does not match.
   */
  applyTensor(symbols: ComplexVectors): ComplexVectors;
}

/** A channel between arrays of antennas; symbols have unit mean energy at each transmit antenna. */
export interface MimoChannel {
  readonly name: string;
  readonly receive: number;
  readonly transmit: number;
  /** Es/N0 in dB of one transmit antenna at one receive antenna, the mean over fading. */
  readonly snrDb: number;
  /** @throws InputError when the shape is not of positive integers. */
  sample(rng: Rng, shape: ChannelShape): MimoRealisation;
}

/** Makes a realisation of drawn matrices and noise. */
export function mimoRealisationOf(draw: MimoDraw): MimoRealisation {
  return {
    ...draw,
    apply: (symbols) => applyToArray(draw, symbols),
    applyTensor: (symbols) => applyToTensor(draw, symbols),
  };
}

function applyToArray(draw: MimoDraw, symbols: Float32Array): Float32Array {
  const { codewords, uses, receive, transmit } = draw.shape;
  if (symbols.length !== 2 * codewords * uses * transmit) {
    throw new InputError(
      `${symbols.length} numbers; allowed: ${2 * codewords * uses * transmit} for ${codewords} codewords of ${uses} uses of ${transmit} antennas`,
    );
  }
  const out = draw.noise.slice();
  for (let use = 0; use < codewords * uses; use++) {
    const matrix = draw.fading === 'fast' ? use : Math.floor(use / uses);
    for (let antenna = 0; antenna < receive; antenna++) {
      const row = 2 * (matrix * receive + antenna) * transmit;
      addProduct(out, 2 * (use * receive + antenna), draw.gains, row, symbols, 2 * use * transmit, transmit);
    }
  }
  return out;
}

/** Adds the sum of `count` products, from the places given on, to the complex number at `to`. */
function addProduct(
  out: Float32Array,
  to: number,
  a: Float32Array,
  fromA: number,
  b: Float32Array,
  fromB: number,
  count: number,
): void {
  let [re, im] = [0, 0];
  for (let k = 0; k < 2 * count; k += 2) {
    const [ar, ai, br, bi] = [a[fromA + k]!, a[fromA + k + 1]!, b[fromB + k]!, b[fromB + k + 1]!];
    re += ar * br - ai * bi;
    im += ar * bi + ai * br;
  }
  out[to]! += re;
  out[to + 1]! += im;
}

function applyToTensor(draw: MimoDraw, symbols: ComplexVectors): ComplexVectors {
  const { codewords, uses, receive, transmit } = draw.shape;
  for (const part of [symbols.re, symbols.im]) {
    if (part.shape.join() !== [codewords, uses, transmit].join()) {
      throw new InputError(`vectors of shape [${part.shape}]; allowed: [${codewords},${uses},${transmit}]`);
    }
  }
  const rows = draw.fading === 'fast' ? 1 : uses;
  const matrices = (codewords * uses) / rows;
  const [re, im] = tf.tidy(() => {
    const [hr, hi] = split(draw.gains).map((part) => tf.tensor3d(part, [matrices, receive, transmit]));
    const [nr, ni] = split(draw.noise).map((part) => tf.tensor3d(part, [codewords, uses, receive]));
    const xr = tf.reshape(symbols.re, [matrices, rows, transmit]);
    const xi = tf.reshape(symbols.im, [matrices, rows, transmit]);
    const times = (x: tf.Tensor, h: tf.Tensor) => tf.matMul(x, h, false, true);
    const plus = (sum: tf.Tensor, noise: tf.Tensor3D) => tf.add(tf.reshape(sum, noise.shape), noise);
    return [
      plus(tf.sub(times(xr, hr!), times(xi, hi!)), nr!),
      plus(tf.add(times(xr, hi!), times(xi, hr!)), ni!),
    ] as [tf.Tensor3D, tf.Tensor3D];
  });
  return { re, im };
}
