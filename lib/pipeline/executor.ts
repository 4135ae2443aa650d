import type { EngineInfo, EngineName } from '../engine/index.js';
import type { Experiment, Row } from './experiment.js';
import { doJob, type Job } from './measure.js';

/** How a job ended. Errors cross between threads and machines as text. */
export type Outcome =
  | { readonly rows: Row[]; readonly engine: EngineInfo }
  | { readonly error: 'input' | 'failure'; readonly message: string; readonly stack?: string };

/** What a job says while it runs. */
export interface JobListener {
  log(message: string): void;
  progress(fraction: number): void;
}

/** Where jobs run. It never rejects: whatever befalls a job is its outcome. */
export interface Executor {
  /** How many jobs it runs at a time. */
  readonly parallel: number;
  run(job: Job, listener: JobListener): Promise<Outcome>;
  /** Stops what runs and frees threads. */
  close(): Promise<void>;
}

/** Runs jobs one at a time in this thread: for notebooks, tests and experiments that stand in no file. */
export function inlineExecutor(experiment: Experiment, engineName: EngineName): Executor {
  const stop = new AbortController();
  let engine: Promise<EngineInfo> | undefined;
  return {
    parallel: 1,
    async run(job, listener) {
      try {
        engine ??= import('../engine/index.js').then(({ useEngine }) => useEngine(engineName));
        const info = await engine;
        const rows = await doJob(experiment, job, { engine: info, signal: stop.signal, ...bound(listener) });
        return { rows, engine: info };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    async close() {
      stop.abort();
    },
  };
}

function bound(listener: JobListener): JobListener {
  return { log: (message) => listener.log(message), progress: (fraction) => listener.progress(fraction) };
}

/** The outcome of a job that threw. An InputError is the user's to mend and stops a run; any other fails its point. */
export function outcomeOf(error: unknown): Outcome {
  const { name, message = String(error), stack } = (error ?? {}) as Partial<Error>;
  return { error: name === 'InputError' ? 'input' : 'failure', message, ...(stack ? { stack } : {}) };
}
