import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { mdiGains } from './mdi.js';
import { simulateMdi, simulateMemory } from './mdi-simulation.js';
import { memoryRates, memoryRelay } from './memory-mdi.js';

/** How many standard deviations a count lies from n trials of probability p. */
const z = (count: number, n: number, p: number) => Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p));

describe('MDI by four detectors, phase by phase', () => {
  it('announces and errs as the closed form does, |z| < 4', () => {
    const cases = [
      { muA: 1, muB: 1, eta: 0.4, dark: 1e-3, misalignment: 0 },
      { muA: 0.5, muB: 0.3, eta: 0.8, dark: 0.01, misalignment: 0.05 },
    ];
    for (const { muA, muB, eta, dark, misalignment } of cases) {
      const link = { efficiencyA: eta, efficiencyB: eta / 2, darkProbability: dark, misalignment };
      const intensities = { meanPhotonNumberA: muA, meanPhotonNumberB: muB };
      const gains = mdiGains(link, intensities);
      for (const basis of ['rectilinear', 'diagonal'] as const) {
        const rng = Rng.of('mdi').fork(basis).fork(muB);
        const { trials, announced, errors } = simulateMdi(link, intensities, { basis, trials: 3e5 }, rng);
        expect(z(announced, trials, gains[basis].gain)).toBeLessThan(4);
        expect(z(errors, announced, gains[basis].errorRate)).toBeLessThan(4);
      }
    }
  });
});

describe('MDI with a memory, slot by slot', () => {
  it('stores, sifts and errs as the closed form does, |z| < 4', () => {
    for (const slots of [2, 60, 400]) {
      const relay = memoryRelay({ slots, photonsPerSlot: 0.05, errorFirst: 0.1, t2Sec: 5e-4 });
      const rates = memoryRates(relay);
      const counts = simulateMemory(relay, 40_000, Rng.of('memory').fork(slots));
      expect(z(counts.stored, 40_000, rates.bothProbability)).toBeLessThan(4);
      expect(z(counts.sifted, counts.stored, relay.sifting)).toBeLessThan(4);
      expect(z(counts.firstErrors, counts.firstBasis, rates.errorFirst)).toBeLessThan(4);
      expect(z(counts.secondErrors, counts.sifted - counts.firstBasis, rates.errorSecond)).toBeLessThan(4);
    }
  });
});
