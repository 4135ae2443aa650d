/** MUSIC and ESPRIT of one source over many snapshots, beside theory. */
import {
  cramerRaoBound,
  type Estimates,
  esprit,
  espritEfficiency,
  espritVariances,
  music,
  musicEfficiency,
  musicVariances,
  type Observation,
  observe,
  rootMusic,
  type Source,
} from '../../../../lib/isac/index.js';
import { mean, type Rng, standardError } from '../../../../lib/math/index.js';
import type { Estimate, Reference } from '../../reference.js';

const SNAPSHOTS = 100;
const TRIALS = 4000;
const FREQUENCY = 0.7;

type Estimator = (observation: Observation) => Estimates;

const estimators = {
  music: (y) => music(y, { sources: 1, backward: false, padding: 2 }),
  'root-music': (y) => rootMusic(y, { sources: 1, backward: false }),
  esprit: (y) => esprit(y, { sources: 1 }),
} satisfies Record<string, Estimator>;

/** Gaussian gains of exact mean power over the trial's snapshots, so that the ratio to the bound has one meaning. */
function gaussianSource(mu: number, power: number, rng: Rng): Source {
  const gains = rng.fillComplexNormal(new Float64Array(2 * SNAPSHOTS));
  const energy = gains.reduce((sum, value) => sum + value * value, 0);
  return { mu: [mu], gains: gains.map((value) => value * Math.sqrt((power * SNAPSHOTS) / energy)) };
}

/** Mean squared error of single-source estimates over the bound. */
function efficiency(estimator: Estimator, size: number, snrDb: number, trials: number) {
  return (rng: Rng): Estimate => {
    const snr = 10 ** (snrDb / 10);
    const errors = Float64Array.from({ length: trials }, (_, trial) => {
      const stream = rng.fork(trial);
      const source = gaussianSource(FREQUENCY, snr, stream.fork('gains'));
      const sampling = { shape: [size], snapshots: SNAPSHOTS, noiseVariance: 1 };
      const { sources } = estimator(observe([source], sampling, stream.fork('noise')));
      const { variances } = cramerRaoBound([source], { shape: [size], noiseVariance: 1 });
      return ((sources[0]?.mu[0] ?? Number.NaN) - FREQUENCY) ** 2 / variances[0]![0]!;
    });
    const [value, spread] = [mean(errors), 1.96 * standardError(errors)];
    return { value, ci95: [value - spread, value + spread] };
  };
}

/** 7 %: three standard errors of 4000 squared errors. */
const TOLERANCE = 0.07;

function reference(
  name: keyof typeof estimators,
  size: number,
  snrDb: number,
  value: number,
  source: string,
): Reference {
  return {
    id: `subspace/${name}/${size}/${snrDb}`,
    what: `variance of ${name} over the bound: 1 source, ${size} elements, ${snrDb} dB, ${SNAPSHOTS} snapshots, ${TRIALS} trials`,
    source,
    value,
    allowed: [value * (1 - TOLERANCE), value * (1 + TOLERANCE)],
    measure: efficiency(estimators[name], size, snrDb, TRIALS),
  };
}

const stoica = 'Stoica and Nehorai 1989: 1 + 1 / (N rho)';
const rao = 'Rao and Hari 1989 at high SNR: N (N + 1) / (6 (N - 1))';
const cases = [
  { size: 10, snrDb: 20 },
  { size: 10, snrDb: -5 },
  { size: 6, snrDb: 20 },
];

const single = cases.flatMap(({ size, snrDb }) => [
  reference('music', size, snrDb, musicEfficiency(size, 10 ** (snrDb / 10)), stoica),
  reference('root-music', size, snrDb, musicEfficiency(size, 10 ** (snrDb / 10)), stoica),
  ...(snrDb > 0 ? [reference('esprit', size, snrDb, espritEfficiency(size), rao)] : []),
]);

/** Two sources of unequal power: the general formulas. */
function pair(name: 'root-music' | 'esprit', theory: typeof musicVariances): Reference {
  const size = 8;
  const noiseVariance = 0.02;
  const gains = (rng: Rng) => [gaussianSource(0.2, 1, rng.fork(0)), gaussianSource(1.3, 0.3, rng.fork(1))];
  const estimator = {
    'root-music': (y: Observation) => rootMusic(y, { sources: 2, backward: false }),
    esprit: (y: Observation) => esprit(y, { sources: 2 }),
  }[name];
  return {
    id: `subspace/${name}/pair`,
    what: `mean squared error of ${name} over theory: 2 sources of 17 and 12 dB, ${size} elements, ${SNAPSHOTS} snapshots`,
    source: 'asymptotic covariance of several sources, Stoica and Nehorai 1989; Rao and Hari 1989',
    value: 1,
    allowed: [1 - TOLERANCE, 1 + TOLERANCE],
    measure(rng) {
      const ratios = Float64Array.from({ length: TRIALS / 2 }, (_, trial) => {
        const stream = rng.fork(trial);
        const sources = gains(stream);
        const setup = { shape: [size], snapshots: SNAPSHOTS, noiseVariance };
        const found = estimator(observe(sources, setup, stream.fork('noise'))).sources;
        const expected = theory(sources, { size, noiseVariance });
        const mus = found.map(({ mu }) => mu[0]!).sort((a, b) => a - b);
        return mean(sources.map(({ mu }, l) => (mus[l]! - mu[0]!) ** 2 / expected[l]!));
      });
      const [value, spread] = [mean(ratios), 1.96 * standardError(ratios)];
      return { value, ci95: [value - spread, value + spread] };
    },
  };
}

export const references: Reference[] = [
  ...single,
  pair('root-music', musicVariances),
  pair('esprit', espritVariances),
];
