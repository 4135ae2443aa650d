import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eesmBeta, effectiveSnrDb } from './index.js';

describe('effective SNR', () => {
  it('of a flat channel is its SNR, at any beta', () => {
    for (const snrDb of [-20, 0, 17.3, 60]) {
      for (const beta of [1.6, 132]) {
        expect(effectiveSnrDb(new Float32Array(300).fill(snrDb), beta)).toBeCloseTo(Math.fround(snrDb), 6);
      }
    }
  });

  it('is the formula: -beta ln(mean exp(-snr/beta))', () => {
    const expected = -2 * Math.log((Math.exp(-1 / 2) + Math.exp(-4 / 2)) / 2);
    expect(10 ** (effectiveSnrDb([0, 10 * Math.log10(4)], 2) / 10)).toBeCloseTo(expected, 12);
  });

  it('lies between the least SNR and the mean, tending to either with beta, and not above what rises', () => {
    const snrs = fc.array(fc.double({ min: -30, max: 40, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(snrs, fc.double({ min: 0.01, max: 1000, noNaN: true }), (snrsDb, beta) => {
        const mean = 10 * Math.log10(snrsDb.reduce((sum, x) => sum + 10 ** (x / 10), 0) / snrsDb.length);
        const found = effectiveSnrDb(snrsDb, beta);
        expect(found).toBeGreaterThan(Math.min(...snrsDb) - 1e-6);
        expect(found).toBeLessThan(mean + 1e-6);
        expect(effectiveSnrDb(snrsDb, 2 * beta)).toBeGreaterThan(found - 1e-6);
        expect(
          effectiveSnrDb(
            snrsDb.map((x) => x + 1),
            beta,
          ),
        ).toBeGreaterThan(found);
      }),
    );
    expect(effectiveSnrDb([0, 20], 1e-4)).toBeCloseTo(0, 2);
    expect(effectiveSnrDb([0, 20], 1e6)).toBeCloseTo(10 * Math.log10(50.5), 2);
  });

  it('counts a use without signal, and is one of no signal where all are', () => {
    expect(effectiveSnrDb([Number.NEGATIVE_INFINITY, 10], 5)).toBeGreaterThan(0);
    expect(effectiveSnrDb([Number.NEGATIVE_INFINITY], 5)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('beta', () => {
  it('grows with modulation order and code rate', () => {
    expect(eesmBeta(4, 490 / 1024)).toBeCloseTo(5.16, 12);
    expect(eesmBeta(2, 0.01)).toBe(1.6);
    expect(eesmBeta(8, 1)).toBe(132.54);
    for (const bits of [2, 4, 6, 8]) {
      let last = 0;
      for (let rate = 0.1; rate <= 0.95; rate += 0.05) {
        expect(eesmBeta(bits, rate)).toBeGreaterThanOrEqual(last);
        last = eesmBeta(bits, rate);
      }
    }
  });

  it.each([
    [() => effectiveSnrDb([], 1), 'effective SNR of 0 channel uses'],
    [() => effectiveSnrDb([0, Number.NaN], 1), 'SNR of use 1 is NaN'],
    [() => effectiveSnrDb([0], 0), 'beta is 0'],
    [() => eesmBeta(3, 0.5), 'bitsPerSymbol is 3'],
    [() => eesmBeta(2, 1.5), 'codeRate is 1.5'],
  ])('%#: wrong input gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
