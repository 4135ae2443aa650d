import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { requireInteger, writeFileAtomic } from '../../../lib/base/index.js';
import { familyBench } from '../family.js';
import { kernelSection } from './kernel.js';
import { linkSection } from './link.js';
import { routersSection } from './routers.js';
import type { Section } from './section.js';

const sections: readonly Section[] = [kernelSection, linkSection, routersSection];

/** `npm run bench -- quantum`: the reference table of quantum links, and their simulation beside SeQUeNCe. */
export const bench = (): Command =>
  familyBench('quantum', 'the reference table of quantum links and networks', {
    configure: (command) =>
      command
        .option('--python <path>', 'interpreter with SeQUeNCe 0.6', process.env.PYTHON ?? 'python3')
        .option('--rounds <n>', 'turns of each side', '3'),
    run: ({ out, python, rounds }) => besideSequence(String(out), String(python), Number(rounds)),
  });

async function besideSequence(out: string, python: string, rounds: number): Promise<void> {
  requireInteger('rounds', rounds, 1, 1000);
  mkdirSync(out, { recursive: true });
  const written = [`# quantum: beside SeQUeNCe\n\n${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`];
  for (const { title, run } of sections) {
    const text = `## ${title}\n\n${await run({ python, rounds })}`;
    console.log(`${text}\n`);
    written.push(text);
    writeFileAtomic(join(out, 'sequence.md'), `${written.join('\n\n')}\n`);
  }
}
