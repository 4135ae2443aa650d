import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireChoice, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { requireShape } from './additive.js';
import type { ChannelShape } from './types.js';

/** How the intensity of light fluctuates in turbulent air; its mean is 1. */
export interface Turbulence {
  readonly name: string;
  /** Scintillation index: the variance of the intensity over its squared mean. */
  readonly scintillationIndex: number;
  /** Draws one intensity, above 0. */
  draw(rng: Rng): number;
}

/**
 * Weak turbulence: the intensity is exp(2X) with X normal of variance s^2 and mean -s^2, so that its mean is 1 and
 * its scintillation index exp(4 s^2) - 1 (Zhu and Kahn 2002).
 * @param options.logAmplitudeStd s, 0 to 1; the Rytov variance of weak turbulence is 4 s^2
 * @throws InputError when it is out of range.
 */
export function logNormalTurbulence(options: { logAmplitudeStd: number }): Turbulence {
  const std = requireRange('logAmplitudeStd', options.logAmplitudeStd, 0, 1);
  return {
    name: 'log-normal',
    scintillationIndex: Math.expm1(4 * std ** 2),
    draw: (rng) => Math.exp(2 * rng.normal(-(std ** 2), std)),
  };
}

/**
 * Weak to strong turbulence: the intensity is a product of two gamma numbers of mean 1, of large eddies (shape
 * alpha) and of small ones (beta); its scintillation index is 1/alpha + 1/beta + 1/(alpha beta) (Al-Habash,
 * Andrews and Phillips 2001).
 * @param options.alpha 0.1 to 1e6
 * @param options.beta 0.1 to 1e6
 * @throws InputError when one is out of range.
 */
export function gammaGammaTurbulence(options: { alpha: number; beta: number }): Turbulence {
  const alpha = requireRange('alpha', options.alpha, 0.1, 1e6);
  const beta = requireRange('beta', options.beta, 0.1, 1e6);
  return {
    name: 'gamma-gamma',
    scintillationIndex: 1 / alpha + 1 / beta + 1 / (alpha * beta),
    draw: (rng) => rng.gamma(alpha, 1 / alpha) * rng.gamma(beta, 1 / beta),
  };
}

/**
 * The shapes of gamma-gamma turbulence for a plane wave without inner scale (Al-Habash, Andrews and Phillips 2001).
 * @param rytovVariance sigma_R^2, 0.001 to 100: weak below 1, strong above
 * @throws InputError when it is out of range.
 */
export function gammaGammaShapes(rytovVariance: number): { alpha: number; beta: number } {
  const variance = requireRange('rytovVariance', rytovVariance, 1e-3, 100);
  const large = (0.49 * variance) / (1 + 1.11 * variance ** (6 / 5)) ** (7 / 6);
  const small = (0.51 * variance) / (1 + 0.69 * variance ** (6 / 5)) ** (5 / 6);
  return { alpha: 1 / Math.expm1(large), beta: 1 / Math.expm1(small) };
}

/**
 * Rytov variance of a plane wave, 1.23 Cn^2 k^(7/6) L^(11/6).
 * @param options.structureConstant Cn^2 in m^(-2/3), 1e-20 to 1e-10
 * @param options.wavelengthMeters 1e-7 to 1e-4
 * @param options.distanceMeters 1 to 1e6
 * @throws InputError when one is out of range.
 */
export function rytovVariance(options: {
  structureConstant: number;
  wavelengthMeters: number;
  distanceMeters: number;
}): number {
  const constant = requireRange('structureConstant', options.structureConstant, 1e-20, 1e-10, 'm^(-2/3)');
  const wavelength = requireRange('wavelengthMeters', options.wavelengthMeters, 1e-7, 1e-4, 'm');
  const distance = requireRange('distanceMeters', options.distanceMeters, 1, 1e6, 'm');
  return 1.23 * constant * ((2 * Math.PI) / wavelength) ** (7 / 6) * distance ** (11 / 6);
}

/** One draw of y = I x + n with real intensities x. */
export interface OpticalRealisation {
  readonly shape: ChannelShape;
  /** I: one a codeword ('block') or a use ('fast'). */
  readonly fading: 'block' | 'fast';
  readonly intensities: Float32Array;
  /** Real noise, codeword after codeword. */
  readonly noise: Float32Array;
  /** Variance of the (real) noise. */
  readonly noiseVariance: number;
  /**
   * Photocurrent of sent intensities, codewords * uses numbers.
   * @throws InputError when the length does not match, or an intensity is negative or no number.
   */
  apply(intensities: Float32Array): Float32Array;
  /**
   * The same for a tensor [codewords, uses]; differentiable. Signs are the caller's to keep.
   * @throws InputError when the tensor's shape does not match.
   */
  applyTensor(intensities: tf.Tensor2D): tf.Tensor2D;
}

/** A free-space link with intensity modulation and direct detection. */
export interface OpticalChannel {
  readonly name: string;
  readonly snrDb: number;
  /** @throws InputError when the shape is not of positive integers. */
  sample(rng: Rng, shape: ChannelShape): OpticalRealisation;
}

/**
 * Free-space optics with intensity modulation and direct detection: y = I x + n with the turbulence's intensity I,
 * sent intensities x >= 0 of mean 1 and real Gaussian noise. On-off keying sends 0 and 2, and without turbulence
 * errs with probability Q(sqrt(snr)) (Zhu and Kahn 2002).
 * @param options.snrDb mean electrical SNR (E x)^2 / variance of n in dB, -50 to 100
 * @param options.turbulence none when left out
 * @param options.fading one intensity a codeword ('block', the default: air changes in milliseconds) or a use
 * @throws InputError when an option is out of range.
 */
export function freeSpaceOptics(options: {
  snrDb: number;
  turbulence?: Turbulence;
  fading?: 'block' | 'fast';
}): OpticalChannel {
  const snrDb = requireRange('snrDb', options.snrDb, -50, 100, 'dB');
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  const { turbulence } = options;
  const noiseVariance = 10 ** (-snrDb / 10);
  return {
    name: `optical-${turbulence?.name ?? 'still'}`,
    snrDb,
    sample(rng, shape) {
      requireShape(shape);
      const count = shape.codewords * shape.uses;
      const noise = rng.fillNormal(new Float32Array(count), 0, Math.sqrt(noiseVariance));
      const length = fading === 'fast' ? count : shape.codewords;
      const intensities = Float32Array.from({ length }, () => turbulence?.draw(rng) ?? 1);
      const draw = { shape, fading, intensities, noise, noiseVariance };
      return {
        ...draw,
        apply: (sent) => applyToArray(draw, sent),
        applyTensor: (sent) => applyToTensor(draw, sent),
      };
    },
  };
}

type Draw = Omit<OpticalRealisation, 'apply' | 'applyTensor'>;

function applyToArray({ shape, fading, intensities, noise }: Draw, sent: Float32Array): Float32Array {
  if (sent.length !== noise.length) {
    throw new InputError(`${sent.length} intensities; allowed: ${noise.length}`);
  }
  const bad = sent.findIndex((value) => !(value >= 0));
  if (bad >= 0) throw new InputError(`intensity ${bad} is ${sent[bad]}; allowed: 0 and above`);
  return sent.map((value, index) => {
    const gain = intensities[fading === 'fast' ? index : Math.floor(index / shape.uses)]!;
    return gain * value + noise[index]!;
  });
}

function applyToTensor({ shape, fading, intensities, noise }: Draw, sent: tf.Tensor2D): tf.Tensor2D {
  const { codewords, uses } = shape;
  if (sent.rank !== 2 || sent.shape[0] !== codewords || sent.shape[1] !== uses) {
    throw new InputError(`intensities of shape [${sent.shape}]; allowed: [${codewords},${uses}]`);
  }
  return tf.tidy(() => {
    const gain = tf.tensor2d(intensities, [codewords, fading === 'fast' ? uses : 1]);
    return tf.add(tf.mul(sent, gain), tf.tensor2d(noise, [codewords, uses])) as tf.Tensor2D;
  });
}
