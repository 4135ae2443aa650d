import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError } from '../math/index.js';
import {
  allWithin,
  drawLastSlot,
  drawSlot,
  expectedSlots,
  geometricProbability,
  storageProbability,
  storedCoherence,
} from './waiting.js';

describe('the wait for all links', () => {
  it('has the alternating sum as its mean', () => {
    const alternating = (n: number, p: number) => {
      let [sum, choose] = [0, 1];
      for (let k = 1; k <= n; k++) {
        choose *= (n - k + 1) / k;
        sum += ((k % 2 === 1 ? 1 : -1) * choose) / (1 - (1 - p) ** k);
      }
      return sum;
    };
    for (const p of [0.01, 0.1, 0.5, 0.99]) {
      for (const n of [1, 2, 3, 4, 8]) expect(expectedSlots(n, p) / alternating(n, p)).toBeCloseTo(1, 10);
      expect(expectedSlots(2, p)).toBeCloseTo((3 - 2 * p) / (p * (2 - p)), 9);
    }
  });

  it('is exact where the alternating sum cancels: many links, rare successes', () => {
    const [n, p] = [200, 0.03];
    let sum = 0;
    for (let slots = 0; slots < 3000; slots++) sum += 1 - allWithin(slots, n, p);
    expect(expectedSlots(n, p) / sum).toBeCloseTo(1, 12);
    // At p near 0 the wait is the largest of exponentials: H_n / p.
    const harmonic = Array.from({ length: n }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b);
    expect((expectedSlots(n, 1e-9) * 1e-9) / harmonic).toBeCloseTo(1, 6);
    expect(expectedSlots(1000, 1)).toBe(1);
  });

  it('is drawn with that mean, and stores as long as the closed form says: 200,000 draws, 4 standard errors', () => {
    const [rng, p, memorySlots] = [Rng.of('waiting'), 0.1, 50];
    const waits = new Float64Array(200_000);
    const coherence = new Float64Array(waits.length);
    for (let k = 0; k < waits.length; k++) {
      const [first, second] = [drawSlot(rng, p), drawSlot(rng, p)];
      waits[k] = Math.max(first, second);
      coherence[k] = Math.exp(-Math.abs(first - second) / memorySlots);
    }
    expect(Math.abs(mean(waits) - expectedSlots(2, p))).toBeLessThan(4 * standardError(waits));
    expect(Math.abs(mean(coherence) - storedCoherence(p, memorySlots))).toBeLessThan(
      4 * standardError(coherence),
    );
    const last = Float64Array.from({ length: 50_000 }, () => drawLastSlot(rng, 5, p));
    expect(Math.abs(mean(last) - expectedSlots(5, p))).toBeLessThan(4 * standardError(last));
  });

  it('has probabilities that sum to one and to the means', () => {
    const p = 0.2;
    let [all, stored, coherence] = [0, 0, 0];
    for (let slot = 0; slot < 400; slot++) {
      all += geometricProbability(slot + 1, p);
      stored += storageProbability(slot, p);
      coherence += storageProbability(slot, p) * Math.exp(-slot / 7);
    }
    expect(all).toBeCloseTo(1, 12);
    expect(stored).toBeCloseTo(1, 12);
    expect(coherence).toBeCloseTo(storedCoherence(p, 7), 12);
    expect(storedCoherence(0.1, 50)).toBeCloseTo(0.840782876463483, 13);
  });

  it('draws every slot as often as its probability', () => {
    const [rng, p, draws] = [Rng.of('slots'), 0.35, 100_000];
    const counts = new Float64Array(6);
    for (let k = 0; k < draws; k++) {
      const slot = drawSlot(rng, p);
      if (slot <= counts.length) counts[slot - 1]!++;
    }
    for (const [k, count] of counts.entries()) {
      const share = geometricProbability(k + 1, p);
      expect(Math.abs(count / draws - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / draws));
    }
    expect(drawSlot(rng, 1)).toBe(1);
  });

  it('refuses links that never succeed', () => {
    expect(() => drawSlot(Rng.of(1), 0)).toThrow('successProbability is 0; allowed: above 0 up to 1');
    expect(() => expectedSlots(0, 0.5)).toThrow('links is 0');
    expect(() => storedCoherence(0.5, 0)).toThrow('memorySlots is 0');
    expect(() => geometricProbability(0, 0.5)).toThrow('slot is 0');
  });
});
