import {
  assignedErrors,
  cpd,
  cramerRaoBound,
  type Estimates,
  esprit,
  espritVariances,
  musicVariances,
  type NumerologyOptions,
  nomp,
  numerology,
  type Observation,
  observe,
  omp,
  periodogram,
  rootMusic,
  type Source,
  sequential,
  singleSourceBound,
  unitaryTensorEsprit,
} from 'semwave/isac';
import { mean, type Rng, standardError, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { boundFigures } from './bounds-figures.js';

/** Antennas, subcarriers and symbols of the frame, and its two sources: more than a bin apart in every dimension. */
const frame = { shape: [6, 10, 8], names: ['angle', 'delay', 'Doppler'] };
const frameMus = [
  [0.4, -0.5, 0.6],
  [-1.1, -1.6, -0.7],
];
/** A line of antennas over many snapshots. */
const line = { shape: [10], snapshots: 100 };
const lineMus = [[0.2], [1.1]];

type Estimator = (observation: Observation) => Estimates;

const frameEstimators: Record<string, Estimator> = {
  NOMP: (y) => nomp(y, { sources: 2 }),
  'OMP on a grid': (y) => omp(y, { sources: 2 }),
  periodogram: (y) => periodogram(y, { sources: 2 }),
  'unitary tensor-ESPRIT': (y) => unitaryTensorEsprit(y, { sources: 2 }),
  'CPD by ALS': (y) => cpd(y, { sources: 2, restarts: 3 }),
  sequential: (y) => sequential(y, { sources: 2 }),
};
const lineEstimators: Record<string, Estimator> = {
  'root-MUSIC': (y) => rootMusic(y, { sources: 2, backward: false }),
  'LS-ESPRIT': (y) => esprit(y, { sources: 2 }),
};

const carriers: Record<string, Omit<NumerologyOptions, 'resourceBlocks'>> = {
  '3.5 GHz, 30 kHz': { carrierHz: 3.5e9, spacingHz: 30e3, slots: 20 },
  '28 GHz, 60 kHz': { carrierHz: 28e9, spacingHz: 60e3, slots: 40 },
  '28 GHz, 120 kHz': { carrierHz: 28e9, spacingHz: 120e3, slots: 80 },
};

export default defineExperiment({
  id: 'isac/bounds',
  title: 'How near estimators come to their bounds',
  paper: 'Stoica, Nehorai 1989; Rao, Hari 1989; Rife, Boorstyn 1974',
  purpose:
    'errors of frequency estimators over SNR beside Cramer-Rao bounds and asymptotics; resolution of 5G carriers',
  params: {
    snrDb: param.grid({
      unit: 'dB',
      from: -15,
      to: 25,
      step: 5,
      min: -40,
      max: 60,
      about: 'of a source in a sample',
    }),
    trials: param.integer({ default: 1000, min: 2, max: 1e6, about: 'scenes at each SNR' }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', trials: 50 },
    paper: { cost: '20 minutes on two cores' },
  },

  points: ({ snrDb }) => [
    ...snrDb.flatMap((s) => [
      { scene: 'frame', snrDb: s },
      { scene: 'line', snrDb: s },
    ]),
    { scene: 'carriers' },
  ],

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    if (!('snrDb' in point)) yield* resolutions();
    else if (point.scene === 'frame') yield* frameRows(point.snrDb, config.trials, rng);
    else yield* lineRows(point.snrDb, config.trials, rng);
  },

  figures: (rows) => boundFigures(rows),
});

/** Gains of equal power and random phase, or Gaussian where there are many snapshots. */
function drawSources(mus: readonly number[][], snapshots: number, rng: Rng): Source[] {
  return mus.map((mu, l) => {
    const gains = rng.fork(l).fillComplexNormal(new Float64Array(2 * snapshots));
    const power = gains.reduce((sum, value) => sum + value * value, 0) / snapshots;
    return { mu, gains: gains.map((value) => value / Math.sqrt(power)) };
  });
}

interface Outcome {
  resolved: number;
  /** Squared errors in squared bins by dimension, of all sources of resolved scenes. */
  squared: number[][];
}

function outcomeOf(
  estimator: Estimator,
  scenes: readonly { sources: Source[]; observation: Observation }[],
): Outcome {
  const outcome: Outcome = { resolved: 0, squared: [] };
  for (const { sources, observation } of scenes) {
    const found = estimator(observation);
    if (!found.resolved) continue;
    outcome.resolved++;
    const [truths, estimates] = [sources, found.sources].map((set) => set.map(({ mu }) => mu));
    for (const row of assignedErrors(truths!, estimates!).squared)
      outcome.squared.push(row.map((e, d) => e * squaredBins(observation.shape[d]!)));
  }
  return outcome;
}

/** Squared Fourier bins of a squared radian. */
const squaredBins = (size: number) => (size / (2 * Math.PI)) ** 2;

function scenesOf(
  mus: readonly number[][],
  setup: { shape: number[]; snapshots: number },
  snrDb: number,
  trials: number,
  rng: Rng,
) {
  const noiseVariance = 10 ** (-snrDb / 10);
  return Array.from({ length: trials }, (_, trial) => {
    const stream = rng.fork(trial);
    const sources = drawSources(mus, setup.snapshots, stream.fork('gains'));
    return { sources, observation: observe(sources, { ...setup, noiseVariance }, stream.fork('noise')) };
  });
}

const samplesOf = (value: number) => ({ value, unit: 'samples', metric: 'observation' });
const onAir = (symbols: number) => ({
  value: symbols * numerology({ ...carriers['28 GHz, 120 kHz']!, resourceBlocks: 1 }).symbolSec,
  unit: 's',
  metric: 'symbols on air at 120 kHz',
});

function rootInterval(squares: readonly number[]) {
  const [value, spread] = [mean(squares), 1.96 * standardError(squares)];
  return {
    value: Math.sqrt(value),
    unit: 'bins',
    metric: 'RMSE of resolved scenes',
    ci95: [Math.sqrt(Math.max(value / 100, value - spread)), Math.sqrt(value + spread)] as [number, number],
  };
}

/** Below this many resolved scenes an RMSE says little. */
const LEAST_SHARE = 0.5;

function* frameRows(snrDb: number, trials: number, rng: Rng): Generator<NewRow> {
  const { shape, names } = frame;
  const scenes = scenesOf(frameMus, { shape, snapshots: 1 }, snrDb, trials, rng);
  const common = { rate: samplesOf(480), latency: onAir(8) };
  for (const [system, estimator] of Object.entries(frameEstimators)) {
    const { resolved, squared } = outcomeOf(estimator, scenes);
    const share = { value: resolved / trials, unit: 'share', metric: 'resolved scenes' };
    const ci95 = wilsonInterval(resolved, trials);
    yield { system, ...common, accuracy: { ...share, ci95 }, params: { show: 'share' } };
    if (resolved < LEAST_SHARE * trials) continue;
    for (const [d, dimension] of names.entries())
      yield {
        system,
        ...common,
        accuracy: rootInterval(squared.map((row) => row[d]!)),
        params: { show: 'error', dimension },
      };
  }
  yield* frameBounds(scenes, snrDb, common);
}

function* frameBounds(
  scenes: readonly { sources: Source[] }[],
  snrDb: number,
  common: Pick<NewRow, 'rate' | 'latency'>,
): Generator<NewRow> {
  const { shape, names } = frame;
  const noiseVariance = 10 ** (-snrDb / 10);
  const bounds = scenes.flatMap(({ sources }) => cramerRaoBound(sources, { shape, noiseVariance }).variances);
  for (const [d, dimension] of names.entries()) {
    const value = Math.sqrt(mean(bounds.map((row) => row[d]! * squaredBins(shape[d]!))));
    yield {
      system: 'Cramer-Rao bound',
      ...common,
      accuracy: { value, unit: 'bins', metric: 'bound of the RMSE' },
      params: { show: 'error', dimension },
    };
  }
}

function* lineRows(snrDb: number, trials: number, rng: Rng): Generator<NewRow> {
  const { shape, snapshots } = line;
  const noiseVariance = 10 ** (-snrDb / 10);
  const scenes = scenesOf(lineMus, { shape, snapshots }, snrDb, trials, rng);
  const common = { rate: samplesOf(1000), latency: onAir(snapshots) };
  for (const [system, estimator] of Object.entries(lineEstimators)) {
    const { resolved, squared } = outcomeOf(estimator, scenes);
    if (resolved < LEAST_SHARE * trials) continue;
    yield { system, ...common, accuracy: rootInterval(squared.map(([e]) => e!)), params: { show: 'error' } };
  }
  const bin = squaredBins(shape[0]!);
  const theories: Record<string, (sources: Source[]) => number[]> = {
    'root-MUSIC, theory': (sources) => musicVariances(sources, { size: 10, noiseVariance }),
    'LS-ESPRIT, theory': (sources) => espritVariances(sources, { size: 10, noiseVariance }),
    'Cramer-Rao bound': (sources) =>
      cramerRaoBound(sources, { shape, noiseVariance }).variances.map(([v]) => v!),
  };
  for (const [system, variances] of Object.entries(theories)) {
    const value = Math.sqrt(bin * mean(scenes.flatMap(({ sources }) => variances(sources))));
    const accuracy = { value, unit: 'bins', metric: 'RMSE foretold' };
    yield { system, ...common, accuracy, params: { show: 'error' } };
  }
}

function* resolutions(): Generator<NewRow> {
  for (const [system, options] of Object.entries(carriers)) {
    for (const resourceBlocks of [4, 8, 16, 32, 66, 132, 264]) {
      const nr = numerology({ ...options, resourceBlocks });
      const setup = { shape: [nr.subcarriers, nr.symbols], dimension: 0, snr: 0.01 };
      const row = (name: string, value: number, metric: string): NewRow => ({
        system: name,
        rate: { value: nr.bandwidthHz, unit: 'Hz', metric: 'bandwidth' },
        accuracy: { value, unit: 'm', metric },
        latency: { value: nr.durationSec, unit: 's', metric: 'observation' },
        params: { resourceBlocks },
      });
      yield row(system, nr.rangeResolutionMeters, 'range resolution');
      const deviation = (Math.sqrt(singleSourceBound(setup)) * nr.maxRangeMeters) / (2 * Math.PI);
      yield row(`${system}, bound`, deviation, 'bound of a lone target at -20 dB');
    }
  }
}
