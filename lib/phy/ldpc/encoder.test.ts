import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import {
  type BaseGraphNumber,
  baseGraphs,
  liftedGraph,
  liftingSizes,
  satisfiesChecks,
} from './base-graph.js';
import { encodeWord } from './encoder.js';

const sum = (values: Uint16Array) => values.reduce((total, value) => total + value, 0);

describe('NR base graphs', () => {
  // 3GPP TS 38.212, tables 5.3.2-2 and -3: sums of the shifts of each lifting set.
  it.each([
    [1, 46, 68, 316, [34730, 49099, 42436, 29665, 31271, 47538, 20577, 34191]],
    [2, 42, 52, 197, [18025, 14069, 7888, 15505, 11140, 13530, 16802, 17943]],
  ] as const)(
    'base graph %i has its rows, columns, edges and shift sums',
    (number, rows, columns, edges, sums) => {
      const graph = baseGraphs[number];
      expect([graph.rows, graph.columns, graph.column.length]).toEqual([rows, columns, edges]);
      expect(graph.shifts.map(sum)).toEqual(sums);
    },
  );

  it('have 51 lifting sizes from 2 to 384', () => {
    expect(liftingSizes).toHaveLength(51);
    expect([liftingSizes[0], liftingSizes.at(-1)]).toEqual([2, 384]);
    expect(() => liftedGraph(1, 17)).toThrow('liftingSize is 17');
    expect(() => liftedGraph(3 as BaseGraphNumber, 16)).toThrow('baseGraph is 3; allowed: 1, 2');
  });
});

describe('encodeWord', () => {
  it.each([1, 2] as const)('gives words with H c = 0 for all lifting sizes of base graph %i', (number) => {
    const rng = Rng.of('encoder');
    for (const size of liftingSizes) {
      const graph = liftedGraph(number, size);
      const info = Uint8Array.from({ length: graph.infoColumns * size }, () => rng.integer(2));
      const word = encodeWord(graph, info);
      expect(word.subarray(0, info.length)).toEqual(info);
      expect(satisfiesChecks(graph, word)).toBe(true);
      word[rng.integer(word.length)]! ^= 1;
      expect(satisfiesChecks(graph, word)).toBe(false);
    }
  });
});
