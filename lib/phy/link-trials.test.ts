import { describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { Rng } from '../math/index.js';
import {
  bitErrorRate,
  constellation,
  convolutionalCode,
  countBitErrors,
  linkTrials,
  monteCarlo,
  randomBits,
} from './index.js';

const stop = { counter: 'bitErrors', target: 1000, maxTrials: 4000 };

describe('simulated links', () => {
  it.each([
    ['16-QAM over AWGN', constellation('qam', 16), 13, 0, awgn({ snrDb: 13 })],
    [
      'QPSK over fast Rayleigh fading',
      constellation('qam', 4),
      10,
      1,
      rayleigh({ snrDb: 10, fading: 'fast' }),
    ],
    ['8-PSK over AWGN', constellation('psk', 8), 10, 0, awgn({ snrDb: 10 })],
  ] as const)('%s err at the rate of the closed form', async (_, one, snrDb, branches, channel) => {
    const bits = 60 * one.bitsPerSymbol;
    const trials = linkTrials({ constellation: one, channel, code: bits });
    const result = await monteCarlo(trials, { rng: Rng.of('link'), stop, batchTrials: 50 });
    const { value, ci95 } = result.rate('bitErrors', bits, 'bitErrorsSquared');
    const kind = one.name.endsWith('PSK') && one.order > 4 ? 'psk' : 'qam';
    // Twice the 95 % interval: four standard errors.
    expect(Math.abs(value - bitErrorRate(kind, one.order, snrDb, branches))).toBeLessThan(ci95[1] - ci95[0]);
  });

  it('with block fading err in bursts, which widens the interval', async () => {
    const one = constellation('qam', 4);
    const trials = linkTrials({ constellation: one, channel: rayleigh({ snrDb: 10 }), code: 200 });
    const result = await monteCarlo(trials, { rng: Rng.of('burst'), stop, batchTrials: 50 });
    const [naive, honest] = [
      result.rate('bitErrors', 200),
      result.rate('bitErrors', 200, 'bitErrorsSquared'),
    ];
    expect(honest.ci95[1] - honest.ci95[0]).toBeGreaterThan(2 * (naive.ci95[1] - naive.ci95[0]));
    expect(honest.ci95[0]).toBeLessThan(bitErrorRate('qam', 4, 10, 1));
    expect(honest.ci95[1]).toBeGreaterThan(bitErrorRate('qam', 4, 10, 1));
  });

  it('take a code whose bits do not fill the last symbol', async () => {
    const code = convolutionalCode({ generators: [0o7, 0o5], k: 21 });
    expect(code.n % 4).toBe(2);
    const trials = linkTrials({
      constellation: constellation('qam', 16),
      channel: awgn({ snrDb: 40 }),
      code,
    });
    expect((await trials(Rng.of('padding'), 30)).blockErrors).toBe(0);
  });

  it('draw fair bits, and refuse blocks that cannot be', () => {
    const bits = randomBits(Rng.of('bits'), 100_001);
    const ones = bits.reduce((sum, bit) => sum + bit, 0);
    expect(Math.abs(ones - 50_000)).toBeLessThan(4 * Math.sqrt(25_000));
    expect(
      countBitErrors(
        bits,
        bits.map((bit) => 1 - bit),
      ),
    ).toBe(100_001);
    expect(() => countBitErrors(bits, bits.subarray(1))).toThrow('100001 and 100000 bits');
    const setup = { constellation: constellation('psk', 2), channel: awgn({ snrDb: 0 }) };
    expect(() => linkTrials({ ...setup, code: 0 })).toThrow('uncoded bits is 0');
  });
});
