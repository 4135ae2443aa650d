import { describe, expect, it } from 'vitest';
import {
  kolmogorovSmirnov,
  magnitude,
  mean,
  meanPower,
  qFunction,
  Rng,
  wilsonInterval,
} from '../math/index.js';
import { awgn, nakagami, rayleigh, rician } from './channels.js';
import { equalise } from './equalise.js';
import { riceCdf } from './testing.js';
import type { Channel } from './types.js';

const shape = { codewords: 100, uses: 2000 };

/** Received symbols when nothing is sent: the noise alone. */
function noiseOf(channel: Channel, rng: Rng, of = shape): Float32Array {
  return channel.sample(rng, of).apply(new Float32Array(2 * of.codewords * of.uses));
}

const part = (z: Float32Array, offset: 0 | 1) =>
  Float64Array.from({ length: z.length / 2 }, (_, k) => z[2 * k + offset]!);
const squares = (x: Float64Array) => x.map((value) => value * value);

/** Bit errors of coherent BPSK, one bit a channel use. */
function bpskErrors(channel: Channel, rng: Rng, of: { codewords: number; uses: number }): number {
  const bits = rng.fork('bits');
  const symbols = new Float32Array(2 * of.codewords * of.uses);
  for (let at = 0; at < symbols.length; at += 2) symbols[at] = bits.integer(2) === 0 ? 1 : -1;
  const realisation = channel.sample(rng.fork('channel'), of);
  const { symbols: estimate } = equalise(realisation.apply(symbols), realisation);
  let errors = 0;
  for (let at = 0; at < symbols.length; at += 2) if (Math.sign(estimate[at]!) !== symbols[at]) errors++;
  return errors;
}

describe('awgn', () => {
  it('adds noise of variance N0 per complex dimension, within 0.5 %', () => {
    for (const snrDb of [-10, 0, 7, 30]) {
      const realisation = awgn({ snrDb }).sample(Rng.of(snrDb), { codewords: 100, uses: 10_000 });
      const power = meanPower(realisation.apply(new Float32Array(2_000_000)));
      expect(power / 10 ** (-snrDb / 10)).toBeGreaterThan(0.995);
      expect(power / 10 ** (-snrDb / 10)).toBeLessThan(1.005);
      expect(realisation.noiseVariance).toBeCloseTo(10 ** (-snrDb / 10), 5);
    }
  });

  it('adds circularly symmetric Gaussian noise', () => {
    const noise = noiseOf(awgn({ snrDb: 3 }), Rng.of('circular'));
    const [re, im] = [part(noise, 0), part(noise, 1)];
    const [std, count] = [Math.sqrt(10 ** -0.3 / 2), re.length];
    for (const axis of [re, im]) {
      expect(kolmogorovSmirnov(axis.subarray(0, 50_000), (x) => qFunction(-x / std)).pValue).toBeGreaterThan(
        1e-3,
      );
      expect(Math.abs(mean(axis))).toBeLessThan((5 * std) / Math.sqrt(count));
    }
    // E n^2 = 0: equal powers and no correlation of the parts, each within 5 standard errors.
    const limit = (5 * std * std) / Math.sqrt(count);
    expect(Math.abs(mean(squares(re)) - mean(squares(im)))).toBeLessThan(2 * limit);
    expect(Math.abs(mean(re.map((x, k) => x * im[k]!)))).toBeLessThan(limit);
  });

  it('leaves the signal as it is, with gain 1', () => {
    const realisation = awgn({ snrDb: 10 }).sample(Rng.of(0), { codewords: 2, uses: 3 });
    const silent = realisation.apply(new Float32Array(12));
    const sent = Float32Array.from({ length: 12 }, (_, index) => index - 5);
    const kept = sent.slice();
    realisation.apply(sent).forEach((value, index) => {
      expect(value).toBeCloseTo(sent[index]! + silent[index]!, 5);
    });
    expect(sent).toEqual(kept);
    expect(realisation.gains).toEqual(Float32Array.of(1, 0, 1, 0));
  });

  it('gives BPSK the bit error rate Q(sqrt(2 snr))', () => {
    for (const [snrDb, expected] of [
      [0, 7.865e-2],
      [4, 1.2501e-2],
    ] as const) {
      expect(qFunction(Math.sqrt(2 * 10 ** (snrDb / 10)))).toBeCloseTo(expected, 5);
      const errors = bpskErrors(awgn({ snrDb }), Rng.of('bpsk').fork(snrDb), { codewords: 100, uses: 2000 });
      const [low, high] = wilsonInterval(errors, 200_000, 0.999);
      expect(expected).toBeGreaterThan(low);
      expect(expected).toBeLessThan(high);
    }
  });

  it('takes an SNR for each codeword', () => {
    const snrDb = Float32Array.of(-5, 0, 20);
    const channel = awgn({ snrDb });
    expect(channel.snrDb).toBe(5);
    const realisation = channel.sample(Rng.of(1), { codewords: 3, uses: 100_000 });
    const noise = realisation.apply(new Float32Array(600_000));
    snrDb.forEach((value, codeword) => {
      const n0 = 10 ** (-value / 10);
      expect(realisation.noiseVariances[codeword]! / n0).toBeCloseTo(1, 6);
      expect(meanPower(noise.subarray(200_000 * codeword, 200_000 * (codeword + 1))) / n0).toBeCloseTo(1, 1);
    });
    expect(realisation.noiseVariance).toBeCloseTo((10 ** 0.5 + 1 + 0.01) / 3, 5);
    expect(() => channel.sample(Rng.of(1), { codewords: 2, uses: 4 })).toThrow('3 SNRs for 2 codewords');
  });
});

describe('fading', () => {
  const many = { codewords: 40_000, uses: 1 };

  it('has unit mean power and circularly symmetric Rayleigh gains', () => {
    const { gains } = rayleigh({ snrDb: 10 }).sample(Rng.of('gains'), many);
    expect(Math.abs(meanPower(gains) - 1)).toBeLessThan(5 / Math.sqrt(many.codewords));
    expect(kolmogorovSmirnov(magnitude(gains), (r) => 1 - Math.exp(-r * r)).pValue).toBeGreaterThan(1e-3);
    const phases = Float64Array.from({ length: many.codewords }, (_, k) =>
      Math.atan2(gains[2 * k + 1]!, gains[2 * k]!),
    );
    expect(kolmogorovSmirnov(phases, (angle) => 0.5 + angle / (2 * Math.PI)).pValue).toBeGreaterThan(1e-3);
  });

  it('has unit mean power and Rician magnitudes', () => {
    for (const kFactorDb of [-3, 6]) {
      const { gains } = rician({ snrDb: 10, kFactorDb }).sample(Rng.of('rice').fork(kFactorDb), many);
      const k = 10 ** (kFactorDb / 10);
      expect(Math.abs(meanPower(gains) - 1)).toBeLessThan(5 / Math.sqrt(many.codewords));
      expect(mean(part(gains, 0))).toBeCloseTo(Math.sqrt(k / (k + 1)), 1);
      const radii = magnitude(gains).subarray(0, 10_000);
      expect(kolmogorovSmirnov(radii, riceCdf(k)).pValue).toBeGreaterThan(1e-3);
    }
  });

  it('is the Rayleigh channel when the line of sight vanishes', () => {
    const of = { codewords: 50, uses: 4 };
    const weak = rician({ snrDb: 5, kFactorDb: -50 }).sample(Rng.of(2), of).gains;
    rayleigh({ snrDb: 5 })
      .sample(Rng.of(2), of)
      .gains.forEach((gain, index) => {
        expect(weak[index]!).toBeCloseTo(gain, 1);
      });
  });

  it('has gamma powers and uniform phases of Nakagami fading', () => {
    // Gamma(m, 1/m) for m = 1/2 (a squared Gaussian), 1 (Rayleigh) and 3.
    const cdfs: [m: number, cdf: (power: number) => number][] = [
      [0.5, (x) => 1 - 2 * qFunction(Math.sqrt(x))],
      [1, (x) => 1 - Math.exp(-x)],
      [3, (x) => 1 - Math.exp(-3 * x) * (1 + 3 * x + 4.5 * x * x)],
    ];
    for (const [m, cdf] of cdfs) {
      const { gains } = nakagami({ snrDb: 10, m }).sample(Rng.of('nakagami').fork(m), many);
      expect(Math.abs(meanPower(gains) - 1)).toBeLessThan(5 / Math.sqrt(m * many.codewords));
      expect(kolmogorovSmirnov(squares(magnitude(gains)), cdf).pValue).toBeGreaterThan(1e-3);
      const phases = Float64Array.from({ length: many.codewords }, (_, k) =>
        Math.atan2(gains[2 * k + 1]!, gains[2 * k]!),
      );
      expect(kolmogorovSmirnov(phases, (angle) => 0.5 + angle / (2 * Math.PI)).pValue).toBeGreaterThan(1e-3);
    }
    expect(() => nakagami({ snrDb: 0, m: 0.4 })).toThrow('m is 0.4');
  });

  it('draws one gain a codeword or a use', () => {
    const of = { codewords: 3, uses: 5 };
    expect(rayleigh({ snrDb: 0 }).sample(Rng.of(0), of).gains).toHaveLength(6);
    const fast = rayleigh({ snrDb: 0, fading: 'fast' }).sample(Rng.of(0), of);
    expect(fast.gains).toHaveLength(30);
    expect(new Set(fast.gains).size).toBe(30);
  });

  it('multiplies by the gain of the codeword, or of the use', () => {
    const of = { codewords: 2, uses: 3 };
    for (const fading of ['block', 'fast'] as const) {
      const realisation = rician({ snrDb: 100, kFactorDb: 0, fading }).sample(Rng.of(5), of);
      const received = realisation.apply(Float32Array.from({ length: 12 }, (_, index) => [1, 2][index % 2]!));
      for (let index = 0; index < 6; index++) {
        const at = 2 * (fading === 'fast' ? index : Math.floor(index / 3));
        const [hr, hi] = [realisation.gains[at]!, realisation.gains[at + 1]!];
        // (a + jb)(1 + 2j)
        expect(received[2 * index]!).toBeCloseTo(hr - 2 * hi, 3);
        expect(received[2 * index + 1]!).toBeCloseTo(2 * hr + hi, 3);
      }
    }
  });

  it('gives BPSK the Rayleigh bit error rate, 2.3269e-2 at 10 dB', () => {
    for (const [fading, of] of [
      ['block', { codewords: 200_000, uses: 1 }],
      ['fast', { codewords: 100, uses: 2000 }],
    ] as const) {
      const errors = bpskErrors(rayleigh({ snrDb: 10, fading }), Rng.of('rayleigh'), of);
      const [low, high] = wilsonInterval(errors, 200_000, 0.999);
      expect(2.3269e-2).toBeGreaterThan(low);
      expect(2.3269e-2).toBeLessThan(high);
    }
  });
});

describe('sampling', () => {
  const of = { codewords: 4, uses: 16 };

  it('repeats with the stream, differs between forks and between calls', () => {
    for (const channel of [
      awgn({ snrDb: 1 }),
      rayleigh({ snrDb: 1, fading: 'fast' }),
      rician({ snrDb: 1, kFactorDb: 3 }),
    ]) {
      const draw = (rng: Rng) => [...noiseOf(channel, rng, of), ...channel.sample(rng, of).gains];
      expect(draw(Rng.of(3).fork('a'))).toEqual(draw(Rng.of(3).fork('a')));
      expect(noiseOf(channel, Rng.of(3).fork('a'), of)).not.toEqual(
        noiseOf(channel, Rng.of(3).fork('b'), of),
      );
      const rng = Rng.of(3);
      expect(noiseOf(channel, rng, of)).not.toEqual(noiseOf(channel, rng, of));
    }
  });

  it('meets the same noise whatever the fading and the SNR, up to scale', () => {
    const reference = noiseOf(awgn({ snrDb: 0 }), Rng.of(9), of);
    expect(noiseOf(rayleigh({ snrDb: 0 }), Rng.of(9), of)).toEqual(reference);
    noiseOf(awgn({ snrDb: 20 }), Rng.of(9), of).forEach((value, index) => {
      expect(10 * value).toBeCloseTo(reference[index]!, 5);
    });
  });

  it('refuses what is out of range', () => {
    for (const snrDb of [Number.NaN, -51, 101, Float32Array.of(0, Number.NaN)]) {
      expect(() => awgn({ snrDb })).toThrow('snrDb is');
      expect(() => rayleigh({ snrDb })).toThrow('snrDb is');
    }
    expect(() => awgn({ snrDb: new Float32Array(0) })).toThrow('snrDb of 0 codewords');
    expect(() => rician({ snrDb: 0, kFactorDb: Number.NaN })).toThrow('kFactorDb');
    // @ts-expect-error: a caller without types
    expect(() => rayleigh({ snrDb: 0, fading: 'slow' })).toThrow('fading is "slow"');
    const channel = awgn({ snrDb: 0 });
    expect(() => channel.sample(Rng.of(0), { codewords: 0, uses: 1 })).toThrow('codewords is 0');
    expect(() => channel.sample(Rng.of(0), { codewords: 1, uses: 1.5 })).toThrow('uses is 1.5');
    expect(() => channel.sample(Rng.of(0), { codewords: 2 ** 20, uses: 2 ** 20 })).toThrow(
      'complex symbols in all',
    );
    expect(() => channel.sample(Rng.of(0), of).apply(new Float32Array(3))).toThrow(
      '3 numbers for 4 codewords of 16',
    );
  });
});
