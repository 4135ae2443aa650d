import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { requireInteger, writeFileAtomic } from '../../../lib/base/index.js';
import { familyBench } from '../family.js';
import { plainSection } from './plain.js';
import type { Section } from './section.js';

const sections: readonly Section[] = [plainSection];

/** `npm run bench -- isac`: the reference table of sensing, and our estimators beside Python ones. */
export const bench = (): Command =>
  familyBench('isac', 'the reference table of sensing', {
    configure: (command) =>
      command
        .option(
          '--python <path>',
          'interpreter with numpy and tensorly 0.10',
          process.env.PYTHON ?? 'python3',
        )
        .option('--rounds <n>', 'turns of each side', '10'),
    run: ({ out, python, rounds }) => besidePython(String(out), String(python), Number(rounds)),
  });

async function besidePython(out: string, python: string, rounds: number): Promise<void> {
  requireInteger('rounds', rounds, 1, 1000);
  mkdirSync(out, { recursive: true });
  const written = [`# isac: beside Python\n\n${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`];
  for (const { title, run } of sections) {
    const text = `## ${title}\n\n${await run({ python, rounds })}`;
    console.log(`${text}\n`);
    written.push(text);
    writeFileAtomic(join(out, 'python.md'), `${written.join('\n\n')}\n`);
  }
}
