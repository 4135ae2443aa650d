import { requireRange } from '../../base/index.js';
import { requireProbability } from '../bell.js';
import { binaryEntropy, lastPositive } from './optimum.js';

/** What BB84 with single photons keeps of a sifted bit. */
export interface Bb84Errors {
  /** Error rate of the bits that become the key, 0 to 1/2. */
  keyError: number;
  /** Error rate in the other basis, 0 to 1/2; `keyError` when left out. */
  phaseError?: number;
  /** Bits that error correction tells over those that Shannon's limit asks for, 1 to 2; 1 when left out. */
  inefficiency?: number;
}

/**
 * Secret bits per sifted bit of BB84 with single photons and unlimited blocks, 1 - h(e_x) - f h(e_z), not below 0 (Shor
 * and Preskill 2000).
 * @throws InputError when an option is out of range.
 */
export function bb84Fraction({ keyError, phaseError = keyError, inefficiency = 1 }: Bb84Errors): number {
  const key = requireError('keyError', keyError);
  const phase = requireError('phaseError', phaseError);
  const told = requireRange('inefficiency', inefficiency, 1, 2) * binaryEntropy(key);
  return Math.max(0, 1 - binaryEntropy(phase) - told);
}

/**
 * Secret bits per sifted bit of the six-state protocol at an error rate Q in all three bases, 1 - H of the Bell-diagonal
 * state (1 - 3Q/2, Q/2, Q/2, Q/2), not below 0 (Lo 2001; one-way, without added noise).
 * @throws InputError for an error rate outside [0, 1/2].
 */
export function sixStateFraction(errorRate: number): number {
  const each = requireError('errorRate', errorRate) / 2;
  const none = 1 - 3 * each;
  const surprise = (p: number) => (p > 0 ? -p * Math.log2(p) : 0);
  return Math.max(0, 1 - surprise(none) - 3 * surprise(each));
}

/** Largest error rate at which BB84 leaves a key, 11.00 %, at an inefficiency of error correction. */
export const bb84Threshold = (inefficiency = 1): number =>
  lastPositive((keyError) => bb84Fraction({ keyError, inefficiency }), 0, 0.5);

/** Largest error rate at which the six-state protocol leaves a key, 12.62 %. */
export const sixStateThreshold = (): number => lastPositive(sixStateFraction, 0, 0.5);

/**
 * Secret bits per sifted bit of BB84 with weak pulses and no decoys. Every pulse of several photons is taken as known to
 * the eavesdropper, and as detected before any other: with D = (1 - (1 + mu) e^-mu) / Q the key is (1 - D) (1 - h(e / (1
 * - D))) - f h(e), not below 0 (Gottesman, Lo, Lütkenhaus and Preskill 2004).
 * @param options.gain Q, the share of pulses that are detected, above 0
 * @throws InputError when an option is out of range.
 */
export function weakPulseFraction(options: {
  meanPhotonNumber: number;
  gain: number;
  errorRate: number;
  inefficiency?: number;
}): number {
  const mean = requireRange('meanPhotonNumber', options.meanPhotonNumber, 0, 100);
  const gain = requireRange('gain', options.gain, Number.MIN_VALUE, 1);
  const error = requireError('errorRate', options.errorRate);
  const inefficiency = requireRange('inefficiency', options.inefficiency ?? 1, 1, 2);
  const untagged = 1 + (Math.expm1(-mean) + mean * Math.exp(-mean)) / gain;
  if (untagged <= 2 * error) return 0;
  return Math.max(0, untagged * (1 - binaryEntropy(error / untagged)) - inefficiency * binaryEntropy(error));
}

function requireError(name: string, value: number): number {
  requireProbability(name, value);
  return requireRange(name, value, 0, 0.5);
}
