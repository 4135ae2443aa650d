import { describe, expect, it } from 'vitest';
import { Rng } from './rng.js';
import {
  bootstrapInterval,
  kolmogorovSmirnov,
  mean,
  meanInterval,
  median,
  percentile,
  standardError,
  summary,
  variance,
  wilsonInterval,
} from './statistics.js';

describe('summaries', () => {
  const values = Float32Array.of(4, 1, 3, 2, 10);

  it('are those of the textbook', () => {
    expect(mean(values)).toBe(4);
    expect(median(values)).toBe(3);
    expect(median([1, 2, 3, 4])).toBe(2.5);
    expect(variance(values)).toBe(12.5);
    expect(standardError(values)).toBeCloseTo(Math.sqrt(2.5), 14);
    // numpy.percentile([4, 1, 3, 2, 10], [0, 10, 37, 95, 100])
    expect([0, 10, 37, 95, 100].map((percent) => percentile(values, percent))).toEqual(
      [1, 1.4, 2.48, 8.8, 10].map((x) => expect.closeTo(x, 12)),
    );
    expect(summary(values)).toEqual({
      count: 5,
      mean: 4,
      std: Math.sqrt(12.5),
      standardError: Math.sqrt(12.5) / Math.sqrt(5),
      min: 1,
      median: 3,
      p95: expect.closeTo(8.8, 12),
      max: 10,
    });
    expect(values[0]).toBe(4);
  });

  it('refuse too few values and a wrong percentage', () => {
    for (const of of [mean, median, summary]) expect(() => of([])).toThrow('of 0 values');
    expect(() => standardError([1])).toThrow('of 1 values');
    expect(summary([1]).std).toBeNaN();
    expect(() => percentile([1], 101)).toThrow('percent is 101');
  });
});

describe('intervals', () => {
  // python3: scipy.stats.binomtest(k, 10).proportion_ci(method='wilson') for k in (0, 1, 5, 10)
  it('Wilson: golden values', () => {
    const expectInterval = (found: readonly number[], low: number, high: number) => {
      expect(found[0]).toBeCloseTo(low, 7);
      expect(found[1]).toBeCloseTo(high, 7);
    };
    expectInterval(wilsonInterval(0, 10), 0, 0.2775328);
    expectInterval(wilsonInterval(1, 10), 0.0178762, 0.40415);
    expectInterval(wilsonInterval(5, 10), 0.2365931, 0.7634069);
    expectInterval(wilsonInterval(10, 10), 0.7224672, 1);
    expect(() => wilsonInterval(3, 2)).toThrow('successes');
    expect(() => wilsonInterval(0, 0)).toThrow('trials');
    expect(() => wilsonInterval(1, 2, 1)).toThrow('confidence');
  });

  it('Wilson: covers the truth about 95 times in 100', () => {
    const rng = Rng.of('wilson');
    const [rounds, trials, share] = [2000, 60, 0.07];
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      let successes = 0;
      for (let trial = 0; trial < trials; trial++) if (rng.uniform() < share) successes++;
      const [low, high] = wilsonInterval(successes, trials);
      if (low <= share && share <= high) covered++;
    }
    // The exact coverage for 60 trials of 0.07, summed over the binomial distribution (scipy.stats.binom).
    const expected = 0.964011;
    expect(Math.abs(covered / rounds - expected)).toBeLessThan(
      4 * Math.sqrt((expected * (1 - expected)) / rounds),
    );
  });

  it('bootstrap: covers the mean of a skewed distribution, repeats with its stream', () => {
    const rng = Rng.of('bootstrap');
    let covered = 0;
    let width = 0;
    const [rounds, size] = [300, 60];
    for (let round = 0; round < rounds; round++) {
      const values = Float64Array.from({ length: size }, () => rng.exponential());
      const [low, high] = bootstrapInterval(values, rng.fork(round), { resamples: 400 });
      if (low <= 1 && 1 <= high) covered++;
      width += (high - low) / rounds;
    }
    // The percentile bootstrap is known to cover a little less than asked for at this size.
    expect(covered / rounds).toBeGreaterThan(0.88);
    expect(covered / rounds).toBeLessThan(0.98);
    expect(width).toBeCloseTo((2 * 1.96) / Math.sqrt(size), 1);
    const values = [1, 5, 2, 8];
    expect(bootstrapInterval(values, Rng.of(1))).toEqual(bootstrapInterval(values, Rng.of(1)));
    expect(bootstrapInterval([3, 3], Rng.of(1))).toEqual([3, 3]);
  });

  it('bootstrap: takes another statistic and level', () => {
    const values = Rng.of('median').fillNormal(new Float64Array(400), 5, 1);
    const wide = bootstrapInterval(values, Rng.of(0), {
      statistic: median,
      resamples: 500,
      confidence: 0.99,
    });
    const narrow = bootstrapInterval(values, Rng.of(0), {
      statistic: median,
      resamples: 500,
      confidence: 0.5,
    });
    expect(wide[0]).toBeLessThan(narrow[0]);
    expect(narrow[0]).toBeLessThan(median(values));
    expect(wide[1]).toBeGreaterThan(narrow[1]);
    expect(() => bootstrapInterval([], Rng.of(0))).toThrow('of 0 values');
  });
});

describe('the interval of a mean', () => {
  // python3: scipy.stats.t.ppf
  it.each([
    [2, 0.95, 12.7062047361747],
    [3, 0.95, 4.302652729749464],
    [4, 0.95, 3.182446305284263],
    [10, 0.95, 2.2621571627409915],
    [21, 0.99, 2.845339709776814],
  ])('of %i values at confidence %d is that of Student', (count, confidence, quantile) => {
    const values = Array.from({ length: count }, (_, index) => index);
    const [low, high] = meanInterval(values, confidence);
    expect((low + high) / 2).toBeCloseTo(mean(values), 10);
    const found = (high - low) / 2 / standardError(values);
    expect(Math.abs(found / quantile - 1)).toBeLessThan(count === 4 ? 1.3e-3 : 1e-5);
  });

  it('needs two values', () => {
    expect(() => meanInterval([1])).toThrow('of 1 values; allowed: 2 or more');
  });
});

describe('Kolmogorov-Smirnov', () => {
  // python3: scipy.stats.kstest([0.1, 0.2, 0.4, 0.7, 0.95], 'uniform') -> statistic 0.2
  it('finds the largest distance, and small p-values for the wrong distribution only', () => {
    expect(kolmogorovSmirnov([0.95, 0.1, 0.2, 0.4, 0.7], (x) => x).distance).toBeCloseTo(0.2, 14);
    const values = Rng.of('ks').fillUniform(new Float64Array(2000));
    expect(kolmogorovSmirnov(values, (x) => x).pValue).toBeGreaterThan(0.001);
    expect(kolmogorovSmirnov(values, (x) => Math.min(1, x * 1.1)).pValue).toBeLessThan(1e-4);
  });

  it('has p-values that are uniform', () => {
    const rng = Rng.of('p-values');
    const pValues = Array.from(
      { length: 500 },
      () => kolmogorovSmirnov(rng.fillUniform(new Float64Array(100)), (x) => x).pValue,
    );
    expect(kolmogorovSmirnov(pValues, (x) => x).distance).toBeLessThan(0.08);
  });
});
