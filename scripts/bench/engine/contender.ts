import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../../lib/base/index.js';

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
export class Contender {
  ready!: Ready;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private errors = '';

  private constructor(
    readonly side: Side,
    private readonly child: ChildProcess,
  ) {
    child.stderr!.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk).slice(-4000);
    });
    // A process that could not start says so by this event; its output then simply ends.
    child.on('error', (error) => {
      this.errors += error.message;
    });
    child.stdin!.on('error', () => {});
    this.reader = createInterface({ input: child.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** Starts a process and waits until it has made its first two training steps. @throws InputError where it cannot run. */
  static async start(side: Side, network: string, sample: string, python: string): Promise<Contender> {
    const [command, args, env] = side.name === 'pytorch' ? pytorchCommand(side, python) : engineCommand(side);
    const child = spawn(command, [...args, network, sample], { env: { ...process.env, ...env } });
    const contender = new Contender(side, child);
    contender.ready = (await contender.answer()) as Ready;
    return contender;
  }

  /** Milliseconds of each of `steps` steps. */
  async turn(mode: Mode, steps: number): Promise<number[]> {
    this.child.stdin!.write(`${mode} ${steps}\n`);
    return ((await this.answer()) as { ms: number[] }).ms;
  }

  stop(): void {
    this.reader.close();
    this.child.kill();
  }

  /** The next line that is an answer; a library may print lines of its own. */
  private async answer(): Promise<object> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new InputError(`${label(this.side)}: ${whyEnded(this.side, this.errors)}`);
      if (value.startsWith('{')) return JSON.parse(value) as object;
    }
  }
}

export function label({ name, threads }: Side): string {
  return `${name}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

type Invocation = [command: string, args: string[], env: Record<string, string>];

function pytorchCommand({ threads }: Side, python: string): Invocation {
  const script = fileURLToPath(new URL('pytorch/peer.py', import.meta.url));
  const env = { OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: '1' };
  return [python, [script, String(threads)], env];
}

function engineCommand({ name, threads }: Side): Invocation {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url));
  return [process.execPath, [...process.execArgv, script, name, String(threads)], {}];
}

function whyEnded({ name }: Side, errors: string): string {
  const last = errors.match(/^\w*Error: .*$/m)?.[0] ?? errors.trim().split('\n').at(-1)!;
  if (name === 'pytorch' && /ENOENT|No module named '(torch|numpy)'/.test(last)) {
    return `needs a Python with torch and numpy (${last}); name one by --python or leave PyTorch out by --no-pytorch`;
  }
  return last === '' ? 'the process ended without a word' : last;
}
