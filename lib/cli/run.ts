import { relative } from 'node:path';
import { InputError } from '../base/index.js';
import type { EngineName } from '../engine/index.js';
import { type Experiment, type RunOptions, type RunResult, runExperiment } from '../pipeline/index.js';
import { findExperiment } from './catalogue.js';
import { readFlags, readInteger, readShard } from './options.js';

/** Options of `semwave run` as commander gives them. */
export interface RunFlags {
  preset: string;
  seed: string;
  out?: string;
  set: string[];
  workers: string;
  engine: string;
  shard?: string;
  report: boolean;
  debug?: boolean;
}

/**
 * `semwave run`: measures an experiment and says where its report is.
 * @param rest operands and options that the command itself does not know: `--train` is `--set train=true`.
 * @returns the exit code: 0 complete, 1 some points failed, 130 stopped.
 * @throws InputError for bad input of any kind.
 */
export async function runCommand(name: string, rest: readonly string[], flags: RunFlags): Promise<number> {
  const seed = readInteger('--seed', flags.seed);
  const workers = readInteger('--workers', flags.workers);
  const shard = flags.shard === undefined ? undefined : readShard(flags.shard);
  const { experiment, url } = await findExperiment(name);
  const options: RunOptions = {
    preset: flags.preset,
    seed,
    sets: [...readFlags(rest, experiment), ...flags.set],
    workers,
    engine: flags.engine as EngineName,
    report: flags.report,
    url,
    ...(flags.out ? { out: flags.out } : {}),
    ...(shard ? { shard } : {}),
  };
  const { signal, release } = interruption();
  try {
    const result = await withProgress(experiment, { ...options, signal });
    return tell(result, flags.debug ?? false, shard !== undefined);
  } finally {
    release();
  }
}

/** Aborts on the first Ctrl-C or termination; a second one ends the process at once. */
function interruption(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nstopping; finished points are kept\n');
    controller.abort();
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

async function withProgress(experiment: Experiment, options: RunOptions): Promise<RunResult> {
  // Loaded here: the bar stands in lib/nn, which brings the tensor library with it.
  const { progressBar } = await import('../nn/index.js');
  let bar: ReturnType<typeof progressBar> | undefined;
  const clear = process.stderr.isTTY ? '\r\u001b[K' : '';
  try {
    return await runExperiment(experiment, {
      ...options,
      log: (line) => process.stderr.write(`${clear}${line}\n`),
      onProgress: (done, total) => {
        bar ??= progressBar({ title: experiment.id, total });
        bar.update(done);
      },
    });
  } finally {
    bar?.stop();
  }
}

/** Says how the run ended: results on stdout, what is left to do on stderr. */
function tell(result: RunResult, debug: boolean, sharded: boolean): number {
  const { dir, points, failed, report, stopped, rows } = result;
  const folder = relative(process.cwd(), dir) || '.';
  const complain = (line: string) => process.stderr.write(`semwave: ${line}\n`);
  const reused = points.finished - points.measured;
  const again = reused > 0 ? `, ${reused} found from before` : '';
  process.stdout.write(
    `${rows.length} rows of ${points.finished}/${points.total} points${again}: ${folder}/results.jsonl\n`,
  );
  if (report) process.stdout.write(`report: ${relative(process.cwd(), report)}\n`);
  if (stopped) {
    complain(
      `stopped with ${points.finished} of ${points.total} points done; the same command goes on from there`,
    );
    return 130;
  }
  if (failed.length > 0) {
    const named = failed.map(({ point, message }) => `${JSON.stringify(point)} (${message.split('\n')[0]})`);
    complain(`${failed.length} of ${points.total} points failed: ${named.join('; ')}`);
    if (debug) for (const { stack } of failed) process.stderr.write(`${stack ?? ''}\n`);
    return 1;
  }
  if (points.finished < points.total && sharded) {
    complain(
      `${points.total - points.finished} points are left to other shards; semwave report ${folder} when they are done`,
    );
  }
  return 0;
}

/** `semwave report`: draws figures and report of a run folder again. */
export async function reportCommand(dir: string): Promise<number> {
  const { rebuildReport } = await import('../pipeline/index.js');
  const html = await rebuildReport(dir, async (id, file) => {
    try {
      return (await findExperiment(file ?? id)).experiment;
    } catch (error) {
      if (file || !(error instanceof InputError)) throw error;
      throw new InputError(`${dir} is a run of ${id}, whose file is not where it was; ${error.message}`);
    }
  });
  process.stdout.write(`report: ${relative(process.cwd(), html)}\n`);
  return 0;
}
