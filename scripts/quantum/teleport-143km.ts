import { mean, percentile, type Rng, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  bestChsh,
  type Counted,
  chshFrom,
  correlationsOf,
  countBases,
  countChsh,
  countTeleported,
  fadingTransmissivity,
  freeSpace,
  meanLoss,
  type SwapExperiment,
  swapExperiment,
  swappedPair,
  teleportationFidelity,
  turbulentSpreadRad,
  witnessFrom,
  witnessValue,
} from 'semwave/quantum';
import { teleportFigures } from './teleport-143km-figures.js';

/** Two sets of pairs and interference: what is assumed of the experiment, and what a Bell test would need. */
const assumed = { source: { fidelity: 0.95, meanPairNumber: 0.02 }, overlap: 0.8 };
const better = {
  source: { fidelity: 0.99, meanPairNumber: 0.008 },
  overlap: 0.97,
  localEfficiency: 0.4,
  remoteEfficiency: 0.6,
};
const hardware = { localEfficiency: 0.15, remoteEfficiency: 0.3, remoteDarkCountRateHz: 500 };
const pairs: Record<string, (channelLossDb: number) => SwapExperiment> = {
  'assumed pairs': (channelLossDb) => swapExperiment({ ...hardware, ...assumed, channelLossDb }),
  'better pairs': (channelLossDb) => swapExperiment({ ...hardware, ...better, channelLossDb }),
};

const HOUR = 3600;
const distanceMeters = 1.43e5;

export default defineExperiment({
  id: 'quantum/teleport-143km',
  title: 'Entanglement swapped over 143 km of air',
  paper: 'Herbst et al. 2015 (simulated; sources, losses and times are assumptions)',
  purpose:
    'four-photon counts between two islands: witness, CHSH and teleportation with their counting statistics',
  params: {
    channelLossDb: param.grid({ unit: 'dB', from: 20, to: 50, step: 2, max: 70, about: 'of the link' }),
    hours: param.grid([1, 1.5, 2, 3, 4, 6, 8, 12, 16], { unit: 'h', about: 'counting in each basis' }),
    structureConstant: param.grid([1e-18, 3e-18, 1e-17, 3e-17, 1e-16, 3e-16], {
      unit: 'm^(-2/3)',
      about: 'strength of turbulence, even along the path',
    }),
    lossDb: param.number({ default: 32, min: 0, max: 70, unit: 'dB', about: 'loss where it is not swept' }),
    hoursPerBasis: param.number({
      default: 4,
      min: 0.01,
      max: 1e4,
      unit: 'h',
      about: 'where it is not swept',
    }),
    repeats: param.integer({ default: 2000, min: 2, max: 1e6, about: 'runs that check the estimators' }),
  },
  presets: {
    quick: { cost: '20 seconds on two cores', repeats: 200 },
    paper: { cost: '1 minute on two cores' },
  },

  points: ({ channelLossDb, hours, structureConstant }) => [
    ...channelLossDb.map((lossDb) => ({ part: 'loss', lossDb })),
    ...hours.map((h) => ({ part: 'time', hours: h })),
    ...structureConstant.map((constant) => ({ part: 'air', structureConstant: constant })),
    { part: 'bias' },
  ],

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    if ('lossDb' in point) yield* overLoss(point.lossDb, config.hoursPerBasis, rng);
    else if ('hours' in point) yield* overTime(config.lossDb, point.hours, rng);
    else if ('structureConstant' in point) yield air(point.structureConstant, rng);
    else yield* bias(config, rng);
  },

  figures: (rows) => teleportFigures(rows),
});

const ci = ({ value, standardError }: Counted): [number, number] => [
  value - 1.96 * standardError,
  value + 1.96 * standardError,
];
const perHour = (experiment: SwapExperiment) => ({
  value: swappedPair(experiment).ratePerSec * HOUR,
  unit: 'four-folds/h',
  metric: 'expected',
});
const counting = (seconds: number) => ({ value: seconds, unit: 's', metric: 'counting' });

function* overLoss(lossDb: number, hours: number, rng: Rng): Generator<NewRow> {
  const seconds = hours * HOUR;
  for (const [name, make] of Object.entries(pairs)) {
    const experiment = make(lossDb);
    const { state } = swappedPair(experiment);
    const stream = rng.fork(name);
    const row = (kind: string, system: string, accuracy: NewRow['accuracy'], taken: number): NewRow => ({
      system,
      rate: perHour(experiment),
      accuracy,
      latency: counting(taken),
      params: { kind },
    });
    const witness = { unit: 'ratio', metric: 'witness' };
    const expected = witnessValue(correlationsOf(state), 'psiMinus');
    yield row('witness', `${name}, closed form`, { ...witness, value: expected }, 3 * seconds);
    const counts = countBases(experiment, seconds, stream.fork('witness'));
    if (Object.values(counts).every(({ same, different }) => same + different >= 10)) {
      const found = witnessFrom(counts, 'psiMinus');
      yield row('witness', name, { ...witness, value: found.value, ci95: ci(found) }, 3 * seconds);
    }
    const { value: best, settings } = bestChsh(state);
    const chsh = { unit: 'ratio', metric: 'CHSH S' };
    yield row('chsh', `${name}, closed form`, { ...chsh, value: best }, 4 * seconds);
    const four = countChsh(experiment, { settings, secPerSetting: seconds }, stream.fork('chsh'));
    if (four.every(({ same, different }) => same + different >= 10)) {
      const found = chshFrom(four);
      yield row('chsh', name, { ...chsh, value: found.value, ci95: ci(found) }, 4 * seconds);
    }
    const teleported = { unit: 'ratio', metric: 'teleportation fidelity' };
    const fidelity = teleportationFidelity(state.psiMinus);
    yield row('teleport', `${name}, closed form`, { ...teleported, value: fidelity }, seconds);
    const qubits = Math.round(swappedPair(experiment).ratePerSec * seconds);
    if (qubits < 10) continue;
    const right = countTeleported(state, qubits, stream.fork('teleport'));
    const accuracy = { ...teleported, value: right / qubits, ci95: wilsonInterval(right, qubits) };
    yield row('teleport', name, accuracy, seconds);
  }
}

/** Standard deviations beyond the classical limit: of many runs, and what to expect. */
function* overTime(lossDb: number, hours: number, rng: Rng): Generator<NewRow> {
  const experiment = pairs['assumed pairs']!(lossDb);
  const { state, ratePerSec } = swappedPair(experiment);
  const seconds = hours * HOUR;
  const { xx, yy, zz } = correlationsOf(state);
  const spread = Math.hypot(...[xx, yy, zz].map((e) => Math.sqrt((1 - e * e) / (ratePerSec * seconds)))) / 4;
  const row = (system: string, value: number): NewRow => ({
    system,
    rate: perHour(experiment),
    accuracy: { value, unit: 'standard deviations', metric: 'witness below 0' },
    latency: counting(3 * seconds),
  });
  yield row('expected', -witnessValue({ xx, yy, zz }, 'psiMinus') / spread);
  // A run of so few counts that none falls out of line has no standard error.
  const runs = Array.from({ length: 200 }, (_, k) => {
    const found = witnessFrom(countBases(experiment, seconds, rng.fork(k)), 'psiMinus');
    return -found.value / found.standardError;
  }).filter(Number.isFinite);
  const { accuracy, ...rest } = row('counted', mean(runs));
  yield { ...rest, accuracy: { ...accuracy, ci95: [percentile(runs, 2.5), percentile(runs, 97.5)] } };
}

/** How often each standard deviation off the truth: the mean of both estimators over many runs. */
function* bias(
  { lossDb, hoursPerBasis, repeats }: { lossDb: number; hoursPerBasis: number; repeats: number },
  rng: Rng,
): Generator<NewRow> {
  const experiment = pairs['assumed pairs']!(lossDb);
  const { state } = swappedPair(experiment);
  const { value: truth, settings } = bestChsh(state);
  const witness = witnessValue(correlationsOf(state), 'psiMinus');
  const seconds = hoursPerBasis * HOUR;
  const sums = { witness: [0, 0], chsh: [0, 0] };
  for (let k = 0; k < repeats; k++) {
    const stream = rng.fork(k);
    const w = witnessFrom(countBases(experiment, seconds, stream), 'psiMinus');
    const s = chshFrom(countChsh(experiment, { settings, secPerSetting: seconds }, stream));
    add(sums.witness, (w.value - witness) / w.standardError);
    add(sums.chsh, (s.value - truth) / s.standardError);
  }
  for (const [system, [sum = 0, squares = 0]] of Object.entries(sums)) {
    const value = sum / repeats;
    const half = 1.96 * Math.sqrt((squares / repeats - value ** 2) / repeats);
    yield {
      system: `${system}, bias`,
      rate: perHour(experiment),
      accuracy: {
        value,
        unit: 'standard deviations',
        metric: 'mean error of the estimate',
        ci95: [value - half, value + half],
      },
      latency: counting(seconds),
      params: { spread: Math.sqrt(squares / repeats - value ** 2) },
    };
  }
}

function add(sums: number[], value: number): void {
  sums[0]! += value;
  sums[1]! += value * value;
}

/** Loss of the link by the strength of turbulence, telescopes of 7 cm waist and 1 m aperture. */
function air(structureConstant: number, rng: Rng): NewRow {
  const wavelengthMeters = 8.08e-7;
  const link = freeSpace({
    wavelengthMeters,
    waistMeters: 0.07,
    apertureMeters: 1,
    pointingJitterRad: 2e-6,
    turbulentSpreadRad: turbulentSpreadRad({ structureConstant, wavelengthMeters, distanceMeters }),
    opticsLossDb: 6,
    extinctionDbPerKm: 0.07,
    turbulence: { kind: 'gamma-gamma', rytovVariance: 1 },
  });
  const budget = meanLoss(link, { distanceMeters });
  const draw = fadingTransmissivity(link, { distanceMeters });
  const moments = Array.from({ length: 4000 }, () => -10 * Math.log10(draw(rng))).sort((a, b) => a - b);
  return {
    system: 'loss',
    rate: { value: 10 ** (-budget.totalDb / 10), unit: 'ratio', metric: 'mean transmissivity' },
    accuracy: {
      value: budget.totalDb,
      unit: 'dB',
      metric: 'mean loss, with 95 % of the moments',
      ci95: [moments[100]!, moments[3900]!],
    },
    latency: { value: distanceMeters / 299_792_458, unit: 's', metric: 'flight' },
    params: { geometricDb: budget.geometricDb, extinctionDb: budget.extinctionDb, opticsDb: budget.opticsDb },
  };
}
