import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, magnitude, meanPower, Rng } from '../math/index.js';
import { clarkeAutocorrelation } from './clarke.js';
import { jakes } from './jakes.js';

const channel = jakes({ snrDb: 20, dopplerHz: 100, usePeriodSec: 1e-3 });

/** Mean of h[k + lag] conj(h[k]) over codewords, real and imaginary part. */
function autocorrelation(
  gains: Float32Array,
  codewords: number,
  uses: number,
  lag: number,
): [number, number] {
  let [re, im] = [0, 0];
  for (let codeword = 0; codeword < codewords; codeword++) {
    const [a, b] = [2 * codeword * uses, 2 * (codeword * uses + lag)];
    re += gains[b]! * gains[a]! + gains[b + 1]! * gains[a + 1]!;
    im += gains[b + 1]! * gains[a]! - gains[b]! * gains[a + 1]!;
  }
  return [re / codewords, im / codewords];
}

describe('jakes', () => {
  it('has the autocorrelation J0(2 pi fD tau), within 5 standard errors', () => {
    const shape = { codewords: 20_000, uses: 32 };
    const { gains } = channel.sample(Rng.of('jakes'), shape);
    // Values of phy.md, section 2: fD tau = 0.1, 0.2, 0.5.
    for (const [lag, value] of [
      [0, 1],
      [1, 0.9037],
      [2, 0.6425],
      [5, -0.3042],
      [31, clarkeAutocorrelation(100, 31e-3)],
    ] as const) {
      const [re, im] = autocorrelation(gains, shape.codewords, shape.uses, lag);
      expect(Math.abs(re - value)).toBeLessThan(5 / Math.sqrt(shape.codewords));
      expect(Math.abs(im)).toBeLessThan(5 / Math.sqrt(shape.codewords));
    }
  });

  it('is Rayleigh of unit power at each use', () => {
    const shape = { codewords: 20_000, uses: 4 };
    const { gains } = channel.sample(Rng.of('law'), shape);
    for (const use of [0, 3]) {
      const one = Float32Array.from(
        { length: 2 * shape.codewords },
        (_, k) => gains[8 * (k >> 1) + 2 * use + (k & 1)]!,
      );
      expect(Math.abs(meanPower(one) - 1)).toBeLessThan(5 / Math.sqrt(shape.codewords));
      expect(kolmogorovSmirnov(magnitude(one), (r) => 1 - Math.exp(-r * r)).pValue).toBeGreaterThan(1e-3);
    }
  });

  it('stands still without Doppler', () => {
    const { gains } = jakes({ snrDb: 0, dopplerHz: 0, usePeriodSec: 1 }).sample(Rng.of(0), {
      codewords: 2,
      uses: 5,
    });
    for (let use = 1; use < 5; use++) expect(gains[2 * use]).toBe(gains[0]);
    expect(gains[10]).not.toBe(gains[0]);
  });

  it('refuses what is out of range', () => {
    expect(() => jakes({ snrDb: 0, dopplerHz: -1, usePeriodSec: 1 })).toThrow('dopplerHz is -1');
    expect(() => jakes({ snrDb: 0, dopplerHz: 1, usePeriodSec: 0 })).toThrow('usePeriodSec is 0');
    expect(() => jakes({ snrDb: Number.NaN, dopplerHz: 1, usePeriodSec: 1 })).toThrow('snrDb is NaN');
  });
});

describe('clarkeAutocorrelation', () => {
  it('has the values and the first zero of phy.md', () => {
    expect(clarkeAutocorrelation(1, 0.1)).toBeCloseTo(0.9037, 4);
    expect(clarkeAutocorrelation(10, 0.02)).toBeCloseTo(0.6425, 4);
    expect(clarkeAutocorrelation(1, -0.5)).toBeCloseTo(-0.3042, 4);
    expect(Math.abs(clarkeAutocorrelation(1, 0.38274))).toBeLessThan(1e-5);
    expect(() => clarkeAutocorrelation(1, Number.NaN)).toThrow('delaySec is NaN');
  });
});
