import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { type Bb84, bb84, simulateBb84 } from './bb84.js';
import { bb84Gain, expectedCounts, liveShare } from './bb84-expected.js';
import { countsOf } from './distil.js';

const sharp = { efficiency: 0.6, deadTimeSec: 0 };
const run = (config: Bb84, pulses = 1e6, seed = 'bb84') => simulateBb84(config, pulses, Rng.of(seed));
const errorsOf = ({ sifted }: ReturnType<typeof run>) =>
  sifted.alice.reduce((sum, bit, k) => sum + (bit ^ sifted.bob[k]!), 0);
/** How many standard deviations a count lies from n trials of probability p. */
const z = (count: number, n: number, p: number) => (count - n * p) / Math.sqrt(n * p * (1 - p));

describe('BB84 photon by photon', () => {
  it('clicks with 1 - exp(-mu eta) when there is no dead time, |z| < 4', () => {
    for (const transmissivity of [1, 0.1, 0.01]) {
      const config = bb84({ transmissivity, detector: sharp, source: { meanPhotonNumber: 0.5 } });
      const p = -Math.expm1(-0.5 * 0.6 * transmissivity);
      expect(bb84Gain(config, 0.5).gain).toBeCloseTo(p, 12);
      expect(Math.abs(z(run(config).detectedPulses, 1e6, p))).toBeLessThan(4);
    }
  });

  it('errs in (1 - F)/2 of the sifted bits, |z| < 4', () => {
    for (const polarizationFidelity of [0.97, 0.8]) {
      const config = bb84({
        transmissivity: 0.1,
        detector: sharp,
        source: { polarizationFidelity, meanPhotonNumber: 0.05 },
      });
      const result = run(config, 1e7);
      const n = result.sifted.alice.length;
      expect(Math.abs(z(errorsOf(result), n, (1 - polarizationFidelity) / 2))).toBeLessThan(4);
    }
  });

  it('counts double and dark clicks as the closed form does, |z| < 4', () => {
    const config = bb84({
      transmissivity: 0.5,
      detector: { ...sharp, darkCountRateHz: 4e5 },
      source: { meanPhotonNumber: 0.8, polarizationFidelity: 0.9 },
      gateSec: 5e-9,
      decoys: [{ meanPhotonNumber: 0.1, probability: 0.3 }],
    });
    const counts = countsOf(config, run(config).sifted);
    for (const [k, expected] of expectedCounts(config, 1e6).entries()) {
      const one = counts[k]!;
      expect(Math.abs(z(one.keyBits, 1e6, expected.keyBits / 1e6))).toBeLessThan(4);
      const rate = expected.checkErrors / expected.checkBits;
      expect(Math.abs(z(one.checkErrors, one.checkBits, rate))).toBeLessThan(4);
    }
  });

  it('loses to dead time about the share that a live detector is a chance of', () => {
    const config = bb84({
      transmissivity: 0.2,
      detector: { deadTimeSec: 4e-8 },
      source: { meanPhotonNumber: 0.5 },
    });
    const live = run(config).detectedPulses / (1e6 * bb84Gain(config, 0.5).gain);
    expect(live).toBeLessThan(0.9);
    expect(live / liveShare(config)).toBeCloseTo(1, 1);
  });

  it('leaves the same clicks to the same seed, others to another', () => {
    const config = bb84({ transmissivity: 0.1 });
    expect(run(config, 1e4)).toEqual(run(config, 1e4));
    expect(run(config, 1e4, 'other')).not.toEqual(run(config, 1e4));
  });

  it('refuses what it does not know in one line', () => {
    const unknown: object = { detector: { efficency: 0.5 } };
    expect(() => bb84(unknown)).toThrow(/^BB84: detector: .*efficency/);
    expect(() => bb84({ decoys: [{ meanPhotonNumber: 0.1, probability: 1 }] })).toThrow(
      'BB84: decoys have probability 1; allowed: below 1 in all',
    );
    expect(() => run(bb84(), 0)).toThrow('pulses is 0');
  });
});
