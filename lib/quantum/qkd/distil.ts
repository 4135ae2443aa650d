import type { Rng } from '../../math/index.js';
import { type Bb84, type Bb84Run, intensitiesOf, type SiftedBits } from './bb84.js';
import { cascade } from './cascade.js';
import { type FiniteKey, finiteDecoyKey, type IntensityCounts, type KeySecurity } from './finite.js';
import { toeplitzHash } from './privacy.js';

/** A key made of a run, with everything that was paid for it. */
export interface DistilledKey {
  /** Alice's and Bob's secret bits, equal but for the correctness allowed; empty when verification failed. */
  alice: Uint8Array;
  bob: Uint8Array;
  /** Whether the hashes of the corrected keys agreed. */
  verified: boolean;
  /** Sifted bits of the key basis, and the share of them that differed. */
  keyBits: number;
  keyErrorRate: number;
  /** Share of the check basis that differed. */
  checkErrorRate: number;
  /** Parities that error correction told. */
  leakedBits: number;
  /** Messages that had to wait for one another, from the last pulse to the key. */
  messages: number;
  /** Bits sent in public: sifting, check bits, parities, hash and its seeds. */
  classicalBits: number;
  bound: FiniteKey;
}

/** Counts of a run by intensity, the signal first. */
export function countsOf(config: Bb84, sifted: SiftedBits): IntensityCounts[] {
  const counts = intensitiesOf(config).map((intensity) => ({
    ...intensity,
    keyBits: 0,
    keyErrors: 0,
    checkBits: 0,
    checkErrors: 0,
  }));
  for (let k = 0; k < sifted.alice.length; k++) {
    const one = counts[sifted.intensity[k]!]!;
    const error = sifted.alice[k]! ^ sifted.bob[k]!;
    if (sifted.keyBasis[k] === 1) {
      one.keyBits++;
      one.keyErrors += error;
    } else {
      one.checkBits++;
      one.checkErrors += error;
    }
  }
  return counts;
}

/**
 * Makes a key of a run of decoy-state BB84: Cascade on the bits of the key basis, a hash that verifies it, and Toeplitz
 * hashing down to the length that `finiteDecoyKey` bounds from the counts and the parities told.
 * @throws InputError unless the configuration has two decoys, or a number of the security is out of range.
 */
export function distil(config: Bb84, run: Bb84Run, security: KeySecurity, rng: Rng): DistilledKey {
  const counts = countsOf(config, run.sifted);
  const alice = keyBasisOf(run.sifted, run.sifted.alice);
  const bob = keyBasisOf(run.sifted, run.sifted.bob);
  const total = (of: (one: IntensityCounts) => number) => counts.reduce((sum, one) => sum + of(one), 0);
  const checkBits = total((one) => one.checkBits);
  const checkErrorRate = checkBits > 0 ? total((one) => one.checkErrors) / checkBits : 0.5;
  const corrected = cascade(alice, bob, { errorRate: Math.min(0.5, checkErrorRate) }, rng.fork('cascade'));
  const bound = finiteDecoyKey(counts, corrected.leakedBits, security);
  const tagBits = Math.min(alice.length, Math.ceil(Math.log2(1 / security.correctness)));
  const tagSeed = publicBits(alice.length + tagBits - 1, rng.fork('verification'));
  const verified = equal(
    toeplitzHash(alice, tagBits, tagSeed),
    toeplitzHash(corrected.bits, tagBits, tagSeed),
  );
  const length = verified ? Math.min(bound.secretBits, alice.length) : 0;
  const seed = publicBits(alice.length + length - 1, rng.fork('amplification'));
  return {
    alice: toeplitzHash(alice, length, seed),
    bob: toeplitzHash(corrected.bits, length, seed),
    verified,
    keyBits: alice.length,
    keyErrorRate: alice.length > 0 ? total((one) => one.keyErrors) / alice.length : 0,
    checkErrorRate,
    leakedBits: corrected.leakedBits,
    // Detected pulses, bases with intensities, then each round there and back, then the hash with both seeds and its answer.
    messages: 4 + 2 * corrected.rounds,
    classicalBits:
      siftingBits(run, counts.length) +
      2 * (checkBits + corrected.leakedBits) +
      tagBits +
      tagSeed.length +
      seed.length,
    bound,
  };
}

const keyBasisOf = ({ keyBasis }: SiftedBits, bits: Uint8Array): Uint8Array =>
  bits.filter((_, k) => keyBasis[k] === 1);

const publicBits = (length: number, rng: Rng): Uint8Array =>
  Uint8Array.from({ length: Math.max(0, length) }, () => rng.integer(2));

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.every((bit, k) => bit === b[k]);

/** Places of the detected pulses as gaps at their entropy; two bases and an intensity for each. */
function siftingBits({ pulses, detectedPulses }: Bb84Run, intensities: number): number {
  if (detectedPulses === 0) return 0;
  const share = detectedPulses / pulses;
  const gap = share < 1 ? -Math.log2(share) - ((1 - share) / share) * Math.log2(1 - share) : 0;
  return Math.ceil(detectedPulses * (gap + 2 + Math.ceil(Math.log2(intensities))));
}
