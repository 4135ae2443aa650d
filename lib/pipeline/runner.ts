import { resolve } from 'node:path';
import { requireChoice, requireInteger } from '../base/index.js';
import type { EngineName } from '../engine/index.js';
import { resolveConfig, resolvePoints } from './config.js';
import { inlineExecutor } from './executor.js';
import type { Experiment, Point, Row } from './experiment.js';
import { localExecutor } from './local-executor.js';
import { writeRunReport } from './run-report.js';
import { openSession, type Session } from './session.js';
import { type FailedPoint, Work } from './work.js';

/** What a run needs besides its experiment. */
export interface RunOptions {
  /** Default `quick`. */
  preset?: string;
  /** Default 1. */
  seed?: number;
  /** `key=value` each, after the preset. */
  sets?: readonly string[];
  /** Folder of the run; default `runs/<experiment>-<preset>-seed<seed>`. The same folder and options resume it. */
  out?: string;
  /** Points at a time, each on a thread of its own; default 1. */
  workers?: number;
  /** Default `auto`. */
  engine?: EngineName;
  /** Measure every n-th missing point only, this one's number i from 1 to n: for job arrays. */
  shard?: { i: number; n: number };
  /** Write figures and report at the end; default true. */
  report?: boolean;
  /** File URL of the module that exports the experiment; without it points run in this thread. */
  url?: string;
  /** Stops the run: points in flight are dropped, finished ones stay. */
  signal?: AbortSignal;
  /** One line at a time; default standard error. */
  log?: (message: string) => void;
  /** Called as points advance: finished points (with fractions of those at work) of the total. */
  onProgress?: (done: number, total: number) => void;
}

/** What a run left. */
export interface RunResult {
  readonly dir: string;
  /** Rows of all finished points, in the order of the points. */
  readonly rows: readonly Row[];
  readonly failed: readonly FailedPoint[];
  readonly points: { readonly total: number; readonly finished: number; readonly measured: number };
  /** True when `signal` stopped it. */
  readonly stopped: boolean;
  /** Path of the report, when one was written. */
  readonly report?: string;
}

/** Default folder of a run, relative to the working directory. */
export function defaultRunDir(id: string, preset: string, seed: number): string {
  return `runs/${id.replaceAll('/', '-')}-${preset}-seed${seed}`;
}

/**
 * Runs an experiment: measures the points that its folder lacks, stores their rows and writes the report.
 * A point that fails is listed in the result and does not stop the others.
 * @throws InputError for a bad option, config or folder, and when a point throws one; finished points stay.
 */
export async function runExperiment(experiment: Experiment, options: RunOptions = {}): Promise<RunResult> {
  const { preset = 'quick', seed = 1, sets = [], workers = 1, engine = 'auto', url } = options;
  requireInteger('--seed', seed, 0);
  requireInteger('--workers', workers, 1, 1024);
  requireChoice('--engine', engine, (await import('../engine/index.js')).engineNames);
  const config = resolveConfig(experiment, preset, sets);
  const points = resolvePoints(experiment, config);
  const dir = resolve(options.out ?? defaultRunDir(experiment.id, preset, seed));
  const session = openSession({ dir, experiment, preset, seed, sets, config, engine, workers, points, url });
  if (session.notice) logger(options)(session.notice);
  const todo = shardOf(session.store.missing(), options.shard);
  const parallel = Math.min(workers, Math.max(1, todo.length));
  const executor = url
    ? localExecutor({ experimentUrl: url, engine, workers: parallel })
    : inlineExecutor(experiment, engine);
  const work = new Work(experiment, session, executor, todo, { ...options, log: logger(options) });
  try {
    await work.run();
  } catch (error) {
    await executor.close();
    work.settleQuietly();
    throw error;
  }
  await executor.close();
  work.settle();
  return finish(experiment, session, work, options);
}

function logger({ log }: RunOptions): (message: string) => void {
  return log ?? ((line) => process.stderr.write(`${line}\n`));
}

function shardOf(missing: readonly Point[], shard: RunOptions['shard']): readonly Point[] {
  if (!shard) return missing;
  requireInteger('--shard n', shard.n, 1);
  requireInteger('--shard i', shard.i, 1, shard.n);
  return missing.filter((_, index) => index % shard.n === shard.i - 1);
}

async function finish(
  experiment: Experiment,
  session: Session,
  work: Work,
  options: RunOptions,
): Promise<RunResult> {
  const { store, dir, total } = session;
  const rows = store.allRows();
  const stopped = options.signal?.aborted ?? false;
  const whole = store.finished === total || (!options.shard && !stopped);
  const wanted = options.report !== false && rows.length > 0 && whole;
  const report = wanted ? await writeRunReport(experiment, dir, session.manifest, rows) : undefined;
  return {
    dir,
    rows,
    failed: work.failed,
    points: { total, finished: store.finished, measured: work.measured },
    stopped,
    ...(report ? { report } : {}),
  };
}
