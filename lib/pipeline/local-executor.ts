import { fileURLToPath } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { closeNativeGate, type NativeGate, newNativeGate } from '../base/index.js';
import type { EngineName } from '../engine/index.js';
import { type Executor, type JobListener, type Outcome, outcomeOf } from './executor.js';
import type { Job } from './measure.js';

/** What every thread of a pool is started with. */
export interface WorkerSettings {
  readonly experimentUrl: string;
  readonly engine: EngineName;
  readonly stopChannel: string;
  readonly gate: NativeGate;
}

/** One job as it is posted to a thread. */
export interface WorkerTask {
  readonly id: number;
  readonly job: Job;
}

/** What a thread posts while a job runs. */
export type WorkerMessage = { readonly id: number } & (
  | { readonly log: string }
  | { readonly progress: number }
);

let pools = 0;

/**
 * Runs jobs on `workers` threads of this machine, one job at a time each. Each thread loads the experiment from
 * its file and starts the engine once. A thread that dies fails its job only; another takes its place.
 */
export function localExecutor(options: {
  experimentUrl: string;
  engine: EngineName;
  workers: number;
}): Executor {
  const { experimentUrl, engine, workers } = options;
  const stopChannel = `semwave-stop-${process.pid}-${pools++}`;
  const gate = newNativeGate();
  const settings: WorkerSettings = { experimentUrl, engine, stopChannel, gate };
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina({
    filename: fileURLToPath(new URL(fromSource ? './worker-bootstrap.mjs' : './worker.js', import.meta.url)),
    // Threads start with the first jobs, so that a run that finds everything done starts none, and then stay.
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    workerData: settings,
    // Without this a thread sleeps in Atomics.wait between jobs and could not hear the stop channel.
    atomics: 'disabled',
    ...(fromSource ? { execArgv: ['--conditions=@semwave/source'] } : {}),
  });
  const listeners = new Map<number, JobListener>();
  pool.on('message', (message: WorkerMessage) => {
    const listener = listeners.get(message.id);
    if ('log' in message) listener?.log(message.log);
    else listener?.progress(message.progress);
  });
  pool.on('error', () => {});
  let jobs = 0;
  return {
    parallel: workers,
    async run(job, listener) {
      const task: WorkerTask = { id: jobs++, job };
      listeners.set(task.id, listener);
      try {
        return (await pool.run(task)) as Outcome;
      } catch (error) {
        return { ...outcomeOf(error), error: 'failure' } as Outcome;
      } finally {
        listeners.delete(task.id);
      }
    },
    async close() {
      const channel = new BroadcastChannel(stopChannel);
      channel.postMessage('stop');
      channel.close();
      await closeNativeGate(gate);
      await pool.destroy();
    },
  };
}
