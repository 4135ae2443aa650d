import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Rng } from '../math/index.js';

/** Complex symbols of a batch as a pair of real tensors, both [codewords, uses]. */
export interface ComplexTensor {
  re: Tensor2D;
  im: Tensor2D;
}

/** How many codewords, and how many complex channel uses each takes. */
export interface ChannelShape {
  codewords: number;
  uses: number;
}

/**
 * How the gain moves: it is 1 ('none'), drawn once a codeword ('block') or once a channel use ('fast').
 */
export type Fading = 'none' | 'block' | 'fast';

/**
 * One draw of a channel, y = h x + n: gains and noise are fixed numbers, so applying it twice, to an array
 * or to a tensor, gives the same result.
 */
export interface Realisation {
  readonly shape: ChannelShape;
  readonly fading: Fading;
  /**
   * Complex gains h, interleaved: one a codeword (fading 'none', where each is 1, and 'block'), or one a
   * channel use in codeword order ('fast').
   */
  readonly gains: Float32Array;
  /** The noise n, interleaved, codeword after codeword. */
  readonly noise: Float32Array;
  /** N0, the noise variance per complex dimension; the mean over codewords when their SNR differs. */
  readonly noiseVariance: number;
  /** N0 of each codeword. */
  readonly noiseVariances: Float32Array;
  /**
   * What the receiver gets for interleaved complex symbols, codeword after codeword
   * (2 * codewords * uses numbers). The input is left as it is.
   * @throws InputError when the length does not match the shape.
   */
  apply(symbols: Float32Array): Float32Array;
  /**
   * The same for tensors [codewords, uses]; differentiable with respect to the symbols.
   * @throws InputError when a tensor's shape does not match.
   */
  applyTensor(symbols: ComplexTensor): ComplexTensor;
}

/**
 * A channel with additive noise and perhaps a gain of unit mean power, for symbols of unit mean energy. The
 * receiver knows the gain of each draw; the transmitter knows the mean SNR only.
 */
export interface Channel {
  readonly name: string;
  /** Mean Es/N0 in dB; the mean of the dB values when each codeword has its own. */
  readonly snrDb: number;
  readonly fading: Fading;
  /**
   * Draws noise and gains. Numbers are taken from `rng`, so a second call with the same stream object
   * gives a new draw, and a stream forked anew under the same name gives the same one.
   * @throws InputError when the shape is not of positive integers, or does not match the SNRs given.
   */
  sample(rng: Rng, shape: ChannelShape): Realisation;
}
