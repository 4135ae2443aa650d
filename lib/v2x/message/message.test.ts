import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { bevCells, CELL_BYTES, mergeCells } from '../bev/index.js';
import type { Detection, PointCloud, Pose } from '../types.js';
import {
  BOX_BYTES,
  blocksSection,
  boxesSection,
  cellSections,
  cellsWithin,
  decodeMessage,
  encodeHeader,
  encodeMessage,
  type Instance,
  instancesSection,
  MOVING_BOX_BYTES,
  POINT_BYTES,
  pointsSection,
  routeSection,
} from './index.js';

const pose: Pose = { x: 12.345, y: -67.891, z: 1.9, roll: 0.01, pitch: -0.05, yaw: 3.1 };
const header = { sender: 'cav1', timeSec: 12.3, pose };
const box: Detection = {
  ...{ x: 20.125, y: -3.338, z: 0.76, length: 4.42, width: 1.87, height: 1.52, yaw: -3.0, score: 0.83 },
  velocity: [-7.25, 0.51],
};
const rng = Rng.of('message');
const points = Float64Array.from({ length: 900 }, (_, index) =>
  index % 3 === 2 ? rng.uniform(0.4, 1.5) : rng.uniform(-40, 40),
);
const cells = bevCells(points);
const cloud: PointCloud = { count: 50, points: Float32Array.from({ length: 200 }, () => rng.uniform()) };

const full = encodeMessage(header, [
  boxesSection([box]),
  boxesSection([box], true),
  pointsSection(cloud, 'float32'),
  pointsSection(cloud, 'centimetres'),
  ...cellSections(
    cells,
    Array.from({ length: cells.size }, (_, cell) => cell),
  ),
  blocksSection({ side: 2, places: [[-3, 127]] }),
  routeSection([[1.04, -300]]),
]);

describe('a message', () => {
  it('says who, when and where, to half a centimetre and a hundredth of a degree', () => {
    const read = decodeMessage(encodeMessage(header, []))!;
    expect(read.sender).toBe('cav1');
    expect(read.timeSec).toBe(12.3);
    for (const axis of ['x', 'y', 'z'] as const)
      expect(Math.abs(read.pose[axis] - pose[axis])).toBeLessThan(0.00501);
    for (const angle of ['roll', 'pitch', 'yaw'] as const)
      expect(Math.abs(read.pose[angle] - pose[angle])).toBeLessThan(5e-5);
    expect(encodeHeader(header)).toHaveLength(28 + 4);
  });

  it('holds what was put in, to its stated steps', () => {
    const read = decodeMessage(full)!;
    for (const one of read.boxes) {
      for (const axis of ['x', 'y', 'z'] as const)
        expect(Math.abs(one[axis] - box[axis])).toBeLessThan(0.00501);
      for (const size of ['length', 'width', 'height'] as const)
        expect(Math.abs(one[size] - box[size])).toBeLessThan(0.0251);
      expect(Math.abs(one.yaw - box.yaw)).toBeLessThan(5e-5);
      expect(Math.abs(one.score - box.score)).toBeLessThan(0.002);
    }
    expect(read.boxes[0]!.velocity).toBeUndefined();
    expect(read.boxes[1]!.velocity).toEqual([-7.25, 0.51]);
    expect(read.clouds[0]!.points).toEqual(cloud.points);
    for (const [at, value] of read.clouds[1]!.points.entries())
      expect(Math.abs(value - cloud.points[at]!)).toBeLessThan(0.0051);
    const together = mergeCells(read.cells);
    expect(together.size).toBe(cells.size);
    expect([...together.points]).toEqual([...cells.points]);
    expect(read.blocks).toEqual([{ side: 2, places: [[-3, 127]] }]);
    expect(read.route).toEqual([[1, -300]]);
  });

  it('costs what its parts cost', () => {
    expect(boxesSection([box, box])).toHaveLength(3 + 2 * BOX_BYTES);
    expect(boxesSection([box, box], true)).toHaveLength(3 + 2 * MOVING_BOX_BYTES);
    expect(pointsSection(cloud, 'float32')).toHaveLength(5 + 50 * POINT_BYTES.float32);
    const order = Array.from({ length: 130 }, (_, cell) => cell);
    const sections = cellSections(cells, order);
    const bytes = sections.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBe(3 * 10 + 130 * CELL_BYTES);
    expect(cellsWithin(bytes)).toBe(130);
    expect(cellsWithin(bytes - 1)).toBe(129);
    expect(cellsWithin(5)).toBe(0);
  });

  it('an unknown velocity stays unknown', () => {
    const { velocity: _, ...still } = box;
    const [read] = decodeMessage(encodeMessage(header, [boxesSection([still], true)]))!.boxes;
    expect(read!.velocity).toBeUndefined();
  });
});

describe('damaged messages', () => {
  it('cut anywhere give the parts that came whole', () => {
    let boxes = 0;
    for (let length = 0; length <= full.length; length += 7) {
      const read = decodeMessage(full.slice(0, length));
      if (length < 32) expect(read).toBeUndefined();
      else expect(read!.boxes.length).toBeGreaterThanOrEqual(boxes);
      boxes = read?.boxes.length ?? 0;
    }
    expect(boxes).toBe(2);
  });

  it('cut anywhere say nothing that the whole did not', () => {
    // Places whose first byte is any section's tag.
    const place = fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.nat(40))
      .map(([tag, k]) => (tag + 256 * k) / 100);
    const one = fc
      .tuple(place, place)
      .map(([x, y]): Instance => ({ ...box, x, y, velocity: [x, y], deviation: [0.2, 0.2] }));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 3 }), (some) => {
        const cloud = {
          count: some.length,
          points: Float32Array.from(some.flatMap(({ x, y }) => [x, y, x, 1])),
        };
        const sections = [
          boxesSection(some),
          boxesSection(some, true),
          instancesSection(some),
          pointsSection(cloud, 'float32'),
          pointsSection(cloud, 'centimetres'),
          blocksSection({ side: 1, places: [[1, 7]] }),
          routeSection(some.map(({ x, y }) => [x, y])),
        ];
        for (const section of sections) {
          const bytes = encodeMessage(header, [section]);
          const whole = decodeMessage(bytes)!;
          for (let length = bytes.length - section.length; length < bytes.length; length++) {
            const { boxes, instances, clouds, blocks, route, rest } = decodeMessage(bytes.slice(0, length))!;
            expect(boxes).toEqual(whole.boxes.slice(0, boxes.length));
            expect(instances).toEqual(whole.instances.slice(0, instances.length));
            expect(route).toEqual(whole.route.slice(0, route.length));
            expect([clouds.length, blocks.length]).toEqual([
              Math.min(clouds.length, whole.clouds.length),
              Math.min(blocks.length, whole.blocks.length),
            ]);
            expect(rest).toHaveLength(0);
          }
        }
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeMessage(bytes);
        const after = decodeMessage(encodeMessage(header, [bytes]))!;
        expect(after.sender).toBe('cav1');
        expect(after.boxes.every(({ x, score }) => Number.isFinite(x) && score <= 1)).toBe(true);
      }),
      { numRuns: 500, seed: 1 },
    );
    const flips = fc.tuple(fc.nat(full.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(flips, { minLength: 1, maxLength: 20 }), (changes) => {
        const damaged = full.slice();
        for (const [at, value] of changes) damaged[at] = value;
        decodeMessage(damaged);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('a count of a billion takes no memory, and points that are no numbers are dropped', () => {
    const many = encodeMessage(header, [Uint8Array.of(3, 0xff, 0xff, 0xff, 0x3f)]);
    expect(decodeMessage(many)!.clouds).toEqual([{ count: 0, points: new Float32Array(0) }]);
    const wild = {
      count: 4,
      points: Float32Array.of(Number.NaN, 0, 0, 0, 1, 2, 3, Number.NaN, 1, 2, 3, 1, 4, 5, 6, 1 / 0),
    };
    const [read] = decodeMessage(encodeMessage(header, [pointsSection(wild, 'float32')]))!.clouds;
    expect([...read!.points]).toEqual([1, 2, 3, 1]);
    const timeless = encodeMessage({ ...header, timeSec: Number.NaN }, []);
    expect(decodeMessage(timeless)).toBeUndefined();
  });
});
