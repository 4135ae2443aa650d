import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { kolmogorovSmirnov, mean, qFunction, Rng, standardError, variance } from '../../math/index.js';
import { originPose } from '../geometry/index.js';
import type { Box, Pose } from '../types.js';
import { type LidarOptions, lidar, type Scan } from './index.js';
import { normalLevels, type RayKey, rayKey, rayWord } from './noise.js';

const rng = Rng.of('lidar');
const clean = { rangeNoiseMeters: 0, dropout: 0 };
const at = (pose: Partial<Pose>): Pose => ({ ...originPose, z: 1.9, ...pose });
const box = (given: Partial<Box>): Box => ({
  ...{ x: 0, y: 0, z: 2.5, length: 2, width: 2, height: 5, yaw: 0 },
  ...given,
});

const pointsOf = ({ count, points, hits }: Scan) =>
  Array.from({ length: count }, (_, n) => {
    const [x, y, z, intensity] = points.subarray(4 * n, 4 * n + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    return { x, y, z, intensity, hit: hits[n]!, range: Math.hypot(x, y, z) };
  });

describe('closed forms', () => {
  it('draws the ground as rings of radius h / tan(elevation)', () => {
    const sensor = lidar({ ...clean, beams: 5, elevationDeg: [-25, -5] });
    const points = pointsOf(sensor.scan(at({}), [], rng));
    expect(points).toHaveLength(5 * 360);
    for (const [n, { x, y, z, hit }] of points.entries()) {
      const elevation = ((25 - 5 * (n % 5)) * Math.PI) / 180;
      expect(Math.hypot(x, y)).toBeCloseTo(1.9 / Math.tan(elevation), 4);
      expect(z).toBeCloseTo(-1.9, 5);
      expect(hit).toBe(-1);
    }
  });

  it('spreads azimuths evenly from straight ahead to the left', () => {
    const points = pointsOf(
      lidar({ ...clean, beams: 1, azimuths: 8, elevationDeg: [-10, -10] }).scan(at({}), [], rng),
    );
    for (const [n, { x, y }] of points.entries()) {
      expect(Math.sin(Math.atan2(y, x) - (n * Math.PI) / 4)).toBeCloseTo(0, 6);
    }
  });

  it('meets a wall ahead at distance / (cos elevation cos azimuth)', () => {
    const wall = box({ x: 21, length: 2, width: 200, height: 60 });
    const sensor = lidar({ ...clean, beams: 16, elevationDeg: [-3, 12] });
    const points = pointsOf(sensor.scan(at({ yaw: 0 }), [wall], rng)).filter(({ hit }) => hit === 0);
    expect(points.length).toBeGreaterThan(1000);
    for (const { x, y, z, range } of points) {
      expect(x).toBeCloseTo(20, 4);
      const flat = Math.hypot(x, y);
      expect(range).toBeCloseTo(20 / ((flat / range) * (x / flat)), 3);
      expect(z).toBeLessThan(60);
    }
  });

  it('gives places in the frame of a turned sensor', () => {
    const pole = box({ x: 5, y: 10, length: 0.4, width: 0.4 });
    const points = pointsOf(
      lidar({ ...clean, azimuths: 2048 }).scan(at({ x: 5, yaw: Math.PI / 2 }), [pole], rng),
    );
    const seen = points.filter(({ hit }) => hit === 0);
    expect(seen.length).toBeGreaterThan(20);
    for (const { x, y } of seen) {
      expect(x).toBeCloseTo(9.8, 4);
      expect(Math.abs(y)).toBeLessThanOrEqual(0.2);
    }
  });

  it('looks down by its pitch: the beam at level meets the ground at h / sin(pitch)', () => {
    const sensor = lidar({ ...clean, beams: 1, azimuths: 8, elevationDeg: [0, 0] });
    const [first] = pointsOf(sensor.scan(at({ z: 5, pitch: 0.2 }), [], rng));
    expect(first!.range).toBeCloseTo(5 / Math.sin(0.2), 4);
  });

  it('sees roofs from above', () => {
    const roof = box({ z: 1, height: 2 });
    const sensor = lidar({ ...clean, beams: 64, elevationDeg: [-89, -60] });
    for (const roll of [0, 0.02]) {
      const points = pointsOf(sensor.scan(at({ z: 30, roll }), [roof], rng)).filter(({ hit }) => hit === 0);
      expect(points.length).toBeGreaterThan(100);
      for (const { y, z } of points) expect(Math.cos(roll) * z + Math.sin(roll) * y).toBeCloseTo(-28, 4);
    }
  });

  it('fades with exp(-0.004 d) and ends at the largest range', () => {
    const points = pointsOf(lidar({ ...clean, maxRangeMeters: 40 }).scan(at({}), [], rng));
    expect(Math.max(...points.map(({ range }) => range))).toBeLessThanOrEqual(40);
    for (const { range, intensity } of points) expect(intensity).toBeCloseTo(Math.exp(-0.004 * range), 5);
  });
});

describe('shadows', () => {
  const near = box({ x: 10, width: 6 });
  const far = box({ x: 20, width: 6 });

  it('hides a box behind another, which would be seen alone', () => {
    const { reached, alone } = lidar(clean).scan(at({}), [near, far], rng);
    expect(alone[1]).toBeGreaterThan(20);
    expect(reached[1]).toBe(0);
    expect(reached[0]).toBe(alone[0]);
  });

  it('shows the part that looks out: half of a wall behind a screen over half its width', () => {
    const screen = box({ x: 10, y: 10.5, length: 1, width: 21, height: 40 });
    const wall = box({ x: 40, length: 1, width: 40, height: 10 });
    const { reached, alone } = lidar({ ...clean, azimuths: 4096, elevationDeg: [0, 5] }).scan(
      at({}),
      [screen, wall],
      rng,
    );
    expect(reached[1]! / alone[1]!).toBeCloseTo(0.5, 2);
  });

  it('lets a low box hide only what is below the line of sight over it', () => {
    const low = box({ x: 10, z: 0.5, height: 1, length: 0.2 });
    const tall = box({ x: 20, z: 2, height: 4, length: 0.2 });
    const sensor = lidar({ ...clean, beams: 200, elevationDeg: [-12, 4] });
    const heights = pointsOf(sensor.scan(at({}), [low, tall], rng))
      .filter(({ hit, y }) => hit === 1 && Math.abs(y) < 0.3)
      .map(({ z }) => z + 1.9);
    // From 1.9 m over the far edge of the roof, 1 m high at 10.1 m, to the front at 19.9 m.
    const line = 1.9 - (0.9 / 10.1) * 19.9;
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(line - 1e-4);
    expect(Math.min(...heights)).toBeLessThan(line + 0.05);
  });

  it('passes through the box that carries the sensor', () => {
    const own = box({ z: 0.8, length: 4.5, width: 1.9, height: 1.6 });
    const { hits } = lidar(clean).scan(at({}), [own, near], rng, 0);
    expect(hits).not.toContain(0);
    expect(hits).toContain(1);
  });
});

describe('noise', () => {
  const ball: LidarOptions = { beams: 64, azimuths: 1024, elevationDeg: [-40, -20] };
  const ranges = (scan: Scan) => pointsOf(scan).map(({ range }) => range);

  it('loses its share of echoes, within 4 standard errors', () => {
    for (const dropout of [0.1, 0.4]) {
      const { count } = lidar({ ...ball, dropout }).scan(at({}), [], Rng.of(3));
      const rays = 64 * 1024;
      expect(Math.abs(count / rays - (1 - dropout))).toBeLessThan(
        4 * Math.sqrt((dropout * (1 - dropout)) / rays),
      );
    }
  });

  it('is Gaussian with the deviation asked for, within 4 standard errors', () => {
    const options = { ...ball, dropout: 0 };
    const truth = ranges(lidar({ ...options, rangeNoiseMeters: 0 }).scan(at({}), [], Rng.of(4)));
    const noisy = ranges(lidar({ ...options, rangeNoiseMeters: 0.02 }).scan(at({}), [], Rng.of(4)));
    const errors = Float64Array.from(noisy, (range, n) => (range - truth[n]!) / 0.02);
    const n = errors.length;
    expect(Math.abs(mean(errors))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(variance(errors)) - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    expect(kolmogorovSmirnov(errors, (x) => 1 - qFunction(x)).pValue).toBeGreaterThan(0.001);
    const lagged = errors.slice(1).map((error, place) => error * errors[place]!);
    expect(Math.abs(mean(lagged))).toBeLessThan(4 / Math.sqrt(n));
  });

  it('is independent of the dropout, of the neighbouring ray and of other streams, within 4 standard errors', () => {
    const normals = normalLevels();
    const [one, other] = [rayKey(Rng.of(8)), rayKey(Rng.of(9))];
    const rays = Array.from({ length: 40_000 }, (_, ray) => ray);
    const noise = (key: RayKey, ray: number) => normals[rayWord(key, ray) >>> 16]!;
    const chance = (key: RayKey, ray: number) => normals[rayWord(key, ray) & 0xffff]!;
    for (const product of [
      (ray: number) => noise(one, ray) * chance(one, ray),
      (ray: number) => chance(one, ray) * chance(one, ray + 1),
      (ray: number) => noise(one, ray) * noise(one, ray + 64),
      (ray: number) => noise(one, ray) * noise(other, ray),
      (ray: number) => noise(one, ray) ** 2 * noise(one, ray + 1) ** 2 - 1,
    ]) {
      const products = rays.map(product);
      expect(Math.abs(mean(products))).toBeLessThan(4 * standardError(products));
    }
  });

  it('keeps the noise of a ray whatever stands elsewhere, and gives the same cloud for the same stream', () => {
    const sensor = lidar({ ...ball, elevationDeg: [-25, -5] });
    const bare = sensor.scan(at({}), [], Rng.of(5));
    const built = sensor.scan(at({}), [box({ x: 10 })], Rng.of(5));
    expect(built.count).toBe(bare.count);
    const same = Array.from(built.hits.keys()).filter((n) => built.hits[n] === -1);
    expect(same.every((n) => built.points[4 * n] === bare.points[4 * n])).toBe(true);
    const bytes = (seed: number) => Buffer.from(sensor.scan(at({}), [], Rng.of(seed)).points.buffer);
    expect(bytes(5).equals(Buffer.from(bare.points.buffer))).toBe(true);
    expect(bytes(6).equals(bytes(5))).toBe(false);
  });

  it('refuses options outside their ranges, in one line', () => {
    const faults: LidarOptions[] = [
      { beams: 0 },
      { beams: 2.5 },
      { azimuths: 7 },
      { azimuths: 1e9 },
      { elevationDeg: [-90, 0] },
      { elevationDeg: [5, 0] },
      { maxRangeMeters: 0 },
      { rangeNoiseMeters: -1 },
      { dropout: 1.1 },
    ];
    for (const options of faults) expect(() => lidar(options)).toThrow(InputError);
    expect(() => lidar({ elevationDeg: [5, 0] })).toThrow(
      'elevationDeg is 5 to 0; allowed: the lowest first',
    );
  });
});
