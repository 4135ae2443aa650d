import { requireChoice, requireRange } from '../base/index.js';
import { additiveChannel, type SnrDb } from './additive.js';
import type { Channel } from './types.js';

/**
 * Additive white Gaussian noise of variance N0 = 10^(-snrDb/10) per complex dimension, gain 1.
 * @param options.snrDb Es/N0 in dB, -50 to 100; an array gives each codeword its own (training)
 * @throws InputError when an SNR is no number or out of range.
 */
export function awgn(options: { snrDb: SnrDb }): Channel {
  return additiveChannel('awgn', 'none', options.snrDb, () => undefined);
}

/**
 * Rayleigh fading: h is circularly symmetric complex Gaussian with E|h|^2 = 1, without line of sight.
 * @param options.snrDb mean Es/N0 in dB, -50 to 100; an array gives each codeword its own
 * @param options.fading one gain a codeword ('block', the default) or a channel use ('fast')
 * @throws InputError when an option is out of range.
 */
export function rayleigh(options: { snrDb: SnrDb; fading?: 'block' | 'fast' }): Channel {
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  return additiveChannel(`rayleigh-${fading}`, fading, options.snrDb, (rng, gains) =>
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
  return additiveChannel(`rician-${fading}`, fading, options.snrDb, (rng, gains) => {
    rng.fillComplexNormal(gains, 1 / (kFactor + 1));
    for (let index = 0; index < gains.length; index += 2) gains[index]! += lineOfSight;
  });
}

/**
 * Nakagami-m fading: |h|^2 is a gamma number of shape m and mean 1, the phase uniform (Nakagami 1960). m = 1 is
 * Rayleigh fading; below 1 it fades deeper, and with m to infinity not at all.
 * @param options.snrDb mean Es/N0 in dB, -50 to 100; an array gives each codeword its own
 * @param options.m the shape, 0.5 to 1000
 * @param options.fading one gain a codeword ('block', the default) or a channel use ('fast')
 * @throws InputError when an option is out of range.
 */
export function nakagami(options: { snrDb: SnrDb; m: number; fading?: 'block' | 'fast' }): Channel {
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  const m = requireRange('m', options.m, 0.5, 1000);
  return additiveChannel(`nakagami-${fading}`, fading, options.snrDb, (rng, gains) => {
    for (let at = 0; at < gains.length; at += 2) {
      const magnitude = Math.sqrt(rng.gamma(m, 1 / m));
      const phase = rng.uniform(0, 2 * Math.PI);
      gains[at] = magnitude * Math.cos(phase);
      gains[at + 1] = magnitude * Math.sin(phase);
    }
  });
}
