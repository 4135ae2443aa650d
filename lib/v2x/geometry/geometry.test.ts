import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import type { Box, Pose } from '../types.js';
import {
  boxContains,
  boxCorners,
  boxFootprint,
  composePoses,
  footprintsOverlap,
  matrixPose,
  originPose,
  type Point,
  poseMatrix,
  relativeMatrix,
  relativePose,
  rotateVector,
  transformBox,
  transformCloud,
  transformPoint,
  wrapAngle,
} from './index.js';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const poses = fc.record<Pose>({
  ...{ x: number(-200, 200), y: number(-200, 200), z: number(-5, 80) },
  ...{ roll: number(-3, 3), pitch: number(-1.5, 1.5), yaw: number(-3.1, 3.1) },
});
const points = fc.tuple(number(-100, 100), number(-100, 100), number(-20, 20));
const boxes = fc.record<Box>({
  ...{ x: number(-8, 8), y: number(-8, 8), z: number(0, 2), yaw: number(-3, 3) },
  ...{ length: number(0.5, 8), width: number(0.5, 4), height: number(0.5, 3) },
});

const expectPoint = (found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 9) => {
  for (let axis = 0; axis < wanted.length; axis++) expect(found[axis]).toBeCloseTo(wanted[axis]!, digits);
};

const expectPose = (found: Pose, wanted: Pose, digits = 7) => {
  for (const key of ['x', 'y', 'z'] as const) expect(found[key]).toBeCloseTo(wanted[key], digits);
  for (const key of ['roll', 'pitch', 'yaw'] as const) {
    expect(wrapAngle(found[key] - wanted[key])).toBeCloseTo(0, digits);
  }
};

describe('rotation conventions', () => {
  const quarter = Math.PI / 2;
  const turned = (pose: Partial<Pose>, vector: Point) =>
    rotateVector(poseMatrix({ ...originPose, ...pose }), vector);

  it.each([
    ['yaw turns the nose to the left', { yaw: quarter }, [1, 0, 0], [0, 1, 0]],
    ['pitch lowers the nose', { pitch: quarter }, [1, 0, 0], [0, 0, -1]],
    ['roll lifts the left side', { roll: quarter }, [0, 1, 0], [0, 0, 1]],
    ['roll is applied first, yaw last', { roll: quarter, yaw: quarter }, [0, 1, 0], [0, 0, 1]],
    ['pitch comes before yaw', { pitch: quarter, yaw: quarter }, [0, 0, 1], [0, 1, 0]],
  ] as const)('%s', (_, pose, vector, wanted) => expectPoint(turned(pose, vector), wanted, 12));

  it('poses survive the way over their matrix', () => {
    fc.assert(fc.property(poses, (pose) => expectPose(matrixPose(poseMatrix(pose)), pose)));
  });

  it('keeps the rotation where yaw and roll turn about the same axis', () => {
    const matrix = poseMatrix({ ...originPose, pitch: quarter, yaw: 0.7, roll: 0.2 });
    expectPoint(poseMatrix(matrixPose(matrix)), matrix, 8);
  });
});

describe('frames', () => {
  it('takes a place to another frame and back', () => {
    fc.assert(
      fc.property(poses, poses, points, (a, b, point) => {
        const there = transformPoint(relativeMatrix(a, b), point);
        expectPoint(transformPoint(relativeMatrix(b, a), there), point, 7);
        expectPoint(transformPoint(poseMatrix(b), there), transformPoint(poseMatrix(a), point), 7);
      }),
    );
  });

  it('composes what it takes apart', () => {
    fc.assert(
      fc.property(poses, poses, (a, b) => {
        const back = poseMatrix(composePoses(b, relativePose(a, b)));
        expectPoint(back, poseMatrix(a), 6);
      }),
    );
  });

  it('moves clouds as it moves their points and keeps intensities and hits', () => {
    const cloud = {
      count: 2,
      points: Float32Array.of(1, 2, 3, 0.5, -4, 5, 6, 0.25),
      hits: Int32Array.of(3, -1),
    };
    const matrix = poseMatrix({ x: 10, y: -3, z: 2, roll: 0.1, pitch: -0.2, yaw: 2 });
    const moved = transformCloud(matrix, cloud);
    expectPoint(moved.points.subarray(0, 3), transformPoint(matrix, [1, 2, 3]), 5);
    expectPoint(moved.points.subarray(4, 7), transformPoint(matrix, [-4, 5, 6]), 5);
    expect([moved.points[3], moved.points[7], moved.hits]).toEqual([0.5, 0.25, cloud.hits]);
  });

  it('moves the corners of a box as places when both frames are upright', () => {
    fc.assert(
      fc.property(boxes, number(-50, 50), number(-3, 3), (box, shift, yaw) => {
        const matrix = poseMatrix({ ...originPose, x: shift, y: 2 * shift, z: 1, yaw });
        const wanted = boxCorners(box).map((corner) => transformPoint(matrix, corner));
        for (const [n, corner] of boxCorners(transformBox(matrix, box)).entries())
          expectPoint(corner, wanted[n]!, 8);
      }),
    );
  });

  it('refuses what is no rigid matrix, in one line', () => {
    const good = [...poseMatrix(originPose)];
    const broken = (entry: number, value: number) => good.map((old, n) => (n === entry ? value : old));
    const faults = [good.slice(1), broken(3, Number.NaN), broken(15, 2), broken(0, 1.1), broken(0, -1)];
    for (const matrix of faults) expect(() => matrixPose(matrix)).toThrow(InputError);
    expect(() => matrixPose(broken(0, -1))).toThrow(
      'pose matrix: 2.00 away from a rotation; allowed: up to 0.001',
    );
  });
});

describe('boxes', () => {
  const car = { x: 10, y: 5, z: 0.8, length: 4, width: 2, height: 1.6, yaw: Math.PI / 2 };

  it('lists corners as the data sets do: front right, front left, back left, back right; below, then above', () => {
    const wanted = [
      [11, 7],
      [9, 7],
      [9, 3],
      [11, 3],
    ];
    for (const [n, corner] of boxFootprint(car).entries()) expectPoint(corner, wanted[n]!);
    for (const [n, corner] of boxCorners(car).entries())
      expectPoint(corner, [...wanted[n % 4]!, n < 4 ? 0 : 1.6]);
  });

  it('contains what lies between its faces', () => {
    expect(boxContains(car, [10.99, 6.99, 1.59])).toBe(true);
    for (const outside of [
      [11.01, 5, 1],
      [10, 7.01, 1],
      [10, 5, 1.61],
    ] as const) {
      expect(boxContains(car, outside)).toBe(false);
    }
  });

  it('footprints overlap just until they part', () => {
    const at = (x: number, y: number, yaw = 0) => ({ ...car, x, y, yaw });
    expect(footprintsOverlap(at(0, 0), at(3.99, 0))).toBe(true);
    expect(footprintsOverlap(at(0, 0), at(4.01, 0))).toBe(false);
    expect(footprintsOverlap(at(0, 0), at(4.01, 0), 0.01)).toBe(true);
    expect(footprintsOverlap(at(0, 0), at(2.99, 0, Math.PI / 2))).toBe(true);
    expect(footprintsOverlap(at(0, 0), at(3.01, 0, Math.PI / 2))).toBe(false);
    // The corner of one turned by 45 degrees reaches (2 + 1) / sqrt 2 aside.
    expect(footprintsOverlap(at(0, 0), at(0, 1 + 3 / Math.SQRT2 + 0.01, Math.PI / 4))).toBe(false);
    expect(footprintsOverlap(at(0, 0), at(0, 1 + 3 / Math.SQRT2 - 0.01, Math.PI / 4))).toBe(true);
  });

  it('footprints overlap either way round, and wherever they share a place', () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        const overlap = footprintsOverlap(a, b);
        expect(footprintsOverlap(b, a)).toBe(overlap);
        const shared = boxFootprint(a).some(([x, y]) => boxContains(b, [x, y, b.z]));
        if (shared) expect(overlap).toBe(true);
      }),
    );
  });
});
