import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { awgnCapacity, rayleighErgodicCapacity } from './index.js';

describe('limits', () => {
  it('gives the AWGN capacity', () => {
    expect(awgnCapacity(0)).toBe(1);
    expect(awgnCapacity(10)).toBeCloseTo(Math.log2(11), 12);
    expect(awgnCapacity(20)).toBeCloseTo(6.6582, 4);
    // At low SNR log2(1 + s) = s / ln 2 to first order: the wideband limit of -1.59 dB per bit.
    expect(awgnCapacity(-50) * Math.LN2 * 1e5).toBeCloseTo(1, 4);
  });

  // scipy: from scipy.special import exp1; [exp(1/s)*exp1(1/s)/log(2) for s in (1, 10, 100)]
  it('gives the ergodic capacity of the Rayleigh channel', () => {
    expect(rayleighErgodicCapacity(0)).toBeCloseTo(0.8603473823, 9);
    expect(rayleighErgodicCapacity(10)).toBeCloseTo(2.9065148084, 9);
    expect(rayleighErgodicCapacity(20)).toBeCloseTo(5.8840482337, 9);
  });

  it('is the mean of log2(1 + snr |h|^2)', () => {
    const rng = Rng.of('ergodic');
    const count = 100_000;
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < count; index++) {
      const bits = Math.log2(1 + 10 ** 0.7 * rng.exponential());
      sum += bits;
      squares += bits * bits;
    }
    const error = Math.sqrt((squares / count - (sum / count) ** 2) / count);
    expect(Math.abs(sum / count - rayleighErgodicCapacity(7))).toBeLessThan(4 * error);
  });

  it('stays below the AWGN capacity (Jensen) over the whole range', () => {
    for (let snrDb = -50; snrDb <= 100; snrDb += 2.5) {
      expect(rayleighErgodicCapacity(snrDb)).toBeLessThan(awgnCapacity(snrDb));
      expect(rayleighErgodicCapacity(snrDb)).toBeGreaterThan(0);
    }
    // At high SNR fading costs Euler's constant: 0.5772 / ln 2 bits.
    expect(awgnCapacity(100) - rayleighErgodicCapacity(100)).toBeCloseTo(0.8327462, 6);
  });

  it('refuses an SNR that is no number or out of range', () => {
    for (const bad of [Number.NaN, -51, 101, Number.POSITIVE_INFINITY]) {
      expect(() => awgnCapacity(bad)).toThrow('snrDb');
      expect(() => rayleighErgodicCapacity(bad)).toThrow('snrDb');
    }
  });
});
