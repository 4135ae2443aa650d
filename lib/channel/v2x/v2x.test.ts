import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError, variance } from '../../math/index.js';
import {
  blockageLossDb,
  correlatedShadowing,
  LOGISTIC_ERRORS,
  naturalLogParameters,
  noiseFloorDbm,
  packetErrorRate,
  ROADS,
  sinrDb,
  vehicleBlockage,
  vehicularLineOfSightProbability,
  vehicularPathLossDb,
  vehicularShadowingStdDb,
} from './index.js';
import { SIGHTS } from './path-loss.js';

const at100 = { distanceMeters: 100, carrierHz: 5.9e9 } as const;

describe('path loss between vehicles', () => {
  it('has the values of TR 37.885 at 100 m and 5.9 GHz', () => {
    expect(vehicularPathLossDb({ ...at100, road: 'highway', sight: 'los' })).toBeCloseTo(87.817, 3);
    expect(vehicularPathLossDb({ ...at100, road: 'urban', sight: 'nlosv' })).toBeCloseTo(86.1995, 4);
    expect(vehicularPathLossDb({ ...at100, road: 'urban', sight: 'nlos' })).toBeCloseTo(111.4191, 4);
  });

  it('grows with distance and carrier, and is no less behind a building from 10 m on', () => {
    const distance = fc.double({ min: 10, max: 4000, noNaN: true });
    const carrier = fc.double({ min: 1e9, max: 60e9, noNaN: true });
    const property = fc.property(
      fc.constantFrom(...ROADS),
      fc.constantFrom(...SIGHTS),
      distance,
      carrier,
      (road, sight, distanceMeters, carrierHz) => {
        const link = { road, sight, distanceMeters, carrierHz };
        const loss = vehicularPathLossDb(link);
        expect(vehicularPathLossDb({ ...link, distanceMeters: 2 * distanceMeters })).toBeGreaterThan(
          loss + 5,
        );
        expect(vehicularPathLossDb({ ...link, carrierHz: 1.5 * carrierHz })).toBeGreaterThan(loss + 3);
        expect(vehicularPathLossDb({ ...link, sight: 'nlos' })).toBeGreaterThanOrEqual(loss);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  it('has probabilities of sight that fall with distance', () => {
    const p = (road: 'urban' | 'highway', distanceMeters: number) =>
      vehicularLineOfSightProbability({ road, distanceMeters });
    expect(p('urban', 0)).toBe(1);
    expect(p('urban', 100)).toBeCloseTo(1.05 * Math.exp(-1.14), 12);
    expect(p('highway', 475)).toBeCloseTo(0.5434, 3);
    expect(p('highway', 575)).toBeCloseTo(0.44, 12);
    expect(p('highway', 2000)).toBe(0);
    for (const road of ROADS) {
      for (let d = 1; d < 2000; d *= 1.2) expect(p(road, 1.2 * d)).toBeLessThanOrEqual(p(road, d));
    }
    expect(SIGHTS.map((sight) => vehicularShadowingStdDb(sight))).toEqual([3, 3, 4]);
  });

  it('refuses in one line', () => {
    const link = { ...at100, road: 'urban', sight: 'los' } as const;
    expect(() => vehicularPathLossDb({ ...link, distanceMeters: 0 })).toThrow(
      'distanceMeters is 0; allowed: a number from 1 to 10000 m',
    );
    // @ts-expect-error: a caller without types
    expect(() => vehicularPathLossDb({ ...link, road: 'sea' })).toThrow(
      'road is "sea"; allowed: highway, urban',
    );
    expect(() => vehicularLineOfSightProbability({ road: 'urban', distanceMeters: Number.NaN })).toThrow(
      'NaN',
    );
  });
});

describe('vehicle blockage', () => {
  it('has the natural-log parameters of its means in dB', () => {
    const high = naturalLogParameters({ meanDb: 9, stdDb: 4.5 });
    expect([high.mu, high.sigma].map((value) => value.toFixed(5))).toEqual(['2.08565', '0.47238']);
    const low = naturalLogParameters({ meanDb: 5, stdDb: 4 });
    expect([low.mu, low.sigma].map((value) => value.toFixed(5))).toEqual(['1.36209', '0.70335']);
  });

  it('asks who looks over whom', () => {
    const of = (one: number, other: number, blockerHeight: number, distanceMeters = 100) =>
      vehicleBlockage({ antennaHeights: [one, other], blockerHeight, distanceMeters });
    expect(of(1.9, 5, 1.6)).toBeUndefined();
    expect(of(1.5, 1.5, 3)).toEqual({ meanDb: 9, stdDb: 4.5 });
    expect(of(1.5, 5, 3)).toEqual({ meanDb: 5, stdDb: 4 });
    expect(of(1.5, 1.5, 3, 1000)!.meanDb).toBeCloseTo(9 + 4, 12);
    expect(() => of(1.5, Number.NaN, 3)).toThrow('antenna height is NaN');
  });

  it('draws dB of the stated mean and deviation: the logarithm is the natural one', () => {
    const rng = Rng.of('blockage');
    for (const loss of [
      { meanDb: 9, stdDb: 4.5 },
      { meanDb: 5, stdDb: 4 },
    ]) {
      const draws = Float64Array.from({ length: 40_000 }, () => blockageLossDb(loss, rng.normal()));
      expect(Math.abs(mean(draws) - loss.meanDb)).toBeLessThan(4 * standardError(draws));
      expect(Math.sqrt(variance(draws)) / loss.stdDb).toBeCloseTo(1, 1);
      expect(draws.every((dB) => dB > 0)).toBe(true);
    }
  });
});

describe('shadowing along a way', () => {
  it('is standard normal with the correlation exp(-d/D)', () => {
    const process = correlatedShadowing(Rng.of('way'), { decorrelationMeters: 10 });
    const count = 40_000;
    const track = Float64Array.from({ length: count }, () => process.move(5));
    // Neighbours are alike, so that fewer draws count: n (1 - r) / (1 + r) with r of the squares.
    const r = Math.exp(-0.5);
    const error = Math.sqrt((1 + r) / (1 - r) / count);
    expect(Math.abs(mean(track))).toBeLessThan(4 * error);
    expect(Math.abs(variance(track) - 1)).toBeLessThan(6 * error);
    for (const lag of [1, 2, 4]) {
      const products = Float64Array.from({ length: count - lag }, (_, i) => track[i]! * track[i + lag]!);
      expect(Math.abs(mean(products) - r ** lag)).toBeLessThan(6 * error);
    }
  });

  it('stays while nobody moves', () => {
    const process = correlatedShadowing(Rng.of(1), { decorrelationMeters: 25 });
    expect(process.move(0)).toBe(process.value);
    expect(() => process.move(-1)).toThrow('movedMeters is -1');
  });
});

describe('noise, interference and lost packets', () => {
  it('has a floor of -95 dBm at 10 MHz and 9 dB', () => {
    expect(noiseFloorDbm({ bandwidthHz: 10e6, noiseFigureDb: 9 })).toBeCloseTo(-95, 12);
  });

  it('adds interference in power', () => {
    expect(sinrDb(-80, -95)).toBeCloseTo(15, 12);
    expect(sinrDb(-80, -95, [-95])).toBeCloseTo(15 - 10 * Math.log10(2), 12);
    expect(sinrDb(-80, -95, [-80])).toBeLessThan(0);
  });

  it('loses half of the packets at the midpoint, fewer above', () => {
    const { los, nlos } = LOGISTIC_ERRORS;
    expect([packetErrorRate(4, los), packetErrorRate(6, nlos)]).toEqual([0.5, 0.5]);
    expect(packetErrorRate(14, los)).toBeCloseTo(1 / (1 + Math.exp(9)), 12);
    for (let sinr = -20; sinr < 30; sinr++) {
      expect(packetErrorRate(sinr + 1, los)).toBeLessThan(packetErrorRate(sinr, los));
      expect(packetErrorRate(sinr, nlos)).toBeGreaterThan(packetErrorRate(sinr, los) - 0.02);
    }
    expect(packetErrorRate(-1e4, los)).toBe(1);
    expect(packetErrorRate(1e4, los)).toBe(0);
  });
});
