import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { bevIou } from '../evaluate/index.js';
import { crossing } from '../scene/index.js';
import type { Box, Detection, PointCloud, Pose } from '../types.js';
import { readOutputs } from './boxes.js';
import { detectorOf, type PillarDetector } from './detector.js';
import { type FeatureMap, featureMap, shiftedMap } from './feature-map.js';
import { fusedByMaximum } from './fusion.js';
import { gridAbout, inPillarRange, PILLARS } from './grid.js';
import { BOX_VALUES, initPillars } from './network.js';
import { POINT_VALUES, POINTS_PER_PILLAR, pillarsOf } from './pillars.js';
import { fromMap, standingPoints, toMap } from './points.js';
import { targetsOf } from './targets.js';
import { mergedInput, withoutAgents } from './views.js';

const { cells, channels, featureCells, featureMeters } = PILLARS;
const origin = { x: 8, y: -4 };

const car = (x: number, y: number, yaw = 0.3): Box => ({
  ...{ x, y, z: 0.75, length: 4.4, width: 1.8, height: 1.5, yaw },
});
const cloudOf = (...points: number[][]) => ({
  count: points.length,
  values: Float32Array.from(points.flat()),
});

describe('points of the map frame', () => {
  it('leave out ground and what is too high, and stand in the world', () => {
    const pose: Pose = { x: 100, y: 50, z: 1.9, roll: 0, pitch: 0, yaw: Math.PI / 2 };
    const ground = Array.from({ length: 60 }, (_, n) => [n - 30, (7 * n) % 40, -1.9, 1]);
    const points = Float32Array.from([...ground, [10, 2, -1.1, 0.5], [12, 0, 4, 0.5]].flat());
    const cloud: PointCloud = { count: 62, points };
    const { count, values, sources } = standingPoints({ cloud, pose });
    expect(count).toBe(1);
    expect([...sources]).toEqual([60]);
    const expected = [98, 60, 0.8, 0.5];
    for (const [axis, value] of values.entries()) expect(value).toBeCloseTo(expected[axis]!, 4);
  });

  it('and boxes come back to the frame of a tilted agent', () => {
    const { agents } = crossing({ rng: Rng.of(7), rsu: {} }).frame(0);
    const unit = agents.at(-1)!;
    const { ground } = standingPoints(unit);
    const box = car(20, -8);
    const [back] = toMap(fromMap([box], ground, unit.pose), ground, unit.pose);
    for (const key of ['x', 'y', 'z', 'length'] as const) expect(back![key]).toBeCloseTo(box[key], 2);
    expect(Math.cos(2 * (back!.yaw - box.yaw))).toBeCloseTo(1, 3);
  });
});

describe('pillars', () => {
  it('hold each point relative to its pillar, boxes first, and nothing from outside', () => {
    const box: Detection = { ...car(8.25, -3.5), score: 0.7 };
    const cloud = cloudOf([8.25, -3.75, 1, 0.5], [8.75, -3.25, 0.5, 0.3], [60, 0, 1, 1]);
    const { count, values, sources } = pillarsOf([{ origin, clouds: [cloud], boxes: [box] }]);
    expect(count).toBe(1);
    const cell = (cells / 2) * cells + cells / 2;
    expect(sources[cell]).toBe(1);
    expect(sources.reduce((sum, source) => sum + source, 0)).toBe(1);
    const row = (n: number) => [...values.subarray(n * POINT_VALUES, (n + 1) * POINT_VALUES)];
    const boxPart = [4.4 / 4.5, 1.8 / 1.9, 1.5 / 1.6, Math.sin(0.6), Math.cos(0.6), 0.7, 1];
    const crowd = Math.log(3) / 3;
    const rows = [
      [-0.25, 0, 0.75, 0, -0.25, 0, 0, crowd, ...boxPart],
      [-0.25, -0.25, 1, 0.5, -0.25, -0.25, 0.25, crowd, 0, 0, 0, 0, 0, 0, 0],
      [0.25, 0.25, 0.5, 0.3, 0.25, 0.25, -0.25, crowd, 0, 0, 0, 0, 0, 0, 0],
    ];
    for (const [n, wanted] of rows.entries())
      for (const [at, value] of row(n).entries()) expect(value, `${n}, ${at}`).toBeCloseTo(wanted[at]!, 5);
    for (let n = 3; n < POINTS_PER_PILLAR; n++) expect(row(n)).toEqual(row(0));
  });

  it('of an empty input are none, whatever the number of inputs', () => {
    const { count, values, sources } = pillarsOf([
      { origin, clouds: [] },
      { origin, clouds: [cloudOf()] },
    ]);
    expect(count).toBe(0);
    expect(values.every((value) => value === 0)).toBe(true);
    expect(sources.length).toBe(2 * cells ** 2);
  });
});

describe('targets', () => {
  it('read as outputs give back the boxes they were drawn from', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (x, y, yaw) => {
          const box = car(origin.x + x, origin.y + y, yaw);
          const { heat, boxes } = targetsOf(origin, [box]);
          const outputs = new Float32Array(heat.length * (1 + BOX_VALUES));
          for (const [cell, value] of heat.entries()) {
            outputs[cell * (1 + BOX_VALUES)] = value === 1 ? 10 : -10;
            outputs.set(
              boxes.subarray(cell * BOX_VALUES, (cell + 1) * BOX_VALUES),
              cell * (1 + BOX_VALUES) + 1,
            );
          }
          const { detections, confidence } = readOutputs(origin, outputs, 0.5);
          expect(detections.length).toBe(1);
          expect(bevIou(detections[0]!, box)).toBeGreaterThan(0.999);
          expect(confidence.filter((value) => value > 0.5).length).toBe(1);
        },
      ),
      { numRuns: 50, seed: 5 },
    );
  });

  it('outside of the grid are none', () => {
    expect(targetsOf(origin, [car(70, 0), car(0, -60)]).heat.every((value) => value === 0)).toBe(true);
  });
});

describe('feature maps', () => {
  const drawn = (about: { x: number; y: number }, seed: number): FeatureMap => {
    const values = new Float32Array(featureCells ** 2 * channels);
    Rng.of(seed).fillUniform(values, 0, 1);
    return featureMap(about, values);
  };

  it('shifted there and back are the same but for the strip that was outside', () => {
    const map = drawn(origin, 1);
    const back = shiftedMap(shiftedMap(map, { x: origin.x + 4, y: origin.y - 8 }), origin);
    for (let cell = 0; cell < featureCells ** 2; cell++) {
      const [column, row] = [cell % featureCells, Math.floor(cell / featureCells)];
      const inside = column >= 4 / featureMeters && row < featureCells - 8 / featureMeters;
      expect(back.values[cell * channels]).toBe(inside ? map.values[cell * channels] : 0);
    }
  });

  it('fused by the maximum do not depend on the order, and gain nothing from a copy', () => {
    const [a, b] = [drawn(origin, 1), drawn({ x: 0, y: 0 }, 2)];
    const fused = fusedByMaximum([a, b], origin).values;
    expect(fusedByMaximum([b, a, b], origin).values).toEqual(fused);
    expect(() => featureMap(origin, new Float32Array(7))).toThrow(/feature map of 7 values; allowed: 40000/);
  });
});

describe('ranges', () => {
  it('an agent is always inside its own grid, whose middle is on the raster', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), (x) => {
        const about = gridAbout({ x, y: -x });
        expect(Math.abs(about.x % 4)).toBe(0);
        expect(Math.abs(about.x - x)).toBeLessThanOrEqual(2);
        expect(inPillarRange({ x, y: 0 }, { x, y: 0 })).toBe(true);
        expect(inPillarRange({ x, y: 0 }, { x: x + 53, y: 0 })).toBe(false);
      }),
    );
  });

  it('boxes about agents are left out', () => {
    const boxes = [car(0, 0), car(10, 0)].map((box) => ({ ...box, score: 1 }));
    expect(withoutAgents(boxes, [{ x: 0.5, y: 0 }])).toEqual([boxes[1]]);
  });
});

describe('an untrained network', () => {
  let detector: PillarDetector;
  beforeAll(async () => {
    await useEngine('wasm');
    detector = detectorOf(initPillars(Rng.of(3)), 0.9);
  });

  it('reads its own features as it finds at once', () => {
    const { agents } = crossing({ rng: Rng.of(5) }).frame(0);
    const input = mergedInput([agents[0]!, agents[1]!]);
    const map = detector.features(input);
    expect(map.values.length).toBe(featureCells ** 2 * channels);
    expect(map.values.every((value) => value >= 0)).toBe(true);
    const parts = detector.detect(map);
    const whole = detector.find(input);
    for (const [cell, value] of parts.confidence.entries())
      expect(value).toBeCloseTo(whole.confidence[cell]!, 5);
  });

  it('moves its features with the raster', () => {
    const cloud = cloudOf([1.2, 3.4, 1, 0.8], [2.1, 3.4, 0.7, 0.8], [-3, 4, 1.2, 0.7]);
    const here = detector.features({ origin: { x: 0, y: 0 }, clouds: [cloud] });
    const there = detector.features({ origin: { x: 8, y: -12 }, clouds: [cloud] });
    const moved = shiftedMap(there, { x: 0, y: 0 });
    // Away from the borders, where the padding is seen.
    for (let row = 12; row < 38; row++)
      for (let column = 12; column < 38; column++) {
        const at = (row * featureCells + column) * channels;
        for (let c = 0; c < channels; c++) expect(moved.values[at + c]).toBeCloseTo(here.values[at + c]!, 4);
      }
  });
});
