import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../../lib/base/index.js';

/** A Python script of this folder in a process of its own, one thread: a JSON line asks, a JSON line answers. */
export interface Peer {
  ask<Answer>(request: object): Promise<Answer>;
  close(): void;
}

/** Starts a script. Where it cannot run, the first `ask` throws an InputError that says why in one line. */
export function peer(python: string, script: string, needs: string): Peer {
  const one = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(python, [file], { env: { ...process.env, ...one, PYTHONDONTWRITEBYTECODE: '1' } });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-4000);
  });
  child.on('error', ({ message }) => {
    errors += message;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<Answer>(request: object): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value) as Answer;
      const why = errors.trim().split('\n').at(-1) || 'it ended without a word';
      throw new InputError(`${script} needs a Python with ${needs}, named by --python: ${why}`);
    },
    close: () => child.stdin.end(),
  };
}
