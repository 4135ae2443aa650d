import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complexMatrix, inverseMatrix, Rng } from '../../math/index.js';
import { angleAxis, noiseless, rangeAxis, velocityAxis } from '../model/index.js';
import type { Source } from '../types.js';
import { axisDeviation, cramerRaoBound, singleSourceBound } from './index.js';

const source = (mu: number[], re = 1, im = 0): Source => ({ mu, gains: Float64Array.of(re, im) });

/** The bound by brute force: the inverse of the full information on frequencies and both parts of all gains. */
function fullInformationBound(sources: Source[], shape: number[], noiseVariance: number): number[] {
  const step = 1e-5;
  const dims = shape.length;
  const mean = (changed: Source[]) => noiseless(changed, { shape }).data;
  const columns: Float64Array[] = [];
  const difference = (up: Source[], down: Source[]) => {
    const [a, b] = [mean(up), mean(down)];
    columns.push(a.map((value, at) => (value - b[at]!) / (2 * step)));
  };
  const with_ = (l: number, change: (s: Source) => Source) =>
    sources.map((s, k) => (k === l ? change(s) : s));
  for (let l = 0; l < sources.length; l++)
    for (let d = 0; d < dims; d++) {
      const moved = (by: number) => with_(l, (s) => ({ ...s, mu: s.mu.with(d, s.mu[d]! + by) }));
      difference(moved(step), moved(-step));
    }
  for (let l = 0; l < sources.length; l++)
    for (const part of [0, 1]) {
      const moved = (by: number) =>
        with_(l, (s) => ({ ...s, gains: s.gains.with(part, s.gains[part]! + by) }));
      difference(moved(step), moved(-step));
    }
  const n = columns.length;
  const information = complexMatrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      information.data[2 * (i * n + j)] =
        (2 / noiseVariance) * columns[i]!.reduce((sum, value, at) => sum + value * columns[j]![at]!, 0);
  const inverse = inverseMatrix(information);
  return Array.from({ length: sources.length * dims }, (_, k) => inverse.data[2 * k * (n + 1)]!);
}

describe('Cramer-Rao bound', () => {
  it('is the closed form for one source, in any number of dimensions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 1e6 }),
        (shape, snapshots, seed) => {
          const rng = Rng.of(seed);
          const amplitude = rng.uniform(0.1, 10);
          const gains = new Float64Array(2 * snapshots);
          for (let t = 0; t < snapshots; t++) {
            const phase = rng.uniform(0, 6);
            gains[2 * t] = amplitude * Math.cos(phase);
            gains[2 * t + 1] = amplitude * Math.sin(phase);
          }
          const mu = shape.map(() => rng.uniform(-3, 3));
          const { variances } = cramerRaoBound([{ mu, gains }], { shape, noiseVariance: 0.3 });
          for (const dimension of shape.keys()) {
            const closed = singleSourceBound({ shape, dimension, snr: amplitude ** 2 / 0.3, snapshots });
            expect(Math.abs(variances[0]![dimension]! / closed - 1)).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: 100, seed: 6 },
    );
  });

  it('is the inverse of the full information, gains included', () => {
    const shape = [4, 5, 3];
    const sources = [
      source([0.3, -1.2, 2], 1, 0.5),
      source([0.9, -0.7, 1.1], -0.4, 1),
      source([-2, 0.2, 0.4], 0.6),
    ];
    const { variances } = cramerRaoBound(sources, { shape, noiseVariance: 0.1 });
    const brute = fullInformationBound(sources, shape, 0.1);
    for (const [k, value] of variances.flat().entries()) expect(value / brute[k]!).toBeCloseTo(1, 6);
  });

  it('falls as one over the snapshots and grows with the noise', () => {
    const shape = [6, 4];
    const two = (count: number, noiseVariance: number) =>
      cramerRaoBound(
        [
          { mu: [0.4, 1], gains: Float64Array.from({ length: 2 * count }, (_, at) => 1 - (at % 2)) },
          { mu: [0.9, 1.3], gains: Float64Array.from({ length: 2 * count }, (_, at) => at % 2) },
        ],
        { shape, noiseVariance },
      ).variances[1]![0]!;
    expect(two(8, 1) / two(1, 1)).toBeCloseTo(1 / 8, 12);
    expect(two(3, 0.2) / two(3, 1)).toBeCloseTo(0.2, 12);
  });

  it('of sources that share a frequency is lower for who knows it: the mean of both estimates', () => {
    const shape = [8, 16, 12];
    // Far apart in the first two dimensions, so their estimates of the third are nearly independent.
    const sources = [source([-1.5, 1, 0.5]), source([0.3, -2, -0.8]), source([1.6, -0.5, 0.5])];
    const free = cramerRaoBound(sources, { shape, noiseVariance: 0.01 });
    const tied = cramerRaoBound(sources, {
      shape,
      noiseVariance: 0.01,
      tied: [{ dimension: 2, sources: [0, 2] }],
    });
    const ratio = (l: number) => Math.sqrt(tied.variances[l]![2]! / free.variances[l]![2]!);
    expect(ratio(0)).toBeGreaterThan(0.69);
    expect(ratio(0)).toBeLessThan(0.73);
    expect(ratio(1)).toBeCloseTo(1, 1);
    expect(tied.variances[0]![2]).toBeCloseTo(tied.variances[2]![2]!, 15);
    for (const [l, d] of [
      [0, 0],
      [1, 1],
      [2, 0],
    ] as const)
      expect(tied.variances[l]![d]!).toBeLessThanOrEqual(free.variances[l]![d]! * (1 + 1e-12));
  });

  it('equals that of one source when ties leave one parameter: halved variance of two orthogonal copies', () => {
    const shape = [8, 8];
    const orthogonal = [source([0, 0.7]), source([Math.PI / 4, 0.7])];
    const { variances } = cramerRaoBound(orthogonal, {
      shape,
      noiseVariance: 1,
      tied: [{ dimension: 1, sources: [0, 1] }],
    });
    expect(variances[0]![1]).toBeCloseTo(singleSourceBound({ shape, dimension: 1, snr: 1 }) / 2, 12);
  });

  it('turns into angle, range and velocity', () => {
    const angle = angleAxis({ size: 10 });
    expect(axisDeviation(angle, 0.4, 1e-4)).toBeCloseTo(1e-2 / (Math.PI * Math.cos(0.4)), 12);
    const range = rangeAxis({ size: 64, spacingHz: 60e3, geometry: 'monostatic' });
    expect(axisDeviation(range, 100, 1e-4)).toBeCloseTo((1e-2 * 299792458) / (4 * Math.PI * 60e3), 6);
    const velocity = velocityAxis({ size: 14, periodSec: 1e-5, carrierHz: 3e10, geometry: 'bistatic' });
    expect(axisDeviation(velocity, 3, 4e-4)).toBeCloseTo((2e-2 * 299792458) / (2 * Math.PI * 1e-5 * 3e10), 6);
  });

  it('refuses what has no bound, in one line', () => {
    const at = { shape: [4, 4], noiseVariance: 1 };
    expect(() => cramerRaoBound([], at)).toThrow('0 sources');
    expect(() => cramerRaoBound([source([1, 1]), source([1, 1])], at)).toThrow('positive definite');
    expect(() => cramerRaoBound([source([1])], at)).toThrow('1 frequencies');
    expect(() => cramerRaoBound([source([1, 1])], { ...at, noiseVariance: 0 })).toThrow('noiseVariance');
    expect(() => cramerRaoBound([source([1, 1])], { ...at, tied: [{ dimension: 2, sources: [0] }] })).toThrow(
      'tied',
    );
  });
});
