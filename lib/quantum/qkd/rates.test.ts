import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecoyLink,
  decoyOptimum,
  decoyRate,
  pulseGain,
  singlePhotonYield,
  vacuumWeakBounds,
} from './decoy.js';
import { finiteDecoyKey, type IntensityCounts } from './finite.js';
import { maximise } from './optimum.js';
import {
  bb84Fraction,
  bb84Threshold,
  sixStateFraction,
  sixStateThreshold,
  weakPulseFraction,
} from './rates.js';

const gys: DecoyLink = {
  lengthKm: 100,
  attenuationDbPerKm: 0.21,
  receiverEfficiency: 0.045,
  backgroundYield: 1.7e-6,
  misalignment: 0.033,
  inefficiency: 1.22,
};

describe('single-photon protocols', () => {
  it('lose their key at 11.00 % and 12.62 %', () => {
    expect(bb84Threshold()).toBeCloseTo(0.11002786, 8);
    expect(sixStateThreshold()).toBeCloseTo(0.12619308, 8);
    expect(bb84Threshold(1.16)).toBeLessThan(bb84Threshold());
    expect(bb84Fraction({ keyError: 0 })).toBe(1);
  });

  it('six states never keep less than four', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.5, noNaN: true }), (q) => {
        expect(sixStateFraction(q)).toBeGreaterThanOrEqual(bb84Fraction({ keyError: q }) - 1e-12);
      }),
    );
  });

  it('refuse error rates above one half', () => {
    expect(() => bb84Fraction({ keyError: 0.6 })).toThrow('keyError is 0.6; allowed: a number from 0 to 0.5');
    expect(() => sixStateFraction(-1)).toThrow('errorRate is -1');
  });
});

describe('weak pulses', () => {
  it('without decoys keep no key once several photons explain every click', () => {
    expect(weakPulseFraction({ meanPhotonNumber: 0.5, gain: 0.05, errorRate: 0.01 })).toBe(0);
    const decoyed = decoyRate(gys, 0.48);
    const at = (meanPhotonNumber: number) => {
      const { gain, errorRate } = pulseGain({ ...gys, lengthKm: 20 }, meanPhotonNumber);
      return (gain / 2) * weakPulseFraction({ meanPhotonNumber, gain, errorRate, inefficiency: 1.22 });
    };
    const { value } = maximise(at, 1e-6, 0.5);
    expect(value).toBeGreaterThan(decoyed);
    expect(value).toBeLessThan(decoyRate({ ...gys, lengthKm: 20 }, 0.48) / 10);
  });

  it('never know more by one decoy than the true yield and error of single photons', () => {
    const range = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(range(0, 200), range(0.2, 1), range(0.01, 0.9), range(0, 1e-5), (km, mu, share, y0) => {
        const link = { ...gys, lengthKm: km, backgroundYield: y0 };
        const truth = singlePhotonYield(link);
        const at = (meanPhotonNumber: number) => ({ meanPhotonNumber, ...pulseGain(link, meanPhotonNumber) });
        const bounds = vacuumWeakBounds({ signal: at(mu), decoy: at(share * mu), backgroundYield: y0 });
        expect(bounds.yieldLow).toBeLessThanOrEqual(truth.yield * (1 + 1e-7));
        expect(bounds.errorHigh).toBeGreaterThanOrEqual(truth.errorRate * (1 - 1e-7));
      }),
    );
  });

  it('have their best intensity where no other one is better', () => {
    const best = decoyOptimum(gys);
    expect(best.meanPhotonNumber).toBeCloseTo(0.475, 3);
    for (const mean of [0.3, 0.47, 0.48, 0.7]) expect(decoyRate(gys, mean)).toBeLessThanOrEqual(best.rate);
    expect(() => vacuumWeakBounds({ ...bad, backgroundYield: 0 })).toThrow(
      'decoy intensity 0.5 with signal 0.5; allowed: above 0 and below',
    );
  });
});

const bad = {
  signal: { meanPhotonNumber: 0.5, gain: 0.1, errorRate: 0 },
  decoy: { meanPhotonNumber: 0.5, gain: 0.1, errorRate: 0 },
};

describe('finite blocks', () => {
  const counts = (scale: number): [IntensityCounts, IntensityCounts, IntensityCounts] => [
    row(0.5, 0.7, [8535050, 85453], scale),
    row(0.1, 0.2, [497568, 5005], scale),
    row(0.001, 0.1, [2530, 40], scale),
  ];

  it('meet an evaluation of the formulas of Lim et al. in Python', () => {
    const key = finiteDecoyKey(counts(1), 1_600_000, { secrecy: 1e-9, correctness: 1e-15 });
    expect(key.vacuumBits).toBeCloseTo(GOLDEN_KEY.vacuum, 3);
    expect(key.singlePhotonBits).toBeCloseTo(GOLDEN_KEY.single, 2);
    expect(key.phaseError).toBeCloseTo(GOLDEN_KEY.phaseError, 10);
    expect(key.secretBits).toBe(Math.floor(GOLDEN_KEY.secret));
  });

  it('give more per bit the longer the block, and nothing when it is short', () => {
    const security = { secrecy: 1e-9, correctness: 1e-15 };
    const length = (scale: number) => finiteDecoyKey(counts(scale), 1_600_000 * scale, security).secretBits;
    expect(length(100) / 100).toBeGreaterThan(length(1));
    expect(length(1e-4)).toBe(0);
  });

  it('refuse intensities out of order', () => {
    const [a, b, c] = counts(1);
    expect(() => finiteDecoyKey([b, a, c], 0, { secrecy: 1e-9, correctness: 1e-9 })).toThrow(
      'intensities 0.1, 0.5, 0.001; allowed: falling',
    );
  });
});

function row(
  meanPhotonNumber: number,
  probability: number,
  [bits, errors]: [number, number],
  scale: number,
): IntensityCounts {
  const [keyBits, keyErrors] = [Math.round(bits * scale), Math.round(errors * scale)];
  return { meanPhotonNumber, probability, keyBits, keyErrors, checkBits: keyBits, checkErrors: keyErrors };
}

const GOLDEN_KEY = {
  vacuum: 0,
  single: 5129339.79842043,
  phaseError: 0.01582318734272056,
  secret: 2927422.6394707365,
};
