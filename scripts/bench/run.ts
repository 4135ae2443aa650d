/** `npm run bench -- FAMILY [options]`: the benches of a family against its peers. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { InputError } from '../../lib/base/index.js';

/** A family takes part by a file `bench.ts` in its folder, which exports `bench(): Command`. */
interface FamilyBench {
  bench(): Command;
}

const here = new URL('./', import.meta.url);
const entry = (family: string) => new URL(`${family}/bench.ts`, here);

async function main(): Promise<void> {
  const families = readdirSync(fileURLToPath(here)).filter((name) => existsSync(entry(name)));
  const program = new Command('bench').description('Benches against peers, one command a family');
  for (const family of families) {
    const { bench } = (await import(entry(family).href)) as FamilyBench;
    program.addCommand(bench());
  }
  await program.parseAsync();
}

main().catch((error: unknown) => {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = 2;
});
