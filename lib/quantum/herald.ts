import { InputError, requireRange } from '../base/index.js';
import { type BellState, requireProbability } from './bell.js';
import { transmissivity } from './units.js';

/** What a heralding scheme gives an attempt. */
export interface Heralded {
  successProbability: number;
  /**
   * The pair when the herald fires, seen in the frame of the detectors that fired: psiPlus is the wished state of the
   * schemes with a station in the middle (half their heralds announce psiMinus), phiPlus that of sender and receiver.
   */
  state: BellState;
}

/** Two arms that meet at a station in the middle. */
export interface HeraldArms {
  /** Probability that arm A's photon, once asked for, makes its detector click: emission, fibre, detector. */
  efficiencyA: number;
  efficiencyB: number;
  /** Overlap |<a|b>|² of the two photons' wave packets, as Hong, Ou and Mandel see it; 1 unless given. */
  overlap?: number;
  /** Probability of a dark count per detector and detection window; 0 unless given. */
  darkProbability?: number;
}

/**
 * Efficiency of an arm: emission, fibre and detector.
 * @param attenuationDbPerKm from 0 to 1,000 dB/km
 * @throws InputError for a probability outside [0, 1] or a length below 0.
 */
export function armEfficiency(arm: {
  lengthKm: number;
  attenuationDbPerKm: number;
  emissionEfficiency?: number;
  detectorEfficiency?: number;
}): number {
  const { lengthKm, attenuationDbPerKm, emissionEfficiency = 1, detectorEfficiency = 1 } = arm;
  requireRange('lengthKm', lengthKm, 0, 1e6, 'km');
  requireRange('attenuationDbPerKm', attenuationDbPerKm, 0, 1000, 'dB/km');
  return (
    requireProbability('emissionEfficiency', emissionEfficiency) *
    transmissivity(attenuationDbPerKm * lengthKm) *
    requireProbability('detectorEfficiency', detectorEfficiency)
  );
}

/**
 * Barrett and Kok (2005): two rounds, the memories flipped between them, one click in each. P = ηA ηB / 2 and
 * F = (1 + overlap) / 2 without dark counts; with them, every way to see one click a round is counted.
 * @throws InputError for a probability outside [0, 1].
 */
export const barrettKok = (arms: HeraldArms): Heralded => twoClicks(arms);

/**
 * Two photons in dual-rail encoding (polarisation, time bin) that meet once: one click in each rail. Probability and
 * state are those of Barrett and Kok, whose two rounds stand for the two rails, but an attempt takes one round.
 *
 * SeQUeNCe's "single heralded" is this scheme, two clicks in one round, and not `singleClick`.
 * @throws InputError for a probability outside [0, 1].
 */
export const twoPhoton = (arms: HeraldArms): Heralded => twoClicks(arms);

/**
 * Two modes (rounds or rails), each of which must make exactly one of its two detectors click. The memories are
 * opposite half the time: a photon in each mode. They are alike otherwise: both photons are in one mode, and only a dark
 * count can make the other one click. A photon that is lost takes the coherence with it.
 */
function twoClicks({
  efficiencyA: a,
  efficiencyB: b,
  overlap = 1,
  darkProbability = 0,
}: HeraldArms): Heralded {
  requireArms(a, b, overlap, darkProbability);
  const quiet = 1 - darkProbability;
  const dark = 2 * darkProbability * quiet;
  const coherent = (a * b * quiet * quiet) / 2;
  const oneSeen = a * (1 - b) + b * (1 - a);
  const noneSeen = (1 - a) * (1 - b);
  const lostOne = (oneSeen * quiet * dark + noneSeen * dark * dark) / 2;
  const alike = (dark * ((a * b * (1 + overlap)) / 2 + oneSeen) * quiet + noneSeen * dark * dark) / 2;
  return heraldedPair({ coherent, coherence: overlap, incoherent: lostOne, alike });
}

/**
 * Cabrillo et al. (1999), Bose et al. (1999): each memory emits with the probability `brightPopulation`, and exactly one
 * of two detectors, which do not count photons, must click. At equal arms, full overlap and no dark counts
 * P = 2 a η - a² η² and F = 2 (1 - a) / (2 - a η). Coherence scales with √overlap · cos(phase).
 * @param arms.phaseRad phase between the two arms, radians; 0 unless given
 * @throws InputError for a probability outside [0, 1], or when no herald can fire.
 */
export function singleClick(arms: HeraldArms & { brightPopulation: number; phaseRad?: number }): Heralded {
  const { efficiencyA, efficiencyB, overlap = 1, darkProbability = 0, phaseRad = 0 } = arms;
  const bright = requireProbability('brightPopulation', arms.brightPopulation);
  requireArms(efficiencyA, efficiencyB, overlap, darkProbability);
  const quiet = 1 - darkProbability;
  const dark = 2 * darkProbability * quiet;
  const one = bright * (1 - bright);
  const sum = efficiencyA + efficiencyB;
  const product = efficiencyA * efficiencyB;
  const oneDetector = sum - 2 * product + (product * (1 + overlap)) / 2;
  const alike =
    (1 - bright) ** 2 * dark +
    bright ** 2 * (oneDetector * quiet + (1 - efficiencyA) * (1 - efficiencyB) * dark);
  const balance = sum > 0 ? (2 * Math.sqrt(product)) / sum : 0;
  return heraldedPair({
    coherent: one * sum * quiet,
    coherence: balance * Math.sqrt(overlap) * Math.cos(phaseRad),
    incoherent: one * (2 - sum) * dark,
    alike,
  });
}

/**
 * A pair made at the sender, one half absorbed by the receiver's memory, which heralds it: P = η, phiPlus. A dark count
 * of the herald leaves two qubits that know nothing of each other.
 * @param arm.efficiency emission, fibre, absorption and heralding
 * @throws InputError for a probability outside [0, 1].
 */
export function senderReceiver(arm: { efficiency: number; darkProbability?: number }): Heralded {
  const { efficiency, darkProbability = 0 } = arm;
  requireProbability('efficiency', efficiency);
  requireProbability('darkProbability', darkProbability);
  const wrong = (1 - efficiency) * darkProbability;
  const successProbability = efficiency + wrong;
  requireHerald(successProbability);
  const rest = wrong / 4 / successProbability;
  const state = { phiPlus: 1 - 3 * rest, phiMinus: rest, psiPlus: rest, psiMinus: rest };
  return { successProbability, state };
}

interface HeraldShares {
  /** Probability of a herald by one photon of opposite memories, and the coherence it leaves, -1 to 1. */
  coherent: number;
  coherence: number;
  /** Probability of a herald with opposite memories and no coherence. */
  incoherent: number;
  /** Probability of a herald with both memories alike. */
  alike: number;
}

function heraldedPair({ coherent, coherence, incoherent, alike }: HeraldShares): Heralded {
  const successProbability = coherent + incoherent + alike;
  requireHerald(successProbability);
  const opposite = (coherent + incoherent) / successProbability / 2;
  const gain = (coherent * coherence) / successProbability / 2;
  const phi = alike / successProbability / 2;
  const state = { phiPlus: phi, phiMinus: phi, psiPlus: opposite + gain, psiMinus: opposite - gain };
  return { successProbability, state };
}

/** The heralding schemes. */
export const HERALD_SCHEMES = ['barrett-kok', 'two-photon', 'single-click', 'sender-receiver'] as const;

export type HeraldScheme = (typeof HERALD_SCHEMES)[number];

/** What sets the pace of attempts, seconds. */
export interface AttemptTiming {
  /** One-way light delay between the two ends, through the station in the middle if there is one. */
  endToEndSec: number;
  /** Local operations a round: initialisation, emission, gates; 0 unless given. */
  localSec?: number;
  /** Least time between two uses of a memory: its reset; 0 unless given. */
  resetSec?: number;
}

/** Light delays and rounds of local operations in an attempt. */
const ROUNDS: Record<HeraldScheme, { delays: number; locals: number }> = {
  'barrett-kok': { delays: 2, locals: 2 },
  'two-photon': { delays: 1, locals: 1 },
  'single-click': { delays: 1, locals: 1 },
  'sender-receiver': { delays: 2, locals: 1 },
};

/**
 * Duration of an attempt, seconds: photons to the middle and the outcome back take one end-to-end delay a round; from
 * sender to receiver and back take two. Never below the memory's reset.
 *
 * SeQUeNCe negotiates every round anew: its Barrett-Kok attempt takes three delays and one local time when the first
 * round fails, six and two otherwise.
 * @throws InputError for a negative time.
 */
export function attemptSec(scheme: HeraldScheme, timing: AttemptTiming): number {
  const { endToEndSec, localSec = 0, resetSec = 0 } = timing;
  for (const [name, value] of Object.entries({ endToEndSec, localSec, resetSec })) {
    if (!(value >= 0)) throw new InputError(`${name} is ${value}; allowed: a time from 0`);
  }
  const { delays, locals } = ROUNDS[scheme];
  return Math.max(delays * endToEndSec + locals * localSec, resetSec);
}

function requireArms(efficiencyA: number, efficiencyB: number, overlap: number, dark: number): void {
  requireProbability('efficiencyA', efficiencyA);
  requireProbability('efficiencyB', efficiencyB);
  requireProbability('overlap', overlap);
  requireProbability('darkProbability', dark);
}

function requireHerald(successProbability: number): void {
  if (!(successProbability > 0)) {
    throw new InputError(
      'the herald never fires; allowed: an efficiency or a dark count probability above 0',
    );
  }
}
