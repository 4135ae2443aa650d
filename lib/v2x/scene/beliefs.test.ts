import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError, variance } from '../../math/index.js';
import { boxContains, poseMatrix, transformCloud } from '../geometry/index.js';
import type { Pose } from '../types.js';
import { addPoseNoise, type CrossingOptions, crossing } from './index.js';

const make = (seed: number, options: Omit<CrossingOptions, 'rng'> = {}) =>
  crossing({ rng: Rng.of(seed), ...options });

describe('pose noise', () => {
  const still = make(1, { seconds: 0.1, lidar: { beams: 1, azimuths: 8 } }).frame(0);
  const errors = (noise: Parameters<typeof addPoseNoise>[1], of: keyof Pose, count = 2000) =>
    Array.from({ length: count }, (_, index) =>
      addPoseNoise({ ...still, index }, noise, Rng.of(9)).agents.map(
        ({ pose, truePose }) => pose[of] - truePose[of],
      ),
    );

  it.each(['gaussian', 'laplace'] as const)(
    'has the deviation asked for, %s, within 4 standard errors',
    (distribution) => {
      const kurtosis = { gaussian: 3, laplace: 6 }[distribution];
      for (const of of ['x', 'y', 'yaw'] as const) {
        const all = errors({ xyMeters: 0.5, yawDeg: 90 / Math.PI, distribution }, of).flat();
        expect(Math.abs(mean(all))).toBeLessThan((4 * 0.5) / Math.sqrt(all.length));
        const tolerance = 4 * Math.sqrt((kurtosis - 1) / all.length);
        expect(Math.abs(variance(all) / 0.25 - 1)).toBeLessThan(tolerance);
      }
    },
  );

  it('tells the distributions apart by the mean magnitude: sqrt(2 / pi) and 1 / sqrt 2 of the deviation', () => {
    for (const [distribution, wanted] of [
      ['gaussian', Math.sqrt(2 / Math.PI)],
      ['laplace', Math.SQRT1_2],
    ] as const) {
      const sizes = errors({ xyMeters: 1, distribution }, 'x').flat().map(Math.abs);
      expect(Math.abs(mean(sizes) - wanted)).toBeLessThan(4 * standardError(sizes));
    }
  });

  it("is each agent's own: no correlation between agents within 4 standard errors", () => {
    const products = errors({ xyMeters: 1 }, 'x').map(([a, b]) => a! * b!);
    expect(Math.abs(mean(products))).toBeLessThan(4 * standardError(products));
  });

  it('scales with the deviation', () => {
    const [once, twice] = [0.2, 0.4].map((xyMeters) => errors({ xyMeters }, 'y', 5).flat());
    for (const [n, error] of once!.entries()) expect(twice![n]).toBeCloseTo(2 * error, 9);
  });
});

describe('clocks', () => {
  const clock = { lagSec: 0.1, jitterSec: 0.005, offsetSec: 0.02 };
  const scene = make(3, { clock });
  const frames = [...scene.frames()];
  const lags = (agent: number) => frames.map((frame) => frame.timeSec - frame.agents[agent]!.timeSec);

  it('let the ego sense with the frame and the others at their own lag', () => {
    expect(Math.max(...lags(0).map(Math.abs))).toBe(0);
    for (const agent of [1, 2]) {
      const own = lags(agent);
      const jitter = Math.sqrt(variance(own));
      expect(Math.abs(jitter / 0.005 - 1)).toBeLessThan(4 / Math.sqrt(2 * own.length));
      expect(mean(own)).toBeGreaterThan(-0.003);
      expect(mean(own)).toBeLessThan(0.103);
    }
    expect(mean(lags(1))).not.toBeCloseTo(mean(lags(2)), 3);
  });

  it('keep the error of each clock', () => {
    for (const agent of [0, 1, 2]) {
      const offsets = new Set(frames.map((frame) => frame.agents[agent]!.clockOffsetSec));
      expect(offsets.size).toBe(1);
    }
    expect(new Set(frames[0]!.agents.map(({ clockOffsetSec }) => clockOffsetSec)).size).toBe(3);
  });

  it('show the scene as it was when the cloud was taken', () => {
    const late = make(3, { clock: { lagSec: 1 } }).frame(20);
    const { cloud, truePose, timeSec } = late.agents[1]!;
    const world = transformCloud(poseMatrix(truePose), cloud);
    let seen = 0;
    for (let n = 0; n < cloud.count; n++) {
      const box = late.objects[cloud.hits![n]!];
      if (!box) continue;
      const back = timeSec - late.timeSec;
      const then = { ...box, x: box.x + back * box.velocity![0], y: box.y + back * box.velocity![1] };
      const skin = {
        ...then,
        length: then.length + 0.25,
        width: then.width + 0.25,
        height: then.height + 0.25,
      };
      const place = world.points.subarray(4 * n, 4 * n + 3) as unknown as [number, number, number];
      expect(boxContains(skin, place)).toBe(true);
      seen++;
    }
    expect(seen).toBeGreaterThan(50);
  });
});
