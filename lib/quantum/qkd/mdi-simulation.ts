import { requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { type MdiIntensities, type MdiLink, requireLink } from './mdi.js';
import { dephasingFlip, type MemoryRelay } from './memory-mdi.js';

/** What was announced in so many trials of one basis. */
export interface Announced {
  trials: number;
  announced: number;
  errors: number;
}

const TWO_PI = 2 * Math.PI;

/**
 * Counts announcements of a relay with four threshold detectors: in each trial both send a random bit in a basis with
 * a random phase, the pulses meet on a beam splitter, and each output is split by polarization. Announced are exactly two
 * clicks of opposite polarization: in one output Psi+, in both Psi-.
 * @throws InputError when an option is out of range.
 */
export function simulateMdi(
  link: MdiLink,
  intensities: MdiIntensities,
  options: { basis: 'rectilinear' | 'diagonal'; trials: number },
  rng: Rng,
): Announced {
  const { efficiencyA, efficiencyB, darkProbability, misalignment } = requireLink(link);
  const trials = requireInteger('trials', options.trials, 1, 1e9);
  const a = Math.sqrt(efficiencyA * intensities.meanPhotonNumberA);
  const b = Math.sqrt(efficiencyB * intensities.meanPhotonNumberB);
  const diagonal = options.basis === 'diagonal';
  let [announced, errors] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const bits = rng.uint32();
    const [bitA, bitB] = [bits & 1, (bits >> 1) & 1];
    const cosine = Math.cos(TWO_PI * rng.uniform());
    const result = bellResult(photonsAt({ a, b, bitA, bitB, diagonal, cosine }), darkProbability, rng);
    if (result === 'none') continue;
    announced++;
    // Opposite bits are right, but for Psi+ in the diagonal basis, which joins equal ones.
    const wantsEqual = diagonal && result === 'psiPlus';
    const wrong = (bitA === bitB) !== wantsEqual;
    if (wrong !== rng.uniform() < misalignment) errors++;
  }
  return { trials, announced, errors };
}

/** Mean photon numbers at the detectors: both polarizations of one output, then of the other. */
function photonsAt(sent: {
  a: number;
  b: number;
  bitA: number;
  bitB: number;
  diagonal: boolean;
  cosine: number;
}): number[] {
  const { a, b, diagonal, cosine } = sent;
  const parts = (bit: number): [number, number] =>
    diagonal ? [Math.SQRT1_2, bit === 0 ? Math.SQRT1_2 : -Math.SQRT1_2] : bit === 0 ? [1, 0] : [0, 1];
  const [fromA, fromB] = [parts(sent.bitA), parts(sent.bitB)];
  const out = (sign: number, k: 0 | 1) =>
    ((a * fromA[k]) ** 2 + (b * fromB[k]) ** 2) / 2 + sign * a * b * fromA[k] * fromB[k] * cosine;
  return [out(1, 0), out(1, 1), out(-1, 0), out(-1, 1)];
}

function bellResult(photons: readonly number[], dark: number, rng: Rng): 'psiPlus' | 'psiMinus' | 'none' {
  let mask = 0;
  for (let k = 0; k < 4; k++) {
    if (rng.uniform() >= (1 - dark) * Math.exp(-photons[k]!)) mask |= 1 << k;
  }
  if (mask === 0b0011 || mask === 0b1100) return 'psiPlus';
  return mask === 0b1001 || mask === 0b0110 ? 'psiMinus' : 'none';
}

/** What so many initialisations of a memory relay gave. */
export interface MemoryCounts {
  initialisations: number;
  /** With photons of both senders stored, and of those with equal bases. */
  stored: number;
  sifted: number;
  /** Sifted results of each basis, and those of them that are wrong. */
  firstBasis: number;
  firstErrors: number;
  secondErrors: number;
}

/**
 * Plays the slots of a memory relay one after the other: heralds, dephasing of the spin, readout, sifting.
 * @throws InputError for a number of initialisations out of range.
 */
export function simulateMemory(relay: MemoryRelay, initialisations: number, rng: Rng): MemoryCounts {
  requireInteger('initialisations', initialisations, 1, 1e9);
  const heralded = relay.photonsPerSlot * relay.heraldEfficiency;
  const flip = dephasingFlip(relay);
  const counts = { initialisations, stored: 0, sifted: 0, firstBasis: 0, firstErrors: 0, secondErrors: 0 };
  for (let round = 0; round < initialisations; round++) {
    if (!bothStored(relay.slots, heralded, rng)) continue;
    counts.stored++;
    if (rng.uniform() >= relay.sifting) continue;
    counts.sifted++;
    const first = rng.uint32() & 1;
    const read = rng.uniform() < (first ? relay.errorFirst : relay.errorSecond);
    const wrong = read !== rng.uniform() < flip ? 1 : 0;
    counts.firstBasis += first;
    if (first) counts.firstErrors += wrong;
    else counts.secondErrors += wrong;
  }
  return counts;
}

/** Whether an even and an odd slot heralds; later slots are not played once both have. */
function bothStored(slots: number, heralded: number, rng: Rng): boolean {
  let senders = 0;
  for (let slot = 0; slot < slots && senders < 3; slot++) {
    if (rng.uniform() < heralded) senders |= 1 << (slot & 1);
  }
  return senders === 3;
}
