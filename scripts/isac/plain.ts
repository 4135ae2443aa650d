import { circular, gospa, observe, plain, type Source, singleSourceBound } from 'semwave/isac';
import { mean, Rng, standardError, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { plainFigures } from './plain-figures.js';

/** The scene of the reference table: well inside the band that averaging by 4 keeps. */
const scene = [
  [-1.2, 0.1, 0.3],
  [0.4, -0.35, -0.2],
  [1.5, 0.5, 0.65],
];
/** Within them a source counts as found, radians a sample. */
const near = [0.2, 0.05, 0.1];
/** A miss or a false source costs as much as an error of half of this, in Fourier bins. */
const cutoff = 2;

const stages = {
  none: { method: 'none' },
  'averaging by 2': { method: 'averaging', factors: [1, 2, 2] },
  'averaging by 4': { method: 'averaging', factors: [1, 4, 4] },
  'decimation by 4': { method: 'decimation', factors: [1, 4, 4] },
  'shifted decimations by 4': { method: 'decimation2', factors: [1, 4, 4] },
  'smoothing by 2': { method: 'smoothing', factors: [1, 2, 2] },
} as const;

export default defineExperiment({
  id: 'isac/plain',
  title: 'PLAIN: what each compression keeps',
  paper: 'Tahir et al. 2025 (PLAIN); Rife and Boorstyn 1974 (bound)',
  purpose:
    'error over the bound, GOSPA, sources found, verdicts and time of decoupled estimation, by compression and SNR',
  params: {
    snrDb: param.grid({
      unit: 'dB',
      from: -30,
      to: 20,
      step: 5,
      min: -60,
      max: 100,
      about: 'power of a source at one sample over the noise variance',
    }),
    compression: param.grid(Object.keys(stages) as (keyof typeof stages)[]),
    trials: param.integer({ default: 300, min: 2, max: 1e6 }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      trials: 32,
      snrDb: [-30, -25, -22.5, -20, -17.5, -15, -10, 0, 20],
    },
    paper: { cost: '15 minutes on two cores' },
  },

  points: ({ snrDb, compression }) =>
    compression.flatMap((stage) => snrDb.map((db) => ({ compression: stage, snrDb: db }))),

  async *measure({ compression, snrDb }, { config, seed }): AsyncGenerator<NewRow> {
    const { trials } = config;
    // Not the point's own stream: all compressions meet the same phases and noise.
    const rng = Rng.of(seed).fork('isac/plain').fork(snrDb);
    const runs = Array.from({ length: trials }, (_, trial) =>
      run(rng.fork(trial), snrDb, stages[compression]),
    );
    const correct = runs.filter(({ ratio }) => ratio !== undefined);
    const resolved = runs.filter((one) => one.resolved);
    const silent = resolved.filter(({ ratio }) => ratio === undefined);
    const share = (count: number) => ({
      value: count / trials,
      unit: 'ratio',
      ci95: wilsonInterval(count, trials),
    });
    const latency = {
      value: Math.min(...runs.map(({ sec }) => sec)),
      unit: 's',
      metric: 'estimation, least of all trials',
    };
    const found = { ...share(correct.length), metric: 'trials with all sources found' };
    if (correct.length >= trials / 2)
      yield {
        system: compression,
        rate: found,
        accuracy: {
          ...rootOf(correct.map(({ ratio }) => ratio!)),
          unit: 'ratio',
          metric: 'error over the bound',
        },
        latency,
        params: { metric: 'error' },
      };
    yield {
      system: compression,
      rate: found,
      accuracy: { ...rootOf(runs.map((one) => one.gospa ** 2)), unit: 'bins', metric: 'GOSPA' },
      latency,
      params: { metric: 'GOSPA' },
    };
    for (const [what, count] of [
      ['found', correct.length],
      ['resolved', resolved.length],
      ['resolved, not found', silent.length],
    ] as const) {
      yield {
        system: compression,
        rate: found,
        accuracy: { ...share(count), metric: `trials ${what}` },
        latency,
        params: { metric: what },
      };
    }
  },

  figures: plainFigures,
});

const shape = [8, 64, 32];

/** One trial; the ratio is the mean over sources and dimensions of squared errors over the bound, where all are found. */
function run(rng: Rng, snrDb: number, compression: (typeof stages)[keyof typeof stages]) {
  const sources: Source[] = scene.map((mu) => {
    const phase = rng.uniform(0, 2 * Math.PI);
    return { mu, gains: Float64Array.of(Math.cos(phase), Math.sin(phase)) };
  });
  const observation = observe(sources, { shape, noiseVariance: 10 ** (-snrDb / 10) }, rng.fork('noise'));
  const start = performance.now();
  const found = plain(observation, { compression, order: scene.length });
  const sec = (performance.now() - start) / 1000;
  const bins = (mu: readonly number[]) => mu.map((value, d) => (value * shape[d]!) / (2 * Math.PI));
  const distance = (a: readonly number[], b: readonly number[]) =>
    Math.hypot(...a.map((value, d) => wrappedBins(value - b[d]!, shape[d]!)));
  const error = gospa(
    scene.map(bins),
    found.sources.map(({ mu }) => bins(mu)),
    { cutoff, distance },
  );
  return { sec, resolved: found.resolved, gospa: error.total, ratio: ratioOf(found.sources, snrDb) };
}

/** Frequencies are angles: bins wrap at their number. */
const wrappedBins = (value: number, size: number) => value - size * Math.round(value / size);

function ratioOf(found: readonly Source[], snrDb: number): number | undefined {
  const ratios: number[] = [];
  for (const mu of scene) {
    const own = found.find((one) => mu.every((value, d) => circular([value], [one.mu[d]!]) < near[d]!));
    if (own === undefined) return undefined;
    for (const [d, value] of mu.entries())
      ratios.push(
        (own.mu[d]! - value) ** 2 / singleSourceBound({ shape, dimension: d, snr: 10 ** (snrDb / 10) }),
      );
  }
  return mean(ratios);
}

/** Root of a mean, with its interval. */
function rootOf(squares: readonly number[]) {
  const value = mean(squares);
  const half = 1.96 * standardError(squares);
  const ci95: [number, number] = [Math.sqrt(Math.max(value / 100, value - half)), Math.sqrt(value + half)];
  return { value: Math.sqrt(value), ci95 };
}
