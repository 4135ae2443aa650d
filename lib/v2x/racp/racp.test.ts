import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { mean, median, Rng } from '../../math/index.js';
import { moda } from '../evaluate/index.js';
import { wrapAngle } from '../geometry/index.js';
import { projector } from './cameras.js';
import {
  bestRate,
  calibrateYaw,
  decodeSightings,
  encodeSightings,
  frameAge,
  groundPoint,
  matchSightings,
  PEDESTRIAN_CAMERAS,
  PEDESTRIAN_GROUND,
  pedestrians,
  pedestriansOnGround,
  planeMotion,
  queuedAge,
  shareCapacity,
  sightings,
  targetAge,
} from './index.js';
import { recording } from './testing.js';

describe('cameras and people', () => {
  it('project to the map and back to the ground', () => {
    for (const camera of PEDESTRIAN_CAMERAS) {
      const point = projector(camera)(2, 9, 0)!;
      const back = groundPoint(camera, point)!;
      expect(back.x).toBeCloseTo(2, 9);
      expect(back.y).toBeCloseTo(9, 9);
    }
  });

  it('walk without leaving the ground, a third of a dozen standing', () => {
    const people = pedestrians({ rng: Rng.of(1), count: 12, standingShare: 1 / 3 });
    const { fromX, fromY, sizeX, sizeY } = PEDESTRIAN_GROUND;
    const [first, later] = [people(0), people(20)];
    expect(first.filter(({ x, y }, n) => x === later[n]!.x && y === later[n]!.y)).toHaveLength(4);
    for (let sec = 0; sec <= 60; sec += 5) {
      for (const { x, y } of people(sec)) {
        expect(x).toBeGreaterThan(fromX);
        expect(x).toBeLessThan(fromX + sizeX);
        expect(y).toBeGreaterThan(fromY);
        expect(y).toBeLessThan(fromY + sizeY);
      }
    }
  });

  it('are found on the ground by all cameras, and worse by two', () => {
    const { people, maps } = recording(101, 3);
    const found = (cameras: number) =>
      moda(
        [0, 1, 2].map((frame) => {
          const views = PEDESTRIAN_CAMERAS.slice(0, cameras).map((camera, n) => ({
            camera,
            map: maps[n]![frame]!,
          }));
          return { detections: pedestriansOnGround(views, { gain: 6 }), truths: people(frame / 2) };
        }),
      ).moda;
    expect(found(7)).toBeGreaterThan(0.75);
    expect(found(2)).toBeLessThan(0.5);
  });
});

describe('calibration', () => {
  it('finds a motion of the plane exactly, and never a mirror or a scale', () => {
    const rng = Rng.of(2);
    const [yaw, x, y] = [0.4, -3, 5];
    const pairs = Array.from({ length: 3 }, () => {
      const from = { x: rng.normal(0, 5), y: rng.normal(0, 5) };
      const to = {
        x: x + Math.cos(yaw) * from.x - Math.sin(yaw) * from.y,
        y: y + Math.sin(yaw) * from.x + Math.cos(yaw) * from.y,
      };
      return { from, to, weight: rng.uniform(1, 2) };
    });
    const found = planeMotion(pairs);
    expect(found.yaw).toBeCloseTo(yaw, 12);
    expect(found.x).toBeCloseTo(x, 12);
    expect(found.y).toBeCloseTo(y, 12);
    const mirrored = pairs.map(({ from, weight }) => ({ from, to: { x: -from.x, y: from.y }, weight }));
    const { yaw: turn } = planeMotion(mirrored);
    expect(Math.cos(turn) ** 2 + Math.sin(turn) ** 2).toBeCloseTo(1, 12);
    expect(() => planeMotion(pairs.slice(0, 1))).toThrow(/2 or more/);
    expect(
      planeMotion([{ from: { x: 1, y: 0 }, to: { x: 0, y: 3 }, weight: 1 }], { x: 0, y: 0 }).yaw,
    ).toBeCloseTo(Math.PI / 2, 12);
  });

  const wrongBy = (turn: number, trial: number, inAll?: number) => {
    const rng = Rng.of(101).fork(trial);
    const people = pedestrians({ rng })(0);
    const all = PEDESTRIAN_CAMERAS.map((camera) => ({ camera, seen: sightings(camera, people, rng) }));
    const own = all[trial % 7]!;
    const camera = { ...own.camera, pose: { ...own.camera.pose, yaw: own.camera.pose.yaw + turn } };
    const others = all.filter((one) => one !== own);
    const found = calibrateYaw({ camera, seen: own.seen }, others, inAll === undefined ? {} : { inAll });
    return (Math.abs(wrapAngle(found.camera.pose.yaw - own.camera.pose.yaw)) * 180) / Math.PI;
  };

  it('turns a camera round that looks the other way', () => {
    for (let trial = 0; trial < 14; trial++) expect(wrongBy(Math.PI, trial)).toBeLessThan(0.5);
  });

  it('takes a yaw error of 5 degrees below half a degree from 3 matches and more', () => {
    const trials = Array.from({ length: 28 }, (_, trial) => trial);
    const with3 = trials.map((trial) => wrongBy((5 * Math.PI) / 180, trial, 3));
    expect(median(with3)).toBeLessThan(0.5);
    const withAll = trials.map((trial) => wrongBy((5 * Math.PI) / 180, trial));
    expect(Math.max(...withAll)).toBeLessThan(0.5);
    expect(mean(withAll)).toBeLessThan(mean(with3));
  });

  it('sends sightings in 36 bytes each, and knows people again', () => {
    const rng = Rng.of(3);
    const people = pedestrians({ rng, count: 10 })(0);
    const [a, b] = [0, 1].map((n) => sightings(PEDESTRIAN_CAMERAS[n]!, people, rng));
    const bytes = encodeSightings(0, a!);
    expect(bytes).toHaveLength(2 + 36 * a!.length);
    const { seen } = decodeSightings(bytes);
    expect(seen[0]!.column).toBeCloseTo(a![0]!.column, 1);
    expect(() => decodeSightings(bytes.subarray(1))).toThrow(InputError);
    for (const { own, other } of matchSightings(seen, b!, 3)) {
      const places = [
        groundPoint(PEDESTRIAN_CAMERAS[0]!, own)!,
        groundPoint(PEDESTRIAN_CAMERAS[1]!, other)!,
      ] as const;
      expect(Math.hypot(places[0].x - places[1].x, places[0].y - places[1].y)).toBeLessThan(2.5);
    }
  });
});

describe('age of perceived targets', () => {
  it('is 0.5 N (0.5 s + D / C + 0.025 s), of a frame that of its oldest camera', () => {
    expect(targetAge({ targets: 4, kilobytes: 20 }, 100)).toBeCloseTo(0.5 * 4 * (0.5 + 0.2 + 0.025), 12);
    expect(
      frameAge(
        [
          { targets: 4, kilobytes: 20 },
          { targets: 5, kilobytes: 1 },
        ],
        100,
      ),
    ).toBeCloseTo(1.45, 12);
    expect(targetAge({ targets: 2, kilobytes: 10 }, 10, { weight: 1, periodSec: 2, processingSec: 0 })).toBe(
      6,
    );
  });

  it('is least at the rate that trying all rates finds', () => {
    const load = { targets: 3, kilobytes: 8 };
    const best = bestRate(8, 100);
    let [least, at] = [Number.POSITIVE_INFINITY, 0];
    for (let rate = 0.01; rate < 12.5; rate += 0.001) {
      const age = queuedAge(load, 100, rate);
      if (age < least) [least, at] = [age, rate];
    }
    expect(at).toBeCloseTo(best, 2);
    expect(queuedAge(load, 100, 13)).toBe(Number.POSITIVE_INFINITY);
    expect(queuedAge(load, 100, 1e-3)).toBeGreaterThan(targetAge(load, 100));
  });

  it('is shared out so that no other split makes the oldest younger', () => {
    const cameras = [
      { targets: 6, kilobytes: 20 },
      { targets: 3, kilobytes: 10 },
      { targets: 1, kilobytes: 30 },
    ];
    const oldest = (shares: ArrayLike<number>) =>
      Math.max(...cameras.map((camera, n) => targetAge(camera, shares[n]!)));
    const shares = shareCapacity(cameras, 100);
    expect(shares[0]! + shares[1]! + shares[2]!).toBeCloseTo(100, 9);
    let least = Number.POSITIVE_INFINITY;
    for (let a = 1; a < 99; a++)
      for (let b = 1; a + b < 100; b++) least = Math.min(least, oldest([a, b, 100 - a - b]));
    expect(oldest(shares)).toBeLessThanOrEqual(least + 1e-9);
    expect(oldest(shares)).toBeGreaterThan(0.97 * least);
  });

  it('shares any capacity whole and evenly in age, be it far too little or far too much', () => {
    for (const capacity of [1e-6, 1e-3, 1, 1e3, 1e9]) {
      for (const kilobytes of [1e-6, 1, 1e6]) {
        const cameras = [
          { targets: 20, kilobytes },
          { targets: 19, kilobytes: 2 * kilobytes },
        ];
        const shares = shareCapacity(cameras, capacity);
        expect((shares[0]! + shares[1]!) / capacity).toBeCloseTo(1, 9);
        const [first, second] = cameras.map((camera, n) => targetAge(camera, shares[n]!)) as [number, number];
        expect(second / first).toBeCloseTo(1, 9);
      }
    }
    const idle = { targets: 0, kilobytes: 3 };
    expect([...shareCapacity([idle, idle], 8)]).toEqual([4, 4]);
    expect([...shareCapacity([{ targets: 2, kilobytes: 3 }], 8, { weight: 0 })]).toEqual([8]);
  });
});
