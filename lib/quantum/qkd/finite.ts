import { InputError, requireRange } from '../../base/index.js';
import { binaryEntropy } from './optimum.js';

/** What is counted of pulses of one intensity. */
export interface IntensityCounts {
  meanPhotonNumber: number;
  /** Probability with which the sender picks this intensity. */
  probability: number;
  /** Detected pulses for which both used the key basis, and those of them that differ. */
  keyBits: number;
  keyErrors: number;
  /** The same for the other basis. */
  checkBits: number;
  checkErrors: number;
}

/** Probabilities with which a key may fail. */
export interface KeySecurity {
  /** epsilon_sec: that the key is not secret. */
  secrecy: number;
  /** epsilon_cor: that the keys differ unnoticed. */
  correctness: number;
}

/** A secret length and what it was bounded from. */
export interface FiniteKey {
  secretBits: number;
  /** Least number of key bits that came from empty pulses and from pulses of one photon. */
  vacuumBits: number;
  singlePhotonBits: number;
  /** Largest phase error rate of the latter. */
  phaseError: number;
}

/**
 * Secret bits of a block of decoy-state BB84 with three intensities, against general attacks (Lim, Curty, Walenta, Xu and
 * Zbinden 2014): s0 + s1 (1 - h(phi)) - leaked - 6 log2(21/eps_sec) - log2(2/eps_cor), rounded down, not below 0.
 * @param counts of three intensities, brightest first; the first intensity must exceed the sum of the other two
 * @param leakedBits what error correction told of the key
 * @throws InputError when there are not three intensities, they are out of order, or a number is out of range.
 */
export function finiteDecoyKey(
  counts: readonly IntensityCounts[],
  leakedBits: number,
  { secrecy, correctness }: KeySecurity,
): FiniteKey {
  const three = requireIntensities(counts);
  requireRange('secrecy', secrecy, 1e-30, 0.5);
  requireRange('correctness', correctness, 1e-30, 0.5);
  const key = bounds(three, (one) => one.keyBits, secrecy);
  const check = bounds(three, (one) => one.checkBits, secrecy);
  const phaseError = phaseErrorHigh(three, key.single, check.single, secrecy);
  const secret =
    key.vacuum +
    key.single * (1 - binaryEntropy(phaseError)) -
    leakedBits -
    6 * Math.log2(21 / secrecy) -
    Math.log2(2 / correctness);
  return {
    secretBits: Math.max(0, Math.floor(secret)),
    vacuumBits: key.vacuum,
    singlePhotonBits: key.single,
    phaseError,
  };
}

type Counts = readonly [IntensityCounts, IntensityCounts, IntensityCounts];

/** Hoeffding's deviation of each of the 21 events that may fail. */
const deviation = (count: number, secrecy: number): number => Math.sqrt((count / 2) * Math.log(21 / secrecy));

/** What a count would be if every pulse were an empty one of its intensity. */
const scaled = ({ meanPhotonNumber, probability }: IntensityCounts, count: number): number =>
  (Math.exp(meanPhotonNumber) / probability) * Math.max(0, count);

/** Probability that a pulse has n photons. */
const photons = (counts: Counts, n: 0 | 1): number =>
  counts.reduce(
    (sum, { probability, meanPhotonNumber: mu }) => sum + probability * Math.exp(-mu) * mu ** n,
    0,
  );

function bounds(counts: Counts, of: (one: IntensityCounts) => number, secrecy: number) {
  const [signal, decoy, dimmest] = counts;
  const [mu1, mu2, mu3] = [signal.meanPhotonNumber, decoy.meanPhotonNumber, dimmest.meanPhotonNumber];
  const spread = deviation(
    counts.reduce((sum, one) => sum + of(one), 0),
    secrecy,
  );
  const low = (one: IntensityCounts) => scaled(one, of(one) - spread);
  const high = (one: IntensityCounts) => scaled(one, of(one) + spread);
  const empty = photons(counts, 0);
  const vacuum = Math.max(0, (empty * (mu2 * low(dimmest) - mu3 * high(decoy))) / (mu2 - mu3));
  const several = ((mu2 ** 2 - mu3 ** 2) / mu1 ** 2) * (high(signal) - vacuum / empty);
  const inner = low(decoy) - high(dimmest) - several;
  const single = (photons(counts, 1) * mu1 * inner) / (mu1 * (mu2 - mu3) - mu2 ** 2 + mu3 ** 2);
  return { vacuum, single: Math.max(0, single) };
}

function phaseErrorHigh(counts: Counts, key: number, check: number, secrecy: number): number {
  if (key <= 0 || check <= 0) return 0.5;
  const [, decoy, dimmest] = counts;
  const spread = deviation(
    counts.reduce((sum, { checkErrors }) => sum + checkErrors, 0),
    secrecy,
  );
  const errors =
    (photons(counts, 1) *
      (scaled(decoy, decoy.checkErrors + spread) - scaled(dimmest, dimmest.checkErrors - spread))) /
    (decoy.meanPhotonNumber - dimmest.meanPhotonNumber);
  const rate = errors / check;
  return rate < 0.5 ? Math.min(0.5, rate + sampling(rate, check, key, secrecy)) : 0.5;
}

/** How far the error rate of the key may lie above that of the sample: random sampling without replacement. */
function sampling(rate: number, sample: number, rest: number, secrecy: number): number {
  const both = (sample + rest) / (sample * rest);
  const spread = (1 - rate) * rate;
  if (spread === 0) return 0;
  return Math.sqrt(((both * spread) / Math.LN2) * Math.log2((both / spread) * (21 / secrecy) ** 2));
}

function requireIntensities(counts: readonly IntensityCounts[]): Counts {
  const [signal, decoy, dimmest, ...more] = counts;
  if (!signal || !decoy || !dimmest || more.length > 0) {
    throw new InputError(
      `a decoy-state key of ${counts.length} intensities; allowed: 3, a signal and two decoys`,
    );
  }
  const [mu1, mu2, mu3] = [signal.meanPhotonNumber, decoy.meanPhotonNumber, dimmest.meanPhotonNumber];
  if (!(mu3 >= 0 && mu2 > mu3 && mu1 > mu2 + mu3)) {
    throw new InputError(
      `intensities ${mu1}, ${mu2}, ${mu3}; allowed: falling, the first above the sum of the others`,
    );
  }
  for (const { probability } of counts) requireRange('probability', probability, Number.MIN_VALUE, 1);
  return [signal, decoy, dimmest];
}
