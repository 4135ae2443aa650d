/**
 * The process that runs the specs: bundled with tfjs-core's tests and the engine's own sources, so that
 * all share one tfjs-core. Usage: node BUNDLE ENGINE FILE; writes one JSON line a spec to FILE.
 */
import { appendFileSync } from 'node:fs';
import { boot, type Reporter } from 'jasmine-core';
import { type EngineName, useEngine } from '../index.js';
import type { SpecOutcome } from './results.js';
import { startStock } from './stock.js';

const timeoutMs = 20_000;

async function startEngine(engine: string): Promise<string> {
  if (!engine.endsWith('-stock')) return (await useEngine(engine as EngineName)).backend;
  // The tests' bundle holds tfjs-core in parts, of which this one is not loaded by itself.
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  return (await startStock(engine))!;
}

/** Specs of the same name are told apart by their place among them. */
function reporter(write: (outcome: Partial<SpecOutcome>) => void): Reporter {
  const seen = new Map<string, number>();
  return {
    specStarted: ({ fullName }) => {
      const count = (seen.get(fullName) ?? 0) + 1;
      seen.set(fullName, count);
      write({ name: count > 1 ? `${fullName} #${count}` : fullName });
    },
    specDone: ({ status, failedExpectations }) => {
      if (status === 'excluded') return;
      const messages = failedExpectations.map(({ message }) => message.split('\n')[0]!.slice(0, 400));
      write(messages.length > 0 ? { status, messages } : { status });
    },
  };
}

async function main(engine: string, file: string): Promise<void> {
  const jasmine = boot();
  jasmine.DEFAULT_TIMEOUT_INTERVAL = timeoutMs;
  await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
  const backendName = await startEngine(engine);
  const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util.js');
  // One name for all engines, because it becomes part of every spec's name.
  setTestEnvs([{ name: 'engine', backendName, flags: {}, isDataSync: true }]);
  await import('@tensorflow/tfjs-core/dist/tests.js');
  const env = jasmine.getEnv();
  env.configure({ random: false });
  env.clearReporters();
  env.addReporter(reporter((outcome) => appendFileSync(file, `${JSON.stringify(outcome)}\n`)));
  await env.execute();
}

const [engine, file] = process.argv.slice(2) as [string, string];
main(engine, file).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error((error as Error).message);
    process.exit(2);
  },
);
