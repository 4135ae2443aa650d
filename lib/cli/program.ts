import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { InputError } from '../base/index.js';
import { packageRoot } from '../pipeline/index.js';
import { describeAll, describeOne } from './describe.js';
import type { ExportFlags } from './export.js';
import type { RunFlags } from './run.js';

/**
 * Runs one `semwave` command. Data goes to stdout, everything else to stderr.
 * @param args the words after `semwave`.
 * @returns the exit code: 0 done, 1 something failed, 2 bad input (one line says what), 130 stopped.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = buildProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, args.includes('--debug'));
  }
}

/** One line for people, and the exit code. With `--debug` the stack trace too. */
function explain(error: unknown, debug: boolean): number {
  const { message = String(error), stack } = (error ?? {}) as Partial<Error>;
  const [code, line] = verdict(error, message);
  if (line) process.stderr.write(`semwave: ${line}\n`);
  if (debug && stack && code !== 0) process.stderr.write(`${stack}\n`);
  else if (code === 1) process.stderr.write('semwave: --debug shows where it happened\n');
  return code;
}

function verdict(error: unknown, message: string): [code: number, line: string] {
  const oneLine = message.replace(/\s*\n\s*/g, ' ').trim();
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return [0, ''];
    // `semwave` alone shows its help, which is no error message to repeat.
    return [2, error.code === 'commander.help' ? '' : oneLine.replace(/^error: /, '')];
  }
  return error instanceof InputError ? [2, oneLine] : [1, oneLine];
}

function buildProgram(done: (code: number) => void): Command {
  const program = new Command('semwave');
  program
    .description(
      'Wireless and semantic communication experiments: what rate buys what accuracy at what latency.',
    )
    .version(ownVersion(), '-V, --version')
    .option('--debug', 'show stack traces')
    // Errors of parsing become exceptions and are printed once, by `explain`.
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addRun(program, done);
  addOthers(program, done);
  addExport(program, done);
  return program;
}

function addRun(program: Command, done: (code: number) => void): void {
  program
    .command('run')
    .argument('<experiment>', 'id of an experiment, as jscc/awgn, or a file that exports one')
    .description('measure an experiment, or go on with a run that stopped, and write its report')
    .option('--preset <name>', 'quick or paper', 'quick')
    .option('--seed <n>', 'seed of all random streams', '1')
    .option('--out <dir>', 'folder of the run (default: runs/<experiment>-<preset>-seed<n>)')
    .option(
      '--set <key=value>',
      'set a parameter; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--workers <n>', 'points to measure at a time', '1')
    .option('--engine <name>', 'what computes tensors: auto, onnx, wasm, webgpu, cuda or cpu', 'auto')
    .option('--shard <i/n>', 'measure every n-th missing point only, for job arrays')
    .option('--no-report', 'measure only')
    .option('--debug', 'show stack traces')
    .addHelpText(
      'after',
      '\nA parameter that is true or false may stand as an option: --train is --set train=true.',
    )
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_first: string, flags: RunFlags, command: Command) => {
      const name = command.args.find((word) => !word.startsWith('-'));
      if (name === undefined) throw new InputError('run needs an experiment; semwave list shows all');
      const rest = command.args.filter((_, index) => index !== command.args.indexOf(name));
      const { runCommand } = await import('./run.js');
      done(await runCommand(name, rest, flags));
    });
}

function addOthers(program: Command, done: (code: number) => void): void {
  program
    .command('list')
    .argument('[id]', 'show one experiment with its presets and parameters')
    .description('list the experiments, or show one')
    .action(async (id?: string) => {
      const { findExperiment, loadAll } = await import('./catalogue.js');
      const text = id
        ? describeOne((await findExperiment(id)).experiment)
        : describeAll(
            (await loadAll()).map(({ entry, experiment }) => ({ id: entry.id, purpose: experiment.purpose })),
          );
      process.stdout.write(text);
    });
  program
    .command('report')
    .argument('<dir>', 'folder of a run')
    .description('draw figures and report again, without measuring')
    .action(async (dir: string) => {
      const { reportCommand } = await import('./run.js');
      done(await reportCommand(dir));
    });
  program
    .command('doctor')
    .description('say which engines this machine has and how fast they are')
    .action(async () => {
      const { doctor, formatDoctor } = await import('../engine/index.js');
      process.stdout.write(`${formatDoctor(await doctor()).trimEnd()}\n`);
    });
  program
    .command('data')
    .argument('<name>', 'name of a data set, as cifar10')
    .argument('[dir]', 'folder of your copy; may be left out for a set that comes with the package')
    .description("check a copy of a data set against its descriptor's checksums")
    .action(async (name: string, dir?: string) => {
      const { dataCommand } = await import('./data.js');
      done(await dataCommand(name, dir));
    });
}

function addExport(program: Command, done: (code: number) => void): void {
  program
    .command('export')
    .argument('<codec>', 'adaptive or deepjscc')
    .argument('<dir>', 'folder for encoder.onnx and decoder.onnx')
    .description('write a trained codec as ONNX models, for pictures of one size')
    .option('--ratio <r>', 'complex channel uses per source value', '1/6')
    .option('--size <w>x<h>', 'width and height of the pictures', '256x256')
    .option('--weights <file>', 'safetensors file (default: the weights that ship)')
    .action(async (codec: string, dir: string, flags: ExportFlags) => {
      const { exportCommand } = await import('./export.js');
      done(await exportCommand(codec, dir, flags));
    });
}

function ownVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
