import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimalAssignment } from './assignment.js';
import { Rng } from './rng.js';

const matrix = (rows: number, columns: number, seed: number) => {
  const rng = Rng.of(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.integer(20)));
};

/** All ways to give each of the first rows a column of its own. */
function cheapest(costs: number[][]): number {
  const [rows, columns] = [costs.length, costs[0]!.length];
  if (rows > columns) return cheapest(Array.from({ length: columns }, (_, j) => costs.map((row) => row[j]!)));
  const from = (row: number, used: number[]): number =>
    row === rows
      ? 0
      : Math.min(
          ...Array.from({ length: columns }, (_, j) => j)
            .filter((j) => !used.includes(j))
            .map((j) => costs[row]![j]! + from(row + 1, [...used, j])),
        );
  return from(0, []);
}

describe('optimal assignment', () => {
  it('costs what the best of all assignments costs', () => {
    const size = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 1e6 }), (rows, columns, seed) => {
        const costs = matrix(rows, columns, seed);
        const { columns: taken, cost } = optimalAssignment(costs);
        expect(cost).toBe(cheapest(costs));
        const pairs = Array.from(taken).filter((column) => column >= 0);
        expect(pairs.length).toBe(Math.min(rows, columns));
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
      { numRuns: 150, seed: 6 },
    );
  });

  it('of none, and of costs that are no numbers', () => {
    expect(optimalAssignment([]).cost).toBe(0);
    expect(() => optimalAssignment([[1, Number.NaN]])).toThrow('NaN');
    expect(() => optimalAssignment([[1, 2], [1]])).toThrow('row 1 has 1 costs');
  });
});
