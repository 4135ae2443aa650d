import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assignedErrors,
  cramerRaoBound,
  LIGHT_SPEED,
  type Observation,
  observe,
  plain,
  type Source,
} from '../../../lib/isac/index.js';
import { median, Rng } from '../../../lib/math/index.js';
import { pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

/** The demo of the method's authors: 16 antennas x 180 subcarriers x 560 symbols, 26 GHz, 60 kHz, 6 paths. */
const shape = [16, 180, 560];
const factors = [1, 4, 14];
const noiseVariance = 1;
/** Rounds before those that count: a just-in-time compiler needs some. */
const WARM_UP = 20;
/** Calls of each side in a round, of which the median counts. */
const TURNS = 3;
/** Made before the rounds, which take turns with them: 26 MB each, and as much garbage of whoever makes them. */
const SCENES = 5;
/** Degrees from broadside, metres (one way), km/h; half of them static. */
const paths = [
  [-50, 60, 0],
  [-30, 120, 8],
  [-10, 180, 0],
  [8, 250, 16],
  [28, 320, 0],
  [52, 390, 24],
] as const;

const symbolSec = 15 / 60e3 / 14;
const order = paths.length;

const scene = (rng: Rng): Source[] =>
  paths.map(([angle, range, speed]) => {
    const phase = rng.uniform(0, 2 * Math.PI);
    const gain = 1 / Math.sqrt(order);
    return {
      mu: [
        Math.PI * Math.sin((angle * Math.PI) / 180),
        (-2 * Math.PI * 60e3 * range) / LIGHT_SPEED,
        (2 * Math.PI * symbolSec * 26e9 * speed) / 3.6 / LIGHT_SPEED,
      ],
      gains: Float64Array.of(gain * Math.cos(phase), gain * Math.sin(phase)),
    };
  });

interface Answer {
  times: number[];
  mu: number[][];
}

interface Side {
  name: string;
  run(observation: Observation): Promise<{ ms: number; mu: readonly (readonly number[])[] }>;
}

/** Our PLAIN, without and with its verdict, beside the same stages in numpy, which have none, and beside tensorly's decomposition. */
export const plainSection: Section = {
  title: 'PLAIN, 16 x 180 x 560, 6 paths at 0 dB, averaging by 1 x 4 x 14',
  async run({ python, rounds }) {
    const folder = mkdtempSync(join(tmpdir(), 'semwave-plain-'));
    const theirs = pythonPeer(python, new URL('plain_numpy.py', import.meta.url), 'numpy and tensorly');
    const remote = (name: string, task: string): Side => ({
      name,
      async run() {
        const { times, mu } = await theirs.ask<Answer>({ do: task, factors, order, times: TURNS });
        return { ms: 1000 * median(times), mu };
      },
    });
    const sides: Side[] = [
      { name: 'ours, unchecked', run: async (observation) => timed(observation, false) },
      { name: 'ours, with verdict', run: async (observation) => timed(observation, true) },
      remote('numpy, PLAIN', 'plain'),
      remote('tensorly, CPD', 'cpd'),
    ];
    try {
      const found = new Map<string, { ms: number; error: number }[]>();
      const scenes = Array.from({ length: SCENES }, (_, k) => made(k, join(folder, `scene-${k}.bin`)));
      for (let round = -WARM_UP; round < rounds; round++) {
        const { sources, observation, file } = scenes[(round + WARM_UP) % SCENES]!;
        await theirs.ask({ do: 'load', file, shape });
        for (const { name, run } of sides) {
          const { ms, mu } = await run(observation);
          if (round >= 0) found.set(name, [...(found.get(name) ?? []), { ms, error: errorOf(sources, mu) }]);
        }
      }
      return tableOf(found);
    } finally {
      theirs.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A scene in noise, here and in a file for the peer. */
function made(k: number, file: string) {
  const rng = Rng.of('bench').fork(k);
  const sources = scene(rng.fork('phases'));
  const observation = observe(sources, { shape, noiseVariance }, rng.fork('noise'));
  writeFileSync(file, new Uint8Array(observation.data.buffer));
  return { sources, observation, file };
}

function timed(observation: Observation, check: boolean) {
  const times: number[] = [];
  let mu: (readonly number[])[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const start = performance.now();
    const { sources } = plain(observation, { order, check, compression: { method: 'averaging', factors } });
    times.push(performance.now() - start);
    mu = sources.map((source) => source.mu);
  }
  return { ms: median(times), mu };
}

/** Root mean square error over the joint bound's deviation, all frequencies. */
function errorOf(sources: readonly Source[], mu: readonly (readonly number[])[]): number {
  const { variances } = cramerRaoBound(sources, { shape, noiseVariance });
  const { squared } = assignedErrors(
    sources.map((source) => source.mu),
    mu,
    shape.map((size) => (2 * Math.PI) / size),
  );
  const ratios = squared.flatMap((row, l) => row.map((value, d) => value / variances[l]![d]!));
  return Math.sqrt(ratios.reduce((a, b) => a + b, 0) / ratios.length);
}

function tableOf(found: ReadonlyMap<string, readonly { ms: number; error: number }[]>): string {
  const ours = found.get('ours, unchecked')!;
  const rows = [...found].map(([name, turns]) => {
    const times = turns.map(({ ms }) => ms);
    const ratios = turns.map(({ ms }, round) => ms / ours[round]!.ms);
    const cells = [
      median(times).toFixed(1),
      Math.min(...times).toFixed(1),
      median(ratios).toFixed(1),
      median(turns.map(({ error }) => error)).toFixed(2),
    ];
    return [name, ...cells];
  });
  return table(
    ['estimator', 'ms, median', 'ms, least', 'over ours unchecked', 'error over the bound, median'],
    rows,
  );
}
