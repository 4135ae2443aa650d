import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { cramerRaoBound } from '../bounds/index.js';
import { assignedErrors, rmse } from '../metrics/index.js';
import { noiseless, observe } from '../model/index.js';
import type { Estimates, Observation, Source } from '../types.js';
import {
  cpd,
  esprit,
  fitGains,
  judged,
  music,
  nomp,
  omp,
  periodogram,
  rootMusic,
  sequential,
  sourceCount,
  unitaryTensorEsprit,
} from './index.js';

const source = (mu: number[], phase = 0, amplitude = 1): Source => ({
  mu,
  gains: Float64Array.of(amplitude * Math.cos(phase), amplitude * Math.sin(phase)),
});
const shape = [7, 9, 8];
const scene = [source([0.5, 1, -0.6]), source([-0.9, 0.2, 0.8], 2), source([1.4, -1.3, 0.1], 4)];

type Estimator = (observation: Observation, sources: number) => Estimates;

const exact: Record<string, Estimator> = {
  periodogram: (y, sources) => periodogram(y, { sources }),
  nomp: (y, sources) => nomp(y, { sources }),
  music: (y, sources) => music(y, { sources, padding: 2 }),
  'ls-esprit': (y, sources) => esprit(y, { sources }),
  'tls-esprit': (y, sources) => esprit(y, { sources, solution: 'tls' }),
  'unitary tensor-esprit': (y, sources) => unitaryTensorEsprit(y, { sources }),
  cpd: (y, sources) => cpd(y, { sources, restarts: 2 }),
  sequential: (y, sources) => sequential(y, { sources }),
};
const onGrid: Record<string, Estimator> = {
  omp: (y, sources) => omp(y, { sources }),
  'periodogram, grid': (y, sources) => periodogram(y, { sources, refinement: 'none' }),
};
const all = { ...exact, ...onGrid };

/** Whatever an estimator says: if it calls the scene resolved, it must be near the truth. */
function neverSilentlyWrong(found: Estimates, truths: readonly Source[], tolerance: number): void {
  if (!found.resolved) {
    expect(found.reason).toMatch(/^[^\n]+$/);
    return;
  }
  expect(found.reason).toBeUndefined();
  const errors = assignedErrors(
    truths.map(({ mu }) => mu),
    found.sources.map(({ mu }) => mu),
  );
  expect(Math.max(...rmse([errors]))).toBeLessThan(tolerance);
}

describe('without noise', () => {
  const clean = noiseless(scene, { shape });
  it.each(Object.entries(exact))('%s finds all sources and gains', (_, estimate) => {
    const found = estimate(clean, 3);
    expect(found.reason).toBeUndefined();
    neverSilentlyWrong(found, scene, 1e-6);
    const powers = found.sources.map(({ gains }) => Math.hypot(gains[0]!, gains[1]!));
    for (const value of powers) expect(value).toBeCloseTo(1, 5);
  });

  it.each(Object.entries(onGrid))('%s finds the grid points next to them', (_, estimate) => {
    neverSilentlyWrong(estimate(clean, 3), scene, 0.25);
  });

  it('the number of sources is found', () => {
    expect(nomp(clean).sources.length).toBe(3);
    for (const sources of ['aic', 'mdl'] as const)
      neverSilentlyWrong(unitaryTensorEsprit(clean, { sources }), scene, 1e-6);
  });
});

describe('what cannot be resolved is said so', () => {
  const noisy = observe(scene, { shape, noiseVariance: 0.05 }, Rng.of('scene'));
  it.each(Object.entries(all))('%s: too few sources', (_, estimate) => {
    const found = estimate(noisy, 2);
    expect(found).toMatchObject({ resolved: false, reason: expect.any(String) });
  });

  it.each(Object.entries(all))('%s: too many sources', (_, estimate) => {
    expect(estimate(noisy, 4)).toMatchObject({ resolved: false, reason: expect.any(String) });
  });

  it.each(Object.entries(all))('%s: an empty scene, with noise and without', (_, estimate) => {
    const noise = observe([], { shape, noiseVariance: 1 }, Rng.of('empty'));
    expect(estimate(noise, 2)).toMatchObject({ resolved: false, reason: expect.any(String) });
    expect(estimate(noiseless([], { shape }), 1)).toMatchObject({
      resolved: false,
      reason: expect.any(String),
    });
  });

  it.each(Object.entries(all))('%s: sources nearer than a bin', (_, estimate) => {
    const close = [source([0.5, 1, -0.6]), source([0.52, 1.02, -0.58], 1.5)];
    const found = estimate(observe(close, { shape, noiseVariance: 0.1 }, Rng.of('close')), 2);
    // Half a bin: where the data hold a second source at all, the maximum itself is that far off.
    neverSilentlyWrong(found, close, 0.45);
  });

  it('an empty scene, the number unknown', () => {
    const noise = observe([], { shape, noiseVariance: 1 }, Rng.of('empty'));
    expect(nomp(noise)).toMatchObject({ resolved: false, reason: expect.stringContaining('empty scene') });
    expect(omp(noise).resolved).toBe(false);
    const found = esprit(noise, { sources: 'mdl' });
    expect(found).toMatchObject({ resolved: false, reason: expect.stringContaining('empty scene') });
  });

  // 18 dB over all samples: between cells of the unpadded spectrum a source loses 3.9 dB a dimension, of which three hide it.
  it('a source left out, on the cells of a spectrum and between them', () => {
    const sizes = [8, 16, 8];
    const [found, left] = [source([-1, 1, -1], 1), [0, 0.25, 0.5]];
    for (const [trial, part] of left.flatMap((part) => Array(10).fill(part) as number[]).entries()) {
      const other = source(sizes.map((size) => (2 * Math.PI * (1 + part)) / size));
      const y = observe([found, other], { shape: sizes, noiseVariance: 16 }, Rng.of('left out').fork(trial));
      expect(judged(y, [found.mu]).resolved).toBe(false);
      expect(judged(y, [found.mu, other.mu]).resolved).toBe(true);
    }
  });

  it('coherent sources without smoothing', () => {
    const gains = Rng.of('gains').fillComplexNormal(new Float64Array(80));
    const coherent = [0.3, 1.4].map((mu) => ({ mu: [mu], gains }));
    const clean = noiseless(coherent, { shape: [10], snapshots: 40 });
    const noisyLine = observe(coherent, { shape: [10], snapshots: 40, noiseVariance: 0.01 }, Rng.of('line'));
    const options = { sources: 2, backward: false };
    for (const estimate of [music, rootMusic, esprit]) {
      expect(estimate(clean, options)).toMatchObject({ resolved: false });
      neverSilentlyWrong(estimate(noisyLine, options), coherent, 0.1);
      const smoothing = estimate(noisyLine, { ...options, subarray: [6], backward: true });
      neverSilentlyWrong(smoothing, coherent, 0.05);
      expect(smoothing.resolved).toBe(true);
    }
  });

  it('more sources than samples, too few dimensions of CPD, an alias', () => {
    expect(music(noisy, { sources: 900, padding: 1 })).toMatchObject({ resolved: false });
    const line = observe(
      [source([0.4]), source([1.7])],
      { shape: [16], noiseVariance: 1e-3 },
      Rng.of('line'),
    );
    expect(cpd(line, { sources: 2 })).toMatchObject({
      resolved: false,
      reason: expect.stringContaining('unique'),
    });
    expect(cpd(noisy, { sources: 3, iterations: 1 })).toMatchObject({
      resolved: false,
      reason: expect.stringContaining('did not converge'),
    });
    // Every fourth sample sees 0.4 as well as 0.4 + pi / 2.
    expect(fitGains(line, [[0.4], [0.4]])).toBeUndefined();
  });

  it('bad input throws, in one line', () => {
    const broken = { ...noisy, data: noisy.data.with(7, Number.NaN) };
    for (const estimate of Object.values(all)) {
      expect(() => estimate(broken, 2)).toThrow('value 3 of the observation is NaN');
      expect(() => estimate(noisy, 0)).toThrow('sources is 0');
    }
    expect(() => rootMusic(noisy, { sources: 1 })).toThrow('3 dimensions');
    expect(() => music(noisy, { sources: 1, subarray: [8, 9, 8] })).toThrow('size of sub-tensors');
  });
});

describe('near the bound', () => {
  it('NOMP attains it at distinct frequencies and does not beat it', () => {
    const setup = { shape, noiseVariance: 0.3 };
    const bound = cramerRaoBound(scene, setup).variances;
    const truths = scene.map(({ mu }) => mu);
    const trials = Array.from({ length: 60 }, (_, trial) => {
      const found = nomp(observe(scene, setup, Rng.of('bound').fork(trial)), { sources: 3 });
      expect(found.reason).toBeUndefined();
      return assignedErrors(
        truths,
        found.sources.map(({ mu }) => mu),
      ).squared;
    });
    const ratios = trials.flatMap((rows) => rows.flatMap((row, l) => row.map((e, d) => e / bound[l]![d]!)));
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    // 540 ratios of chi-square: a standard error of 6 %.
    expect(Math.abs(mean - 1)).toBeLessThan(0.2);
  });
});

describe('order selection', () => {
  it('counts eigenvalues above the noise; MDL misses what AIC still finds', () => {
    expect(sourceCount([9, 5, 1, 1, 1, 1], 100, 'mdl')).toBe(2);
    expect(sourceCount([1, 1, 1, 1], 100, 'aic')).toBe(0);
    expect(sourceCount([2, 1, 1, 1, 1, 1], 100, 'aic')).toBe(1);
    expect(sourceCount([2, 1, 1, 1, 1, 1], 100, 'mdl')).toBe(0);
    expect(sourceCount([4, 2, 0, 0], 10, 'mdl')).toBe(2);
    expect(() => sourceCount([], 10, 'aic')).toThrow('0 eigenvalues');
  });
});
