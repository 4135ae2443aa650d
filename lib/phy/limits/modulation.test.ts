import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { constellation, constellationOf } from '../constellation/index.js';
import {
  awgnCapacity,
  becCapacity,
  biAwgnCapacity,
  bitInterleavedRate,
  bscCapacity,
  codedModulationRate,
  ebN0LimitDb,
  mimoErgodicCapacity,
  modulationRates,
  rayleighErgodicCapacity,
  rayleighOutageProbability,
  zCapacity,
} from './index.js';

describe('published values (scipy)', () => {
  it('BPSK over AWGN at Es/N0 0 dB, and the least Eb/N0 by rate', () => {
    expect(biAwgnCapacity(0)).toBeCloseTo(0.72145, 5);
    const published: [number, number][] = [
      [1 / 3, -0.495],
      [1 / 2, 0.187],
      [2 / 3, 1.059],
      [3 / 4, 1.626],
      [5 / 6, 2.362],
    ];
    for (const [rate, limit] of published) {
      expect(Math.abs(ebN0LimitDb(rate, biAwgnCapacity) - limit)).toBeLessThan(6e-4);
    }
  });

  it('coded modulation with 16-QAM', () => {
    const one = constellation('qam', 16);
    expect(codedModulationRate(one, 5)).toBeCloseTo(1.9732, 4);
    expect(codedModulationRate(one, 10)).toBeCloseTo(3.1639, 4);
    expect(codedModulationRate(one, 15)).toBeCloseTo(3.9285, 4);
  });

  it('erasure, symmetric and Z channels', () => {
    expect(becCapacity(0.3)).toBe(0.7);
    expect(bscCapacity(0)).toBe(1);
    expect(bscCapacity(0.5)).toBe(0);
    // h(0.11) = 0.49992
    expect(bscCapacity(0.11)).toBeCloseTo(0.50008, 5);
    // log2(1 + 0.5 * 0.5) = log2(5/4)
    expect(zCapacity(0.5)).toBeCloseTo(Math.log2(1.25), 12);
    expect([zCapacity(0), zCapacity(1)]).toEqual([1, 0]);
  });

  it('2 x 2 MIMO over Rayleigh fading at 10 dB', () => {
    const { value, ci95 } = mimoErgodicCapacity({ snrDb: 10, transmit: 2, receive: 2 }, Rng.of('mimo'));
    expect(Math.abs(value - 5.548)).toBeLessThan(0.004 + 2 * (ci95[1] - value));
  });
});

describe('MIMO capacity', () => {
  it('of one antenna each is the ergodic capacity, and does not care which end has more at equal power', () => {
    const one = mimoErgodicCapacity({ snrDb: 6, transmit: 1, receive: 1 }, Rng.of('siso'));
    expect(Math.abs(one.value - rayleighErgodicCapacity(6))).toBeLessThan(2 * (one.ci95[1] - one.value));
    // det(I + a H H*) = det(I + a H* H): three receive antennas at a share of snr/2 equal the transpose at snr 3/2.
    const wide = mimoErgodicCapacity({ snrDb: 6, transmit: 2, receive: 3 }, Rng.of('wide'));
    const tall = mimoErgodicCapacity(
      { snrDb: 6 + 10 * Math.log10(1.5), transmit: 3, receive: 2 },
      Rng.of('tall'),
    );
    expect(Math.abs(wide.value - tall.value)).toBeLessThan(0.05);
  });
});

describe('rates of constellations', () => {
  const all = [constellation('qam', 16), constellation('psk', 8), constellation('pam', 4)];

  it.each(all.map((one) => [one.name, one] as const))(
    '%s: BICM below coded modulation below capacity, all rising to log2 of the order',
    (_, one) => {
      let last = 0;
      for (let snrDb = -10; snrDb <= 40; snrDb += 5) {
        const { codedModulation, bitInterleaved } = modulationRates(one, snrDb);
        expect(bitInterleaved).toBeLessThan(codedModulation + 1e-9);
        expect(codedModulation).toBeLessThan(awgnCapacity(snrDb) + 1e-4);
        expect(codedModulation).toBeGreaterThan(last - 1e-9);
        last = codedModulation;
      }
      expect(last).toBeCloseTo(one.bitsPerSymbol, 6);
    },
  );

  it('come out the same axis by axis and in the plane', () => {
    for (const order of [4, 16]) {
      const one = constellation('qam', order);
      const plane = constellationOf('plane', one.points);
      for (const snrDb of [-5, 5, 15, 22]) {
        expect(codedModulationRate(plane, snrDb)).toBeCloseTo(codedModulationRate(one, snrDb), 4);
        expect(bitInterleavedRate(plane, snrDb)).toBeCloseTo(bitInterleavedRate(one, snrDb), 4);
      }
    }
  });

  it('are what the LLRs of the demapper carry: the mean of 1 - log2(1 + exp(-LLR)) of the right bit', () => {
    const one = constellation('qam', 16);
    const rng = Rng.of('gmi');
    const bits = Uint8Array.from({ length: 160_000 }, () => rng.uint32() & 1);
    const symbols = one.map(bits);
    const noise = rng.fillComplexNormal(new Float32Array(symbols.length), 0.2);
    const llrs = one.demap(
      symbols.map((x, i) => x + noise[i]!),
      0.2,
    );
    const carried = llrs.map((llr, i) => 1 - Math.log2(1 + Math.exp(bits[i] === 0 ? -llr : llr)));
    const mean = carried.reduce((sum, x) => sum + x, 0) / bits.length;
    const rate = bitInterleavedRate(one, -10 * Math.log10(0.2)) / 4;
    expect(Math.abs(mean - rate)).toBeLessThan(4 * (0.6 / Math.sqrt(bits.length)));
  });
});

describe('limits', () => {
  it('of Eb/N0 are (2^R - 1) / R for the Gaussian channel', () => {
    for (const rate of [0.01, 1, 4]) {
      expect(ebN0LimitDb(rate, awgnCapacity)).toBeCloseTo(10 * Math.log10((2 ** rate - 1) / rate), 7);
    }
  });

  it('of block fading: the outage probability is that of the gain', () => {
    expect(rayleighOutageProbability(1, 0)).toBeCloseTo(1 - Math.exp(-1), 12);
    expect(rayleighOutageProbability(0, 0)).toBeCloseTo(0, 12);
  });

  it.each([
    [() => becCapacity(1.1), 'erasureProbability is 1.1'],
    [() => bscCapacity(-0.1), 'errorProbability is -0.1'],
    [() => zCapacity(Number.NaN), 'errorProbability is NaN'],
    [() => ebN0LimitDb(1.2, biAwgnCapacity), 'rate is 1.2; allowed: what the channel carries'],
    [() => ebN0LimitDb(0, awgnCapacity), 'rate is 0'],
    [() => mimoErgodicCapacity({ snrDb: 0, transmit: 0, receive: 1 }, Rng.of(1)), 'transmit is 0'],
    [() => rayleighOutageProbability(-1, 0), 'rate is -1'],
  ])('%#: wrong input gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
