import { describe, expect, it } from 'vitest';
import { mean, Rng, variance } from '../../math/index.js';
import { originPose } from '../geometry/index.js';
import type { Box } from '../types.js';
import { depthImage } from './camera.js';
import { type StereoOptions, type StereoView, stereoRig } from './stereo.js';

const rng = Rng.of('stereo');
const pose = { ...originPose, z: 1.9 };
const box = (given: Partial<Box>): Box => ({
  ...{ x: 20, y: 0, z: 20, length: 2, width: 200, height: 60, yaw: 0 },
  ...given,
});
/** A wall across the view, its face so far ahead. */
const wall = (metres: number) => box({ x: metres + 1 });
const exact = { noisePixels: 0, surfacePixels: 0, scaleError: 0, dropout: 0, maxRangeMeters: 1000 };
const ahead = { ...exact, yawsDeg: [0], width: 160, height: 96 };
const REACH = 640 * 0.5;

function look(boxes: readonly Box[], options: StereoOptions, stream = rng): StereoView {
  return stereoRig(options).look(pose, boxes, stream)[0]!;
}

const depthsOf = ({ depth, hits }: StereoView, hit: number) =>
  Array.from(depth).filter((metres, pixel) => hits[pixel] === hit && metres > 0);

describe('a stereo camera', () => {
  it('is wrong by z^2 sigma_d / (f b), within 3.9 standard errors of a deviation', () => {
    const noisePixels = 0.1;
    for (const metres of [5, 10, 20, 40]) {
      const depths = depthsOf(look([wall(metres)], { ...ahead, noisePixels }, rng.fork(metres)), 0);
      expect(depths.length).toBeGreaterThan(5000);
      const law = (metres ** 2 * noisePixels) / REACH;
      const tolerance = 3.9 / Math.sqrt(2 * depths.length);
      expect(Math.abs(Math.sqrt(variance(depths)) / law - 1)).toBeLessThan(tolerance);
    }
  });

  it('is wrong by one disparity all over a surface, another one on the next', () => {
    const [surfacePixels, looks] = [0.2, 300];
    const pair = [box({ x: 21, y: 51, width: 100 }), box({ x: 21, y: -51, width: 100 })];
    const errors = Array.from({ length: looks }, (_, index) => {
      const view = look(pair, { ...ahead, width: 16, height: 8, surfacePixels }, rng.fork(index));
      return [0, 1].map((hit) => {
        const disparities = depthsOf(view, hit).map((metres) => REACH / metres - REACH / 20);
        expect(Math.max(...disparities) - Math.min(...disparities)).toBeLessThan(1e-4);
        return disparities[0]!;
      });
    });
    const all = errors.flat();
    expect(Math.abs(mean(all))).toBeLessThan((3.9 * surfacePixels) / Math.sqrt(all.length));
    expect(Math.abs(variance(all) / surfacePixels ** 2 - 1)).toBeLessThan(3.9 * Math.sqrt(2 / all.length));
    const product = errors.map(([a, b]) => (a! * b!) / surfacePixels ** 2);
    expect(Math.abs(mean(product))).toBeLessThan(3.9 / Math.sqrt(looks));
  });

  it('measures too long by its scale error, the ground too', () => {
    const view = look([wall(20)], { ...ahead, scaleError: 0.03 });
    const truth = depthImage(pose, [wall(20)], { width: 160, height: 96 });
    for (const [pixel, metres] of view.depth.entries())
      if (metres > 0) expect(metres / truth.depth[pixel]!).toBeCloseTo(1.03, 5);
  });

  it('loses as many matches as told, within 3.9 standard errors, and all beyond its range', () => {
    const { depth } = look([wall(20)], { ...ahead, dropout: 0.1, edgeMeters: 1000 });
    const lost = depth.filter((metres) => metres === 0).length / depth.length;
    expect(Math.abs(lost - 0.1)).toBeLessThan(3.9 * Math.sqrt(0.09 / depth.length));
    const near = look([wall(20)], { ...ahead, maxRangeMeters: 15 });
    expect(depthsOf(near, 0)).toEqual([]);
    expect(Math.max(...depthsOf(near, -1))).toBeLessThanOrEqual(15);
  });

  it('sees nothing behind what hides it, and nothing where one thing ends before another', () => {
    const screen = box({ x: 10, z: 2, length: 0.5, width: 6, height: 4 });
    const car = box({ x: 16, z: 0.8, length: 4.5, width: 1.9, height: 1.6 });
    const view = look([screen, car], ahead);
    expect(depthsOf(view, 1)).toEqual([]);
    const { width, hits, depth } = view;
    for (let pixel = 1; pixel < depth.length; pixel++) {
      if (hits[pixel] === 0) expect(depth[pixel]).toBeLessThan(9.75 + 1e-4);
      const step = pixel % width > 0 && hits[pixel] !== hits[pixel - 1];
      if (step && hits[pixel] === -2) expect(depth[pixel - 1]).toBe(0);
    }
    const whole = look([screen, car], { ...ahead, edgeMeters: 1000 });
    expect(depthsOf(whole, 0).length).toBeGreaterThan(depthsOf(view, 0).length);
  });

  it('looks all around, through its own car, and alike for the same seed', () => {
    const own = box({ x: 0, z: 0.8, length: 4.5, width: 1.9, height: 1.6 });
    const other = box({ x: -12, z: 0.8, length: 4.5, width: 1.9, height: 1.6 });
    const rig = stereoRig();
    const views = rig.look(pose, [own, other], rng, 0);
    expect(views).toHaveLength(4);
    expect(views.map((view) => depthsOf(view, 1).length > 0)).toEqual([false, false, true, false]);
    expect(views.every(({ hits }) => !hits.includes(0))).toBe(true);
    expect(rig.look(pose, [own, other], rng, 0)).toEqual(views);
    expect(rig.look(pose, [own, other], rng.fork('other'), 0)[2]!.depth).not.toEqual(views[2]!.depth);
  });

  it('refuses options out of range in one line', () => {
    const cases: readonly (readonly [StereoOptions, string])[] = [
      [{ yawsDeg: [] }, 'yawsDeg of 0 cameras; allowed: 1 to 16'],
      [{ yawsDeg: [0, 400] }, 'yawsDeg[1] is 400'],
      [{ width: 0 }, 'width is 0'],
      [{ fovDeg: 180 }, 'fovDeg is 180'],
      [{ baselineMeters: 0 }, 'baselineMeters is 0'],
      [{ noisePixels: Number.NaN }, 'noisePixels is NaN'],
      [{ scaleError: 1 }, 'scaleError is 1'],
      [{ dropout: 1.1 }, 'dropout is 1.1'],
    ];
    for (const [options, line] of cases) expect(() => stereoRig(options)).toThrow(line);
  });
});
