import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { requireInteger } from '../../../lib/base/index.js';
import { type EngineName, jit, useEngine } from '../../../lib/engine/index.js';
import { median, Rng } from '../../../lib/math/index.js';
import { type Snapshot, snapshot, writeSafetensors } from '../../../lib/nn/index.js';
import {
  crossing,
  detectPillars,
  encodePillars,
  loadPillars,
  mergedInput,
  type Pillars,
  pillarsOf,
} from '../../../lib/v2x/index.js';
import { peer } from '../isac/peer.js';

/** Inference of the pillar network beside the same network in PyTorch, same weights, same pillars, one thread each, in turns. */

const WARM_UP = 5;
/** Engines sum in another order than PyTorch. */
const TOLERANCE = 2e-3;

interface Side {
  readonly name: string;
  /** Milliseconds of one inference, from the pillars to the values of all cells. */
  run(): Promise<number>;
}

/** One agent's cloud, and that of three agents merged. */
function inputs(): { title: string; pillars: Pillars }[] {
  const { agents } = crossing({ rng: Rng.of('bench') }).frame(20);
  const [ego, ...others] = agents;
  const titles = [`${1} agent`, `${agents.length} agents merged`];
  return [mergedInput([ego!]), mergedInput([ego!, ...others])].map((input, n) => ({
    title: titles[n]!,
    pillars: pillarsOf([input]),
  }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'onnx' },
      python: { type: 'string', default: process.env.PYTHON ?? 'python3' },
      rounds: { type: 'string', default: '40' },
    },
  });
  const rounds = requireInteger('rounds', Number(values.rounds), 1, 10_000);
  const { version } = await useEngine(values.engine as EngineName, { threads: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'semwave-pillars-'));
  const theirs = peer(values.python, '../v2x/pillars_torch.py', 'numpy and torch');
  try {
    for (const { title, pillars } of inputs()) await compare(title, pillars);
  } finally {
    theirs.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function compare(title: string, pillars: Pillars): Promise<void> {
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
    const file = join(folder, 'sample.safetensors');
    writeSafetensors(file, sample(await snapshot(params), pillars, await infer()));
    const { difference, torch } = await theirs.ask<{ difference: number; torch: string }>({
      do: 'load',
      file,
    });
    if (!(difference < TOLERANCE)) throw new Error(`outputs differ by ${difference}; allowed: ${TOLERANCE}`);
    const remote = (layout: string): Side => ({
      name: `PyTorch ${torch}, ${layout}`,
      run: async () => (await theirs.ask<{ ms: number }>({ do: 'run', layout })).ms,
    });
    const ours: Side = {
      name: `${values.engine} ${version}`,
      async run() {
        const start = performance.now();
        await infer();
        return performance.now() - start;
      },
    };
    const sides = [ours, remote('contiguous'), remote('channels_last')];
    const times = await takeTurns(sides, rounds);
    const best = Math.min(...sides.slice(1).map((_, n) => median(times[n + 1]!)));
    console.log(
      `${title}, ${pillars.count} pillars; largest difference of an output ${difference.toExponential(1)}`,
    );
    for (const [n, { name }] of sides.entries()) {
      const ratio =
        n === 0 ? `; ${(best / median(times[0]!)).toFixed(2)} times the speed of the better PyTorch` : '';
      console.log(
        `  ${name}: ${median(times[n]!).toFixed(2)} ms, least ${Math.min(...times[n]!).toFixed(2)}${ratio}`,
      );
    }
  }
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

function sample(weights: Snapshot, { values, sources }: Pillars, output: Float32Array): Snapshot {
  const tensors: Snapshot = new Map();
  for (const [name, tensor] of weights) tensors.set(`weights.${name}`, tensor);
  tensors.set('inputs.values', { shape: [values.length], data: values });
  tensors.set('inputs.sources', { shape: [sources.length], data: Float32Array.from(sources) });
  tensors.set('inputs.output', { shape: [output.length], data: output });
  return tensors;
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
