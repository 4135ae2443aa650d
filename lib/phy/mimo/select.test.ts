import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kthSmallest, smallestIndices } from './select.js';

it('finds what sorting finds, ties included', () => {
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.nat(80), (list, count) => {
      const sorted = Float64Array.from(list).sort();
      const k = count % list.length;
      expect(kthSmallest(Float64Array.from(list), k)).toBe(sorted[k]);
      const chosen = smallestIndices(Float64Array.from(list), count + 1);
      expect(chosen).toHaveLength(Math.min(count + 1, list.length));
      expect([...chosen].every((index, place) => place === 0 || index > chosen[place - 1]!)).toBe(true);
      expect(Float64Array.from(chosen, (index) => list[index]!).sort()).toEqual(sorted.slice(0, count + 1));
    }),
    { numRuns: 300, seed: 1 },
  );
});
