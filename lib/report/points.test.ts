import { describe, expect, it } from 'vitest';
import { type NamedPointsOptions, namedPoints, validateFigure } from './index.js';

const options: NamedPointsOptions = {
  name: 'places',
  title: 'a < b',
  caption: 'Two places.',
  xTitle: 'place (name)',
  yTitle: 'share (ratio)',
  places: ['here', '<there>'],
  series: [
    {
      name: 'mean',
      points: [
        { place: 'here', value: 0.5, interval: [0.4, 0.8] },
        { place: '<there>', value: 0.7 },
      ],
    },
    { name: 'each', points: [{ place: 'here', value: 0.3 }], faint: true },
    { name: 'absent', points: [] },
  ],
  level: { name: 'chance', value: 0.1 },
};

describe('named points', () => {
  it('stand beside each other about their place, with their intervals', () => {
    const figure = namedPoints(options);
    expect(() => validateFigure(figure)).not.toThrow();
    const [first, second, level] = figure.data as Record<string, unknown>[];
    expect(figure.data.map(({ name }) => name)).toEqual(['mean', 'each', 'chance']);
    expect(first!.x).toEqual([-0.06, 0.94]);
    expect(second!.x).toEqual([0.06]);
    expect(level!.x).toEqual([-0.5, 1.5]);
    const { array, arrayminus } = first!.error_y as { array: number[]; arrayminus: number[] };
    expect(array[0]).toBeCloseTo(0.3, 12);
    expect(arrayminus[0]).toBeCloseTo(0.1, 12);
    expect([array[1], arrayminus[1]]).toEqual([0, 0]);
    expect(second!.error_y).toBeUndefined();
  });

  it('fill the figure, or the range asked for', () => {
    const rangeOf = (some: NamedPointsOptions) =>
      (namedPoints(some).layout.yaxis as { range: number[] }).range;
    const [low, high] = rangeOf(options);
    expect(low).toBeCloseTo(0.1 - 0.042, 12);
    expect(high).toBeCloseTo(0.8 + 0.042, 12);
    expect(rangeOf({ ...options, range: [0, 1] })).toEqual([0, 1]);
  });

  it('escape names', () => {
    const { ticktext } = namedPoints(options).layout.xaxis as { ticktext: string[] };
    expect(ticktext[1]).toBe('&lt;there&gt;');
  });

  it('refuse a place that is none, and nothing', () => {
    const stray = [{ name: 'x', points: [{ place: 'nowhere', value: 1 }] }];
    expect(() => namedPoints({ ...options, series: stray })).toThrow(
      'figure places: a point at "nowhere"; allowed: here, <there>',
    );
    expect(() => namedPoints({ ...options, series: [] })).toThrow(
      'figure places: no points are left to draw',
    );
  });
});
