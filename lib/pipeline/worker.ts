import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { useNativeGate } from '../base/index.js';
import { type EngineInfo, useEngine } from '../engine/index.js';
import { type Outcome, outcomeOf } from './executor.js';
import type { Experiment } from './experiment.js';
import { loadExperiment } from './load.js';
import type { WorkerMessage, WorkerSettings, WorkerTask } from './local-executor.js';
import { doJob } from './measure.js';

let ready: Promise<{ experiment: Experiment; engine: EngineInfo; signal: AbortSignal }> | undefined;

/** Entry of a worker thread: does one job and tells how it ended. */
export default async function work({ id, job }: WorkerTask): Promise<Outcome> {
  const post = (message: WorkerMessage) => parentPort?.postMessage(message);
  try {
    ready ??= start(workerData as WorkerSettings);
    const { experiment, engine, signal } = await ready;
    const rows = await doJob(experiment, job, {
      engine,
      signal,
      log: (message) => post({ id, log: message }),
      progress: (fraction) => post({ id, progress: fraction }),
    });
    return { rows, engine };
  } catch (error) {
    return outcomeOf(error);
  }
}

async function start({ experimentUrl, engine, stopChannel, gate }: WorkerSettings) {
  useNativeGate(gate);
  const stop = new AbortController();
  const channel = new BroadcastChannel(stopChannel);
  channel.onmessage = () => stop.abort();
  channel.unref();
  const experiment = await loadExperiment(experimentUrl);
  return { experiment, engine: await useEngine(engine), signal: stop.signal };
}
