import { z } from 'zod';
import { requireRange, requireSchema } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  type BellState,
  convolved,
  FULLY_MIXED,
  inFrame,
  mixed,
  requireProbability,
  swapped,
  wernerState,
} from '../bell.js';
import { pairSourceSchema } from '../hardware/source.js';
import { transmissivity } from '../units.js';
import {
  type ChshSettings,
  type Coincidences,
  type Correlations,
  correlationAlong,
  correlationsOf,
  type Direction,
} from '../witness.js';

const share = z.number().min(0).max(1);

/**
 * Entanglement swapping with photons: two pair sources fired by the same pulses; the inner photons meet on a beam splitter
 * with polarizing analysers that tell Psi+ and Psi- apart; one outer photon is analysed at the sources, the other one
 * beyond a long link. Every four-fold coincidence counts. Assumed: counts to leading order in the mean pair number,
 * independent pulses, and photons of different pairs without polarization correlation.
 */
export const swapExperimentSchema = z
  .strictObject({
    /** Of both sources; their mean pair number is at most 0.1, where the leading order holds. */
    source: pairSourceSchema
      .refine(({ meanPairNumber }) => meanPairNumber <= 0.1, 'meanPairNumber is above 0.1')
      .prefault({}),
    /** Squared overlap of the two photons on the beam splitter. */
    overlap: share.default(0.9),
    /** Probability that a photon analysed at the sources is detected, for each of the three. */
    localEfficiency: share.default(0.2),
    /** Loss of the long link. */
    channelLossDb: z.number().min(0).max(100).default(30),
    /** Probability that a photon which arrives at its far end is detected. */
    remoteEfficiency: share.default(0.4),
    /** Clicks a second without light of each of the two detectors there. */
    remoteDarkCountRateHz: z.number().min(0).max(1e9).default(200),
    /** Window within which a click there counts for a pulse. */
    coincidenceWindowSec: z.number().min(0).max(1e-3).default(3e-9),
  })
  .readonly();

/** See `swapExperimentSchema`. Frozen. */
export type SwapExperiment = z.output<typeof swapExperimentSchema>;
export type SwapExperimentInput = z.input<typeof swapExperimentSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const swapExperiment = (input: SwapExperimentInput = {}): SwapExperiment =>
  requireSchema('swapping experiment', swapExperimentSchema, input);

/** Four-fold coincidences of one origin. */
export interface FourFolds {
  origin: 'one pair each' | 'several pairs' | 'dark clicks';
  ratePerSec: number;
  /** Outer photons, with the correction by the announced Bell state counted in: ideally psiMinus. */
  state: BellState;
}

/**
 * Rates and states of all four-folds. With p pairs a pulse from each source, of thermal number in two modes: one pair each
 * gives p^2 eta_local^3 eta_remote / 2. Mixtures of pairs, in which the two outer photons do not belong together, are 6 p
 * as many: 1.5 p for each source that gives its two photons from different pairs, and 1.5 p for each source whose own
 * two photons make the Bell measurement. Dark clicks stand in for the remote photon after a three-fold, of which there are
 * 2.5 a pair of pairs for the same reason.
 */
export function fourFolds(experiment: SwapExperiment): FourFolds[] {
  const { source, localEfficiency, remoteEfficiency, remoteDarkCountRateHz } = experiment;
  const pairs = source.meanPairNumber;
  const threeFolds = (source.pulseRateHz * pairs ** 2 * localEfficiency ** 3) / 2;
  const remote = transmissivity(experiment.channelLossDb) * remoteEfficiency;
  const dark = 2 * remoteDarkCountRateHz * experiment.coincidenceWindowSec;
  return [
    { origin: 'one pair each', ratePerSec: threeFolds * remote, state: idealState(experiment) },
    { origin: 'several pairs', ratePerSec: 6 * pairs * threeFolds * remote, state: FULLY_MIXED },
    { origin: 'dark clicks', ratePerSec: 2.5 * threeFolds * dark, state: FULLY_MIXED },
  ];
}

/** Two Werner pairs swapped; photons that do not overlap confuse Psi+ and Psi-. */
function idealState({ source, overlap }: SwapExperiment): BellState {
  const pair = wernerState(source.fidelity);
  const confusion = { phiPlus: (1 + overlap) / 2, phiMinus: (1 - overlap) / 2, psiPlus: 0, psiMinus: 0 };
  return inFrame(convolved(swapped(pair, pair), confusion), 'psiMinus');
}

/** The state of the outer photons of all four-folds together, ideally psiMinus, and how many there are. */
export function swappedPair(experiment: SwapExperiment): { state: BellState; ratePerSec: number } {
  const all = fourFolds(experiment);
  const ratePerSec = all.reduce((sum, one) => sum + one.ratePerSec, 0);
  const signal = all[0]!;
  if (ratePerSec === 0) return { state: FULLY_MIXED, ratePerSec };
  return { state: mixed(signal.ratePerSec / ratePerSec, signal.state, FULLY_MIXED), ratePerSec };
}

const AXES: Readonly<Record<'x' | 'y' | 'z', Direction>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/**
 * Counts four-folds, one after the other, in the bases X, Y and Z (D/A, R/L and H/V) for the same time each.
 * @throws InputError for a time outside 0 to 1e9 s.
 */
export function countBases(
  experiment: SwapExperiment,
  secPerBasis: number,
  rng: Rng,
): Record<'x' | 'y' | 'z', Coincidences> {
  const count = (axis: 'x' | 'y' | 'z') =>
    countAlong(experiment, { along: [AXES[axis], AXES[axis]], seconds: secPerBasis }, rng.fork(axis));
  return { x: count('x'), y: count('y'), z: count('z') };
}

/**
 * Counts four-folds for the four pairs of questions of a CHSH test, in the order (0,0), (0,1), (1,0), (1,1).
 * @throws InputError for a time outside 0 to 1e9 s.
 */
export function countChsh(
  experiment: SwapExperiment,
  options: { settings: ChshSettings; secPerSetting: number },
  rng: Rng,
): [Coincidences, Coincidences, Coincidences, Coincidences] {
  const { alice, bob } = options.settings;
  const count = (a: 0 | 1, b: 0 | 1) =>
    countAlong(
      experiment,
      { along: [alice[a], bob[b]], seconds: options.secPerSetting },
      rng.fork(`${a}${b}`),
    );
  return [count(0, 0), count(0, 1), count(1, 0), count(1, 1)];
}

function countAlong(
  experiment: SwapExperiment,
  { along, seconds }: { along: readonly [Direction, Direction]; seconds: number },
  rng: Rng,
): Coincidences {
  requireRange('seconds', seconds, 0, 1e9, 's');
  const counts = { same: 0, different: 0 };
  for (const { origin, ratePerSec, state } of fourFolds(experiment)) {
    if (ratePerSec === 0) continue;
    const stream = rng.fork(origin);
    const same = (1 + correlationAlong(correlationsOf(state), ...along)) / 2;
    let timeSec = stream.exponential(1 / ratePerSec);
    for (; timeSec < seconds; timeSec += stream.exponential(1 / ratePerSec)) {
      if (stream.uniform() < same) counts.same++;
      else counts.different++;
    }
  }
  return counts;
}

/**
 * Mean fidelity of a qubit teleported over a pair of a fidelity with a maximally entangled state: (2 F + 1)/3 (Horodecki,
 * Horodecki and Horodecki 1999); 2/3 needs no entanglement.
 * @throws InputError for a fidelity outside [0, 1].
 */
export const teleportationFidelity = (pairFidelity: number): number =>
  (2 * requireProbability('pairFidelity', pairFidelity) + 1) / 3;

/** Counts teleported qubits, each one of the six eigenstates of X, Y and Z, that are found as they were sent. */
export function countTeleported(state: BellState, qubits: number, rng: Rng): number {
  const correlations: Correlations = correlationsOf(state);
  const kept = [-correlations.xx, -correlations.yy, -correlations.zz].map((c) => (1 + c) / 2);
  let right = 0;
  for (let k = 0; k < qubits; k++) if (rng.uniform() < kept[rng.integer(3)]!) right++;
  return right;
}
