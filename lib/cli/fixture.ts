import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** For tests only: a tiny experiment in a folder of its own, and the compiled command to run it with. */
export interface Fixture {
  readonly dir: string;
  readonly main: string;
  /** One line a measured point, appended by the experiment at the end of each. */
  measuredLines(): string[];
  /** Rows of a run folder without what a clock decides. */
  rows(run: string): unknown[];
  start(args: readonly string[]): ChildProcess;
  semwave(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  remove(): void;
}

/** Makes the folder. @throws Error when the package is not compiled. */
export function makeFixture(): Fixture {
  const dist = fileURLToPath(new URL('../../dist/lib/', import.meta.url));
  const main = join(dist, 'cli/main.js');
  if (!existsSync(main)) throw new Error('these tests run the compiled command: npm run build first');
  const dir = mkdtempSync(join(tmpdir(), 'semwave-'));
  writeFileSync(join(dir, 'tiny.mjs'), tinyExperiment(pathToFileURL(join(dist, 'pipeline/index.js')).href));
  const start = (args: readonly string[]) => spawn(process.execPath, [main, ...args], { cwd: dir });
  return {
    dir,
    main,
    measuredLines: () => linesOf(join(dir, 'measured.txt')),
    rows: (run) =>
      linesOf(join(dir, run, 'results.jsonl')).map((line) => {
        const { latency: _latency, ...rest } = JSON.parse(line) as Record<string, unknown>;
        return rest;
      }),
    start,
    semwave: (args) =>
      new Promise((resolve, reject) => {
        const child = start(args);
        let [stdout, stderr] = ['', ''];
        child.stdout?.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
        });
        child.stderr?.on('data', (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function linesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** `trouble` makes the point at 4 dB misbehave in one of the ways that a run must survive or report. */
function tinyExperiment(pipelineUrl: string): string {
  return `
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineExperiment, param } from ${JSON.stringify(pipelineUrl)};

export default defineExperiment({
  id: 'test/tiny', title: 'Tiny', paper: 'none', purpose: 'tests the pipeline',
  params: {
    snrDb: param.grid({ unit: 'dB', from: 0, to: 14, step: 2 }),
    draws: param.integer({ default: 10, min: 1, max: 1000, about: 'numbers to add' }),
    delayMs: param.number({ default: 1, min: 0, max: 1000, unit: 'ms' }),
    train: param.boolean({ default: false }),
    trouble: param.choice(['none', 'throw', 'exit', 'nan', 'input', 'folder']),
  },
  presets: { quick: { cost: '1 s' }, paper: { cost: '2 s', draws: 100 } },
  async *measure({ snrDb }, { rng, config, runDir, saveArtefact }) {
    await new Promise((done) => setTimeout(done, config.delayMs));
    const hit = snrDb === 4 ? config.trouble : 'none';
    if (hit === 'throw') throw new Error('thrown at 4 dB\\nsecond line');
    if (hit === 'exit') process.exit(3);
    if (hit === 'input') throw Object.assign(new Error('weights w.safetensors: truncated'), { name: 'InputError' });
    if (hit === 'folder') {
      rmSync(join(runDir, 'points'), { recursive: true });
      writeFileSync(join(runDir, 'points'), 'no folder any more');
    }
    let sum = hit === 'nan' ? NaN : 0;
    for (let i = 0; i < config.draws; i++) sum += rng.normal();
    saveArtefact('sums/at-' + snrDb + '.txt', String(sum));
    for (const system of ['a', 'b']) {
      yield {
        system,
        rate: { value: 1 / 6, unit: 'channel uses per source value' },
        accuracy: { value: snrDb + sum, unit: 'dB', metric: 'PSNR' },
        latency: { value: performance.now() / 1000, unit: 's' },
      };
    }
    appendFileSync(new URL('./measured.txt', import.meta.url), snrDb + '\\n');
  },
  figures: () => [],
});
`;
}
