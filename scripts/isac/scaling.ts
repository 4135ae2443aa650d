import { type Observation, observe, periodogram, plain, type Source, sequential } from 'semwave/isac';
import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { scalingFigures } from './scaling-figures.js';

type Estimator = (observation: Observation) => { resolved: boolean };

const sources = 2;
const padding = 2;

/** Frequencies far apart, and within the band that averaging by 4 keeps. */
const places = [-0.5, 0.5];

const averaged = (shape: readonly number[], factor: number): Estimator => {
  const factors = shape.map((size) => Math.min(factor, Math.floor(size / 4)));
  return (observation) =>
    plain(observation, { order: sources, compression: { method: 'averaging', factors } });
};

/** One dimension has no other ones for snapshots: they come of smoothing. */
const uncompressed = (shape: readonly number[]): Estimator =>
  shape.length === 1
    ? (observation) =>
        plain(observation, { order: sources, compression: { method: 'smoothing', factors: [2] } })
    : (observation) => plain(observation, { order: sources });

function estimatorsFor(shape: readonly number[]): Record<string, Estimator> {
  return {
    ...(shape.length > 1 ? { 'PLAIN, averaging by 4': averaged(shape, 4) } : {}),
    PLAIN: uncompressed(shape),
    'joint: periodogram and Newton': (observation) => periodogram(observation, { sources, padding }),
    ...(shape.length > 1 ? { sequential: (observation) => sequential(observation, { sources }) } : {}),
  };
}

export default defineExperiment({
  id: 'isac/scaling',
  title: 'What dimensions and samples cost',
  paper: 'Tahir et al. 2025 (PLAIN)',
  purpose: 'time of decoupled, joint and sequential estimation over the number of dimensions and of samples',
  params: {
    dimensions: param.grid([1, 2, 3, 4], { about: 'of 16 samples each' }),
    size: param.grid([8, 12, 16, 24, 32, 48, 64], { about: 'samples of each of three dimensions' }),
    seconds: param.number({
      default: 2,
      min: 0.01,
      max: 100,
      unit: 's',
      about: 'for each estimator and size',
    }),
    snrDb: param.number({ default: 10, min: -60, max: 100, unit: 'dB', about: 'of a source at one sample' }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', seconds: 1, size: [8, 16, 32, 64] },
    paper: { cost: '5 minutes on two cores' },
  },

  points: ({ dimensions, size }) => [
    ...dimensions.map((count) => ({ over: 'dimensions', shape: Array.from({ length: count }, () => 16) })),
    ...size.map((side) => ({ over: 'size', shape: [side, side, side] })),
  ],

  async *measure({ over, shape }, { config, rng }): AsyncGenerator<NewRow> {
    const observation = observationOf(shape, config.snrDb, rng);
    for (const [system, estimator] of Object.entries(estimatorsFor(shape))) {
      const { sec, resolved } = leastTime(() => estimator(observation), config.seconds);
      yield {
        system,
        rate: { value: shape.reduce((a, b) => a * b, 1), unit: 'samples', metric: 'observation' },
        accuracy: { value: Number(resolved), unit: 'ratio', metric: 'resolved' },
        latency: { value: sec, unit: 's', metric: 'estimation, least of all runs' },
        params: over === 'size' ? { side: shape[0]! } : { count: shape.length },
      };
    }
  },

  figures: scalingFigures,
});

function observationOf(shape: readonly number[], snrDb: number, rng: Rng): Observation {
  const scene: Source[] = places.map((place, l) => ({
    mu: shape.map((_, d) => place + 0.03 * (l + 1) * d),
    gains: Float64Array.of(1, 0),
  }));
  return observe(scene, { shape, noiseVariance: 10 ** (-snrDb / 10) }, rng.fork('noise'));
}

/** The least time of some runs, which other work on the machine hardly touches. */
function leastTime(run: () => { resolved: boolean }, seconds: number): { sec: number; resolved: boolean } {
  let sec = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * seconds;
  let resolved = run().resolved;
  do {
    const start = performance.now();
    resolved = run().resolved;
    sec = Math.min(sec, (performance.now() - start) / 1000);
  } while (performance.now() < end);
  return { sec, resolved };
}
