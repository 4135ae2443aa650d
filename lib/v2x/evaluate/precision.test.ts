import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import {
  averagePrecision,
  averagePrecisionDifference,
  averagePrecisionOf,
  centreAveragePrecision,
  type JudgedFrame,
  matchByIou,
  meanCentreAveragePrecision,
  precisionRecall,
} from './index.js';
import { car } from './testing.js';

/** Hits lie on truths 20 m apart, false alarms beside the road. */
function frame(found: [score: number, hit: boolean][], truthCount: number): JudgedFrame {
  const truths = Array.from({ length: truthCount }, (_, index) => car(20 * index, 0));
  let hits = 0;
  const detections = found.map(([score, hit]) =>
    hit ? car(20 * hits++, 0, { score }) : car(0, 50, { score }),
  );
  return { detections, truths };
}

const example = [
  frame(
    [
      [0.9, true],
      [0.3, false],
      [0.25, false],
    ],
    1,
  ),
  frame(
    [
      [0.95, true],
      [0.8, true],
      [0.7, true],
    ],
    4,
  ),
];

describe('average precision', () => {
  it('by either order of detections', () => {
    expect(averagePrecision(example, { minIou: 0.5, sorting: 'frame' })).toBeCloseTo(0.6, 14);
    expect(averagePrecision(example, { minIou: 0.5, sorting: 'global' })).toBeCloseTo(0.8, 14);
    expect(averagePrecision(example, { minIou: 0.5 })).toBeCloseTo(0.8, 14);
    expect(averagePrecision(example.toReversed(), { minIou: 0.5, sorting: 'frame' })).toBeCloseTo(0.8, 14);
    const { precision, recall } = precisionRecall(
      example.map((one) => matchByIou(one, 0.5)),
      'frame',
    );
    expect([...precision]).toEqual([1, 1 / 2, 1 / 3, 2 / 4, 3 / 5, 4 / 6]);
    expect([...recall]).toEqual([0.2, 0.2, 0.2, 0.4, 0.6, 0.8].map((x) => expect.closeTo(x, 14)));
  });

  it('of nothing, of all, and with wrong options', () => {
    expect(averagePrecision([], { minIou: 0.5 })).toBe(0);
    expect(averagePrecision([frame([], 3)], { minIou: 0.5 })).toBe(0);
    expect(averagePrecision([frame([[0.4, false]], 0)], { minIou: 0.5 })).toBe(0);
    expect(
      averagePrecision(
        [
          frame(
            [
              [0.4, true],
              [0.2, true],
            ],
            2,
          ),
        ],
        { minIou: 0.7 },
      ),
    ).toBe(1);
    expect(() => averagePrecision(example, { minIou: 0 })).toThrow('minIou');
    expect(() => averagePrecision(example, { minIou: 0.5, sorting: 'local' as 'frame' })).toThrow('sorting');
  });

  it('gives a truth to one detection only, the others being false alarms', () => {
    const twice = {
      truths: [car(0, 0)],
      detections: [car(0.1, 0, { score: 0.8 }), car(0, 0, { score: 0.7 })],
    };
    expect([...matchByIou(twice, 0.5).truths]).toEqual([0, -1]);
    // The second takes the truth that is left, though it overlaps the first one more.
    const two = { ...twice, truths: [car(0, 0), car(0, 0.9)] };
    expect([...matchByIou(two, 0.3).truths]).toEqual([0, 1]);
  });

  it('is the area by definition, and blind to monotonic maps of the scores', () => {
    const found = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.boolean()), { maxLength: 6 });
    const frames = fc.array(found, { minLength: 1, maxLength: 4 }).map((list) =>
      list.map((one) => {
        const unique = one.map(([score, hit]): [number, boolean] => [score / 1000, hit]);
        return frame(unique, unique.filter(([, hit]) => hit).length + 1);
      }),
    );
    fc.assert(
      fc.property(frames, (list) => {
        const matches = list.map((one) => matchByIou(one, 0.5));
        const value = averagePrecisionOf(matches);
        const { precision, recall } = precisionRecall(matches);
        let area = 0;
        for (let k = 0; k < recall.length; k++) {
          const best = Math.max(...precision.subarray(k));
          area += best * (recall[k]! - (recall[k - 1] ?? 0));
        }
        expect(value).toBeCloseTo(area, 12);
        const mapped = list.map((one) => ({
          ...one,
          detections: one.detections.map((d) => ({ ...d, score: d.score ** 3 / 2 })),
        }));
        expect(averagePrecision(mapped, { minIou: 0.5 })).toBeCloseTo(value, 12);
      }),
      { numRuns: 200, seed: 9 },
    );
  });
});

describe('average precision by distance of centres', () => {
  it('of detections all right, and of half of the truths', () => {
    const all = [
      frame(
        [
          [0.9, true],
          [0.8, true],
        ],
        2,
      ),
    ];
    expect(meanCentreAveragePrecision(all)).toBeCloseTo(1, 12);
    // Precision 1 up to a recall of one half: 40 of the 90 levels counted.
    expect(centreAveragePrecision([frame([[0.9, true]], 2)], 2)).toBeCloseTo(40 / 90, 12);
    expect(centreAveragePrecision([frame([], 2)], 2)).toBe(0);
  });

  it('asks for a distance below the limit, and knows no overlap', () => {
    const beside = (x: number): JudgedFrame => ({ truths: [car(0, 0)], detections: [car(x, 0, { yaw: 1 })] });
    expect(centreAveragePrecision([beside(1.9)], 2)).toBeCloseTo(1, 12);
    expect(centreAveragePrecision([beside(2)], 2)).toBe(0);
    expect(meanCentreAveragePrecision([beside(0.8)])).toBeCloseTo(3 / 4, 12);
    expect(() => centreAveragePrecision(example, 0)).toThrow('maxMeters');
    expect(() => meanCentreAveragePrecision([], [])).toThrow('limits');
  });
});

describe('difference of average precisions', () => {
  const rng = Rng.of('difference');
  const scores = (hits: number) =>
    Array.from({ length: 4 }, (_, k): [number, boolean] => [0.9 - k / 10, k < hits]);
  const few = Array.from({ length: 30 }, (_, index) => frame(scores(1 + (index % 2)), 4));
  const more = Array.from({ length: 30 }, (_, index) => frame(scores(2 + (index % 2)), 4));

  it('has an interval that holds it and excludes 0 where one is better in each frame', () => {
    const { value, ci95 } = averagePrecisionDifference(more, few, { minIou: 0.5 }, rng.fork('better'));
    expect(value).toBeCloseTo(
      averagePrecision(more, { minIou: 0.5 }) - averagePrecision(few, { minIou: 0.5 }),
      12,
    );
    expect(ci95[0]).toBeGreaterThan(0.1);
    expect(ci95[0]).toBeLessThan(value);
    expect(ci95[1]).toBeGreaterThan(value);
  });

  it('is 0 of the same detections, whatever the frames', () => {
    const same = averagePrecisionDifference(few, few, { minIou: 0.5, resamples: 100 }, rng);
    expect(same).toEqual({ value: 0, ci95: [0, 0] });
    expect(() => averagePrecisionDifference(few, few.slice(1), { minIou: 0.5 }, rng)).toThrow('29 frames');
  });
});
