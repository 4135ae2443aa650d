import { requireRange } from '../base/index.js';
import { scaledExponentialIntegral } from '../math/index.js';

/** The mean SNR as a ratio. @throws InputError outside -50..100 dB. */
function snrRatio(snrDb: number): number {
  return 10 ** (requireRange('snrDb', snrDb, -50, 100, 'dB') / 10);
}

/**
 * Capacity of the complex additive white Gaussian noise channel, log2(1 + snr) (Shannon 1948).
 * @param snrDb Es/N0 in dB, -50 to 100
 * @returns bits per complex channel use
 */
export function awgnCapacity(snrDb: number): number {
  return Math.log1p(snrRatio(snrDb)) / Math.LN2;
}

/**
 * Ergodic capacity of the Rayleigh channel whose gain only the receiver knows: the mean of
 * log2(1 + snr |h|^2) over |h|^2 exponential of mean 1, which is exp(1/snr) E1(1/snr) / ln 2
 * (Lee 1990; Goldsmith and Varaiya 1997).
 * @param snrDb mean Es/N0 in dB, -50 to 100
 * @returns bits per complex channel use
 */
export function rayleighErgodicCapacity(snrDb: number): number {
  return scaledExponentialIntegral(1 / snrRatio(snrDb)) / Math.LN2;
}
