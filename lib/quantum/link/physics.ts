import type { Rng } from '../../math/index.js';
import { type BellState, inFrame } from '../bell.js';
import { memoryTimes } from '../hardware/memory.js';
import { decayed } from '../noise.js';
import type { Link, LinkScheme } from './config.js';
import { frameOf, photonProbabilities, withRawFidelity } from './model.js';
import { type BeamSplitter, beamSplitter } from './station.js';

/** How an attempt's memories were prepared, and what its photons did. */
export interface AttemptHistory {
  leftBright: boolean;
  rightBright: boolean;
  /** Every click so far was made by the one photon of its window. */
  byPhotons: boolean;
}

/** The photons, losses and clicks of a link, one round at a time. */
export interface LinkPhysics {
  prepare(): AttemptHistory;
  /** Emission and detection of a round whose photons are due then; whether its herald says success. */
  round(history: AttemptHistory, round: number, duePs: number): boolean;
  /** State of the pair that a history left, some time after its first emission, corrected to phiPlus. */
  stateOf(history: AttemptHistory, ageSec: number): BellState;
}

/** The physics of a link; `left`, `right` and the station draw from streams of their own. */
export function linkPhysics(config: Link, rng: Rng): LinkPhysics {
  const { scheme } = config;
  const [leftRng, rightRng] = [rng.fork('left'), rng.fork('right')];
  const [leftProbability, rightProbability] = photonProbabilities(config);
  const bright = scheme.kind === 'single-click' ? scheme.brightPopulation : 0.5;
  const times = [memoryTimes(config.left.memory), memoryTimes(config.right.memory)] as const;
  const splitters = splittersOf(scheme, rng);
  const coherence = coherenceOf(config);

  const look = (splitter: BeamSplitter, history: AttemptHistory, flipped: boolean, duePs: number) => {
    const left = history.leftBright !== flipped && leftRng.uniform() < leftProbability;
    const right = history.rightBright !== flipped && rightRng.uniform() < rightProbability;
    const { detector, byOnePhoton } = splitter(duePs, left, right);
    history.byPhotons &&= byOnePhoton;
    return detector >= 0;
  };

  return {
    prepare: () => ({
      leftBright: leftRng.uniform() < bright,
      rightBright: rightRng.uniform() < bright,
      byPhotons: true,
    }),
    round(history, round, duePs) {
      if (scheme.kind === 'sender-receiver') return leftRng.uniform() < leftProbability;
      const first = look(splitters[0]!, history, round === 1, duePs);
      const otherRail = splitters[1];
      return otherRail ? look(otherRail, history, true, duePs) && first : first;
    },
    stateOf(history, ageSec) {
      const made = withRawFidelity(config, madeBy(scheme, history, coherence));
      return inFrame(decayed(made, ageSec, ...times), frameOf(scheme));
    },
  };
}

function splittersOf(scheme: LinkScheme, rng: Rng): BeamSplitter[] {
  if (scheme.kind === 'sender-receiver') return [];
  const rails = scheme.kind === 'two-photon' ? ['rail 0', 'rail 1'] : ['station'];
  return rails.map((rail) => beamSplitter(scheme.station, rng.fork(rail)));
}

/** Coherence between the two ways in which opposite memories can make one click a window. */
function coherenceOf(config: Link): number {
  const { scheme } = config;
  if (scheme.kind === 'sender-receiver') return 1;
  if (scheme.kind !== 'single-click') return scheme.station.overlap;
  const [a, b] = photonProbabilities(config);
  const balance = a + b > 0 ? (2 * Math.sqrt(a * b)) / (a + b) : 0;
  return balance * Math.sqrt(scheme.station.overlap) * Math.cos(scheme.phaseRad);
}

/** In the frame of the detectors that clicked. */
function madeBy({ kind }: LinkScheme, history: AttemptHistory, coherence: number): BellState {
  if (kind === 'sender-receiver') return { phiPlus: 1, phiMinus: 0, psiPlus: 0, psiMinus: 0 };
  if (history.leftBright === history.rightBright) {
    return { phiPlus: 0.5, phiMinus: 0.5, psiPlus: 0, psiMinus: 0 };
  }
  const kept = history.byPhotons ? coherence : 0;
  return { phiPlus: 0, phiMinus: 0, psiPlus: (1 + kept) / 2, psiMinus: (1 - kept) / 2 };
}
