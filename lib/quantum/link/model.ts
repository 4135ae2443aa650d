import { InputError } from '../../base/index.js';
import { type BellState, convolved, inFrame, wernerState, wernerWeight } from '../bell.js';
import { fibreTransmissivity } from '../hardware/fibre.js';
import { cutoffPs, memoryTimes } from '../hardware/memory.js';
import { stationWindow } from '../hardware/station.js';
import { barrettKok, type Heralded, senderReceiver, singleClick, twoPhoton } from '../herald.js';
import { decayed, type MemoryTimes } from '../noise.js';
import { PS_PER_SEC } from '../units.js';
import type { Link, LinkScheme } from './config.js';
import { type LinkTiming, linkTiming, outcomePs, roundPs } from './timing.js';

/** What a link does, in closed form: all that a network needs to know of it, and all that skip-ahead draws from. */
export interface LinkModel {
  /** Probability that an attempt ends with a pair. */
  readonly successProbability: number;
  /** Rounds of a successful attempt, and the probability that the first of them goes well. */
  readonly rounds: 1 | 2;
  readonly firstRoundProbability: number;
  /** From one round's start to the next, when both memories do nothing else: integer ps, on the grid of the slots. */
  readonly roundPs: number;
  /** From emission in the round that succeeds to the moment when both ends know and have done their local operations. */
  readonly heraldPs: number;
  /** Mean duration of an attempt, failed ones included, seconds. */
  readonly attemptSec: number;
  /** Pairs a second of one pair of memories that starts anew at every herald. */
  readonly ratePerSec: number;
  /** The pair at the herald, corrected to phiPlus; decayed since the first emission. */
  readonly state: BellState;
  /** Lifetimes of the memories at both ends. */
  readonly times: readonly [MemoryTimes, MemoryTimes];
  /** A pair is given up so long after its first emission; infinite without a cutoff. */
  readonly cutoffPs: number;
  readonly timing: LinkTiming;
}

/**
 * The closed form of a link.
 * @throws InputError when the window of the station is longer than a slot, the cutoff ends before the herald, or no herald
 * can come.
 */
export function linkModel(config: Link): LinkModel {
  const timing = linkTiming(config);
  const { successProbability, state } = heralded(config);
  const rounds = config.scheme.kind === 'barrett-kok' ? 2 : 1;
  const firstRoundProbability = rounds === 2 ? oneClickProbability(config) : successProbability;
  const period = roundPs(timing);
  const heraldPs = Math.max(...timing.photonPs) + outcomePs(timing);
  const attemptSec = ((rounds === 2 ? 1 + firstRoundProbability : 1) * period) / PS_PER_SEC;
  const times = [memoryTimes(config.left.memory), memoryTimes(config.right.memory)] as const;
  const ageSec = ((rounds - 1) * period + heraldPs) / PS_PER_SEC;
  return {
    successProbability,
    rounds,
    firstRoundProbability,
    roundPs: period,
    heraldPs,
    attemptSec,
    ratePerSec: successProbability / attemptSec,
    state: inFrame(decayed(withRawFidelity(config, state), ageSec, ...times), frameOf(config.scheme)),
    times,
    cutoffPs: requireCutoff(config, ageSec),
    timing,
  };
}

/** The same link, but every attempt ends with a pair: for tests of what is built upon links. */
export function alwaysSucceeds(model: LinkModel): LinkModel {
  const attemptSec = (model.rounds * model.roundPs) / PS_PER_SEC;
  const certain = { successProbability: 1, firstRoundProbability: 1 };
  return { ...model, ...certain, attemptSec, ratePerSec: 1 / attemptSec };
}

/** Bell state that the scheme heralds, before its correction to phiPlus. */
export const frameOf = ({ kind }: LinkScheme) => (kind === 'sender-receiver' ? 'phiPlus' : 'psiPlus');

/** A state of perfect memories as memories of some raw fidelity leave it: Werner noise of both ends. */
export function withRawFidelity({ left, right }: Link, state: BellState): BellState {
  const [a, b] = [wernerWeight(left.memory.rawFidelity), wernerWeight(right.memory.rawFidelity)];
  const weight = Math.sqrt(a * b);
  return weight === 1 ? state : convolved(state, wernerState((1 + 3 * weight) / 4));
}

/** Probability that an excited, bright memory's photon reaches the station (or, from sender to receiver, its memory). */
export function photonProbabilities({ scheme, left, right }: Link): [left: number, right: number] {
  const arms = [left, right].map((arm) => arm.memory.efficiency * fibreTransmissivity(arm.fibre));
  const [a, b] = arms as [number, number];
  return scheme.kind === 'sender-receiver' ? [a * b, 0] : [a, b];
}

function heralded(config: Link): Heralded {
  const { scheme } = config;
  const [left, right] = photonProbabilities(config);
  if (scheme.kind === 'sender-receiver') return senderReceiver({ efficiency: left });
  const { efficiency, darkProbability } = stationWindow(scheme.station);
  const arms = {
    efficiencyA: left * efficiency,
    efficiencyB: right * efficiency,
    overlap: scheme.station.overlap,
    darkProbability,
  };
  if (scheme.kind === 'single-click') {
    const { brightPopulation, phaseRad } = scheme;
    return singleClick({ ...arms, brightPopulation, phaseRad });
  }
  return scheme.kind === 'barrett-kok' ? barrettKok(arms) : twoPhoton(arms);
}

/** Probability that exactly one of two detectors clicks, when each memory is bright half the time. */
function oneClickProbability(config: Link): number {
  const { scheme } = config;
  if (scheme.kind === 'sender-receiver') return 1;
  const { efficiency, darkProbability } = stationWindow(scheme.station);
  const [a, b] = photonProbabilities(config).map((photon) => photon * efficiency) as [number, number];
  const quiet = 1 - darkProbability;
  const dark = 2 * darkProbability * quiet;
  const one = (seen: number) => seen * quiet + (1 - seen) * dark;
  const oneDetector = a * (1 - b) + b * (1 - a) + (a * b * (1 + scheme.station.overlap)) / 2;
  const both = oneDetector * quiet + (1 - a) * (1 - b) * dark;
  return (dark + one(a) + one(b) + both) / 4;
}

function requireCutoff({ left, right }: Link, ageSec: number): number {
  const least = Math.min(cutoffPs(left.memory), cutoffPs(right.memory));
  if (least <= ageSec * PS_PER_SEC) {
    throw new InputError(
      `cutoffSec is ${least / PS_PER_SEC}; allowed: more than the age of a pair at its herald, ${ageSec} s`,
    );
  }
  return least;
}
