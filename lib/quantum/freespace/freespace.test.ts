import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError } from '../../math/index.js';
import { bb84 } from '../qkd/index.js';
import { beamRadius, captureAtOffset, meanCapture, turbulentSpreadRad } from './beam.js';
import { fadingTransmissivity, freeSpace, meanLoss } from './link.js';
import { passKey, passPoints, satellitePass, slantRangeMeters } from './satellite.js';

describe('a beam', () => {
  it('is sqrt(2) wider after its Rayleigh range', () => {
    const beam = { wavelengthMeters: 8e-7, waistMeters: 0.1 };
    expect(beamRadius(beam, (Math.PI * 0.01) / 8e-7)).toBeCloseTo(0.1 * Math.SQRT2, 12);
    expect(beamRadius(beam, 0)).toBe(0.1);
  });

  it('off the axis is captured as its photons land, |z| < 4', () => {
    const rng = Rng.of('capture');
    for (const [radius, aperture, offset] of [
      [1, 0.5, 0.7],
      [1, 2, 1.5],
      [3, 0.2, 0],
    ] as const) {
      const p = captureAtOffset(radius, aperture, offset);
      let inside = 0;
      for (let k = 0; k < 1e5; k++) {
        const x = rng.normal(offset, radius / 2);
        if (Math.hypot(x, rng.normal(0, radius / 2)) < aperture) inside++;
      }
      expect(Math.abs(inside - 1e5 * p) / Math.sqrt(1e5 * p * (1 - p))).toBeLessThan(4);
    }
  });

  it('on the axis is captured by 1 - exp(-2 a^2 / w^2), and never fully', () => {
    const range = fc.double({ min: 0.01, max: 5, noNaN: true });
    fc.assert(
      fc.property(range, range, range, (radius, aperture, offset) => {
        const share = captureAtOffset(radius, Math.min(aperture, 5 * radius), 0);
        expect(share).toBeCloseTo(meanCapture(radius, Math.min(aperture, 5 * radius)), 10);
        expect(captureAtOffset(radius, aperture, Math.min(offset, 20 * radius))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('spreads more the stronger the turbulence, not at all without', () => {
    const at = (structureConstant: number) =>
      turbulentSpreadRad({ structureConstant, wavelengthMeters: 8e-7, distanceMeters: 1.43e5 });
    expect(at(0)).toBe(0);
    expect(at(1e-16) / at(1e-17)).toBeCloseTo(10 ** 0.6, 10);
  });
});

describe('a free-space link', () => {
  const link = freeSpace({
    pointingJitterRad: 3e-6,
    turbulentSpreadRad: 1e-5,
    opticsLossDb: 4,
    extinctionDbPerKm: 0.07,
    turbulence: { kind: 'gamma-gamma', rytovVariance: 0.5 },
  });
  const path = { distanceMeters: 1.43e5 };

  it('fades about its mean loss, |z| < 4', () => {
    const draw = fadingTransmissivity(link, path);
    const rng = Rng.of('fading');
    const values = Float64Array.from({ length: 20_000 }, () => draw(rng));
    const expected = 10 ** (-meanLoss(link, path).totalDb / 10);
    expect(Math.abs(mean(values) - expected) / standardError(values)).toBeLessThan(4);
  });

  it('adds up its losses, and all of them grow with what causes them', () => {
    const budget = meanLoss(link, path);
    expect(budget.totalDb).toBeCloseTo(budget.geometricDb + budget.extinctionDb + budget.opticsDb, 12);
    expect(budget.extinctionDb).toBeCloseTo(10.01, 10);
    expect(meanLoss(link, { distanceMeters: 1.43e5, airKm: 10 }).extinctionDb).toBeCloseTo(0.7, 12);
  });

  it('refuses what it does not know', () => {
    const unknown: object = { aperture: 1 };
    expect(() => freeSpace(unknown)).toThrow(/^free space: .*aperture/);
    expect(() => meanLoss(link, { distanceMeters: -1 })).toThrow('distanceMeters is -1');
  });
});

describe('a satellite pass', () => {
  const link = freeSpace({ waistMeters: 0.05, pointingJitterRad: 1e-6, opticsLossDb: 5 });

  it('stands at its altitude over the zenith and follows the slant range', () => {
    expect(slantRangeMeters(5e5, 90)).toBeCloseTo(5e5, 6);
    const points = passPoints(satellitePass({ maxElevationDeg: 60 }), link, 5);
    const highest = points[(points.length - 1) / 2]!;
    expect(highest.timeSec).toBe(0);
    expect(highest.elevationDeg).toBeCloseTo(60, 9);
    for (const { elevationDeg, slantRangeMeters: slant } of points) {
      expect(slant).toBeCloseTo(slantRangeMeters(5e5, elevationDeg), 3);
      expect(elevationDeg).toBeGreaterThanOrEqual(10);
    }
    expect(points[0]!.lossDb).toBeGreaterThan(highest.lossDb);
    expect(points[0]!.lossDb).toBeCloseTo(points.at(-1)!.lossDb, 9);
  });

  it('lasts as long as a circular orbit takes, and not at all below the least elevation', () => {
    // Half a pass over the zenith to 10 degrees: 12.04 degrees of an orbit of 5,668 s.
    const points = passPoints(satellitePass(), link, 1);
    const degrees = (Math.acos((6371 / 6871) * Math.cos(Math.PI / 18)) * 180) / Math.PI - 10;
    const periodSec = 2 * Math.PI * Math.sqrt(6.871e6 ** 3 / 3.986004418e14);
    expect(points.length).toBe(2 * Math.floor((degrees / 360) * periodSec) + 1);
    expect(passPoints(satellitePass({ maxElevationDeg: 10, minElevationDeg: 20 }), link)).toEqual([]);
  });

  it('leaves more key the higher it rises and none through thick air', () => {
    const config = bb84({
      source: { pulseRateHz: 1e8, meanPhotonNumber: 0.8 },
      detector: { efficiency: 0.5, darkCountRateHz: 50 },
      gateSec: 2e-9,
      decoys: [
        { meanPhotonNumber: 0.1, probability: 0.25 },
        { meanPhotonNumber: 0, probability: 0.25 },
      ],
    });
    const key = (input: Parameters<typeof satellitePass>[0]) =>
      passKey(passPoints(satellitePass(input), link, 5), { config, stepSec: 5 });
    const overhead = key({}).secretBits;
    expect(overhead).toBeGreaterThan(key({ maxElevationDeg: 40 }).secretBits);
    expect(key({ maxElevationDeg: 40 }).secretBits).toBeGreaterThan(0);
    expect(key({ zenithExtinctionDb: 20 }).secretBits).toBe(0);
    expect(overhead).toBeLessThan(key({}).siftedBits / 2);
  });
});
