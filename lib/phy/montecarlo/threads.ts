import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { InputError, requireInteger } from '../../base/index.js';
import type { Batch, Counts, TrialRunner } from './types.js';

/** What every thread of a pool is started with. */
export interface ThreadSettings {
  readonly module: string;
  readonly factory: string;
}

/** A batch as it is posted to a thread; `params` is JSON. */
export interface ThreadTask {
  readonly params: string;
  readonly batch: Batch;
}

/** How a batch ended in its thread. Errors cross as text. */
export type ThreadOutcome = { counts: Counts } | { message: string; isInput: boolean };

/** Worker threads that simulate. */
export interface TrialThreads {
  /** Batches of the simulation that the factory makes of these parameters, plain JSON. */
  runner(params: Readonly<Record<string, unknown>>): TrialRunner;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Worker threads for `monteCarlo`. Each thread imports the module and makes its own simulation:
 *
 * ```ts
 * const threads = trialThreads({ module: import.meta.url, factory: 'linkTrials', workers: 2 });
 * const result = await monteCarlo(threads.runner({ snrDb: 3 }), { rng, stop, batchTrials: 100 });
 * await threads.close();
 * ```
 *
 * @param options.module file URL of a module; importing it must start nothing
 * @param options.factory name of its export: a function of the parameters that gives `Trials`, or a promise of them
 * @param options.workers number of threads, 1 to 256
 */
export function trialThreads(options: { module: string; factory: string; workers: number }): TrialThreads {
  const workers = requireInteger('workers', options.workers, 1, 256);
  const settings: ThreadSettings = { module: options.module, factory: options.factory };
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina({
    filename: fileURLToPath(new URL(fromSource ? './worker-bootstrap.mjs' : './worker.js', import.meta.url)),
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    workerData: settings,
    ...(fromSource ? { execArgv: ['--conditions=@semwave/source'] } : {}),
  });
  return {
    runner(params) {
      const text = JSON.stringify(params);
      return {
        parallel: workers,
        async run(batch) {
          const task: ThreadTask = { params: text, batch };
          const outcome = (await pool.run(task)) as ThreadOutcome;
          if ('counts' in outcome) return outcome.counts;
          throw outcome.isInput ? new InputError(outcome.message) : new Error(outcome.message);
        },
      };
    },
    close: () => pool.destroy(),
  };
}
