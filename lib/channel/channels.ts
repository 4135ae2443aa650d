import { InputError, requireChoice, requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { realisationOf } from './realisation.js';
import type { Channel, ChannelShape, Fading } from './types.js';

/** Es/N0 in dB, -50 to 100: one for all codewords, or one for each. */
export type SnrDb = number | Float32Array;

const MAX_NUMBERS = 2 ** 30;

/**
 * Additive white Gaussian noise of variance N0 = 10^(-snrDb/10) per complex dimension, gain 1.
 * @param options.snrDb Es/N0 in dB, -50 to 100; an array gives each codeword its own (training)
 * @throws InputError when an SNR is no number or out of range.
 */
export function awgn(options: { snrDb: SnrDb }): Channel {
  return makeChannel('awgn', 'none', options.snrDb, () => undefined);
}

/**
 * Rayleigh fading: h is circularly symmetric complex Gaussian with E|h|^2 = 1, without line of sight.
 * @param options.snrDb mean Es/N0 in dB, -50 to 100; an array gives each codeword its own
 * @param options.fading one gain a codeword ('block', the default) or a channel use ('fast')
 * @throws InputError when an option is out of range.
 */
export function rayleigh(options: { snrDb: SnrDb; fading?: 'block' | 'fast' }): Channel {
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  return makeChannel(`rayleigh-${fading}`, fading, options.snrDb, (rng, gains) =>
    rng.fillComplexNormal(gains, 1),
  );
}

/**
 * Rician fading: h = sqrt(K/(K+1)) + sqrt(1/(K+1)) w with w circularly symmetric complex Gaussian of unit
 * variance, so E|h|^2 = 1; the line of sight has phase 0.
 * @param options.snrDb mean Es/N0 in dB, -50 to 100; an array gives each codeword its own
 * @param options.kFactorDb power of the line of sight over that of the scattered paths, in dB, -50 to 50
 * @param options.fading one gain a codeword ('block', the default) or a channel use ('fast')
 * @throws InputError when an option is out of range.
 */
export function rician(options: { snrDb: SnrDb; kFactorDb: number; fading?: 'block' | 'fast' }): Channel {
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  const kFactor = 10 ** (requireRange('kFactorDb', options.kFactorDb, -50, 50, 'dB') / 10);
  const lineOfSight = Math.sqrt(kFactor / (kFactor + 1));
  return makeChannel(`rician-${fading}`, fading, options.snrDb, (rng, gains) => {
    rng.fillComplexNormal(gains, 1 / (kFactor + 1));
    for (let index = 0; index < gains.length; index += 2) gains[index]! += lineOfSight;
  });
}

function makeChannel(
  name: string,
  fading: Fading,
  snrDb: SnrDb,
  drawGains: (rng: Rng, gains: Float32Array) => void,
): Channel {
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
      drawGains(rng, gains);
      return realisationOf({ shape: { codewords, uses }, fading, gains, noise, noiseVariances });
    },
  };
}

function requireShape(shape: ChannelShape, codewordsOfSnr: number | undefined): void {
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

function drawNoise(rng: Rng, { codewords, uses }: ChannelShape, variances: Float32Array): Float32Array {
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
