import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, meanPower, Rng, variance } from '../../math/index.js';
import { type Constellation, constellation, constellationOf } from './index.js';

const qam = [4, 16, 64, 256, 1024].map((order) => constellation('qam', order));
const all = [
  ...qam,
  ...[2, 4, 8, 16, 64].map((order) => constellation('psk', order)),
  ...[2, 4, 8, 32].map((order) => constellation('pam', order)),
  constellationOf('natural 8-PSK', circle(8)),
];

function circle(order: number): number[] {
  return Array.from({ length: order }, (_, k) => (2 * Math.PI * k) / order).flatMap((angle) => [
    Math.cos(angle),
    Math.sin(angle),
  ]);
}

const randomBits = (rng: Rng, count: number) => Uint8Array.from({ length: count }, () => rng.integer(2));
const bitsOfLabel = (label: number, width: number) =>
  Array.from({ length: width }, (_, place) => (label >> (width - 1 - place)) & 1);

/** LLRs straight from the definition, in doubles. */
function llrsByDefinition(
  { points, order, bitsPerSymbol }: Constellation,
  [re, im]: readonly [number, number],
  noiseVariance: number,
  { method = 'app', priors }: { method?: 'app' | 'max-log'; priors?: Float32Array } = {},
): number[] {
  const combine = (values: number[]) => {
    const top = Math.max(...values);
    return method === 'max-log'
      ? top
      : top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
  };
  const metrics = Array.from({ length: order }, (_, label) => {
    const distance = (re - points[2 * label]!) ** 2 + (im - points[2 * label + 1]!) ** 2;
    // log p(bit) of LLR a: p(0) = 1 / (1 + e^-a).
    const prior = bitsOfLabel(label, bitsPerSymbol).reduce(
      (sum, bit, place) =>
        sum - Math.log1p(Math.exp(bit === 1 ? (priors?.[place] ?? 0) : -(priors?.[place] ?? 0))),
      0,
    );
    return -distance / noiseVariance + prior;
  });
  return Array.from({ length: bitsPerSymbol }, (_, place) => {
    const having = (bit: number) =>
      metrics.filter((_, label) => bitsOfLabel(label, bitsPerSymbol)[place] === bit);
    return combine(having(0)) - combine(having(1));
  });
}

describe('QAM of TS 38.211', () => {
  const s = (bit: number | undefined) => 1 - 2 * bit!;
  // Clauses 5.1.3 to 5.1.7, written out.
  const formulas: [number, (b: number[], i: number) => number][] = [
    [4, (b, i) => s(b[i]) / Math.sqrt(2)],
    [16, (b, i) => (s(b[i]) * (2 - s(b[i + 2]))) / Math.sqrt(10)],
    [64, (b, i) => (s(b[i]) * (4 - s(b[i + 2]) * (2 - s(b[i + 4])))) / Math.sqrt(42)],
    [256, (b, i) => (s(b[i]) * (8 - s(b[i + 2]) * (4 - s(b[i + 4]) * (2 - s(b[i + 6]))))) / Math.sqrt(170)],
    [
      1024,
      (b, i) =>
        (s(b[i]) * (16 - s(b[i + 2]) * (8 - s(b[i + 4]) * (4 - s(b[i + 6]) * (2 - s(b[i + 8])))))) /
        Math.sqrt(682),
    ],
  ];

  it.each(formulas)('of %i points has the points and labels of the specification', (order, axis) => {
    const { points, bitsPerSymbol } = constellation('qam', order);
    for (let label = 0; label < order; label++) {
      const bits = bitsOfLabel(label, bitsPerSymbol);
      expect(points[2 * label]).toBeCloseTo(axis(bits, 0), 12);
      expect(points[2 * label + 1]).toBeCloseTo(axis(bits, 1), 12);
    }
  });
});

describe.each(all.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const { order, bitsPerSymbol: width, points } = one;

  it('has unit mean energy and as many distinct points as it says', () => {
    expect(meanPower(points)).toBeCloseTo(1, 12);
    const distinct = new Set(
      Array.from(
        { length: order },
        (_, k) => `${points[2 * k]!.toFixed(6)},${points[2 * k + 1]!.toFixed(6)}`,
      ),
    );
    expect(distinct.size).toBe(order);
  });

  it('decides every point as itself', () => {
    const sent = Uint8Array.from(
      Array.from({ length: order }, (_, label) => bitsOfLabel(label, width)).flat(),
    );
    expect(one.decide(one.map(sent))).toEqual(sent);
  });

  it.each(['app', 'max-log'] as const)('demaps by the definition, %s, with and without priors', (method) => {
    const rng = Rng.of(one.name).fork(method);
    for (const snrDb of [-5, 8, 25]) {
      const noise = 10 ** (-snrDb / 10);
      const symbols = one.map(randomBits(rng, 6 * width));
      for (let i = 0; i < symbols.length; i++) symbols[i]! += rng.normal(0, Math.sqrt(noise / 2));
      const priors = rng.fillNormal(new Float32Array(6 * width), 0, 2);
      for (const given of [undefined, priors]) {
        const found = one.demap(symbols, noise, given ? { method, priors: given } : { method });
        for (let k = 0; k < 6; k++) {
          const part = given?.subarray(k * width, (k + 1) * width);
          const at: [number, number] = [symbols[2 * k]!, symbols[2 * k + 1]!];
          const expected = llrsByDefinition(one, at, noise, part ? { method, priors: part } : { method });
          for (const [place, llr] of expected.entries()) {
            const error = Math.abs(found[k * width + place]! - llr);
            expect(error).toBeLessThan(1e-5 * Math.max(1, Math.abs(llr)));
          }
        }
      }
    }
  });
});

describe('Gray labelling', () => {
  it.each(all.slice(0, -1).map((one) => [one.name, one] as const))(
    '%s: the nearest neighbours differ in one bit',
    (_, { points, order }) => {
      const distance = (a: number, b: number) =>
        Math.hypot(points[2 * a]! - points[2 * b]!, points[2 * a + 1]! - points[2 * b + 1]!);
      let least = Number.POSITIVE_INFINITY;
      for (let b = 1; b < order; b++) least = Math.min(least, distance(0, b));
      for (let a = 0; a < Math.min(order, 128); a++) {
        for (let b = 0; b < order; b++) {
          if (a === b || distance(a, b) > 1.0001 * least) continue;
          expect((a ^ b).toString(2).replaceAll('0', '')).toBe('1');
        }
      }
    },
  );
});

describe('LLRs', () => {
  it('of BPSK are 4 Re(y) / N0: conditional mean 4 Es/N0, variance twice the mean', () => {
    const noise = 0.5;
    const count = 50_000;
    const symbols = Rng.of('llr').fillComplexNormal(new Float32Array(2 * count), noise);
    for (let k = 0; k < count; k++) symbols[2 * k]! += 1;
    const llrs = constellation('psk', 2).demap(symbols, noise);
    expect(llrs[7]).toBeCloseTo((4 * symbols[14]!) / noise, 4);
    const average = mean(llrs);
    // Standard errors: sqrt(16 / count) of the mean, 16 sqrt(2 / count) of the variance.
    expect(Math.abs(average - 8)).toBeLessThan(4 * Math.sqrt(16 / count));
    expect(Math.abs(variance(llrs) - 16)).toBeLessThan(4 * 16 * Math.sqrt(2 / count));
  });

  it('are consistent: log of p(0)/p(1) among equal LLRs is the LLR itself', () => {
    const rng = Rng.of('consistent');
    const one = constellation('qam', 16);
    const bits = randomBits(rng, 200_000);
    const symbols = one.map(bits);
    for (let i = 0; i < symbols.length; i++) symbols[i]! += rng.normal(0, Math.sqrt(0.15));
    const llrs = one.demap(symbols, 0.3);
    let [zeros, ones] = [0, 0];
    for (const [at, llr] of llrs.entries()) {
      if (Math.abs(llr - 1.5) > 0.1) continue;
      if (bits[at] === 0) zeros++;
      else ones++;
    }
    const error = Math.sqrt(1 / zeros + 1 / ones);
    expect(Math.abs(Math.log(zeros / ones) - 1.5)).toBeLessThan(4 * error + 0.01);
  });

  it('take one noise variance for all, for each codeword, or for each symbol', () => {
    const one = constellation('qam', 64);
    const symbols = Rng.of('noise').fillNormal(new Float32Array(2 * 8));
    const each = one.demap(symbols, Float32Array.of(0.125, 0.125, 0.125, 0.125, 0.75, 0.75, 0.75, 0.75));
    expect(one.demap(symbols, [0.125, 0.75])).toEqual(each);
    expect(one.demap(symbols.subarray(0, 8), 0.125)).toEqual(each.subarray(0, 24));
  });

  it.each(['app', 'max-log'] as const)(
    'are 0 where nothing was received, and finite at any SNR (%s)',
    (method) => {
      for (const one of [constellation('qam', 1024), constellation('psk', 8)]) {
        const llrs = one.demap(Float32Array.of(0, 0, 3, -3), [Number.POSITIVE_INFINITY, 1e-8], { method });
        expect(Math.max(...llrs.subarray(0, one.bitsPerSymbol).map(Math.abs))).toBe(0);
        expect([...llrs].every(Number.isFinite)).toBe(true);
      }
    },
  );

  it('of max-log agree with the exact ones at high SNR, in any constellation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...qam), fc.double({ min: -1.5, max: 1.5, noNaN: true }), (one, x) => {
        const symbols = Float32Array.of(x, -x / 2);
        const [exact, approximate] = (['app', 'max-log'] as const).map((method) =>
          one.demap(symbols, 1e-6, { method }),
        );
        // log-sum-exp of L/2 terms exceeds their maximum by log(L/2) at most.
        for (const [at, llr] of exact!.entries()) {
          expect(Math.abs(llr - approximate![at]!)).toBeLessThan(2.8 + 1e-6 * Math.abs(llr));
        }
      }),
    );
  });
});

describe('wrong input', () => {
  const one = constellation('qam', 16);
  it.each([
    [() => constellation('qam', 32), 'order of qam is 32; allowed: 4, 16, 64, 256, 1024'],
    [() => constellation('psk', 3), 'order of psk is 3'],
    [() => constellation('ask' as 'pam', 4), 'kind of constellation is "ask"'],
    [() => constellationOf('odd', [1, 0, 0, 1, 1, 1]), 'odd has 3 points; allowed: a power of two'],
    [() => constellationOf('nil', [0, 0, 0, 0]), 'nil has mean energy 0'],
    [() => one.map(new Uint8Array(6)), '6 bits for 16-QAM; allowed: a multiple of 4'],
    [() => one.map(Uint8Array.of(0, 1, 2, 0)), 'bit 2 is 2; allowed: 0 or 1'],
    [() => one.demap(new Float32Array(3), 1), 'complex array of length 3'],
    [() => one.demap(Float32Array.of(0, Number.NaN), 1), 'symbol 0 holds NaN'],
    [() => one.demap(new Float32Array(4), 0), 'noise variance is 0; allowed: a number above 0'],
    [() => one.demap(new Float32Array(4), Number.NaN), 'noise variance is NaN'],
    [() => one.demap(new Float32Array(6), [1, 1]), '2 noise variances for 3 symbols'],
    [() => one.demap(new Float32Array(4), 1, { priors: new Float32Array(7) }), '7 prior LLRs for 8 bits'],
    [
      () => one.demap(new Float32Array(2), 1, { priors: Float32Array.of(0, 0, Number.NaN, 0) }),
      'prior LLR 2 is NaN',
    ],
    [() => one.demap(new Float32Array(2), 1, { method: 'exact' as 'app' }), 'demapping method is "exact"'],
  ])('%#: gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
