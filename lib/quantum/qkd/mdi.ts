import { requireRange } from '../../base/index.js';
import { besselI0m1 } from '../../math/index.js';
import { requireProbability } from '../bell.js';
import { binaryEntropy, maximise } from './optimum.js';

/** Two senders and a relay that measures in the Bell basis with four threshold detectors. */
export interface MdiLink {
  /** Probability that a photon of Alice is detected: her arm times the detector. */
  efficiencyA: number;
  efficiencyB: number;
  /** Probability that a detector clicks in a gate without light, below 1. */
  darkProbability: number;
  /** e_d: probability that the result is read wrongly, 0 to 1/2. */
  misalignment: number;
}

export interface MdiIntensities {
  meanPhotonNumberA: number;
  meanPhotonNumberB: number;
}

/** Shares of the pulses that are announced, and their error rates, in both bases. */
export interface MdiGains {
  rectilinear: { gain: number; errorRate: number };
  diagonal: { gain: number; errorRate: number };
}

/**
 * Gains and error rates of phase-randomised coherent pulses (Ma and Razavi 2012). The sums are arranged so that no
 * digits cancel at high loss.
 * @throws InputError when an option is out of range.
 */
export function mdiGains(link: MdiLink, intensities: MdiIntensities): MdiGains {
  const { efficiencyA, efficiencyB, darkProbability: dark, misalignment } = requireLink(link);
  const a = efficiencyA * requireRange('meanPhotonNumberA', intensities.meanPhotonNumberA, 0, 10);
  const b = efficiencyB * requireRange('meanPhotonNumberB', intensities.meanPhotonNumberB, 0, 10);
  const x = Math.sqrt(a * b) / 2;
  const common = 2 * (1 - dark) ** 2 * Math.exp(-(a + b) / 2);
  const [some, twice] = [besselI0m1(x), besselI0m1(2 * x)];
  const correct = common * lit(dark, a / 2) * lit(dark, b / 2);
  const wrong = common * dark * (lit(dark, (a + b) / 2) + twice);
  const still = (1 - dark) * Math.exp(-(a + b) / 4);
  const clicked = lit(dark, (a + b) / 4);
  const diagonal = 2 * still ** 2 * (2 * clicked ** 2 - 4 * some + 4 * clicked * some + twice);
  const diagonalErrors = diagonal / 2 - (1 - 2 * misalignment) * still ** 2 * twice;
  return {
    rectilinear: part(correct + wrong, misalignment * correct + (1 - misalignment) * wrong),
    diagonal: part(diagonal, diagonalErrors),
  };
}

/** Probability that a detector which a mean number of photons reaches clicks. */
const lit = (dark: number, photons: number): number => dark - (1 - dark) * Math.expm1(-photons);

const part = (gain: number, errors: number) => ({ gain, errorRate: gain > 0 ? errors / gain : 0 });

/** Yield and (diagonal) error rate when both senders sent exactly one photon (Ma and Razavi 2012). */
export function mdiSinglePhotons(link: MdiLink): { yield: number; errorRate: number } {
  const { efficiencyA: a, efficiencyB: b, darkProbability: dark, misalignment } = requireLink(link);
  const quiet = (1 - dark) ** 2;
  const yields =
    quiet * ((a * b) / 2 + (2 * a + 2 * b - 3 * a * b) * dark + 4 * (1 - a) * (1 - b) * dark ** 2);
  const errors = yields / 2 - (0.5 - misalignment) * quiet * ((a * b) / 2);
  return { yield: yields, errorRate: yields > 0 ? errors / yields : 0 };
}

/**
 * Secret bits per pair of pulses of one intensity, both senders in the rectilinear basis, with as many decoys as wanted,
 * mu^2 e^(-2 mu) Y11 (1 - h(e11)) - Q f h(E), not below 0 (Lo, Curty and Qi 2012).
 * @throws InputError when an option is out of range.
 */
export function mdiRate(link: MdiLink, meanPhotonNumber: number, inefficiency = 1): number {
  const single = mdiSinglePhotons(link);
  const intensities = { meanPhotonNumberA: meanPhotonNumber, meanPhotonNumberB: meanPhotonNumber };
  const { gain, errorRate } = mdiGains(link, intensities).rectilinear;
  const told = gain * requireRange('inefficiency', inefficiency, 1, 2) * binaryEntropy(errorRate);
  const both = (meanPhotonNumber * Math.exp(-meanPhotonNumber)) ** 2;
  return Math.max(0, both * single.yield * (1 - binaryEntropy(single.errorRate)) - told);
}

/** The mean photon number with the largest rate, and that rate. */
export function mdiOptimum(link: MdiLink, inefficiency = 1): { meanPhotonNumber: number; rate: number } {
  const { at, value } = maximise((mean) => mdiRate(link, mean, inefficiency), 0, 2);
  return { meanPhotonNumber: at, rate: value };
}

/** @throws InputError when a field is out of range. */
export function requireLink(link: MdiLink): MdiLink {
  requireProbability('efficiencyA', link.efficiencyA);
  requireProbability('efficiencyB', link.efficiencyB);
  requireRange('darkProbability', link.darkProbability, 0, 0.5);
  requireRange('misalignment', link.misalignment, 0, 0.5);
  return link;
}
