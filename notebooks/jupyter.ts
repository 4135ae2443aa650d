/** Runs the notebooks of this folder in Jupyter, for their tests. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);

export const hasJupyter =
  spawnSync('jupyter', ['nbconvert', '--version'], { stdio: 'ignore' }).status === 0;

interface Ended {
  code: number | null;
  output: string;
}

function run(command: string, args: string[], cwd: string): Promise<Ended> {
  const env = { ...process.env, JUPYTER_PATH: join(folder, '.jupyter') };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Builds the package and installs the kernel where that was not done. */
export async function prepareJupyter(): Promise<void> {
  const command = async (args: string[], cwd: string) => {
    const { code, output } = await run('npm', args, cwd);
    if (code !== 0) throw new Error(`npm ${args.join(' ')} in ${cwd} ended with ${code}\n${output}`);
  };
  if (!existsSync(join(root, 'dist/lib/index.js'))) await command(['run', 'build', '--silent'], root);
  const installed = ['tslab', 'semwave'].every((name) => existsSync(join(folder, 'node_modules', name)));
  if (!installed) await command(['ci'], folder);
}

/** Executes a notebook and returns its page as HTML. @throws Error with what its cells wrote to stderr. */
export async function executedPage(notebook: string): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'semwave-notebook-'));
  const execute = (to: 'html' | 'notebook', output: string, options: string[] = []) => {
    const target = ['--output-dir', scratch, '--output', output];
    return run('jupyter', ['nbconvert', '--to', to, '--execute', ...options, ...target, notebook], folder);
  };
  try {
    const { code } = await execute('html', 'page.html');
    if (code === 0) return readFileSync(join(scratch, 'page.html'), 'utf8');
    // nbconvert itself says nothing about a failed cell of this kernel.
    const failed = await execute('notebook', 'failed.ipynb', ['--allow-errors']);
    const path = join(scratch, 'failed.ipynb');
    const reason = (existsSync(path) && complaints(readFileSync(path, 'utf8'))) || failed.output;
    throw new Error(`nbconvert ended with ${code}\n${reason}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What the cells of a notebook wrote to stderr. */
function complaints(notebook: string): string {
  const { cells } = JSON.parse(notebook) as {
    cells: { outputs?: { name?: string; text?: string | string[] }[] }[];
  };
  const written = cells.flatMap(({ outputs = [] }) => outputs.filter(({ name }) => name === 'stderr'));
  return written.map(({ text = '' }) => [text].flat().join('')).join('\n');
}

/** The numbers that a pattern's groups find in a page, a match at a time. */
export const numbersIn = (page: string, pattern: RegExp): number[][] =>
  [...page.matchAll(pattern)].map((found) => found.slice(1).map(Number));
