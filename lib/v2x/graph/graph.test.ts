import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { type Evidence, fullGraph, learnGraph, randomGraph, receiverValue, usualSenders } from './index.js';

/** Agents that see objects of a ring, each those near its place, some better than others. */
function ring(agents: number, seed: number): Evidence {
  const rng = Rng.of(seed);
  const objects = 24;
  const found = Array.from({ length: agents }, (_, agent) => {
    const reach = 2 + ((agent * 5) % 6);
    return Float64Array.from({ length: objects }, (_, object) => {
      const away = Math.abs(((object - (agent * objects) / agents + 36) % objects) - 12);
      return 12 - away <= reach ? rng.uniform(0.5, 1) : 0;
    });
  });
  return { found, falseAlarms: Float64Array.from({ length: agents }, () => rng.uniform(0, 2)) };
}

describe('communication graphs', () => {
  it('have the senders of CommFormer: 0.4 n, at least 1, never oneself', () => {
    expect([2, 3, 5, 6, 10].map(usualSenders)).toEqual([1, 1, 2, 2, 4]);
    expect(fullGraph(3)).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
    for (const [receiver, senders] of randomGraph(6, 2, Rng.of(1)).entries()) {
      expect(new Set(senders).size).toBe(2);
      expect(senders).not.toContain(receiver);
    }
  });

  it('are learned nearly as good as the best of all choices', () => {
    const frames = [ring(6, 1), ring(6, 2), ring(6, 3)];
    const { graph, logits } = learnGraph(frames, { rng: Rng.of(4) });
    let [learned, best, chance] = [0, 0, 0];
    const random = randomGraph(6, 2, Rng.of(5));
    for (const [receiver, senders] of graph.entries()) {
      expect(senders).toHaveLength(2);
      expect(logits[receiver]![receiver]).toBe(Number.NEGATIVE_INFINITY);
      learned += receiverValue(frames, receiver, senders);
      chance += receiverValue(frames, receiver, random[receiver]!);
      const values = [0, 1, 2, 3, 4, 5].flatMap((a) =>
        [0, 1, 2, 3, 4, 5]
          .filter((b) => b > a && a !== receiver && b !== receiver)
          .map((b) => receiverValue(frames, receiver, [a, b])),
      );
      best += Math.max(...values);
    }
    expect(learned).toBeGreaterThan(0.97 * best);
    expect(learned).toBeGreaterThan(chance);
  });

  it('listen to the one who sees what is missing', () => {
    const found = [
      [1, 1, 0, 0],
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ].map((scores) => Float64Array.from(scores));
    const { graph } = learnGraph([{ found, falseAlarms: new Float64Array(3) }], { rng: Rng.of(1) });
    expect(graph[0]).toEqual([2]);
    expect(graph[1]).toEqual([2]);
  });

  it('need frames of the same agents', () => {
    expect(() => learnGraph([], { rng: Rng.of(1) })).toThrow(InputError);
    expect(() => learnGraph([ring(3, 1), ring(4, 1)], { rng: Rng.of(1) })).toThrow(/the same/);
  });
});
