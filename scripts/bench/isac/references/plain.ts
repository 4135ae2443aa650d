/** PLAIN on the scene of a prototype in numpy: errors over the bound, sources found, time. */
import {
  type Compression,
  cramerRaoBound,
  type Estimate,
  noiseless,
  observe,
  plain,
  type Source,
} from '../../../../lib/isac/index.js';
import { type Rng, wilsonInterval } from '../../../../lib/math/index.js';
import type { Estimate as Measured, Reference } from '../../reference.js';

const shape = [8, 64, 32];
const frequencies = [
  [-1.2, 0.1, 0.3],
  [0.4, -0.35, -0.2],
  [1.5, 0.5, 0.65],
];
const near = [0.2, 0.05, 0.1];
const trials = 300;
const source = 'prototype in numpy, 300 trials';

const none: Compression = { method: 'none' };
const by = (method: Compression['method'], ...factors: number[]): Compression => ({ method, factors });

interface Run {
  correct: number;
  /** Errors squared over the joint bound, by dimension, summed over the sources of correct trials. */
  ratios: number[];
}

function simulate(rng: Rng, snrDb: number, compression: Compression, count = trials): Run {
  const run: Run = { correct: 0, ratios: shape.map(() => 0) };
  const noiseVariance = 10 ** (-snrDb / 10);
  for (let trial = 0; trial < count; trial++) {
    const stream = rng.fork(trial);
    const sources = sceneOf(stream.fork('phases'));
    const observation = observe(sources, { shape, noiseVariance }, stream.fork('noise'));
    const found = plain(observation, { compression, order: frequencies.length }).sources;
    const paired = sources.map(({ mu }) => nearest(mu, found));
    if (found.length !== sources.length || paired.includes(undefined)) continue;
    const { variances } = cramerRaoBound(sources, { shape, noiseVariance });
    run.correct++;
    for (const [l, { mu }] of sources.entries()) {
      for (const [d, value] of mu.entries())
        run.ratios[d]! += (value - paired[l]!.mu[d]!) ** 2 / variances[l]![d]! / sources.length;
    }
  }
  return run;
}

const sceneOf = (rng: Rng): Source[] =>
  frequencies.map((mu) => {
    const phase = rng.uniform(0, 2 * Math.PI);
    return { mu, gains: Float64Array.of(Math.cos(phase), Math.sin(phase)) };
  });

const nearest = (mu: readonly number[], found: readonly Estimate[]) =>
  found.find((one) => one.mu.every((value, d) => Math.abs(value - mu[d]!) < near[d]!));

/** The largest ratio of the dimensions. */
const worst = ({ correct, ratios }: Run): Measured => ({ value: Math.sqrt(Math.max(...ratios) / correct) });

const share = ({ correct }: Run): Measured => ({
  value: correct / trials,
  ci95: wilsonInterval(correct, trials),
});

const efficiency = (
  name: string,
  snrDb: number,
  compression: Compression,
  value: number,
  allowed: readonly [number, number],
): Reference => ({
  id: `plain/error/${name}/${snrDb}`,
  what: `PLAIN, ${name}, 8 x 64 x 32, 3 sources at ${snrDb} dB: error over the square root of the joint bound, worst dimension`,
  source,
  value,
  allowed,
  measure: (rng) => worst(simulate(rng, snrDb, compression)),
});

const found = (
  name: string,
  snrDb: number,
  compression: Compression,
  value: number,
  allowed: readonly [number, number],
): Reference => ({
  id: `plain/found/${name}/${snrDb}`,
  what: `PLAIN, ${name}, 8 x 64 x 32, 3 sources at ${snrDb} dB: share of trials with all of them within (0.2, 0.05, 0.1) rad`,
  source,
  value,
  allowed,
  measure: (rng) => share(simulate(rng, snrDb, compression)),
});

const silence: Reference = {
  id: 'plain/alias',
  what: 'PLAIN, averaging by 4, a source at 1.05 to 3.9 times the band’s edge: scenes of 100 called resolved',
  source: 'a compressed frequency beyond pi is another frequency',
  value: 0,
  allowed: [0, 0],
  measure: (rng) => ({
    value: Array.from({ length: 100 }, (_, k) => {
      const mu = [0.3, ((k % 2 ? 1 : -1) * rng.uniform(1.05, 3.9) * Math.PI) / 4, 0.2];
      const data = noiseless([{ mu, gains: Float64Array.of(1, 0) }], { shape });
      const noisy = { ...data, data: data.data.map((value) => value + rng.normal(0, 0.05)) };
      return Number(plain(noisy, { compression: by('averaging', 1, 4, 4) }).resolved);
    }).reduce((a, b) => a + b),
  }),
};

export const references: Reference[] = [
  efficiency('none', 20, none, 1.06, [0.9, 1.25]),
  efficiency('none', 0, none, 1.15, [0.9, 1.25]),
  efficiency('averaging by 2', 0, by('averaging', 1, 2, 2), 1.16, [0.9, 1.3]),
  efficiency('averaging by 4', 20, by('averaging', 1, 4, 4), 1.39, [1.1, 1.5]),
  efficiency('averaging by 4', 0, by('averaging', 1, 4, 4), 1.34, [1.1, 1.5]),
  efficiency('decimation by 4', 20, by('decimation', 1, 4, 4), 4.4, [3.6, 5]),
  found('none', 0, none, 1, [1, 1]),
  found('averaging by 4', 0, by('averaging', 1, 4, 4), 1, [1, 1]),
  found('none', -20, none, 0.56, [0.4, 0.7]),
  found('averaging by 2', -20, by('averaging', 1, 2, 2), 0.97, [0.93, 1]),
  found('averaging by 4', -20, by('averaging', 1, 4, 4), 0.99, [0.95, 1]),
  found('decimation by 4', -20, by('decimation', 1, 4, 4), 0, [0, 0.02]),
  silence,
];
