import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignedErrors, type Coordinates, circular, gospa, ospa, rmse } from './index.js';

describe('errors of assigned estimates', () => {
  it('undo any order, and wrap', () => {
    const truths = [
      [3.1, 0],
      [0.5, 1],
      [-2, -1],
    ];
    const found = [
      [-2.1, -1],
      [-3.13, 0.1],
      [0.5, 1.2],
    ];
    const errors = assignedErrors(truths, found);
    expect(errors.estimates).toEqual([1, 2, 0]);
    const [first, second] = rmse([errors]);
    expect(first).toBeCloseTo(Math.sqrt(((2 * Math.PI - 6.23) ** 2 + 0.01) / 3), 12);
    expect(second).toBeCloseTo(Math.sqrt((0.01 + 0.04) / 3), 12);
    expect(() => assignedErrors(truths, found.slice(1))).toThrow('2 estimates of 3 sources');
  });
});

const points: fc.Arbitrary<Coordinates[]> = fc.array(
  fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  { maxLength: 4 },
);

describe('OSPA and GOSPA', () => {
  it('of known sets', () => {
    const one = [[0, 0]];
    expect(ospa(one, [[0.3, 0.4]], { cutoff: 1 })).toBeCloseTo(0.5, 12);
    expect(
      ospa(
        one,
        [
          [0.3, 0.4],
          [9, 9],
        ],
        { cutoff: 1 },
      ),
    ).toBeCloseTo(Math.sqrt(1.25 / 2), 12);
    expect(ospa([], [], { cutoff: 1 })).toBe(0);
    expect(ospa(one, [], { cutoff: 2 })).toBeCloseTo(2, 12);
    const both = gospa(
      [
        [0, 0],
        [5, 5],
      ],
      [
        [0.3, 0.4],
        [9, 9],
      ],
      { cutoff: 1 },
    );
    expect(both).toMatchObject({ missedCount: 1, falseCount: 1, missed: 0.5, false: 0.5 });
    expect(both.total).toBeCloseTo(Math.sqrt(0.25 + 1), 12);
    expect(gospa([], [[1, 1]], { cutoff: 2 }).total).toBeCloseTo(Math.sqrt(2), 12);
    expect(gospa([[3.1]], [[-3.1]], { cutoff: 1, distance: circular }).total).toBeCloseTo(
      2 * Math.PI - 6.2,
      12,
    );
  });

  it('are metrics: symmetric, zero of equal sets, within the triangle inequality', () => {
    const options = { cutoff: 1.5 };
    fc.assert(
      fc.property(points, points, points, (a, b, c) => {
        for (const metric of [
          (x: Coordinates[], y: Coordinates[]) => ospa(x, y, options),
          (x: Coordinates[], y: Coordinates[]) => gospa(x, y, options).total,
        ]) {
          expect(metric(a, b)).toBeCloseTo(metric(b, a), 10);
          expect(metric(a, a.toReversed())).toBeCloseTo(0, 10);
          expect(metric(a, c)).toBeLessThanOrEqual(metric(a, b) + metric(b, c) + 1e-9);
        }
      }),
      { numRuns: 150, seed: 6 },
    );
  });

  it('refuse a cutoff or order out of range', () => {
    expect(() => ospa([], [], { cutoff: 0 })).toThrow('cutoff');
    expect(() => gospa([[1]], [[1]], { cutoff: 1, order: 0.5 })).toThrow('order');
    expect(() => gospa([[1]], [[1, 2]], { cutoff: 1 })).toThrow('coordinates');
  });
});
