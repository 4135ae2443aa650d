import { workerData } from 'node:worker_threads';
import { InputError } from '../../base/index.js';
import { runBatch } from './monte-carlo.js';
import type { ThreadOutcome, ThreadSettings, ThreadTask } from './threads.js';
import type { Trials } from './types.js';

type Factory = (params: unknown) => Trials | Promise<Trials>;

let factory: Promise<Factory> | undefined;
let current: { params: string; trials: Promise<Trials> } | undefined;

/** Entry of a worker thread: runs one batch. */
export default async function work({ params, batch }: ThreadTask): Promise<ThreadOutcome> {
  try {
    factory ??= loadFactory(workerData as ThreadSettings);
    const make = await factory;
    if (current?.params !== params) {
      current = { params, trials: Promise.resolve().then(() => make(JSON.parse(params))) };
    }
    return { counts: await runBatch(await current.trials, batch) };
  } catch (error) {
    const { name, message = String(error) } = (error ?? {}) as Partial<Error>;
    return { message, isInput: name === 'InputError' };
  }
}

async function loadFactory({ module, factory: name }: ThreadSettings): Promise<Factory> {
  if (/\.[mc]?ts$/.test(module) && import.meta.url.endsWith('.js')) await registerTypeScript();
  const loaded = (await import(module)) as Record<string, unknown>;
  const found = loaded[name];
  if (typeof found === 'function') return found as Factory;
  throw new InputError(`module ${module}: exports no function ${name}`);
}

/** In two steps, so that the compiler does not ask for a package that is optional at run time. */
async function registerTypeScript(): Promise<void> {
  const api = 'tsx/esm/api';
  const { register } = (await import(api)) as { register: () => unknown };
  register();
}
