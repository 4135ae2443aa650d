/**
 * tfjs-core's own backend tests on an engine, from the tests in its npm package.
 * Usage: npm run specs -- --engine wasm --against wasm-stock
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { InputError } from '../../base/index.js';
import { bundleSpecs, specVersion } from './bundle.js';
import { formatComparison, lostSpecs, type SpecOutcome, type SpecRun, summary, tally } from './results.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Options {
  engine: string;
  against?: string;
  out: string;
}

async function main({ engine, against, out }: Options): Promise<void> {
  const folder = join(root, 'dist', 'specs');
  const bundle = await bundleSpecs(folder);
  mkdirSync(out, { recursive: true });
  const run = await runSpecs(bundle, engine, out);
  if (!against) return console.log(summary(run));
  const reference = await runSpecs(bundle, against, out);
  const comparison = {
    tests: `@tensorflow/tfjs-core ${specVersion()}`,
    engine: { name: engine, ...tally(run) },
    reference: { name: against, ...tally(reference) },
    lost: lostSpecs(run, reference),
    gained: lostSpecs(reference, run).flatMap(({ specs }) => specs),
  };
  writeJson(join(out, `${engine}-against-${against}.json`), comparison);
  console.log(formatComparison(run, reference));
}

/** Runs the bundle in a process of its own, because an engine may take the process down with it. */
async function runSpecs(bundle: string, engine: string, out: string): Promise<SpecRun> {
  const lines = join(out, `${engine}.jsonl`);
  rmSync(lines, { force: true });
  const child = spawn(process.execPath, [bundle, engine, lines], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-4000);
  });
  const code = await new Promise<number | string>((resolve) => {
    child.on('exit', (status, signal) => resolve(status ?? signal ?? 'unknown'));
  });
  const lastWords = errors.match(/^\w*Error: .*$/m)?.[0] ?? errors.trim().split('\n').at(-1)!;
  if (!existsSync(lines)) throw new InputError(`specs on ${engine} did not start: ${lastWords}`);
  const run = readRun(engine, lines);
  if (code !== 0) run.crash = `the process ended with ${code}: ${lastWords}`;
  rmSync(lines);
  writeJson(join(out, `${engine}.json`), { ...tally(run), ...run });
  return run;
}

/** Two lines a spec, its name and then its outcome; a name without an outcome is where the process died. */
function readRun(engine: string, file: string): SpecRun {
  const records = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Partial<SpecOutcome>);
  const specs: SpecOutcome[] = [];
  let name: string | undefined;
  for (const record of records) {
    if (record.name !== undefined) name = record.name;
    else if (name !== undefined) {
      specs.push({ ...record, name } as SpecOutcome);
      name = undefined;
    }
  }
  if (name !== undefined) specs.push({ name, status: 'failed', messages: ['the process died'] });
  return { engine, specs };
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`);
}

new Command('specs')
  .description("Runs tfjs-core's own backend tests on an engine")
  .requiredOption('--engine <name>', 'onnx, wasm or cpu; wasm-stock or cpu-stock for a backend as it comes')
  .option('--against <name>', 'also runs this engine and lists what the first one loses and gains')
  .option('--out <folder>', 'folder for the results as JSON', 'runs/specs')
  .action((options: Options) => main(options))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof InputError ? error.message : error);
    process.exitCode = 2;
  });
