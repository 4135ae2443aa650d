import { median } from '../../../lib/math/index.js';
import { createKernel, type Kernel, LAST_PS } from '../../../lib/quantum/index.js';
import { pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

const cases = [1, 100, 10_000];
const ourEvents = 3_000_000;
const theirEvents = 200_000;

/** The same delays on both sides, up to a microsecond. */
const delays = Array.from({ length: 1024 }, (_, index) => 1 + ((index * 2_654_435_761) % 1_000_000));

/** Events that schedule their successors, on our kernel beside SeQUeNCe's. */
export const kernelSection: Section = {
  title: 'event kernel',
  async run({ python, rounds }) {
    const theirs = pythonPeer(python, new URL('sequence_kernel.py', import.meta.url), 'SeQUeNCe 0.6');
    try {
      const rows = [];
      for (const pending of cases) {
        const turns: { ours: number; theirs: number }[] = [];
        for (let round = -1; round < rounds; round++) {
          const { sec, events } = await theirs.ask<{ sec: number; events: number }>({
            pending,
            events: theirEvents,
            delays,
          });
          // The first round warms up.
          const turn = { ours: eventsPerSec(pending), theirs: events / sec };
          if (round >= 0) turns.push(turn);
        }
        rows.push(rowOf(pending, turns));
      }
      return table(['pending events', 'SeQUeNCe, events/s', 'ours, events/s', 'ratio', 'least ratio'], rows);
    } finally {
      theirs.close();
    }
  },
};

function rowOf(pending: number, turns: readonly { ours: number; theirs: number }[]): string[] {
  const ratios = turns.map(({ ours, theirs }) => ours / theirs);
  return [
    pending.toLocaleString('en'),
    `${(median(turns.map(({ theirs }) => theirs)) / 1e6).toFixed(2)} M`,
    `${(median(turns.map(({ ours }) => ours)) / 1e6).toFixed(1)} M`,
    median(ratios).toFixed(1),
    Math.min(...ratios).toFixed(1),
  ];
}

function eventsPerSec(pending: number): number {
  const kernel = createKernel();
  const left = { events: ourEvents };
  for (let index = 0; index < pending; index++) kernel.at(index, chain(kernel, index % 1024, left));
  const start = performance.now();
  kernel.run(LAST_PS);
  return (1000 * kernel.executed) / (performance.now() - start);
}

function chain(kernel: Kernel, start: number, left: { events: number }): () => void {
  let place = start;
  const again = (): void => {
    if (left.events-- <= 0) return;
    place = (place + 1) % 1024;
    kernel.after(delays[place]!, again);
  };
  return again;
}
