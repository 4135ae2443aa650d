import { type Rng, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  armEfficiency,
  attemptSec,
  type BellState,
  bestChsh,
  CHSH_CLASSICAL_WIN,
  COMMUNICATION_PROBLEMS,
  chshWin,
  communicationCosts,
  correlationAlong,
  correlationsOf,
  decayed,
  decisionLatency,
  FIBRE_SPEED_KM_PER_SEC,
  ghzWin,
  superdenseBits,
  twoPhoton,
  wernerState,
} from 'semwave/quantum';
import { advantageFigures, SYSTEMS } from './advantage-figures.js';

export default defineExperiment({
  id: 'quantum/advantage',
  title: 'What entanglement is good for: coordination, coding, communication, decisions',
  paper: 'Clauser et al. 1969; Mermin 1990; Buhrman, Cleve, Wigderson 1998; Buhrman et al. 2001',
  purpose:
    'games won over fidelity, distance and storage; when decisions fall; bits and qubits that problems take',
  params: {
    fidelity: param.grid({ from: 0.5, to: 1, step: 0.0125, min: 0.25, max: 1, about: 'of Werner pairs' }),
    distanceKm: param.grid({
      unit: 'km',
      from: 20,
      to: 600,
      step: 20,
      min: 1,
      max: 2000,
      about: 'of the two sides',
    }),
    storedSec: param.grid([0, 0.1, 0.3], { unit: 's', about: 'that a pair waits for its questions' }),
    games: param.integer({ default: 100_000, min: 100, max: 1e8, about: 'played at each point' }),
    attenuation: param.number({
      default: 0.2,
      min: 0.1,
      max: 10,
      unit: 'dB/km',
      about: 'of the fibre to the middle',
    }),
    emission: param.number({ default: 0.5, min: 0.001, max: 1, about: 'efficiency of a memory that emits' }),
    detector: param.number({ default: 0.8, min: 0.001, max: 1, about: 'efficiency of a detector' }),
    overlap: param.number({ default: 0.95, min: 0, max: 1, about: 'of the two photons' }),
    darkProbability: param.number({ default: 1e-6, min: 0, max: 0.1, about: 'of a dark count in a window' }),
    t1Sec: param.number({ default: 10, min: 1e-6, max: 1e6, unit: 's', about: 'of the memories' }),
    t2Sec: param.number({
      default: 1,
      min: 1e-6,
      max: 1e6,
      unit: 's',
      about: 'of the memories, at most 2 T1',
    }),
    measurementSec: param.number({ default: 1e-5, min: 0, max: 1, unit: 's', about: 'to measure a memory' }),
  },
  presets: {
    quick: { cost: '15 seconds on two cores', games: 20_000 },
    paper: { cost: '1 minute on two cores', games: 1_000_000 },
  },

  points({ fidelity, distanceKm, storedSec }) {
    return [
      ...fidelity.map((f) => ({ part: 'fidelity', fidelity: f })),
      ...storedSec.map((s) => ({ part: 'distance', storedSec: s, distances: [...distanceKm] })),
      ...COMMUNICATION_PROBLEMS.map((problem) => ({ part: 'communication', problem })),
    ];
  },

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    if ('fidelity' in point) yield* overFidelity(point.fidelity, config, rng);
    else if ('distances' in point) yield* overDistance(point, config, rng);
    else yield* communication(point.problem);
  },

  figures: (rows) => advantageFigures(rows),
});

const won = (value: number) => ({ value, unit: 'ratio', metric: 'games won' });
const atOnce = { value: 0, unit: 's', metric: 'from question to answer' };

/** Plays the game: shared pair, random questions, outcomes as often as quantum mechanics has them. */
function play(state: BellState, games: number, rng: Rng): NewRow['accuracy'] {
  const { value: s, settings } = bestChsh(state);
  const useless = s <= 2;
  const correlations = correlationsOf(state);
  let wins = 0;
  for (let game = 0; game < games; game++) {
    const [x, y] = [rng.integer(2) as 0 | 1, rng.integer(2) as 0 | 1];
    // Without use for the pair both always answer 0.
    const correlation = useless ? 1 : correlationAlong(correlations, settings.alice[x], settings.bob[y]);
    const differ = rng.uniform() >= (1 + correlation) / 2;
    if (differ === (x === 1 && y === 1)) wins++;
  }
  return { ...won(wins / games), ci95: wilsonInterval(wins, games), stopRule: `${games} games` };
}

function* overFidelity(fidelity: number, { games }: { games: number }, rng: Rng): Generator<NewRow> {
  const state = wernerState(fidelity);
  const pairs = (value: number) => ({ value, unit: 'pairs/game' });
  const rows = { rate: pairs(1), latency: atOnce };
  yield { system: SYSTEMS.played, ...rows, accuracy: play(state, games, rng) };
  yield { system: SYSTEMS.chsh, ...rows, accuracy: won(chshWin(state)) };
  yield {
    system: SYSTEMS.ghz,
    rate: pairs(3),
    latency: atOnce,
    accuracy: won(ghzWin([fidelity, fidelity, fidelity])),
  };
  yield { system: SYSTEMS.classical, rate: pairs(0), latency: atOnce, accuracy: won(CHSH_CLASSICAL_WIN) };
  yield {
    system: SYSTEMS.superdense,
    rate: { value: superdenseBits(state), unit: 'bit/qubit', metric: 'superdense coding' },
    accuracy: { value: fidelity, unit: 'fidelity', metric: 'of the pair' },
    latency: atOnce,
  };
}

interface LinkConfig {
  games: number;
  attenuation: number;
  emission: number;
  detector: number;
  overlap: number;
  darkProbability: number;
  t1Sec: number;
  t2Sec: number;
  measurementSec: number;
}

/** Pairs made ahead over fibre, told of, stored, and used when the questions come. */
function* overDistance(
  { storedSec, distances }: { storedSec: number; distances: readonly number[] },
  config: LinkConfig,
  rng: Rng,
): Generator<NewRow> {
  const { overlap, darkProbability, measurementSec } = config;
  for (const distanceKm of distances) {
    const lightSec = distanceKm / FIBRE_SPEED_KM_PER_SEC;
    const efficiency = armEfficiency({
      lengthKm: distanceKm / 2,
      attenuationDbPerKm: config.attenuation,
      emissionEfficiency: config.emission,
      detectorEfficiency: config.detector,
    });
    const heralded = twoPhoton({
      efficiencyA: efficiency,
      efficiencyB: efficiency,
      overlap,
      darkProbability,
    });
    const state = decayed(heralded.state, lightSec + storedSec, config);
    const pairSec = attemptSec('two-photon', { endToEndSec: lightSec }) / heralded.successProbability;
    const rate = { value: 1 / pairSec, unit: 'pairs/s', metric: 'made ahead, one memory a side' };
    const { classicalSec, quantumSec } = decisionLatency({ distanceKm, measurementSec });
    const latency = (value: number) => ({ ...atOnce, value });
    const params = { distanceKm };
    const played = play(state, config.games, rng.fork(distanceKm));
    const entangled = { rate, latency: latency(quantumSec), params };
    yield { system: SYSTEMS.played, ...entangled, accuracy: played };
    yield { system: SYSTEMS.chsh, ...entangled, accuracy: won(chshWin(state)) };
    const none = { rate: { ...rate, value: 0 }, params };
    yield { system: SYSTEMS.classical, ...none, latency: latency(0), accuracy: won(CHSH_CLASSICAL_WIN) };
    yield { system: SYSTEMS.talk, ...none, latency: latency(classicalSec), accuracy: won(1) };
    yield {
      system: SYSTEMS.onDemand,
      ...entangled,
      latency: latency(pairSec + quantumSec),
      accuracy: won(chshWin(decayed(heralded.state, lightSec, config))),
    };
  }
}

/** Least share of right answers of the protocols counted. */
const RIGHT = { 'deutsch-jozsa': 1, equality: 0.99, disjointness: 2 / 3 };

function* communication(problem: (typeof COMMUNICATION_PROBLEMS)[number]): Generator<NewRow> {
  for (let exponent = 4; exponent <= 40; exponent++) {
    const { classicalBits, quantumQubits } = communicationCosts(problem, 2 ** exponent);
    for (const [system, cost] of Object.entries({
      [SYSTEMS.bits]: classicalBits,
      [SYSTEMS.qubits]: quantumQubits,
    })) {
      yield {
        system,
        rate: { value: cost.sent, unit: 'bit', metric: 'sent in all' },
        accuracy: { value: RIGHT[problem], unit: 'ratio', metric: 'answers that are right' },
        latency: { value: 0, unit: 's', metric: 'not modelled' },
        params: { log2Bits: exponent, order: cost.order },
      };
    }
  }
}
