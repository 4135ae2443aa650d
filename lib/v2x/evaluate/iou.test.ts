import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bevIou, type Footprint, overlapArea, rotatedNms } from './index.js';
import { car } from './testing.js';

const at = (x: number, y: number, length: number, width: number, yaw: number): Footprint => ({
  x,
  y,
  length,
  width,
  yaw,
});

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const footprint = fc
  .tuple(number(-3, 3), number(-3, 3), number(0.5, 8), number(0.5, 4), number(-7, 7))
  .map((values) => at(...values));

describe('overlap from above', () => {
  it('of known boxes', () => {
    const long = at(0, 0, 4, 2, 0);
    expect(bevIou(long, long)).toBe(1);
    expect(bevIou(long, at(0, 0, 4, 2, Math.PI / 2))).toBeCloseTo(1 / 3, 14);
    expect(bevIou(long, at(1, 0, 4, 2, 0))).toBeCloseTo(0.6, 14);
    expect(bevIou(long, at(0, 1, 4, 2, 0))).toBeCloseTo(1 / 3, 14);
    expect(bevIou(long, at(0, 0, 4, 2, Math.PI))).toBeCloseTo(1, 14);
    expect(bevIou(at(5, 5, 2, 2, 0), at(5, 5, 2, 2, Math.PI / 4))).toBeCloseTo(Math.SQRT1_2, 14);
    expect(bevIou(long, at(4, 0, 4, 2, 0))).toBe(0);
    expect(bevIou(long, at(3, 1.9, 4, 2, 0.1))).toBeGreaterThan(0);
  });

  // shapely 2.2.0: polygons turned by affinity.rotate and cut by intersection
  it('is that of a geometry library', () => {
    const golden: [Footprint, Footprint, number][] = [
      [at(0, 0, 4.5, 1.9, 0.3), at(0.7, -0.4, 4.2, 1.8, 0.55), 0.41901126969753905],
      [at(10, -3, 4.8, 2, 2.9), at(10.6, -2.2, 4.1, 1.75, -0.4), 0.3027472973384945],
      [at(1e5, 1e5, 4.5, 1.9, 1.2), at(1e5 + 1, 1e5 + 0.5, 4.5, 1.9, 1.4), 0.30883767426024317],
      [at(0, 0, 12, 2.5, 0.8), at(2, 2.5, 4, 1.8, 2.3), 0.13800796572070478],
      [at(0, 0, 4, 2, 0), at(0, 0, 2, 1, 0.5), 0.25],
    ];
    for (const [a, b, value] of golden) expect(bevIou(a, b)).toBeCloseTo(value, 9);
  });

  it('is symmetric, within 0 and 1, and moves with both boxes', () => {
    fc.assert(
      fc.property(footprint, footprint, number(-50, 50), number(-7, 7), (a, b, far, turn) => {
        const value = bevIou(a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(bevIou(b, a)).toBeCloseTo(value, 10);
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        const move = (f: Footprint) => ({
          ...f,
          x: c * f.x - s * f.y + far,
          y: s * f.x + c * f.y - far,
          yaw: f.yaw + turn,
        });
        expect(bevIou(move(a), move(b))).toBeCloseTo(value, 9);
        expect(overlapArea(a, b)).toBeLessThanOrEqual(
          Math.min(a.length * a.width, b.length * b.width) + 1e-9,
        );
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe('non-maximum suppression', () => {
  it('keeps the best of what overlaps, and what overlaps only the suppressed', () => {
    const row = [
      car(0, 0, { score: 0.6 }),
      car(2, 0, { score: 0.9 }),
      car(5.5, 0, { score: 0.5 }),
      car(9, 0),
    ];
    expect(rotatedNms(row).map(({ x }) => x)).toEqual([9, 2, 5.5]);
    expect(rotatedNms(row, 0.5)).toHaveLength(4);
    expect(rotatedNms([])).toEqual([]);
    expect(() => rotatedNms(row, 1.5)).toThrow('iou is 1.5');
  });

  it('is idempotent and leaves no pair above the limit', () => {
    const detection = fc
      .tuple(number(-8, 8), number(-8, 8), number(-3, 3), number(0, 1))
      .map(([x, y, yaw, score]) => car(x, y, { yaw, score }));
    fc.assert(
      fc.property(fc.array(detection, { maxLength: 20 }), (all) => {
        const kept = rotatedNms(all, 0.2);
        expect(rotatedNms(kept, 0.2)).toEqual(kept);
        for (const [i, a] of kept.entries())
          for (const b of kept.slice(i + 1)) expect(bevIou(a, b)).toBeLessThanOrEqual(0.2 + 1e-9);
      }),
      { numRuns: 100, seed: 8 },
    );
  });
});
