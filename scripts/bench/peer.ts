import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../lib/base/index.js';

/** A process of its own that answers each line with a JSON line. */
export interface Peer {
  /** Sends a line (an object as JSON) and waits for the answer. */
  ask<Answer>(request: object | string): Promise<Answer>;
  /** The next answer, as where a process speaks first. Lines of libraries, which are no objects, are passed over. */
  answer<Answer>(): Promise<Answer>;
  /** Ends the process. */
  close(): void;
}

/** How a process is started. */
export interface PeerCommand {
  command: string;
  args: readonly string[];
  /** Variables besides those of this process. */
  env?: Readonly<Record<string, string>>;
  /** What to say where it ended without an answer, by what it wrote to stderr. */
  refusal(errors: string): string;
}

/** Starts a process. Where it cannot run, the first answer is an InputError of one line. */
export function startPeer({ command, args, env, refusal }: PeerCommand): Peer {
  const child = spawn(command, args, { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env } });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-4000);
  });
  // A process that could not start says so by this event; its output then simply ends.
  child.on('error', ({ message }) => {
    errors += message;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function answer<Answer>(): Promise<Answer> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new InputError(refusal(errors.trim()));
      if (value.startsWith('{')) return JSON.parse(value) as Answer;
    }
  }
  return {
    answer,
    ask(request) {
      child.stdin.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`);
      return answer();
    },
    close: () => child.kill(),
  };
}

/** What a process said last. */
export const lastLine = (errors: string): string => errors.split('\n').at(-1) || 'it ended without a word';

const oneThread = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/**
 * A Python script that reads and answers JSON lines, on one thread unless `env` says otherwise.
 * @param python the interpreter
 * @param needs what it must have, for the message where it has not
 */
export function pythonPeer(
  python: string,
  script: URL,
  needs: string,
  env: Readonly<Record<string, string>> = oneThread,
): Peer {
  const file = fileURLToPath(script);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const refusal = (errors: string) =>
    `${name} needs a Python with ${needs}, named by --python: ${lastLine(errors)}`;
  return startPeer({ command: python, args: [file], env, refusal });
}
