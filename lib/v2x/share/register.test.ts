import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { type Placement, placed, relativePlacement, warpCells } from '../bev/index.js';
import { standingCells } from '../detect/index.js';
import { crossing } from '../scene/index.js';
import type { Box } from '../types.js';
import { aligned, lateSharing, perceive, registeredByBoxes, registeredByWalls } from './index.js';

const frames = [0, 7].map((index) =>
  crossing({ rng: Rng.of(101), seconds: 1, cavs: 1, uav: { altitudeMeters: 40 } }).frame(index),
);

/** How far from the truth the UAV's frame is in the car's, before and after. */
function errors(wrong: Placement, prior: Parameters<typeof registeredByWalls>[2]) {
  return frames.map(({ agents }) => {
    const [ego, uav] = [agents[0]!, agents[1]!];
    const truth = relativePlacement(uav.truePose, ego.truePose);
    const told = placed(wrong, truth);
    const theirs = warpCells(standingCells(uav, { cellMeters: 0.05 }).cells, told);
    const right = placed(registeredByWalls(perceive(ego).cells, theirs, prior), told);
    return { place: Math.hypot(right.x - truth.x, right.y - truth.y), turn: Math.abs(right.yaw - truth.yaw) };
  });
}

const DEGREE = Math.PI / 180;

describe('registration by walls', () => {
  it.each([
    { x: 0, y: 0, yaw: 0 },
    { x: 0.3, y: -0.2, yaw: 0 },
    { x: -0.4, y: 0.3, yaw: DEGREE },
  ])('finds a frame again that is off by $x, $y m and $yaw rad, to 0.1 m and 0.15 degrees', (wrong) => {
    for (const { place, turn } of errors(wrong, { xyMeters: 0.5, yawDeg: 1.5 })) {
      expect(place).toBeLessThan(0.1);
      expect(turn).toBeLessThan(0.15 * DEGREE);
    }
  });

  it('moves nothing where there are no walls, or poses are sure', () => {
    const ego = frames[0]!.agents[0]!;
    const { cells } = perceive(ego);
    const nothing = warpCells(cells, { x: 1000, y: 0, yaw: 0 });
    expect(registeredByWalls(cells, nothing)).toEqual({ x: 0, y: 0, yaw: 0 });
    for (const { place } of errors({ x: 0.3, y: 0, yaw: 0 }, { xyMeters: 0, yawDeg: 0 }))
      expect(place).toBeCloseTo(0.3, 9);
    expect(() => registeredByWalls(cells, cells, { xyMeters: -1 })).toThrow(InputError);
    expect(() => lateSharing({ register: { yawDeg: 90 } })).toThrow(/yawDeg/);
  });
});

describe('registration by boxes', () => {
  const size = { z: 0.8, length: 4.5, width: 1.9, height: 1.6 };
  const cars: Box[] = [
    { ...size, x: 12, y: 3, yaw: 0.1 },
    { ...size, x: -20, y: -8, yaw: 1.5 },
    { ...size, x: 5, y: 25, yaw: -0.4 },
    { ...size, x: 30, y: -12, yaw: 0 },
  ];

  it('finds a small motion again, less the little that the prior holds back', () => {
    const motion = { x: 0.25, y: -0.15, yaw: 0.01 };
    const back = registeredByBoxes(
      cars.map((car) => placed(motion, car)),
      cars,
      { xyMeters: 1, yawDeg: 3 },
    );
    expect(back.x).toBeCloseTo(motion.x, 1);
    expect(back.y).toBeCloseTo(motion.y, 1);
    expect(back.yaw).toBeCloseTo(motion.yaw, 2);
    const rest = cars.map((car) => {
      const [is, should] = [placed(back, car), placed(motion, car)];
      return Math.hypot(is.x - should.x, is.y - should.y);
    });
    expect(Math.max(...rest)).toBeLessThan(0.03);
  });

  it('finds a motion again that takes boxes off each other, among many that only one has', () => {
    const rng = Rng.of('wrong poses');
    const spread = (side: number) => side * (rng.uniform() - 0.5);
    for (let trial = 0; trial < 50; trial++) {
      const all = Array.from({ length: 24 }, (_, n): Box => {
        const [column, row] = [n % 4, Math.floor(n / 4)];
        const yaw = (Math.floor(4 * rng.uniform()) * Math.PI) / 2 + spread(0.1);
        return { ...size, x: 14 * column - 21 + spread(4), y: 8 * row - 20 + spread(2), yaw };
      });
      const motion = { x: spread(3), y: spread(3), yaw: spread(0.05) };
      const back = registeredByBoxes(
        all.slice(0, 16).map((car) => placed(motion, car)),
        all.slice(8),
        { xyMeters: 1, yawDeg: 1.5 },
      );
      for (const car of all) {
        const [is, should] = [placed(back, car), placed(motion, car)];
        expect(Math.hypot(is.x - should.x, is.y - should.y)).toBeLessThan(0.1);
      }
    }
  });

  it('weighs a well-known box more, and leaves alone what has no partner', () => {
    const [first, second] = [cars[0]!, cars[1]!];
    const theirs = [
      { ...first, x: first.x - 0.4, deviation: [0.05, 0.05] as const },
      { ...second, x: second.x + 0.4, deviation: [1, 1] as const },
    ];
    const { x } = registeredByBoxes(cars, theirs, { xyMeters: 1, yawDeg: 0 });
    expect(x).toBeGreaterThan(0.3);
    expect(registeredByBoxes(cars, [{ ...first, x: -40 }])).toEqual({ x: 0, y: 0, yaw: 0 });
    expect(registeredByBoxes([], cars)).toEqual({ x: 0, y: 0, yaw: 0 });
  });
});

it('one sight pulls as far as its and the prior’s deviations say', () => {
  const sight = { x: 0, y: 0, normalX: 1, normalY: 0, distance: 1, deviation: 0.3 };
  const { x, y, yaw } = aligned([sight], { xyMeters: 0.3 });
  expect([x, y, yaw]).toEqual([expect.closeTo(0.5, 12), 0, 0]);
});
