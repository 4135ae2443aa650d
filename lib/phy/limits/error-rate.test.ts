import { describe, expect, it } from 'vitest';
import { qFunction, Rng, wilsonInterval } from '../../math/index.js';
import { type ConstellationKind, constellation } from '../constellation/index.js';
import { alamoutiBitErrorRate, bitErrorRate, symbolErrorRate } from './index.js';
import { integrate } from './quadrature.js';

/** Es/N0 of an Eb/N0 at so many bits a symbol. */
const snrOf = (ebN0Db: number, bits: number) => ebN0Db + 10 * Math.log10(bits);

/** To four significant digits beyond those published. */
function expectRate(found: number, published: number): void {
  expect(Math.abs(found / published - 1)).toBeLessThan(1e-4);
}

describe('published values over AWGN (scipy)', () => {
  it.each([
    [0, 7.865e-2],
    [4, 1.2501e-2],
    [8, 1.9091e-4],
  ])('BPSK and QPSK at Eb/N0 %f dB: %f', (ebN0Db, published) => {
    expectRate(bitErrorRate('psk', 2, ebN0Db), published);
    for (const kind of ['qam', 'psk'] as const)
      expectRate(bitErrorRate(kind, 4, snrOf(ebN0Db, 2)), published);
  });

  it('Gray 16-QAM', () => {
    expectRate(bitErrorRate('qam', 16, snrOf(8, 4)), 9.2472e-3);
    expectRate(bitErrorRate('qam', 16, snrOf(10, 4)), 1.7542e-3);
    expectRate(symbolErrorRate('qam', 16, 14), 3.7151e-2);
  });
});

describe('published values over Rayleigh fading (scipy)', () => {
  it('without diversity', () => {
    expectRate(bitErrorRate('psk', 2, 10, 1), 2.3269e-2);
    expectRate(bitErrorRate('psk', 2, 20, 1), 2.4814e-3);
    expectRate(bitErrorRate('qam', 16, snrOf(10, 4), 1), 4.2371e-2);
    expectRate(bitErrorRate('qam', 16, snrOf(20, 4), 1), 4.8855e-3);
  });

  it('with maximum ratio combining, and with Alamouti', () => {
    expectRate(bitErrorRate('psk', 2, 10, 2), 1.5991e-3);
    expectRate(bitErrorRate('psk', 2, 10, 3), 1.2163e-4);
    expectRate(bitErrorRate('psk', 2, 10, 4), 9.698e-6);
    expectRate(alamoutiBitErrorRate('psk', 2, 10), 5.5282e-3);
  });
});

/** Bit error rate of a Gray axis from every transition between its decision regions. */
function axisByTransitions(levels: Float64Array, deviation: number): number {
  const sorted = [...levels.keys()].sort((a, b) => levels[a]! - levels[b]!);
  const bits = Math.log2(levels.length);
  const below = (threshold: number, from: number) => qFunction((from - threshold) / deviation);
  let sum = 0;
  for (const [sentAt, sent] of sorted.entries()) {
    for (const [at, label] of sorted.entries()) {
      if (at === sentAt) continue;
      const edge = (k: number) =>
        k < 0 ? -1e9 : k >= levels.length - 1 ? 1e9 : (levels[sorted[k]!]! + levels[sorted[k + 1]!]!) / 2;
      const probability = below(edge(at), levels[sent]!) - below(edge(at - 1), levels[sent]!);
      sum += probability * (sent ^ label).toString(2).replaceAll('0', '').length;
    }
  }
  return sum / levels.length / bits;
}

describe('bit error rates of every order', () => {
  it.each([4, 16, 64, 256, 1024])('%i-QAM is the sum over its decision regions', (order) => {
    const { levels } = constellation('qam', order).axes![0]!;
    for (const snrDb of [0, 5, 10]) {
      const expected = axisByTransitions(levels, Math.sqrt(10 ** (-snrDb / 10) / 2));
      expect(bitErrorRate('qam', order, snrDb) / expected).toBeCloseTo(1, 8);
    }
  });

  it.each([
    ['psk', 8, 9],
    ['psk', 16, 13],
    ['pam', 4, 8],
    ['qam', 64, 15],
  ] as [ConstellationKind, number, number][])('%s %i is what a simulation counts', (kind, order, snrDb) => {
    const one = constellation(kind, order);
    const rng = Rng.of(`${kind} ${order}`);
    const bits = Uint8Array.from({ length: 24_000 * one.bitsPerSymbol }, () => rng.uint32() & 1);
    const symbols = one.map(bits);
    const noise = rng.fillComplexNormal(new Float32Array(symbols.length), 10 ** (-snrDb / 10));
    const decided = one.decide(symbols.map((x, i) => x + noise[i]!));
    let [bitErrors, symbolErrors] = [0, 0];
    for (let at = 0; at < bits.length; at += one.bitsPerSymbol) {
      let wrong = 0;
      for (let i = at; i < at + one.bitsPerSymbol; i++) wrong += bits[i]! ^ decided[i]!;
      bitErrors += wrong;
      symbolErrors += Number(wrong > 0);
    }
    const [low, high] = wilsonInterval(bitErrors, bits.length, 0.999);
    expect(bitErrorRate(kind, order, snrDb)).toBeGreaterThan(low);
    expect(bitErrorRate(kind, order, snrDb)).toBeLessThan(high);
    const [few, many] = wilsonInterval(symbolErrors, 24_000, 0.999);
    expect(symbolErrorRate(kind, order, snrDb)).toBeGreaterThan(few);
    expect(symbolErrorRate(kind, order, snrDb)).toBeLessThan(many);
  });

  it.each([
    ['qam', 16],
    ['psk', 8],
    ['pam', 8],
    ['psk', 2],
  ] as [ConstellationKind, number][])(
    '%s %i over Rayleigh branches is the mean over their gains',
    (kind, order) => {
      for (const branches of [1, 3]) {
        const factorial = [1, 1, 2][branches - 1]!;
        // In u = sqrt(gain) the integrand vanishes at 0.
        const mean = (rate: (snrDb: number) => number) =>
          integrate(
            (u) =>
              u === 0
                ? 0
                : ((2 * u ** (2 * branches - 1) * Math.exp(-u * u)) / factorial) *
                  rate(12 + 20 * Math.log10(u)),
            0,
            6.5,
            600,
          );
        const bits = mean((snrDb) => bitErrorRate(kind, order, Math.max(-50, snrDb)));
        expect(Math.abs(bitErrorRate(kind, order, 12, branches) - bits)).toBeLessThan(1e-7);
        const symbols = mean((snrDb) => symbolErrorRate(kind, order, Math.max(-50, snrDb)));
        expect(Math.abs(symbolErrorRate(kind, order, 12, branches) - symbols)).toBeLessThan(1e-7);
      }
    },
  );

  it('fall as SNR and branches grow, and stay below one half', () => {
    for (const [kind, order] of [
      ['qam', 256],
      ['psk', 16],
    ] as [ConstellationKind, number][]) {
      let last = 0.5;
      for (let snrDb = -50; snrDb <= 20; snrDb += 5) {
        const rate = bitErrorRate(kind, order, snrDb);
        expect(rate).toBeLessThanOrEqual(last);
        expect(bitErrorRate(kind, order, snrDb, 2)).toBeLessThan(bitErrorRate(kind, order, snrDb, 1));
        last = rate;
      }
    }
  });
});

describe('wrong input', () => {
  it.each([
    [() => bitErrorRate('qam', 8, 0), 'order of qam is 8'],
    [() => bitErrorRate('fsk' as 'qam', 4, 0), 'kind of constellation is "fsk"'],
    [() => bitErrorRate('qam', 4, Number.NaN), 'snrDb is NaN'],
    [() => symbolErrorRate('qam', 4, 0, 1.5), 'rayleighBranches is 1.5'],
    [() => alamoutiBitErrorRate('psk', 2, 0, 0), 'receiveAntennas is 0'],
  ])('%#: gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
