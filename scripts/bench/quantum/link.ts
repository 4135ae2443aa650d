import { median, Rng } from '../../../lib/math/index.js';
import {
  createKernel,
  entanglementLink,
  keepGenerating,
  type Link,
  type LinkMode,
  midpointLink,
  picoseconds,
} from '../../../lib/quantum/index.js';
import { pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

const memoryCounts = [1, 5, 10];
const theirSec = 1;
const ourSec: Record<LinkMode, number> = { attempts: 60, 'skip-ahead': 2000 };

/** The clean case of `sequence_link.py`: 20 km, time bins at 1e7 Hz, every round negotiated. */
const config: Link = midpointLink({
  lengthKm: 20,
  memory: { efficiency: 0.75, rawFidelity: 0.9349367588934053, rateHz: 2000 },
  scheme: { kind: 'barrett-kok', station: { detector: { efficiency: 0.8, deadTimeSec: 2e-8 } } },
  slotSec: 1e-7,
  negotiation: 'round',
});

/** Pairs of a run that name the two memories that made them, and what the run took. */
interface Delivered {
  pairs: number;
  genuine: number;
  sec: number;
}

/** One link of two nodes: pairs delivered, and genuine ones a wall second. */
export const linkSection: Section = {
  title: 'one link of 20 km, Barrett-Kok, time bins at 1e7 Hz',
  async run({ python, rounds }) {
    const theirs = pythonPeer(python, new URL('sequence_link.py', import.meta.url), 'SeQUeNCe 0.6');
    try {
      const rows = [];
      for (const memories of memoryCounts) {
        const turns = [];
        for (let round = 0; round < rounds; round++) {
          turns.push({
            theirs: await theirs.ask<Delivered>({ memories, simSec: theirSec }),
            attempts: ours(memories, 'attempts', round),
            skipAhead: ours(memories, 'skip-ahead', round),
          });
        }
        rows.push(rowOf(memories, turns));
      }
      return table(head, rows);
    } finally {
      theirs.close();
    }
  },
};

const head = [
  'memories a side',
  'SeQUeNCe: pairs in 1 s (genuine)',
  'ours: pairs/s (genuine)',
  'difference, standard errors',
  'SeQUeNCe: genuine pairs a wall second',
  'ours, per attempt',
  'ratio',
  'ours, skip-ahead',
  'ratio',
];

type Turn = Record<'theirs' | 'attempts' | 'skipAhead', Delivered>;

function rowOf(memories: number, turns: readonly Turn[]): string[] {
  const [first] = turns as [Turn, ...Turn[]];
  const seconds = ourSec.attempts * turns.length;
  const pairs = turns.reduce((sum, { attempts }) => sum + attempts.pairs, 0);
  const genuine = turns.reduce((sum, { attempts }) => sum + attempts.genuine, 0);
  const rate = pairs / seconds;
  const z = (first.theirs.pairs - rate) / Math.sqrt(rate * (1 + 1 / seconds));
  const speed = (side: keyof Turn) => median(turns.map((turn) => turn[side].genuine / turn[side].sec));
  const ratio = (side: keyof Turn) =>
    median(
      turns.map((turn) => turn[side].genuine / turn[side].sec / (turn.theirs.genuine / turn.theirs.sec)),
    );
  return [
    String(memories),
    `${first.theirs.pairs} (${first.theirs.genuine})`,
    `${rate.toFixed(1)} (${((100 * genuine) / pairs).toFixed(0)} %)`,
    z.toFixed(2),
    speed('theirs').toFixed(0),
    speed('attempts').toFixed(0),
    ratio('attempts').toFixed(0),
    speed('skipAhead').toFixed(0),
    ratio('skipAhead').toFixed(0),
  ];
}

function ours(memories: number, mode: LinkMode, seed: number): Delivered {
  const kernel = createKernel();
  const link = entanglementLink(kernel, config, Rng.of(seed).fork(memories), { mode });
  const counts = { pairs: 0, genuine: 0 };
  keepGenerating(kernel, link, memories, {
    onPair(pair) {
      counts.pairs++;
      if (pair.left.name === pair.witnessed[0] && pair.right.name === pair.witnessed[1]) counts.genuine++;
      pair.release();
    },
  });
  const start = performance.now();
  kernel.run(picoseconds('run', ourSec[mode]));
  return { ...counts, sec: (performance.now() - start) / 1000 };
}
