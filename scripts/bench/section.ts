import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError, requireInteger, writeFileAtomic } from '../../lib/base/index.js';
import type { SideBySide } from './family.js';

/** What every section of a bench is told. */
export interface SectionOptions {
  /** Interpreter that has what the peers need. */
  python: string;
  /** Turns of each side. */
  rounds: number;
}

/** One table of `npm run bench -- FAMILY`. */
export interface Section {
  title: string;
  /** Runs both sides in turns; the table, in Markdown. */
  run(options: SectionOptions): Promise<string>;
}

/** A Markdown table whose columns but the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** What the benches of a family beside Python ones are. */
export interface Sections {
  /** Heading of the file. */
  title: string;
  /** Name of the file, in the folder `--out`. */
  file: string;
  /** What the interpreter must have. */
  needs: string;
  /** Turns of each side where `--rounds` is not given. */
  rounds: number;
  sections: Readonly<Record<string, Section>>;
}

/** Benches beside Python ones as what a family's command does without an option. */
export const besidePython = (all: Sections): SideBySide => ({
  configure: (command: Command) =>
    command
      .option('--python <path>', `interpreter with ${all.needs}`, process.env.PYTHON ?? 'python3')
      .option('--rounds <n>', 'turns of each side', String(all.rounds))
      .option('--section <name>', `only this table: ${Object.keys(all.sections).join(', ')}`),
  run: ({ out, python, rounds, section }) =>
    runSections(all, chosen(all.sections, section), String(out), {
      python: String(python),
      rounds: requireInteger('rounds', Number(rounds), 1, 1000),
    }),
});

function chosen(sections: Readonly<Record<string, Section>>, name: unknown): readonly Section[] {
  if (name === undefined) return Object.values(sections);
  const [, found] = Object.entries(sections).find(([key]) => key === name) ?? [];
  if (found) return [found];
  throw new InputError(`unknown section '${name}'; allowed: ${Object.keys(sections).join(', ')}`);
}

/** A finished table is printed and kept, whatever becomes of the next one. */
async function runSections(
  { title, file }: Sections,
  sections: readonly Section[],
  out: string,
  options: SectionOptions,
): Promise<void> {
  mkdirSync(out, { recursive: true });
  const written = [`# ${title}\n\n${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`];
  for (const section of sections) {
    const text = `## ${section.title}\n\n${await section.run(options)}`;
    console.log(`${text}\n`);
    written.push(text);
    writeFileAtomic(join(out, file), `${written.join('\n\n')}\n`);
  }
}
