import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { createKernel } from './kernel.js';
import { entityStreams } from './streams.js';
import { eventTrace } from './trace.js';

/** Hops of random walkers on one kernel, logged. */
function walk(seed: number, names: readonly string[], log: (name: string) => boolean = () => true): string {
  const kernel = createKernel();
  const trace = eventTrace();
  const streamOf = entityStreams(Rng.of(seed));
  for (const name of names) {
    const rng = streamOf(name);
    const hop = (place: number) => () => {
      if (log(name)) trace.record(kernel.nowPs, name, 'hop', place);
      kernel.after(1 + rng.integer(1000), hop(place + rng.integer(3) - 1));
    };
    kernel.at(0, hop(0));
  }
  kernel.run(50_000);
  return trace.hash();
}

describe('eventTrace', () => {
  it('is the same for the same seed, on any machine', () => {
    expect(walk(1, ['a', 'b'])).toBe(walk(1, ['a', 'b']));
    expect(walk(1, ['a', 'b'])).toBe('7abe2f475e957437');
    expect(walk(2, ['a', 'b'])).not.toBe(walk(1, ['a', 'b']));
  });

  it('does not change for some entities when another joins or they are built in another order', () => {
    const known = (name: string) => name !== 'stranger';
    expect(walk(1, ['a', 'stranger', 'b'], known)).toBe(walk(1, ['a', 'b']));
    const only = (name: string) => name === 'a';
    expect(walk(1, ['b', 'a'], only)).toBe(walk(1, ['a', 'b'], only));
  });

  it('tells apart time, entity, kind, values, their number and their order', () => {
    const logs: Parameters<ReturnType<typeof eventTrace>['record']>[][] = [
      [],
      [[0, '', '']],
      [[0, '', '', 0]],
      [[0, '', '', 0, 0]],
      [[1, '', '']],
      [[2 ** 32, '', '']],
      [[0, 'a', '']],
      [[0, '', 'a']],
      [[0, 'ab', 'c']],
      [[0, 'a', 'bc']],
      [[0, '', '', 1, 2]],
      [[0, '', '', 2, 1]],
      [[0, '', '', -1]],
      [[0, '', '', 2 ** 53 - 1]],
      [
        [0, 'a', 'x'],
        [0, 'b', 'x'],
      ],
      [
        [0, 'b', 'x'],
        [0, 'a', 'x'],
      ],
    ];
    const hashes = logs.map((log) => {
      const trace = eventTrace();
      for (const event of log) trace.record(...event);
      expect(trace.length).toBe(log.length);
      return trace.hash();
    });
    expect(new Set(hashes).size).toBe(logs.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('spreads: no two of 100,000 short logs share a hash', () => {
    const hashes = new Set<string>();
    for (let time = 0; time < 100_000; time++) {
      const trace = eventTrace();
      trace.record(time, 'node', 'click');
      hashes.add(trace.hash());
    }
    expect(hashes.size).toBe(100_000);
  });

  it('refuses values that are no integers', () => {
    expect(() => eventTrace().record(0, 'a', 'b', 0.5)).toThrow(
      'value of an event is 0.5; allowed: an integer',
    );
  });
});

describe('entityStreams', () => {
  it('refuses a name that was given before', () => {
    const streamOf = entityStreams(Rng.of(1));
    streamOf('memory 1');
    expect(() => streamOf('memory 1')).toThrow('entity "memory 1" stands twice');
  });
});
