import { InputError, requireRange } from '../../base/index.js';
import { requireProbability } from '../bell.js';
import { transmissivity } from '../units.js';
import { binaryEntropy, lastPositive, maximise } from './optimum.js';

/** A fibre with BB84 at its ends, as decoy-state analyses describe it. */
export interface DecoyLink {
  lengthKm: number;
  /** Loss of the fibre, 0 to 10. */
  attenuationDbPerKm: number;
  /** Transmissivity of the receiver with its detectors. */
  receiverEfficiency: number;
  /** Y0: probability that a gate clicks without light. */
  backgroundYield: number;
  /** e_d: probability that a photon reaches the wrong detector, 0 to 1/2. */
  misalignment: number;
  /** f: bits that error correction tells over those of Shannon's limit, 1 to 2. */
  inefficiency: number;
  /** q: share of the detected pulses that sifting keeps; 1/2 when left out. */
  sifting?: number;
}

/** Gain (share of pulses that are detected) and error rate of the pulses of one intensity. */
export interface Gain {
  gain: number;
  errorRate: number;
}

/** Probability that a photon sent is detected. @throws InputError when a field is out of range. */
export function linkEfficiency(link: DecoyLink): number {
  const length = requireRange('lengthKm', link.lengthKm, 0, 1e5, 'km');
  const attenuation = requireRange('attenuationDbPerKm', link.attenuationDbPerKm, 0, 10, 'dB/km');
  return (
    requireProbability('receiverEfficiency', link.receiverEfficiency) * transmissivity(length * attenuation)
  );
}

/**
 * Gain and error rate of pulses of a mean photon number, Q = Y0 + 1 - e^(-eta mu) and E Q = Y0/2 + e_d (1 - e^(-eta mu))
 * (Ma, Qi, Zhao and Lo 2005).
 * @throws InputError when a field is out of range.
 */
export function pulseGain(link: DecoyLink, meanPhotonNumber: number): Gain {
  const mean = requireRange('meanPhotonNumber', meanPhotonNumber, 0, 100);
  const light = -Math.expm1(-linkEfficiency(link) * mean);
  const background = requireProbability('backgroundYield', link.backgroundYield);
  const gain = background + light;
  const errors = background / 2 + requireRange('misalignment', link.misalignment, 0, 0.5) * light;
  return { gain, errorRate: gain > 0 ? errors / gain : 0 };
}

/**
 * Yield and error rate of pulses of exactly one photon, Y1 = Y0 + eta: as in the gain, the coincidence Y0 eta of light and
 * background is left out, so that the yields of all photon numbers add up to the gain.
 */
export function singlePhotonYield(link: DecoyLink): { yield: number; errorRate: number } {
  const efficiency = linkEfficiency(link);
  const background = requireProbability('backgroundYield', link.backgroundYield);
  const errors = background / 2 + requireRange('misalignment', link.misalignment, 0, 0.5) * efficiency;
  const either = background + efficiency;
  return { yield: either, errorRate: either > 0 ? errors / either : 0 };
}

/**
 * Secret bits per pulse when as many decoy intensities as wanted tell the yields exactly: q {-Q f h(E) + Q1 (1 - h(e1))},
 * not below 0 (Lo, Ma and Chen 2005).
 * @throws InputError when a field is out of range.
 */
export function decoyRate(link: DecoyLink, meanPhotonNumber: number): number {
  const single = singlePhotonYield(link);
  return keyRate(link, meanPhotonNumber, { yieldLow: single.yield, errorHigh: single.errorRate });
}

/** What is known of pulses of one photon. */
export interface SinglePhotonBounds {
  /** Least yield that the gains allow. */
  yieldLow: number;
  /** Largest error rate that they allow, at most 1/2. */
  errorHigh: number;
}

/**
 * Bounds from a weak decoy and a vacuum (Ma, Qi, Zhao and Lo 2005, equations 34 and 37).
 * @param options.signal intensity and gain of the pulses that make the key
 * @param options.decoy of the weak pulses, dimmer than the signal
 * @throws InputError unless 0 < decoy < signal intensity.
 */
export function vacuumWeakBounds(options: {
  signal: Gain & { meanPhotonNumber: number };
  decoy: Gain & { meanPhotonNumber: number };
  backgroundYield: number;
}): SinglePhotonBounds {
  const { signal, decoy, backgroundYield } = options;
  const [mu, nu] = [signal.meanPhotonNumber, decoy.meanPhotonNumber];
  if (!(nu > 0 && nu < mu)) {
    throw new InputError(`decoy intensity ${nu} with signal ${mu}; allowed: above 0 and below the signal's`);
  }
  const ratio = (nu / mu) ** 2;
  const inner =
    decoy.gain * Math.exp(nu) - signal.gain * Math.exp(mu) * ratio - (1 - ratio) * backgroundYield;
  const yieldLow = Math.max(0, (mu / (mu * nu - nu * nu)) * inner);
  const errors = decoy.errorRate * decoy.gain * Math.exp(nu) - backgroundYield / 2;
  const errorHigh = yieldLow > 0 ? Math.min(0.5, Math.max(0, errors / (yieldLow * nu))) : 0.5;
  return { yieldLow, errorHigh };
}

/** Secret bits per pulse of the signal with one weak decoy and a vacuum, not below 0. */
export function vacuumWeakRate(link: DecoyLink, intensities: { signal: number; decoy: number }): number {
  const at = (meanPhotonNumber: number) => ({ meanPhotonNumber, ...pulseGain(link, meanPhotonNumber) });
  const bounds = vacuumWeakBounds({
    signal: at(intensities.signal),
    decoy: at(intensities.decoy),
    backgroundYield: link.backgroundYield,
  });
  return keyRate(link, intensities.signal, bounds);
}

function keyRate(link: DecoyLink, meanPhotonNumber: number, single: SinglePhotonBounds): number {
  const { gain, errorRate } = pulseGain(link, meanPhotonNumber);
  const sifting = requireProbability('sifting', link.sifting ?? 0.5);
  const told = gain * requireRange('inefficiency', link.inefficiency, 1, 2) * binaryEntropy(errorRate);
  const singles = single.yieldLow * meanPhotonNumber * Math.exp(-meanPhotonNumber);
  return Math.max(0, sifting * (singles * (1 - binaryEntropy(single.errorHigh)) - told));
}

/** The mean photon number with the largest rate, and that rate. */
export function decoyOptimum(link: DecoyLink): { meanPhotonNumber: number; rate: number } {
  const { at, value } = maximise((mean) => decoyRate(link, mean), 0, 2);
  return { meanPhotonNumber: at, rate: value };
}

/** Length at which a rate that is positive at 0 km falls to nothing. */
export const cutoffKm = (rateAt: (lengthKm: number) => number): number => lastPositive(rateAt, 0, 2000);
