import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originPose, type Point, poseMatrix, rotateVector } from '../geometry/index.js';
import type { Box, Pose } from '../types.js';
import { depthImage } from './camera.js';
import { rayGrid } from './grid.js';
import { castRay, rangeToBox } from './slab.js';
import { castTilted } from './tilted.js';
import { castUpright } from './upright.js';

const MAX_RANGE = 120;
/** A ray this near an edge may go either way by rounding. */
const GRAZE = 1e-7;

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const boxes = fc.record<Box>({
  ...{ x: number(-60, 60), y: number(-60, 60), z: number(0, 6), yaw: number(-4, 4) },
  ...{ length: number(0.2, 30), width: number(0.2, 12), height: number(0.2, 12) },
});
const scenes = fc.array(boxes, { minLength: 1, maxLength: 8 });
const places = { x: number(-40, 40), y: number(-40, 40), z: number(0.5, 50), yaw: number(-4, 4) };
const upright = fc.record(places).map((place): Pose => ({ ...originPose, ...place }));
const tilted = fc.record<Pose>({ ...places, roll: number(-0.6, 0.6), pitch: number(-0.9, 0.9) });
const fans = fc.constantFrom<[number, number]>([-25, 2], [-89, -20], [-10, 80], [0, 0]);

const grown = (box: Box, by: number): Box => ({
  ...box,
  length: box.length + 2 * by,
  width: box.width + 2 * by,
  height: box.height + 2 * by,
});

/** Where a ray may end, its neighbourhood of rounding included. */
function bounds(origin: Point, direction: Point, scene: readonly Box[]): [nearest: number, farthest: number] {
  const [larger, smaller] = [GRAZE, -GRAZE].map((by) => scene.map((box) => grown(box, by)));
  return [
    castRay(origin, direction, larger!).range - 1e-5,
    castRay(origin, direction, smaller!).range + 1e-5,
  ];
}

function expectLikeOracle(
  cast: typeof castUpright,
  pose: Pose,
  scene: readonly Box[],
  fan: [number, number],
): void {
  const [low, high] = fan.map((degrees) => (degrees * Math.PI) / 180) as [number, number];
  const grid = rayGrid(9, 48, [low, high]);
  const image = { range: new Float64Array(9 * 48), hit: new Int32Array(9 * 48) };
  const alone = new Uint32Array(scene.length);
  cast(grid, pose, scene, -1, MAX_RANGE, image, alone);
  const least = new Uint32Array(scene.length);
  const most = new Uint32Array(scene.length);
  const origin: Point = [pose.x, pose.y, pose.z];
  const turn = poseMatrix(pose);
  for (let ray = 0; ray < image.range.length; ray++) {
    const [column, beam] = [Math.floor(ray / 9), ray % 9];
    const ce = grid.elevationCos[beam]!;
    const local: Point = [
      ce * grid.azimuthCos[column]!,
      ce * grid.azimuthSin[column]!,
      grid.elevationSin[beam]!,
    ];
    const direction = rotateVector(turn, local);
    const [nearest, farthest] = bounds(origin, direction, scene);
    const range = image.range[ray]!;
    const hit = image.hit[ray]!;
    const owned =
      hit < 0 || Math.abs(rangeToBox(origin, direction, grown(scene[hit]!, GRAZE)) - range) < 1e-3;
    if (range < Math.min(nearest, MAX_RANGE) || range > Math.min(farthest, MAX_RANGE) || !owned) {
      expect.unreachable(`ray ${ray}: ${range} m, box ${hit}; allowed: ${nearest} to ${farthest} m`);
    }
    for (const [index, box] of scene.entries()) {
      if (rangeToBox(origin, direction, grown(box, -GRAZE)) <= MAX_RANGE - 1e-5) least[index]!++;
      if (rangeToBox(origin, direction, grown(box, GRAZE)) <= MAX_RANGE + 1e-5) most[index]!++;
    }
  }
  for (const [index, count] of alone.entries()) {
    expect(count).toBeGreaterThanOrEqual(least[index]!);
    expect(count).toBeLessThanOrEqual(most[index]!);
  }
}

describe('the exact slab test of every ray with every box agrees', () => {
  it('with the way for upright sensors', () => {
    fc.assert(
      fc.property(upright, scenes, fans, (pose, scene, fan) =>
        expectLikeOracle(castUpright, pose, scene, fan),
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it('with the way for all sensors, upright ones too', () => {
    const any = fc.oneof(upright, tilted);
    fc.assert(
      fc.property(any, scenes, fans, (pose, scene, fan) => expectLikeOracle(castTilted, pose, scene, fan)),
      { numRuns: 40, seed: 2 },
    );
  });

  it('with the depth camera', () => {
    fc.assert(
      fc.property(tilted, scenes, (pose, scene) => {
        const { depth, width, height } = depthImage(pose, scene, { width: 24, height: 16, fovDeg: 100 });
        const focal = 12 / Math.tan((50 * Math.PI) / 180);
        for (let pixel = 0; pixel < depth.length; pixel++) {
          const aside = (width / 2 - (pixel % width) - 0.5) / focal;
          const up = (height / 2 - Math.floor(pixel / width) - 0.5) / focal;
          const slant = Math.hypot(1, aside, up);
          const direction = rotateVector(poseMatrix(pose), [1 / slant, aside / slant, up / slant]);
          const [nearest, farthest] = bounds([pose.x, pose.y, pose.z], direction, scene);
          // Near the horizon, depths are as far as one likes.
          const metres = Math.min(depth[pixel]! * slant, 1e4);
          if (metres < Math.min(nearest * (1 - 1e-6), 1e4) || metres > Math.min(farthest * (1 + 1e-6), 1e4)) {
            expect.unreachable(`pixel ${pixel}: ${metres} m; allowed: ${nearest} to ${farthest} m`);
          }
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

describe('a sensor at the very centre of a box', () => {
  const fan: [number, number] = [-60, 60];

  it.each([0, Math.PI / 4, -0.7, (-3 * Math.PI) / 4])('meets it in all directions, turned by %f', (yaw) => {
    const pose = { ...originPose, x: -1, y: -2, z: 8 };
    for (const size of [0.5, 3]) {
      const around: Box = { x: -1, y: -2, z: size, length: size, width: size, height: 2 * size, yaw };
      expectLikeOracle(castUpright, pose, [around], fan);
      expectLikeOracle(castTilted, pose, [around], fan);
      expectLikeOracle(castTilted, { ...pose, yaw: Math.PI }, [around], fan);
    }
  });
});

describe('depth camera', () => {
  it('gives a wall across the view one depth, the ground below and the sky above', () => {
    const wall: Box = { x: 11, y: 0, z: 1, length: 2, width: 100, height: 2, yaw: 0 };
    const { depth, hits } = depthImage({ ...originPose, z: 1 }, [wall], { width: 40, height: 40 });
    const column = (row: number) => [depth[row * 40 + 20], hits[row * 40 + 20]];
    expect(column(0)).toEqual([Number.POSITIVE_INFINITY, -2]);
    expect(column(20)).toEqual([10, 0]);
    // 45 degrees down is the lower edge; the centre of its last row lies at 39/40 of it.
    expect(column(39)[0]).toBeCloseTo(40 / 39, 5);
    expect(column(39)[1]).toBe(-1);
  });
});
