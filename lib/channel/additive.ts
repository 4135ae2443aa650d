import { InputError, requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { realisationOf } from './realisation.js';
import type { Channel, ChannelShape, Fading } from './types.js';

/** Es/N0 in dB, -50 to 100: one for all codewords, or one for each. */
export type SnrDb = number | Float32Array;

/** Overwrites the gains, which are 1, by drawn ones: one a codeword, or one a use of a 'fast' channel. */
export type DrawGains = (rng: Rng, gains: Float32Array, shape: ChannelShape) => void;

const MAX_NUMBERS = 2 ** 30;

/**
 * The channel y = h x + n: what a fading law needs beside its gains.
 * @throws InputError when an SNR is no number or out of range.
 */
export function additiveChannel(name: string, fading: Fading, snrDb: SnrDb, drawGains: DrawGains): Channel {
  const snrs = typeof snrDb === 'number' ? [snrDb] : Array.from(snrDb);
  if (snrs.length === 0)
    throw new InputError('snrDb of 0 codewords; allowed: a number, or one for each codeword');
  for (const value of snrs) requireRange('snrDb', value, -50, 100, 'dB');
  const perCodeword = typeof snrDb !== 'number';
  return {
    name,
    fading,
    snrDb: snrs.reduce((sum, value) => sum + value, 0) / snrs.length,
    sample(rng, shape) {
      requireShape(shape, perCodeword ? snrs.length : undefined);
      const { codewords, uses } = shape;
      const noiseVariances = Float32Array.from(
        { length: codewords },
        (_, codeword) => 10 ** (-snrs[perCodeword ? codeword : 0]! / 10),
      );
      // Noise before gains: channels that differ in fading only then meet the same noise.
      const noise = drawNoise(rng, shape, noiseVariances);
      const gains = unitGains(fading === 'fast' ? codewords * uses : codewords);
      drawGains(rng, gains, { codewords, uses });
      return realisationOf({ shape: { codewords, uses }, fading, gains, noise, noiseVariances });
    },
  };
}

/** @throws InputError unless codewords and uses are positive integers, and few enough to store. */
export function requireShape(shape: ChannelShape, codewordsOfSnr?: number): void {
  requireInteger('codewords', shape.codewords, 1);
  requireInteger('uses', shape.uses, 1);
  if (2 * shape.codewords * shape.uses > MAX_NUMBERS) {
    throw new InputError(
      `${shape.codewords} codewords of ${shape.uses} uses; allowed: ${MAX_NUMBERS / 2} complex symbols in all`,
    );
  }
  if (codewordsOfSnr !== undefined && codewordsOfSnr !== shape.codewords) {
    throw new InputError(`${codewordsOfSnr} SNRs for ${shape.codewords} codewords; allowed: one each`);
  }
}

/** Complex Gaussian noise, interleaved, codeword after codeword, of a variance for each codeword. */
export function drawNoise(
  rng: Rng,
  { codewords, uses }: ChannelShape,
  variances: Float32Array,
): Float32Array {
  const noise = rng.fillComplexNormal(new Float32Array(2 * codewords * uses), 1);
  for (let codeword = 0; codeword < codewords; codeword++) {
    const std = Math.sqrt(variances[codeword]!);
    const end = 2 * (codeword + 1) * uses;
    for (let index = 2 * codeword * uses; index < end; index++) noise[index]! *= std;
  }
  return noise;
}

function unitGains(count: number): Float32Array {
  const gains = new Float32Array(2 * count);
  for (let at = 0; at < gains.length; at += 2) gains[at] = 1;
  return gains;
}
