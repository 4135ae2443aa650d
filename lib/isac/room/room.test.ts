import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Body,
  bodyTransmission,
  candidatePaths,
  channelTaps,
  distance,
  fresnel,
  imageSources,
  type Point,
  passesThrough,
  pathPoints,
  type Room,
  speedOfLight,
  tracePaths,
} from './index.js';

const size: Point = [8, 6, 3];
const carrierHz = 2.48e9;
const wavelength = speedOfLight / carrierHz;
const obstacles = [
  { min: [2, 2, 0] as Point, max: [3, 4, 2] as Point },
  { min: [5, 0, 0] as Point, max: [5.5, 3, 1.2] as Point },
];
const room: Room = { size, reflection: -0.5, obstacles };
const body: Body = { x: 4, y: 3, radiusMeters: 0.25, heightMeters: 1.75, crossSectionM2: 0.5 };
const place = fc
  .tuple(
    fc.double({ min: 0.1, max: 7.9 }),
    fc.double({ min: 0.1, max: 5.9 }),
    fc.double({ min: 2.1, max: 2.9 }),
  )
  .filter((p) => p.every(Number.isFinite));

describe('images of a box room', () => {
  it('number 4 k² + 2 of order k', () => {
    const images = imageSources(size, [1, 2, 1], 5);
    for (let order = 1; order <= 5; order++)
      expect(images.filter((image) => image.order === order)).toHaveLength(4 * order ** 2 + 2);
  });

  it('are as far as their folded path is long, which stays in the room and reflects at walls', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        for (const image of imageSources(size, a, 3)) {
          const points = pathPoints(size, image, b);
          const legs = points.slice(1).map((point, i) => distance(points[i]!, point));
          const length = legs.reduce((sum, leg) => sum + leg, 0);
          expect(length).toBeCloseTo(distance(image.position, b), 9);
          expect(distance(points[0]!, a)).toBeLessThan(1e-9);
          expect(points).toHaveLength(image.order + 2);
          for (const point of points.slice(1, -1))
            expect(point.some((v, axis) => Math.min(v, size[axis]! - v) < 1e-9)).toBe(true);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});

describe('traced paths', () => {
  it('of an empty room have Friis in the line of sight', () => {
    const link = { transmitter: [1, 1, 1] as Point, receiver: [6, 5, 2] as Point, carrierHz };
    const [first] = tracePaths({ size, reflection: -0.5 }, link, { order: 2 });
    const expected = 20 * Math.log10((4 * Math.PI * Math.sqrt(42)) / wavelength);
    expect(-10 * Math.log10(first!.gain.re ** 2 + first!.gain.im ** 2)).toBeCloseTo(expected, 9);
    expect(first!.delaySec).toBeCloseTo(Math.sqrt(42) / speedOfLight, 18);
  });

  it('are the same from both ends', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        fc.pre(distance(a, b) > 0.1);
        const there = tracePaths(room, { transmitter: a, receiver: b, carrierHz }, { order: 2, body });
        const back = tracePaths(room, { transmitter: b, receiver: a, carrierHz }, { order: 2, body });
        expect(back).toHaveLength(there.length);
        const options = { taps: 11, sampleRateHz: 8e6, originTap: 5, originSec: 0 };
        const [x, y] = [channelTaps(there, options), channelTaps(back, options)];
        for (const [i, value] of x.entries()) expect(y[i]!).toBeCloseTo(value, 10);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it('end at obstacles: a wall to wall screen leaves none', () => {
    const screen = { min: [4, 0, 0] as Point, max: [4.1, 6, 3] as Point };
    const link = { transmitter: [1, 1, 1] as Point, receiver: [7, 5, 2] as Point, carrierHz };
    const candidates = candidatePaths({ ...room, obstacles: [screen] }, link, { order: 2 });
    expect(candidates).toHaveLength(25);
    expect(candidates.some(({ valid }) => valid)).toBe(false);
    expect(passesThrough(screen, [1, 1, 1], [3.9, 5, 2])).toBe(false);
  });

  it('refuse a place outside or in an obstacle, in one line', () => {
    const at = (transmitter: Point) => () =>
      tracePaths(room, { transmitter, receiver: [7, 5, 1], carrierHz }, { order: 1 });
    expect(at([9, 1, 1])).toThrow('transmitter at [9,1,1]; allowed: inside the room of [8,6,3] m');
    expect(at([2.5, 3, 1])).toThrow('stands in an obstacle');
    expect(at([Number.NaN, 3, 1])).toThrow('allowed: inside the room');
  });
});

describe('taps', () => {
  it('of a path that falls on a sample are its gain on that tap alone', () => {
    const path = { order: 0, points: [], lengthMeters: 0, delaySec: 1e-6, gain: { re: 2, im: -1 } };
    const taps = channelTaps([path], { taps: 4, sampleRateHz: 1e6, originTap: 1, originSec: 0 });
    for (const [i, value] of [0, 0, 0, 0, 2, -1, 0, 0].entries()) expect(taps[i]).toBeCloseTo(value, 12);
  });
});

describe('a body in the way', () => {
  const loss = (b: Body, z = 1) => {
    const { re, im } = bodyTransmission(b, [0, 3, z], [8, 3, z], wavelength);
    return -20 * Math.log10(Math.hypot(re, im));
  };

  it('as a wide screen just touching the ray takes 6.02 dB, and what the knife edge of ITU-R P.526 takes', () => {
    const wide = (height: number) => ({ ...body, radiusMeters: 1e6, heightMeters: height });
    expect(loss(wide(1))).toBeCloseTo(20 * Math.log10(2), 4);
    for (const v of [-0.5, 0, 0.5, 1, 2, 4]) {
      const height = 1 + v / Math.sqrt(2 / (wavelength * 2));
      const formula = 6.9 + 20 * Math.log10(Math.sqrt((v - 0.1) ** 2 + 1) + v - 0.1);
      expect(Math.abs(loss(wide(height)) - formula), `v = ${v}`).toBeLessThan(0.35);
    }
  });

  it('takes most in the middle of the path and next to nothing far from it', () => {
    expect(loss(body)).toBeGreaterThan(4);
    expect(Math.abs(loss({ ...body, y: 5.9 }))).toBeLessThan(1);
    expect(loss({ ...body, x: 9 })).toBeCloseTo(0, 12);
    expect(Math.abs(loss(body, 2.9))).toBeLessThan(1);
  });

  it('uses Fresnel integrals that agree with SciPy 1.10', () => {
    const golden = [
      [0.5, 0.4923442258714464, 0.06473243285999929],
      [1, 0.779893400376823, 0.4382591473903547],
      [3.4, 0.43849170336380267, 0.4296494644439271],
      [3.6, 0.5879532596734156, 0.49230948911100164],
      [6, 0.499531467855501, 0.4469607612369303],
    ];
    for (const [x, c, s] of golden) {
      expect(fresnel(x!).c).toBeCloseTo(c!, 7);
      expect(fresnel(-x!).s).toBeCloseTo(-s!, 7);
    }
  });
});
