import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mdiGains, mdiOptimum, mdiRate, mdiSinglePhotons } from './mdi.js';
import { dephasingFlip, memoryGain, memoryRates, memoryRelay, memoryTurningPoints } from './memory-mdi.js';
import { maximise } from './optimum.js';

describe('MDI with coherent pulses', () => {
  it('keeps its digits at high loss', () => {
    // Without darks, to second order of the loss: Q_d = 2 (2 (M/4)^2 + ...) with M/4 = x for equal arms.
    const link = { efficiencyA: 1e-6, efficiencyB: 1e-6, darkProbability: 0, misalignment: 0 };
    const gains = mdiGains(link, { meanPhotonNumberA: 1, meanPhotonNumberB: 1 });
    expect(gains.rectilinear.gain / (2 * 0.25e-12)).toBeCloseTo(1, 5);
    expect(gains.diagonal.gain / 1e-12).toBeCloseTo(1, 5);
    expect(gains.diagonal.errorRate).toBeCloseTo(0.25, 5);
    expect(gains.rectilinear.errorRate).toBe(0);
  });

  it('gives probabilities, whatever the link', () => {
    const range = (max: number) => fc.double({ min: 0, max, noNaN: true });
    fc.assert(
      fc.property(
        range(1),
        range(1),
        range(0.4),
        range(0.5),
        range(3),
        range(3),
        (a, b, dark, misalignment, muA, muB) => {
          const link = { efficiencyA: a, efficiencyB: b, darkProbability: dark, misalignment };
          const gains = mdiGains(link, { meanPhotonNumberA: muA, meanPhotonNumberB: muB });
          for (const { gain, errorRate } of Object.values(gains)) {
            expect(gain).toBeGreaterThanOrEqual(0);
            expect(gain).toBeLessThanOrEqual(1);
            expect(errorRate).toBeGreaterThanOrEqual(0);
            expect(errorRate).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('has the yield of two single photons that four detectors give', () => {
    for (const [a, b, dark] of [
      [0.3, 0.3, 1e-4],
      [0.1, 0.7, 1e-3],
      [1, 1, 0],
    ] as const) {
      const link = { efficiencyA: a, efficiencyB: b, darkProbability: dark, misalignment: 0 };
      const { yield: value, errorRate } = mdiSinglePhotons(link);
      const exact = diagonalSinglePhotons(a, b, dark);
      expect(Math.abs(value - exact.yield)).toBeLessThan(3e-7);
      expect(Math.abs(value * errorRate - exact.errors)).toBeLessThan(3e-7);
    }
  });

  it('finds the best intensity', () => {
    const link = { efficiencyA: 0.0145, efficiencyB: 0.0145, darkProbability: 6e-6, misalignment: 0.015 };
    const best = mdiOptimum(link, 1.16);
    for (let mu = 0.1; mu < 1; mu += 0.1) expect(mdiRate(link, mu, 1.16)).toBeLessThanOrEqual(best.rate);
    expect(() => mdiRate({ ...link, darkProbability: 2 }, 0.5)).toThrow('darkProbability is 2');
  });
});

/** Exact yield and errors of two photons, both diagonal with equal or opposite signs, at four threshold detectors. */
function diagonalSinglePhotons(a: number, b: number, dark: number) {
  let [yields, errors] = [0, 0];
  for (const sameBit of [true, false]) {
    for (const [p, photons] of arrivals(a, b, sameBit)) {
      const { psiPlus, psiMinus } = announced(photons, dark);
      yields += (p * (psiPlus + psiMinus)) / 2;
      errors += (p * (sameBit ? psiMinus : psiPlus)) / 2;
    }
  }
  return { yield: yields, errors };
}

/** Which detectors (cH, cV, dH, dV) photons reach, with probabilities. */
function arrivals(a: number, b: number, sameBit: boolean): [number, readonly number[]][] {
  const out: [number, readonly number[]][] = [[(1 - a) * (1 - b), []]];
  for (let k = 0; k < 4; k++) out.push([(a * (1 - b) + b * (1 - a)) / 4, [k]]);
  // Two photons on a beam splitter: equal polarizations bunch in one output, opposite ones leave half the time by two.
  const both = a * b;
  if (sameBit) {
    for (const port of [0, 2]) {
      out.push([both / 8, [port]], [both / 8, [port + 1]], [both / 4, [port, port + 1]]);
    }
  } else {
    for (let k = 0; k < 4; k++) out.push([both / 8, [k]]);
    out.push([both / 4, [0, 3]], [both / 4, [1, 2]]);
  }
  return out;
}

function announced(photons: readonly number[], dark: number) {
  const click = [0, 1, 2, 3].map((k) => (photons.includes(k) ? 1 : dark));
  const only = (i: number, j: number) => click.reduce((p, c, k) => p * (k === i || k === j ? c : 1 - c), 1);
  return { psiPlus: only(0, 1) + only(2, 3), psiMinus: only(0, 3) + only(1, 2) };
}

describe('MDI with a memory', () => {
  it('gains as the closed form says', () => {
    for (const [slots, gain] of [
      [2, 0.178929],
      [60, 4.218384],
      [124, 6.761034],
    ] as const) {
      expect(memoryGain(memoryRelay({ slots }))).toBeCloseTo(gain, 6);
    }
  });

  it('gains in proportion to N, passes 1 and turns where foretold', () => {
    const relay = (slots: number) => memoryRelay({ slots, photonsPerSlot: 1e-4 });
    expect(memoryGain(relay(40)) / memoryGain(relay(20))).toBeCloseTo(2, 2);
    const { crossoverSlots, bestSlots } = memoryTurningPoints(relay(2));
    expect(memoryGain(relay(2 * Math.floor(crossoverSlots / 2)))).toBeLessThan(1);
    expect(memoryGain(relay(2 * Math.ceil(crossoverSlots / 2)))).toBeGreaterThan(1);
    const found = maximise((slots) => memoryGain(relay(2 * Math.round(slots / 2))), 2, 4 * bestSlots);
    expect(found.at / bestSlots).toBeCloseTo(1, 2);
    expect(bestSlots * 1e-4 * 0.423).toBeCloseTo(2.513, 3);
  });

  it('loses its key to dephasing over the slots', () => {
    const relay = memoryRelay({ slots: 100, slotSec: 1e-6, t2Sec: 1e-4, errorFirst: 0.1 });
    expect(dephasingFlip(relay)).toBeCloseTo((1 - Math.exp(-1)) / 2, 12);
    const { errorFirst, errorSecond, secretPerSlot } = memoryRates(relay);
    expect(1 - 2 * errorFirst).toBeCloseTo(0.8 * Math.exp(-1), 12);
    expect(1 - 2 * errorSecond).toBeCloseTo(Math.exp(-1), 12);
    expect(secretPerSlot).toBe(0);
  });

  it('refuses odd slots and unknown fields in one line', () => {
    expect(() => memoryRelay({ slots: 3 })).toThrow(/^memory relay: slots: .*found 3$/);
    const unknown: object = { slot: 4 };
    expect(() => memoryRelay(unknown)).toThrow(/^memory relay: .*slot/);
  });
});
