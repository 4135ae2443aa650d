import { describe, expect, it } from 'vitest';
import { philox4x32 } from './philox.js';
import { Rng } from './rng.js';
import { qFunction } from './special.js';
import { kolmogorovSmirnov, mean, wilsonInterval } from './statistics.js';

const hex = (words: Int32Array) =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

function block(counter: readonly number[], key: readonly number[]): string {
  const out = new Int32Array(4);
  philox4x32(out, counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!);
  return hex(out);
}

/** Correlation coefficient; its standard error under independence is 1/sqrt(n). */
function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [da, db] = [a[index]! - ma, b[index]! - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Expects a sample moment within 5 standard errors of the true one. */
function expectMoment(values: Float64Array, expected: number, of: (x: number) => number): void {
  const moments = values.map(of);
  const centre = mean(moments);
  const error = Math.sqrt(mean(moments.map((x) => (x - centre) ** 2)) / moments.length);
  expect(Math.abs(centre - expected)).toBeLessThan(5 * error);
}

describe('philox4x32', () => {
  // Random123, tests/kat_vectors, lines "philox4x32 10".
  it('gives the known answers of Random123', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

describe('streams', () => {
  it('depend on the seed and the names only', () => {
    const draw = (rng: Rng) => [rng.uint32(), rng.uint32(), rng.normal()];
    const parent = Rng.of(7);
    const before = draw(parent.fork('noise'));
    parent.uniform();
    parent.normal();
    expect(draw(parent.fork('noise'))).toEqual(before);
    expect(draw(Rng.of('7').fork('noise'))).toEqual(before);
    const untouched = Rng.of(7);
    untouched.fork('a');
    expect(untouched.uint32()).toBe(Rng.of(7).uint32());
  });

  // Our own first words, pinned: published results rest on them, so they may never change.
  it('stay what they are from version to version', () => {
    const words = (rng: Rng) => Array.from({ length: 3 }, () => rng.uint32());
    expect(words(Rng.of(0))).toEqual([1737909041, 529552208, 956259911]);
    expect(words(Rng.of(7).fork('noise').fork(3))).toEqual([1687214659, 2177809747, 3184255678]);
    expect(words(Rng.of('a name that is longer than one block of sixteen bytes'))).toEqual([
      861086833, 3617572682, 1169389237,
    ]);
    expect(Rng.of(1).normal()).toBeCloseTo(-1.193175736071162, 15);
  });

  it('differ whenever a name or its place differs', () => {
    const long = 'x'.repeat(40);
    const streams = [
      Rng.of(0),
      Rng.of(1),
      Rng.of(-1),
      Rng.of(''),
      Rng.of(0).fork(''),
      Rng.of(0).fork('').fork(''),
      Rng.of('ab'),
      Rng.of('a').fork('b'),
      Rng.of('b').fork('a'),
      Rng.of('a/b'),
      Rng.of('a').fork('b\0'),
      Rng.of('a').fork('b\0\0'),
      Rng.of(`${long}a`),
      Rng.of(`${long}b`),
      Rng.of(`a${long}`),
      Rng.of('é'),
      ...Array.from({ length: 5000 }, (_, index) => Rng.of('many').fork(index)),
    ];
    expect(new Set(streams.map((rng) => `${rng.uint32()} ${rng.uint32()}`)).size).toBe(streams.length);
  });

  it('are independent between neighbouring forks and seeds', () => {
    const n = 100_000;
    const draw = (rng: Rng) => rng.fillNormal(new Float64Array(n));
    const limit = 5 / Math.sqrt(n);
    const root = draw(Rng.of(3));
    const forks = [0, 1, 2].map((index) => draw(Rng.of(3).fork(index)));
    for (const other of [...forks, draw(Rng.of(4)), draw(Rng.of(2))]) {
      expect(Math.abs(correlation(root, other))).toBeLessThan(limit);
    }
    expect(Math.abs(correlation(forks[0]!, forks[1]!))).toBeLessThan(limit);
    // The first number of many forks is as random as many numbers of one stream.
    const firsts = Float64Array.from({ length: 20_000 }, (_, index) =>
      Rng.of('firsts').fork(index).uniform(),
    );
    expect(kolmogorovSmirnov(firsts, (x) => x).pValue).toBeGreaterThan(1e-3);
    expect(Math.abs(correlation(firsts.subarray(1), firsts))).toBeLessThan(5 / Math.sqrt(20_000));
  });

  it('say their path and refuse a name that is no finite number', () => {
    expect(Rng.of(7).fork('noise').fork(3).path).toBe('7/noise/3');
    expect(() => Rng.of(Number.NaN)).toThrow('seed is NaN');
    expect(() => Rng.of(1).fork(Number.POSITIVE_INFINITY)).toThrow('stream name is Infinity');
  });
});

describe('distributions', () => {
  const count = 200_000;
  const normals = Rng.of('normals').fillNormal(new Float64Array(count));

  it('uniform: moments, KS, no correlation, every bit balanced', () => {
    const rng = Rng.of('uniform');
    const values = Float64Array.from({ length: count }, () => rng.uniform());
    expectMoment(values, 1 / 2, (x) => x);
    expectMoment(values, 1 / 3, (x) => x * x);
    expect(kolmogorovSmirnov(values, (x) => x).pValue).toBeGreaterThan(1e-3);
    for (const lag of [1, 2, 3, 4]) {
      expect(Math.abs(correlation(values.subarray(lag), values))).toBeLessThan(5 / Math.sqrt(count));
    }
    const ones = new Float64Array(32);
    for (let draw = 0; draw < 50_000; draw++) {
      const word = rng.uint32();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1;
    }
    for (const total of ones) expect(Math.abs(total - 25_000)).toBeLessThan(5 * Math.sqrt(12_500));
    const scaled = Array.from({ length: 10_000 }, () => rng.uniform(-3, 5));
    expect(Math.min(...scaled)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...scaled)).toBeLessThan(5);
    expect(Math.min(...scaled)).toBeLessThan(-2.98);
    expect(Math.max(...scaled)).toBeGreaterThan(4.98);
  });

  it('normal: moments, kurtosis, KS', () => {
    expectMoment(normals, 0, (x) => x);
    expectMoment(normals, 1, (x) => x * x);
    expectMoment(normals, 0, (x) => x ** 3);
    expectMoment(normals, 3, (x) => x ** 4);
    expect(kolmogorovSmirnov(normals, (x) => qFunction(-x)).pValue).toBeGreaterThan(1e-3);
    for (const lag of [1, 2, 3]) {
      expect(Math.abs(correlation(normals.subarray(lag), normals))).toBeLessThan(5 / Math.sqrt(count));
      // Box-Muller pairs share a radius; their squares must be uncorrelated as well.
      const squares = normals.map((x) => x * x);
      expect(Math.abs(correlation(squares.subarray(lag), squares))).toBeLessThan(5 / Math.sqrt(count));
    }
  });

  it('normal: the tails at 3 and 4 standard deviations', () => {
    const rng = Rng.of('tail');
    const chunk = new Float64Array(100_000);
    const beyond = [0, 0];
    const rounds = 30;
    for (let round = 0; round < rounds; round++) {
      for (const x of rng.fillNormal(chunk)) {
        if (Math.abs(x) > 3) beyond[0]!++;
        if (Math.abs(x) > 4) beyond[1]!++;
      }
    }
    for (const [index, sigma] of [3, 4].entries()) {
      const [low, high] = wilsonInterval(beyond[index]!, rounds * chunk.length, 0.9999);
      expect(2 * qFunction(sigma)).toBeGreaterThan(low);
      expect(2 * qFunction(sigma)).toBeLessThan(high);
    }
  });

  it('normal: fillNormal gives the numbers of repeated calls, wherever the stream stands', () => {
    for (const [skip, length] of [
      [0, 8],
      [0, 7],
      [1, 8],
      [1, 7],
      [3, 1],
    ] as const) {
      const [one, other] = [Rng.of('same'), Rng.of('same')];
      for (let draw = 0; draw < skip; draw++) expect(one.normal(2, 3)).toBe(other.normal(2, 3));
      const filled = one.fillNormal(new Float64Array(length), 2, 3);
      const called = Float64Array.from({ length }, () => other.normal(2, 3));
      filled.forEach((value, index) => {
        expect(value).toBeCloseTo(called[index]!, 12);
      });
      expect(one.normal()).toBe(other.normal());
      expect(one.uint32()).toBe(other.uint32());
    }
  });

  it('complex normal: the variance is per complex number and circular', () => {
    const z = Rng.of('complex').fillComplexNormal(new Float64Array(2 * count), 0.25);
    const re = z.filter((_, index) => index % 2 === 0);
    const im = z.filter((_, index) => index % 2 === 1);
    expectMoment(re, 0.125, (x) => x * x);
    expectMoment(im, 0.125, (x) => x * x);
    expect(Math.abs(correlation(re, im))).toBeLessThan(5 / Math.sqrt(count));
    expect(() => Rng.of(0).fillComplexNormal(new Float32Array(3), 1)).toThrow('length 3');
    expect(() => Rng.of(0).fillComplexNormal(new Float32Array(2), Number.NaN)).toThrow('variancePerComplex');
  });

  it('exponential and Rayleigh: moments and KS', () => {
    const rng = Rng.of('positive');
    const exponentials = Float64Array.from({ length: 50_000 }, () => rng.exponential(2));
    expectMoment(exponentials, 2, (x) => x);
    expect(kolmogorovSmirnov(exponentials, (x) => 1 - Math.exp(-x / 2)).pValue).toBeGreaterThan(1e-3);
    const magnitudes = Float64Array.from({ length: 50_000 }, () => rng.rayleigh(3));
    expectMoment(magnitudes, 3 * Math.sqrt(Math.PI / 2), (x) => x);
    expect(kolmogorovSmirnov(magnitudes, (x) => 1 - Math.exp(-(x * x) / 18)).pValue).toBeGreaterThan(1e-3);
  });
});

describe('gamma numbers', () => {
  it('moments and KS, below shape 1 too', () => {
    const cdfs: [shape: number, scale: number, cdf: (x: number) => number][] = [
      [0.5, 2, (x) => 1 - 2 * qFunction(Math.sqrt(x))],
      [1, 3, (x) => 1 - Math.exp(-x / 3)],
      [3, 0.5, (x) => 1 - Math.exp(-2 * x) * (1 + 2 * x + 2 * x * x)],
    ];
    for (const [shape, scale, cdf] of cdfs) {
      const rng = Rng.of('gamma').fork(shape);
      const values = Float64Array.from({ length: 50_000 }, () => rng.gamma(shape, scale));
      expect(kolmogorovSmirnov(values, cdf).pValue).toBeGreaterThan(1e-3);
      expect(Math.abs(mean(values) - shape * scale)).toBeLessThan(5 * scale * Math.sqrt(shape / 50_000));
    }
    expect(() => Rng.of(0).gamma(0)).toThrow('shape is 0');
    expect(() => Rng.of(0).gamma(1, Number.NaN)).toThrow('scale is NaN');
  });
});

describe('choices', () => {
  /** Pearson's statistic in standard deviations of its chi-square distribution. */
  function chiSquareDeviation(counts: number[], total: number): number {
    const expected = total / counts.length;
    const statistic = counts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    const freedom = counts.length - 1;
    return (statistic - freedom) / Math.sqrt(2 * freedom);
  }

  it('integer: even over n, also where n does not divide 2^32', () => {
    const rng = Rng.of('integer');
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) counts[rng.integer(7)]!++;
    expect(chiSquareDeviation(counts, 70_000)).toBeLessThan(4);
    // Two thirds of 2^32: taking the remainder would give the lower half twice as often.
    const n = Math.floor((2 / 3) * 2 ** 32);
    let lower = 0;
    for (let draw = 0; draw < 20_000; draw++) if (rng.integer(n) < n / 2) lower++;
    expect(Math.abs(lower - 10_000)).toBeLessThan(5 * Math.sqrt(5000));
    const large = 2 ** 52 + 12345;
    const draws = Float64Array.from({ length: 20_000 }, () => rng.integer(large) / large);
    expect(kolmogorovSmirnov(draws, (x) => x).pValue).toBeGreaterThan(1e-3);
    expect(rng.integer(1)).toBe(0);
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => rng.integer(bad)).toThrow('n is');
  });

  it('permutation: all 24 orders of 4 equally likely', () => {
    const rng = Rng.of('permutation');
    const counts = new Map<string, number>();
    const total = 24_000;
    for (let draw = 0; draw < total; draw++) {
      const key = rng.permutation(4).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquareDeviation([...counts.values()], total)).toBeLessThan(4);
    expect([...rng.permutation(1000)].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect(rng.permutation(0)).toHaveLength(0);
    expect(rng.permutation(1)).toEqual(Uint32Array.of(0));
    expect(() => rng.permutation(-1)).toThrow('n is -1');
  });

  it('choice: every item, none missing', () => {
    const rng = Rng.of('choice');
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let draw = 0; draw < 30_000; draw++) counts[rng.choice(['a', 'b', 'c'])]!++;
    expect(chiSquareDeviation(Object.values(counts), 30_000)).toBeLessThan(4);
    expect(() => rng.choice([])).toThrow('choice of 0 items');
  });
});
