import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { jit, useEngine } from '../../../lib/engine/index.js';
import { median, Rng } from '../../../lib/math/index.js';
import { disposeTree, type Snapshot, snapshot, writeSafetensors } from '../../../lib/nn/index.js';
import {
  crossing,
  detectPillars,
  encodePillars,
  loadPillars,
  mergedInput,
  type Pillars,
  pillarsOf,
} from '../../../lib/v2x/index.js';
import { type Peer, pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

const WARM_UP = 5;
/** Inferences of each side in a round. */
const TURNS = 10;
/** Engines sum in another order than PyTorch. */
const TOLERANCE = 2e-3;
const LAYOUTS = ['contiguous', 'channels_last'] as const;

/** Milliseconds of one inference, from the pillars to the values of all cells. */
type Side = () => Promise<number>;

/** Inference beside the same network in PyTorch: same weights, same pillars, one thread each, in turns. */
export const pillarsSection: Section = {
  title: 'pillar network, inference of one input, one thread each',
  async run({ python, rounds }) {
    await useEngine('onnx', { threads: 1 });
    const folder = mkdtempSync(join(tmpdir(), 'semwave-pillars-'));
    const theirs = pythonPeer(python, new URL('pillars_torch.py', import.meta.url), 'numpy and torch');
    try {
      const rows: string[][] = [];
      for (const { title, pillars } of inputs()) {
        const times = await compare(pillars, join(folder, 'sample.safetensors'), theirs, rounds * TURNS);
        rows.push([`${title}, ${pillars.count} pillars`, ...cellsOf(times)]);
      }
      return table(['input', 'ours, ms', ...LAYOUTS.map((name) => `PyTorch, ${name}, ms`), 'ratio'], rows);
    } finally {
      theirs.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** One agent's cloud, and that of three agents merged. */
function inputs(): { title: string; pillars: Pillars }[] {
  const { agents } = crossing({ rng: Rng.of('bench') }).frame(20);
  const [ego, ...others] = agents;
  return [
    { title: '1 agent', pillars: pillarsOf([mergedInput([ego!])]) },
    { title: `${agents.length} agents merged`, pillars: pillarsOf([mergedInput([ego!, ...others])]) },
  ];
}

/** Times of ours, then of each layout. @throws Error when the two do not compute the same. */
async function compare(pillars: Pillars, file: string, theirs: Peer, turns: number): Promise<number[][]> {
  const params = loadPillars();
  const whole = jit((points: tf.Tensor, sources: tf.Tensor) =>
    detectPillars(params, encodePillars(params, points, sources)),
  );
  const given = [tf.tensor1d(pillars.values), tf.tensor1d(pillars.sources, 'int32')] as const;
  const infer = async () => {
    const output = whole(...given);
    const found = (await output.data()) as Float32Array;
    output.dispose();
    return found;
  };
  writeSafetensors(file, sample(await snapshot(params), pillars, await infer()));
  const { difference } = await theirs.ask<{ difference: number }>({ do: 'load', file });
  if (!(difference < TOLERANCE)) throw new Error(`outputs differ by ${difference}; allowed: ${TOLERANCE}`);
  const ours: Side = async () => {
    const start = performance.now();
    await infer();
    return performance.now() - start;
  };
  const remote = LAYOUTS.map(
    (layout): Side =>
      async () => {
        return (await theirs.ask<{ ms: number }>({ do: 'run', layout })).ms;
      },
  );
  const times = await takeTurns([ours, ...remote], turns);
  disposeTree(params);
  tf.dispose([...given]);
  return times;
}

async function takeTurns(sides: readonly Side[], turns: number): Promise<number[][]> {
  const times: number[][] = sides.map(() => []);
  for (let turn = -WARM_UP; turn < turns; turn++) {
    for (const [n, side] of sides.entries()) {
      const ms = await side();
      if (turn >= 0) times[n]!.push(ms);
    }
  }
  return times;
}

/** Medians, and how many times as fast as the faster layout ours is. */
function cellsOf(times: readonly (readonly number[])[]): string[] {
  const [ours, ...theirs] = times.map((some) => median(some)) as [number, ...number[]];
  return [...[ours, ...theirs].map((ms) => ms.toFixed(2)), `${(Math.min(...theirs) / ours).toFixed(2)}x`];
}

function sample(weights: Snapshot, { values, sources }: Pillars, output: Float32Array): Snapshot {
  const tensors: Snapshot = new Map();
  for (const [name, tensor] of weights) tensors.set(`weights.${name}`, tensor);
  tensors.set('inputs.values', { shape: [values.length], data: values });
  tensors.set('inputs.sources', { shape: [sources.length], data: Float32Array.from(sources) });
  tensors.set('inputs.output', { shape: [output.length], data: output });
  return tensors;
}
