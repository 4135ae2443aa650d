import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError } from '../../math/index.js';
import { boxFootprint, originPose } from '../geometry/index.js';
import { lidar, type StereoOptions, stereoRig } from '../lidar/index.js';
import { crossing } from '../scene/index.js';
import { lcv2i, noSharing } from '../share/index.js';
import type { AgentState, Box } from '../types.js';
import {
  type CameraCorrection,
  type CameraPoint,
  cameraAssisted,
  depthScale,
  fitSurface,
  type Observation,
  pseudoLidar,
  withCameras,
} from './index.js';

const rng = Rng.of('assist');
const pose = { ...originPose, z: 1.9 };
const car = (x: number, y: number, yaw = 0): Box => ({
  ...{ x, y, z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw },
});

/** A level agent with a LiDAR and cameras among boxes. */
function agentAmong(boxes: readonly Box[], stream: Rng, beams = 16, cameras: StereoOptions = {}): AgentState {
  return {
    ...{ id: 'a', kind: 'vehicle', truePose: pose, pose, timeSec: 0, clockOffsetSec: 0, velocity: [0, 0] },
    cloud: lidar({ beams }).scan(pose, boxes, stream.fork('lidar')),
    cameras: stereoRig(cameras).look(pose, boxes, stream.fork('camera')),
  };
}

/** How far points on a car lie from its nearest side; those within 2 m of it. */
function misses(points: readonly CameraPoint[], box: Box): number[] {
  const corners = boxFootprint(box);
  const sides = corners.map((corner, at) => [corner, corners[(at + 1) % 4]!] as const);
  const toSide = ([x, y]: readonly number[], [[ax, ay], [bx, by]]: (typeof sides)[number]) => {
    const along = ((x! - ax) * (bx - ax) + (y! - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.min(1, Math.max(0, along));
    return Math.hypot(x! - ax - t * (bx - ax), y! - ay - t * (by - ay));
  };
  return points
    .map(({ place }) => Math.min(...sides.map((side) => toSide(place, side))))
    .filter((metres) => metres < 2);
}

describe('the scale of depths', () => {
  it('is found by the points of the LiDAR: 3 % within 3.9 standard errors, and to 0.3 % each time', () => {
    const scene = [car(12, 3, 0.4), car(-20, 5, 1), car(8, -9, 2)];
    const found = Array.from({ length: 24 }, (_, index) => {
      const agent = agentAmong(scene, rng.fork('scale').fork(index));
      return depthScale(agent.cameras![0]!, agent.cloud) * 1.03 - 1;
    });
    expect(Math.abs(mean(found))).toBeLessThan(3.9 * standardError(found) + 2e-4);
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(0.003);
  });

  it('is 1 where the LiDAR has nothing to say', () => {
    const agent = agentAmong([], rng);
    expect(depthScale(agent.cameras![0]!, { count: 0, points: new Float32Array() })).toBe(1);
  });
});

describe('a surface', () => {
  const observation = fc.record<Observation>({
    column: fc.integer({ min: 0, max: 40 }),
    disparity: fc.double({ min: 5, max: 40, noNaN: true }),
    variance: fc.double({ min: 0.01, max: 1, noNaN: true }),
    biased: fc.boolean(),
  });

  it('is the same in whatever order it is observed', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 2, maxLength: 12 }), (seen) => {
        const [forth, back] = [fitSurface(seen, 0.04), fitSurface([...seen].reverse(), 0.04)];
        for (const column of [0, 17, 40]) {
          expect(back.disparity(column)).toBeCloseTo(forth.disparity(column), 4);
          expect(back.variance(column)).toBeCloseTo(forth.variance(column), 4);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('bears as many points as the densest LiDAR has of one wall', () => {
    const seen = Array.from(
      { length: 200_000 },
      (_, at): Observation => ({ column: at % 3, disparity: 10, variance: 0.1, biased: false }),
    );
    expect(fitSurface(seen, 0.04).disparity(1)).toBeCloseTo(10, 6);
  });

  it('keeps the common error of its pixels without the LiDAR, and loses it by two points of it', () => {
    const line = (column: number) => 12 + 0.03 * column;
    const pixels = Array.from(
      { length: 30 },
      (_, column): Observation => ({
        ...{ column, disparity: line(column) + 0.3, variance: 0.01, biased: true },
      }),
    );
    const alone = fitSurface(pixels, 0.04);
    expect(alone.disparity(15)).toBeCloseTo(line(15) + 0.3, 2);
    expect(alone.variance(15)).toBeGreaterThan(0.04);
    expect(alone.variance(15)).toBeLessThan(0.042);
    const points = [5, 9].map(
      (column): Observation => ({
        ...{ column, disparity: line(column), variance: 1e-6, biased: false },
      }),
    );
    const anchored = fitSurface([...pixels, ...points], 0.04);
    expect(anchored.disparity(29)).toBeCloseTo(line(29), 1);
    expect(anchored.disparity(7)).toBeCloseTo(line(7), 2);
    expect(anchored.variance(7)).toBeLessThan(1e-3);
  });

  it('has a bend where two sides meet, of the nearer edge only', () => {
    const shape = (sign: number) => (column: number) => 15 - 0.1 * sign * Math.abs(column - 16);
    const fitted = (sign: number) =>
      fitSurface(
        Array.from(
          { length: 33 },
          (_, column): Observation => ({
            ...{ column, disparity: shape(sign)(column), variance: 0.005, biased: true },
          }),
        ),
        0.01,
      );
    for (const column of [0, 16, 32]) expect(fitted(1).disparity(column)).toBeCloseTo(shape(1)(column), 1);
    expect(fitted(-1).disparity(16)).toBeGreaterThan(shape(-1)(16) + 0.5);
  });
});

describe('pseudo-LiDAR', () => {
  const corrections: readonly CameraCorrection[] = ['none', 'scale', 'surfaces'];

  it('lies the nearer to the sides of cars the more of it is corrected', () => {
    const truth = car(22, 3, 0.5);
    const scenes = Array.from({ length: 12 }, (_, index) => agentAmong([truth], rng.fork('car').fork(index)));
    const [none, scale, surfaces] = corrections.map((correction) =>
      mean(scenes.flatMap((agent) => misses(pseudoLidar(agent, correction), truth))),
    );
    expect(none).toBeGreaterThan(0.25);
    expect(scale).toBeLessThan(0.6 * none!);
    expect(surfaces).toBeLessThan(0.6 * scale!);
    expect(surfaces).toBeLessThan(0.1);
  });

  it('lies on the sides of cars where cameras are exact', () => {
    const truth = car(22, 3, 0.5);
    const exact = { noisePixels: 0, surfacePixels: 0, scaleError: 0, dropout: 0 };
    for (const correction of corrections) {
      const off = misses(pseudoLidar(agentAmong([truth], rng, 16, exact), correction), truth);
      expect(off.length).toBeGreaterThan(15);
      expect(Math.max(...off)).toBeLessThan(0.1);
    }
  });

  it('knows how wrong it is', () => {
    const wall: Box = { x: 21, y: 0, z: 3, length: 2, width: 60, height: 8, yaw: 0 };
    const ratios = Array.from({ length: 40 }, (_, index) => {
      const stream = rng.fork('wall').fork(index);
      const agent = agentAmong([wall], stream, 16, { scaleError: 0, yawsDeg: [0], maxRangeMeters: 200 });
      const points = pseudoLidar(agent, 'none').filter(({ place: [x, y] }) => Math.abs(y) < 5 && x < 25);
      return (
        points.reduce((sum, { place: [x], errorMeters }) => sum + ((x - 20) / errorMeters) ** 2, 0) /
        points.length
      );
    });
    // Points of one look share their error, so there are 40 independent ones: chi-squared of 40.
    expect(Math.abs(mean(ratios) - 1)).toBeLessThan(3.9 * Math.sqrt(2 / 40));
  });

  it('puts nothing behind what hides it', () => {
    const screen: Box = { x: 10, y: 0, z: 2, length: 0.5, width: 8, height: 4, yaw: 0 };
    const exact = { noisePixels: 0.01, surfacePixels: 0, scaleError: 0 };
    const points = pseudoLidar(agentAmong([screen, car(17, 0)], rng, 4, exact), 'none');
    const shaded = points.filter(({ place: [x, y] }) => x > 5 && Math.abs(y / x) < 0.35);
    expect(shaded.length).toBeGreaterThan(20);
    for (const { place } of shaded) expect(place[0]).toBeLessThan(9.75 + 0.1);
  });
});

describe('at the crossing', () => {
  const options = { rng: Rng.of(104), seconds: 0.3, cavs: 2, egoBeams: 4 };
  const plain = crossing(options).frame(1);
  const equipped = crossing({ ...options, egoCameras: {} }).frame(1);
  const [ego, other] = equipped.agents;

  it('cameras change nothing else, and are the ego’s alone', () => {
    const { cameras, ...rest } = ego!;
    expect(rest).toEqual(plain.agents[0]);
    expect(equipped.objects).toEqual(plain.objects);
    expect(cameras).toHaveLength(4);
    expect(other).toEqual(plain.agents[1]);
    expect(crossing({ ...options, egoCameras: {} }).frame(1).agents[0]!.cameras).toEqual(cameras);
    expect(() => crossing({ ...options, egoCameras: { dropout: 2 } })).toThrow('dropout is 2');
  });

  it('more is found with them, by the same strategies', () => {
    const found = (agent: AgentState, strategy = noSharing()) => strategy.fuse(agent, []);
    const helped = cameraAssisted(noSharing());
    expect(helped.name).toBe('none + camera');
    expect(found(ego!, helped).length).toBeGreaterThan(found(ego!).length);
    expect(found(other!, helped)).toEqual(found(other!));
    const [asked, unaided] = [cameraAssisted(lcv2i()), lcv2i()].map((one) => one.request!(ego!).length);
    expect(asked).toBeGreaterThan(unaided!);
    expect(withCameras(ego!).cloud).toBe(withCameras(ego!).cloud);
    expect(withCameras(other!)).toBe(other);
    const front = { ...ego!, cameras: ego!.cameras!.slice(0, 1) };
    expect(withCameras(front).cloud.count).toBeLessThan(withCameras(ego!).cloud.count);
    expect(() => withCameras(ego!, { maxErrorMeters: 0 })).toThrow('maxErrorMeters is 0');
  });
});
