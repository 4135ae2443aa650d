import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { singleSourceBound } from '../bounds/index.js';
import { noiseless, observe } from '../model/index.js';
import type { Estimates, Source } from '../types.js';
import { type Compression, type Fusion, type PlainOptions, plain } from './index.js';

const shape = [8, 64, 32];
const scene = [
  [-1.2, 0.1, 0.3],
  [0.4, -0.35, -0.2],
  [1.5, 0.5, 0.65],
];
const averaging: Compression = { method: 'averaging', factors: [1, 4, 4] };

const sourcesOf = (frequencies: readonly (readonly number[])[], rng: Rng): Source[] =>
  frequencies.map((mu) => {
    const phase = rng.uniform(0, 2 * Math.PI);
    return { mu, gains: Float64Array.of(Math.cos(phase), Math.sin(phase)) };
  });

function estimate(
  frequencies: readonly (readonly number[])[],
  snrDb: number,
  options: PlainOptions,
  { trial = 0, size = shape }: { trial?: number; size?: readonly number[] } = {},
): Estimates {
  const rng = Rng.of('plain').fork(trial);
  const sources = sourcesOf(frequencies, rng.fork('phase'));
  return plain(
    observe(sources, { shape: size, noiseVariance: 10 ** (-snrDb / 10) }, rng.fork('noise')),
    options,
  );
}

/** Each true source has its own estimate near. */
const isCorrect = ({ sources }: Estimates, near: readonly number[]) =>
  sources.length === scene.length &&
  scene.every((mu) =>
    sources.some((found) => found.mu.every((value, d) => Math.abs(value - mu[d]!) < near[d]!)),
  );

/** Root mean square error over the square root of the single-source bound, over all dimensions and sources. */
function efficiency(snrDb: number, options: PlainOptions, trials: number): number {
  let sum = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { resolved, sources } = estimate(scene, snrDb, options, { trial });
    expect(resolved).toBe(true);
    for (const mu of scene) {
      const found = sources.find((one) => Math.abs(one.mu[0]! - mu[0]!) < 0.2)!;
      for (const [d, value] of found.mu.entries()) {
        sum += (value - mu[d]!) ** 2 / singleSourceBound({ shape, dimension: d, snr: 10 ** (snrDb / 10) });
      }
    }
  }
  return Math.sqrt(sum / trials / scene.length / shape.length);
}

describe('plain, without noise', () => {
  const methods: Compression[] = [
    { method: 'none' },
    { method: 'decimation', factors: [1, 3, 2] },
    { method: 'averaging', factors: [2, 3, 2] },
    { method: 'decimation2', factors: [1, 2, 2] },
    { method: 'smoothing', factors: [1, 2, 2] },
  ];

  it.each(methods)('finds frequencies and gains of any scene: $method', (compression) => {
    const place = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(place, { minLength: 3, maxLength: 3 }), place, (shift, phase) => {
        const mus = scene.map((mu) => mu.map((value, d) => value + 0.05 * shift[d]!));
        const sources = sourcesOf(mus, Rng.of(phase));
        const found = plain(noiseless(sources, { shape: [8, 32, 16] }), { compression, order: 3 });
        expect(found.reason).toBeUndefined();
        for (const { mu, gains } of sources) {
          const own = found.sources.find((one) => Math.abs(one.mu[0]! - mu[0]!) < 1e-3)!;
          for (const [d, value] of own.mu.entries()) expect(value).toBeCloseTo(mu[d]!, 6);
          for (const [at, value] of own.gains.entries()) expect(value).toBeCloseTo(gains[at]!, 4);
        }
      }),
      { numRuns: 5 },
    );
  });

  it.each([
    [[64], [2]],
    [
      [16, 16],
      [1, 1],
    ],
    [
      [6, 6, 6, 6],
      [1, 1, 1, 1],
    ],
  ])('works in any number of dimensions: %j', (size, factors) => {
    const mus = [-1.1, 0.7].map((start) => size.map((_, d) => start + 0.2 * d));
    const { resolved, sources } = estimate(
      mus,
      20,
      { compression: { method: 'smoothing', factors } },
      { size },
    );
    expect(resolved).toBe(true);
    expect(sources).toHaveLength(2);
    for (const mu of mus) expect(sources.some((one) => Math.abs(one.mu[0]! - mu[0]!) < 0.02)).toBe(true);
  });

  it('keeps sources apart that share frequencies with others: a 2 x 2 grid', () => {
    const mus = [-0.4, 0.4].flatMap((a) => [-0.3, 0.6].map((b) => [a, b, 0.2]));
    for (const order of [4, 'aic', 'mdl'] as const) {
      const { resolved, sources } = estimate(mus, 20, { order });
      expect(resolved).toBe(true);
      expect(sources).toHaveLength(4);
    }
  });

  it('uses snapshots, strongest source first', () => {
    const rng = Rng.of('snapshots');
    const sources = scene.map((mu, l) => ({
      mu,
      gains: rng.fillComplexNormal(new Float64Array(10), 4 ** l),
    }));
    const data = observe(sources, { shape, snapshots: 5, noiseVariance: 0.1 }, rng);
    const { resolved, sources: found } = plain(data, { compression: averaging });
    expect(resolved).toBe(true);
    expect(found.map(({ mu }) => Math.round(10 * mu[0]!))).toEqual([15, 4, -12]);
    expect(found[0]!.gains).toHaveLength(10);
  });
});

// Ratios over 40 trials of 9 values each have a standard error of 5 %; measured 1.02, 1.27 and 4.2.
describe('plain against the bound', () => {
  it.each([
    ['none', { method: 'none' }, 0.85, 1.25],
    ['averaging by 16', averaging, 0.9, 1.5],
    ['decimation by 16', { method: 'decimation', factors: [1, 4, 4] }, 3.4, 5],
  ] as const)('%s at 20 dB', (_, compression, low, high) => {
    const ratio = efficiency(20, { compression, order: 3 }, 40);
    expect(ratio).toBeGreaterThan(low);
    expect(ratio).toBeLessThan(high);
  });

  it('is rescued by averaging at -20 dB', () => {
    const correct = (options: PlainOptions) =>
      Array.from({ length: 30 }, (_, trial) =>
        Number(isCorrect(estimate(scene, -20, { order: 3, ...options }, { trial }), [0.2, 0.05, 0.1])),
      ).reduce((a, b) => a + b);
    expect(correct({ compression: averaging })).toBeGreaterThanOrEqual(27);
    expect(correct({})).toBeLessThanOrEqual(24);
  });

  it.each<Fusion>(['omp', 'ls'])('fuses by %s and counts by both criteria', (fusion) => {
    for (const order of ['aic', 'mdl'] as const) {
      const found = estimate(scene, 0, { compression: averaging, order, fusion });
      expect(found.resolved).toBe(true);
      expect(isCorrect(found, [0.05, 0.01, 0.02])).toBe(true);
    }
  });
});

describe('plain says when it failed', () => {
  it('unchecked sources, which are the same', () => {
    const [checked, unchecked] = [true, false].map((check) => estimate(scene, 10, { check, order: 3 }));
    expect(unchecked).toMatchObject({ resolved: false, reason: 'not checked' });
    for (const [l, { mu }] of checked!.sources.entries()) {
      for (const [d, value] of mu.entries()) expect(unchecked!.sources[l]!.mu[d]).toBeCloseTo(value, 9);
    }
  });

  it('aliases of a compressed dimension', () => {
    for (const method of ['averaging', 'decimation', 'decimation2'] as const) {
      const { resolved, reason } = estimate([[0.3, 0.9, 0.2]], 10, {
        compression: { method, factors: [1, 4, 4] },
      });
      expect(resolved).toBe(false);
      expect(reason).toContain('dimension 1; allowed: |mu| below 0.7854');
    }
  });

  it('an empty scene', () => {
    for (const order of ['aic', 'mdl', 1] as const) {
      for (let trial = 0; trial < 10; trial++) {
        expect(estimate([], 0, { order }, { trial }).resolved).toBe(false);
      }
    }
    expect(plain(noiseless([], { shape })).resolved).toBe(false);
  });

  it('a wrong order', () => {
    for (const order of [1, 2, 4, 6])
      expect(estimate(scene, 10, { order, compression: averaging }).resolved).toBe(false);
  });

  // At -10 dB the criterion misses a source in every second trial, and a source between the cells of a spectrum stands out of none of them.
  it('a source that the criterion missed', () => {
    const compression: Compression = { method: 'decimation', factors: [1, 4, 4] };
    const found = Array.from({ length: 60 }, (_, trial) => estimate(scene, -10, { compression }, { trial }));
    const wrong = found.filter((one) => one.resolved && !isCorrect(one, [0.2, 0.05, 0.1]));
    expect(wrong).toHaveLength(0);
    expect(found.filter(({ resolved }) => resolved).length).toBeGreaterThan(15);
  });

  it('sources alike in all dimensions but one, and smoothing mends it', () => {
    const alike = [
      [-0.9, 0.2, 0.1],
      [0.8, 0.2, 0.1],
    ];
    for (const order of [2, 'aic'] as const) {
      expect(estimate(alike, 20, { order, backward: false }).resolved).toBe(false);
      const mended = estimate(alike, 20, { order, compression: { method: 'smoothing', factors: [2, 1, 1] } });
      expect(mended.resolved).toBe(true);
      expect(mended.sources).toHaveLength(2);
    }
  });

  it('more sources than a dimension can tell', () => {
    const many = Array.from({ length: 4 }, (_, l) => [-2 + l, -0.6 + 0.4 * l, 0.1 * l]);
    const { resolved } = estimate(many, 20, { order: 4 }, { size: [3, 32, 32] });
    expect(resolved).toBe(false);
  });

  it('input that is out of range', () => {
    const data = noiseless(sourcesOf(scene, Rng.of(1)), { shape });
    const bad =
      (options: PlainOptions, observation = data) =>
      () =>
        plain(observation, options);
    expect(bad({ compression: { method: 'averaging', factors: [1, 4] } })).toThrow(InputError);
    expect(bad({ compression: { method: 'averaging', factors: [1, 4, 17] } })).toThrow(/1 to 16/);
    expect(bad({ compression: { method: 'decimation' } })).toThrow('0 compression factors');
    expect(bad({ order: 0 })).toThrow('order is 0');
    expect(bad({}, { ...data, data: data.data.slice(2) })).toThrow(InputError);
    expect(bad({}, { ...data, data: data.data.with(7, Number.NaN) })).toThrow('value 3');
    expect(bad({}, noiseless([{ mu: [1], gains: Float64Array.of(1, 0) }], { shape: [16] }))).toThrow(
      'smoothing',
    );
  });
});
