import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { inverseRigid, poseMatrix, transformBox, transformCloud } from '../geometry/index.js';
import { crossing } from '../scene/index.js';
import type { PointCloud } from '../types.js';
import { fromGround, groundPlane, standingCells } from './index.js';

/** Ground of a slope, a wall, and noise of 2 cm. */
function sloped(a: number, b: number, c: number): PointCloud {
  const rng = Rng.of('ground');
  const points = new Float32Array(4 * 3000);
  for (let n = 0; n < 3000; n++) {
    const [x, y] = [rng.uniform(-40, 40), rng.uniform(-40, 40)];
    const lift = n % 5 === 0 ? rng.uniform(0, 3) : 0;
    points.set([x, y, a * x + b * y + c + lift + rng.normal(0, 0.02), 0.5], 4 * n);
  }
  return { count: 3000, points };
}

describe('the ground', () => {
  it('is found below what stands on it, sloped or level', () => {
    const planes: readonly (readonly [number, number, number])[] = [
      [0, 0, -1.9],
      [0.01, -0.02, -5],
      [-0.015, 0, -40],
    ];
    for (const plane of planes) {
      const found = groundPlane(sloped(...plane));
      expect(found[0]).toBeCloseTo(plane[0], 2.5);
      expect(found[1]).toBeCloseTo(plane[1], 2.5);
      expect(Math.abs(found[2] - plane[2])).toBeLessThan(0.03);
    }
    expect(groundPlane({ count: 0, points: new Float32Array() })).toEqual([0, 0, 0]);
  });
});

describe('cells of what stands', () => {
  const agent = crossing({ rng: Rng.of(102) }).frame(3).agents[0]!;

  it('leave the ground out and know where it is', () => {
    const { cells, ground, frame } = standingCells(agent);
    expect(ground[2]).toBeCloseTo(-agent.truePose.z, 1);
    expect(frame).toEqual({ x: agent.pose.x, y: agent.pose.y, yaw: agent.pose.yaw });
    expect(Math.min(...cells.top)).toBeGreaterThanOrEqual(0.3);
    const standing = agent.cloud.hits!.filter((hit) => hit !== -1).length;
    const counted = cells.points.reduce((sum, points) => sum + points, 0);
    expect(counted).toBeGreaterThan(0.7 * standing);
    expect(counted).toBeLessThanOrEqual(standing);
    expect(() => standingCells(agent, { leastHeight: -1 })).toThrow('leastHeight');
  });

  it('are those of a level sensor when a tilted one knows its tilt', () => {
    const tilt = { x: 0, y: 0, z: 0, roll: 0.05, pitch: -0.08, yaw: 0 };
    const tilted = {
      ...agent,
      pose: { ...agent.pose, roll: tilt.roll, pitch: tilt.pitch },
      cloud: transformCloud(inverseRigid(poseMatrix(tilt)), agent.cloud),
    };
    const [level, mended] = [standingCells(agent), standingCells(tilted)];
    expect(Math.abs(mended.cells.size - level.cells.size)).toBeLessThan(0.03 * level.cells.size);
    expect(mended.ground[2]).toBeCloseTo(level.ground[2], 2);
    const box = { x: 20, y: 5, z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: 0.3 };
    const [own] = fromGround([box], mended.ground, tilted.pose);
    const back = transformBox(poseMatrix(tilt), own!);
    const [a, b, c] = mended.ground;
    expect([back.x, back.y, back.z]).toEqual(
      [20, 5, 0.8 + a * 20 + b * 5 + c].map((value) => expect.closeTo(value, 9)),
    );
  });
});
