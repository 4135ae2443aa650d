import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { jit, useEngine } from '../../../lib/engine/index.js';
import { median, Rng } from '../../../lib/math/index.js';
import { type Snapshot, snapshot, writeSafetensors } from '../../../lib/nn/index.js';
import {
  crossing,
  detectPillars,
  encodePillars,
  loadPillars,
  mergedInput,
  type PillarParameters,
  type Pillars,
  pillarsOf,
} from '../../../lib/v2x/index.js';
import { type Peer, pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

const WARM_UP = 5;
/** Inferences of each side in a round. */
const TURNS = 4;
/** Engines sum in another order than PyTorch. */
const TOLERANCE = 2e-3;

interface Side {
  readonly name: string;
  /** Milliseconds of one inference, from the pillars to the values of all cells. */
  run(): Promise<number>;
}

interface Sample {
  readonly title: string;
  readonly pillars: Pillars;
}

/** One agent's cloud, and that of three agents merged. */
function samples(): Sample[] {
  const { agents } = crossing({ rng: Rng.of('bench') }).frame(20);
  const [ego, ...others] = agents;
  const titles = ['1 agent', `${agents.length} agents merged`];
  return [mergedInput([ego!]), mergedInput([ego!, ...others])].map((input, n) => ({
    title: titles[n]!,
    pillars: pillarsOf([input]),
  }));
}

/** Inference beside the same network in PyTorch: same weights, same pillars, one thread each, in turns. */
export const pillarsSection: Section = {
  title: 'pillar network, one inference from the pillars to the values of all cells',
  async run({ python, rounds }) {
    const { version } = await useEngine('onnx', { threads: 1 });
    const folder = mkdtempSync(join(tmpdir(), 'semwave-pillars-'));
    const torch = pythonPeer(python, new URL('pillars_torch.py', import.meta.url), 'numpy and torch');
    try {
      const rows = [];
      for (const sample of samples())
        rows.push(...(await compare(sample, torch, join(folder, 'sample.safetensors'), rounds)));
      return `onnx ${version}, one thread\n\n${table(head, rows)}`;
    } finally {
      torch.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const head = ['input', 'pillars', 'side', 'ms, median', 'ms, least', 'over ours', 'largest difference'];

async function compare(
  { title, pillars }: Sample,
  torch: Peer,
  file: string,
  rounds: number,
): Promise<string[][]> {
  const params = loadPillars();
  const infer = inference(params, pillars);
  writeSafetensors(file, sampleFile(await snapshot(params), pillars, await infer()));
  const loaded = await torch.ask<{ difference: number; torch: string }>({ do: 'load', file });
  const { difference } = loaded;
  if (!(difference < TOLERANCE)) throw new Error(`outputs differ by ${difference}; allowed: ${TOLERANCE}`);
  const remote = (layout: string): Side => ({
    name: `PyTorch ${loaded.torch}, ${layout}`,
    run: async () => (await torch.ask<{ ms: number }>({ do: 'run', layout })).ms,
  });
  const ours: Side = {
    name: 'ours',
    async run() {
      const start = performance.now();
      await infer();
      return performance.now() - start;
    },
  };
  const sides = [ours, remote('contiguous'), remote('channels_last')];
  const times = await takeTurns(sides, rounds * TURNS);
  return sides.map(({ name }, n) => {
    const ratio = median(times[n]!.map((ms, turn) => ms / times[0]![turn]!));
    const cells = [median(times[n]!), Math.min(...times[n]!), ratio].map((value) => value.toFixed(2));
    return [title, String(pillars.count), name, ...cells, difference.toExponential(0)];
  });
}

function inference(params: PillarParameters, pillars: Pillars): () => Promise<Float32Array> {
  const whole = jit((points: tf.Tensor, sources: tf.Tensor) =>
    detectPillars(params, encodePillars(params, points, sources)),
  );
  const given = [tf.tensor1d(pillars.values), tf.tensor1d(pillars.sources, 'int32')] as const;
  return async () => {
    const output = whole(...given);
    const found = (await output.data()) as Float32Array;
    output.dispose();
    return found;
  };
}

async function takeTurns(sides: readonly Side[], rounds: number): Promise<number[][]> {
  const times: number[][] = sides.map(() => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [n, side] of sides.entries()) {
      const ms = await side.run();
      if (round >= 0) times[n]!.push(ms);
    }
  }
  return times;
}

function sampleFile(weights: Snapshot, { values, sources }: Pillars, output: Float32Array): Snapshot {
  const tensors: Snapshot = new Map();
  for (const [name, tensor] of weights) tensors.set(`weights.${name}`, tensor);
  tensors.set('inputs.values', { shape: [values.length], data: values });
  tensors.set('inputs.sources', { shape: [sources.length], data: Float32Array.from(sources) });
  tensors.set('inputs.output', { shape: [output.length], data: output });
  return tensors;
}
