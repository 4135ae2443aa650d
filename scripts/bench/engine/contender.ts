import { fileURLToPath } from 'node:url';
import { lastLine, startPeer } from '../peer.js';

export type Mode = 'train' | 'infer';

/** Who computes: an engine of ours or PyTorch, on so many threads. */
export interface Side {
  name: string;
  threads: number;
}

/** What a contender says when it is ready. */
interface Ready {
  /** The threads it really uses. */
  threads: number;
  version: string;
  /** Losses of the first two training steps. */
  losses: number[];
}

/**
 * A process that holds one network and takes turns. Protocol, one line each way: when ready it prints
 * `{ threads, version, losses }`; to `train 5` or `infer 5` it answers `{ ms: [five times] }`.
 */
export interface Contender {
  side: Side;
  ready: Ready;
  /** Milliseconds of each of `steps` steps. */
  turn(mode: Mode, steps: number): Promise<number[]>;
  stop(): void;
}

/** Starts a process and waits until it has made its first two training steps. @throws InputError where it cannot run. */
export async function startContender(
  side: Side,
  network: string,
  sample: string,
  python: string,
): Promise<Contender> {
  const [command, args, env] = side.name === 'pytorch' ? pytorchCommand(side, python) : engineCommand(side);
  const refusal = (errors: string) => `${label(side)}: ${whyEnded(side, errors)}`;
  const peer = startPeer({ command, args: [...args, network, sample], env, refusal });
  return {
    side,
    ready: await peer.answer<Ready>(),
    turn: async (mode, steps) => (await peer.ask<{ ms: number[] }>(`${mode} ${steps}`)).ms,
    stop: () => peer.close(),
  };
}

export function label({ name, threads }: Side): string {
  return `${name}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

type Invocation = [command: string, args: string[], env: Record<string, string>];

function pytorchCommand({ threads }: Side, python: string): Invocation {
  const script = fileURLToPath(new URL('pytorch/peer.py', import.meta.url));
  return [python, [script, String(threads)], { OMP_NUM_THREADS: String(threads) }];
}

function engineCommand({ name, threads }: Side): Invocation {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url));
  return [process.execPath, [...process.execArgv, script, name, String(threads)], {}];
}

function whyEnded({ name }: Side, errors: string): string {
  const last = errors.match(/^\w*Error: .*$/m)?.[0] ?? lastLine(errors);
  if (name === 'pytorch' && /ENOENT|No module named '(torch|numpy)'/.test(last)) {
    return `needs a Python with torch and numpy (${last}); name one by --python or leave PyTorch out by --no-pytorch`;
  }
  return last;
}
