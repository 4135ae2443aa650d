import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const notebook = '01-first-light.ipynb';
const scratch = mkdtempSync(join(tmpdir(), 'semwave-notebook-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

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

function execute(to: 'html' | 'notebook', output: string, options: string[] = []): Promise<Ended> {
  const target = ['--output-dir', scratch, '--output', output];
  return run('jupyter', ['nbconvert', '--to', to, '--execute', ...options, ...target, notebook], folder);
}

/** What the cells wrote to stderr: nbconvert itself says nothing about a failed cell of this kernel. */
async function complaints(): Promise<string> {
  const { output } = await execute('notebook', 'failed.ipynb', ['--allow-errors']);
  const path = join(scratch, 'failed.ipynb');
  if (!existsSync(path)) return output;
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
    cells: { outputs?: { name?: string; text?: string | string[] }[] }[];
  };
  const written = cells.flatMap(({ outputs = [] }) => outputs.filter(({ name }) => name === 'stderr'));
  return written.map(({ text = '' }) => [text].flat().join('')).join('\n') || output;
}

async function prepare(): Promise<void> {
  if (!existsSync(join(root, 'dist/lib/index.js'))) {
    const { code, output } = await run('npm', ['run', 'build', '--silent'], root);
    expect(code, `npm run build failed:\n${output}`).toBe(0);
  }
  if (!existsSync(join(folder, 'node_modules/tslab')) || !existsSync(join(folder, 'node_modules/semwave'))) {
    const { code, output } = await run('npm', ['ci'], folder);
    expect(code, `npm ci in notebooks failed:\n${output}`).toBe(0);
  }
}

const hasJupyter = spawnSync('jupyter', ['nbconvert', '--version'], { stdio: 'ignore' }).status === 0;

it('the first notebook runs in Jupyter: codecs start equal, training helps on a bad link, figures appear', {
  timeout: 480_000,
}, async ({ skip }) => {
  skip(!hasJupyter, 'Jupyter (nbconvert) is not installed: the notebook is not executed');
  await prepare();
  const { code } = await execute('html', 'page.html');
  if (code !== 0) expect.fail(`nbconvert ended with ${code}\n${await complaints()}`);

  const page = readFileSync(join(scratch, 'page.html'), 'utf8');
  const numbers = (pattern: RegExp) => [...page.matchAll(pattern)].map((found) => found.slice(1).map(Number));
  const [linear] = numbers(/linear codec, ratio 1\/6, SNR 10 dB: PSNR ([\d.]+) dB/g);
  const state =
    /after (\d+) steps, SNR 0 dB: PSNR ([\d.]+) dB \(gain (-?[\d.]+) dB\), SNR 10 dB: PSNR ([\d.]+) dB/g;
  const looks = numbers(state);
  expect(looks.map(([step]) => step)).toEqual([0, 10, 20, 30, 40, 50]);
  const [start, end] = [looks[0]!, looks.at(-1)!];
  expect(Math.abs(start[2]!)).toBeLessThan(0.1);
  expect(Math.abs(start[3]! - linear![0]!)).toBeLessThan(0.1);
  expect(end[1]! - start[1]!).toBeGreaterThan(0.3);

  // Graceful degradation: on every step of 5 dB both codecs gain, and neither jumps.
  const swept = numbers(/SNR (\d+) dB: linear ([\d.]+) dB, trained here ([\d.]+) dB/g);
  expect(swept.map(([snrDb]) => snrDb)).toEqual([0, 5, 10, 15, 20]);
  for (const codec of [1, 2]) {
    const rises = swept.slice(1).map((row, i) => row[codec]! - swept[i]![codec]!);
    expect(Math.min(...rises)).toBeGreaterThan(0);
    expect(Math.max(...rises)).toBeLessThan(7.5);
  }
  expect(page).toMatch(/shipped weights: (found|none)/);
  expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(3);
  expect(page).toMatch(/<svg[^>]*class="main-svg"|data:image\/svg\+xml/);
});
