import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { InputError, requireChoice, requireInteger, writeFileAtomic } from '../../../lib/base/index.js';
import { useEngine } from '../../../lib/engine/index.js';
import { median } from '../../../lib/math/index.js';
import { type Contender, label, type Mode, type Side, startContender } from './contender.js';
import { type NetworkName, networkNames, networks } from './networks/index.js';
import { writeSample } from './sample.js';
import { markdown, type NetworkResult, type Timing } from './table.js';

/** Relative difference of losses from which two sides no longer compute the same. */
const lossTolerance = 1e-3;
/** Between turns, so that the threads of the last contender have gone to sleep. */
const pauseMs = 100;
const modes: readonly Mode[] = ['train', 'infer'];

interface Options {
  engine: string;
  only?: string;
  threads: string;
  rounds: string;
  steps: string;
  python: string;
  pytorch: boolean;
  out: string;
}

/** `npm run bench -- engine`: whole steps of four networks beside PyTorch. */
export function bench(): Command {
  return new Command('engine')
    .description('whole training steps and inferences of four networks, interleaved with PyTorch')
    .option('--engine <names>', 'engines, separated by commas', 'wasm')
    .option('--only <names>', `networks, separated by commas: ${networkNames.join(', ')}`)
    .option('--threads <counts>', 'thread counts to try, separated by commas', '1,2')
    .option('--rounds <n>', 'turns of each contender', '7')
    .option('--steps <n>', 'steps a turn', '3')
    .option('--python <path>', 'interpreter with torch and numpy', process.env.PYTHON ?? 'python3')
    .option('--no-pytorch', 'leave PyTorch out')
    .option('--out <folder>', 'folder for the table (Markdown) and all times (JSON)', 'runs/bench/engine')
    .action((options: Options) => run(options));
}

async function run(options: Options): Promise<void> {
  const engines = options.engine.split(',');
  const names = (options.only?.split(',') ?? networkNames).map((name) =>
    requireChoice('network', name as NetworkName, networkNames),
  );
  const threads = options.threads.split(',').map((count) => requireInteger('threads', Number(count), 1, 64));
  const rounds = requireInteger('rounds', Number(options.rounds), 1, 1000);
  const steps = requireInteger('steps', Number(options.steps), 1, 1000);
  const sides = [...(options.pytorch ? ['pytorch'] : []), ...engines].flatMap((name) =>
    threads.map((count): Side => ({ name, threads: count })),
  );
  await useEngine('cpu');
  mkdirSync(options.out, { recursive: true });
  const results: NetworkResult[] = [];
  for (const name of names) {
    const sample = join(options.out, `${name}.safetensors`);
    await writeSample(networks[name], sample);
    results.push(await compare(name, sides, { sample, rounds, steps, python: options.python }));
    rmSync(sample);
    write(options.out, results, engines);
  }
  console.log(markdown(results, engines));
}

interface Course {
  sample: string;
  rounds: number;
  steps: number;
  python: string;
}

async function compare(network: NetworkName, sides: Side[], course: Course): Promise<NetworkResult> {
  const contenders: Contender[] = [];
  try {
    for (const side of sides) {
      const contender = await startContender(side, network, course.sample, course.python);
      // An engine that has no choice of threads takes part once.
      if (contender.ready.threads === side.threads) contenders.push(contender);
      else contender.stop();
    }
    if (contenders.length === 0) throw new InputError(`no contender runs on the thread counts asked for`);
    const lossDifference = requireEqualLosses(network, contenders);
    const timings = await takeTurns(contenders, course);
    const { losses } = contenders[0]!.ready;
    return { network, title: networks[network].title, losses, lossDifference, timings };
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

/** The largest relative difference to the first contender's losses. @throws InputError where it is too large. */
function requireEqualLosses(network: string, contenders: Contender[]): number {
  const [first, ...others] = contenders as [Contender, ...Contender[]];
  const [before, after] = first.ready.losses as [number, number];
  // Else sides with different gradients would pass.
  if (Math.abs(after - before) < 10 * lossTolerance * Math.abs(before)) {
    throw new Error(`${network}: a training step changes the loss too little (${before} to ${after})`);
  }
  let largest = 0;
  for (const other of others) {
    for (const [step, loss] of first.ready.losses.entries()) {
      const found = other.ready.losses[step]!;
      const difference = Math.abs(found - loss) / Math.abs(loss);
      if (!(difference <= lossTolerance)) {
        throw new InputError(
          `${network}: loss ${step + 1} is ${found} on ${label(other.side)} and ${loss} on ${label(first.side)}; they do not compute the same`,
        );
      }
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}

/** All contenders one after the other, round by round, so that other work on the machine disturbs all alike. */
async function takeTurns(contenders: Contender[], { rounds, steps }: Course): Promise<Timing[]> {
  const times = new Map<string, number[]>();
  const key = (contender: Contender, mode: Mode) => `${label(contender.side)} ${mode}`;
  for (let round = -1; round < rounds; round++) {
    for (const mode of modes) {
      for (const contender of contenders) {
        await pause(pauseMs);
        const ms = await contender.turn(mode, steps);
        // The first round warms up.
        if (round >= 0) times.set(key(contender, mode), [...(times.get(key(contender, mode)) ?? []), ...ms]);
      }
    }
  }
  return contenders.flatMap((contender) =>
    modes.map((mode) => {
      const ms = times.get(key(contender, mode))!;
      return { side: contender.side, version: contender.ready.version, mode, ms, medianMs: median(ms) };
    }),
  );
}

function write(folder: string, results: NetworkResult[], engines: string[]): void {
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  writeFileAtomic(join(folder, 'engine.json'), `${JSON.stringify({ machine, results }, null, 1)}\n`);
  writeFileAtomic(join(folder, 'engine.md'), `${markdown(results, engines)}\n`);
}
