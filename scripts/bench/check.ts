import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, writeFileAtomic } from '../../lib/base/index.js';
import { Rng } from '../../lib/math/index.js';
import type { Estimate, Reference } from './reference.js';

/** A reference with what ours gave. */
export interface Checked {
  reference: Reference;
  ours: Estimate;
  holds: boolean;
  seconds: number;
}

/** All entries of a family: those that the files of its folder `references` export. */
export async function loadReferences(family: string): Promise<Reference[]> {
  const folder = new URL(`${family}/references/`, new URL('./', import.meta.url));
  const files = readdirSync(fileURLToPath(folder)).filter((file) => /^[a-z0-9-]+\.[jt]s$/.test(file));
  const all: Reference[] = [];
  for (const file of files.sort()) {
    all.push(...((await import(new URL(file, folder).href)) as { references: Reference[] }).references);
  }
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) throw new Error(`reference ${id} stands twice`);
    ids.add(id);
  }
  return all;
}

export async function check(reference: Reference): Promise<Checked> {
  const start = performance.now();
  const ours = await reference.measure(Rng.of('references').fork(reference.id));
  const [low, high] = reference.allowed;
  const holds = ours.value >= low && ours.value <= high;
  return { reference, ours, holds, seconds: (performance.now() - start) / 1000 };
}

/**
 * `npm run bench -- FAMILY --check`: measures every entry anew, writes the table and closes with one line.
 * @param only take part only the entries whose id begins so
 * @returns whether all hold
 */
export async function checkReferences(family: string, out: string, only = ''): Promise<boolean> {
  const references = (await loadReferences(family)).filter(({ id }) => id.startsWith(only));
  if (references.length === 0) {
    throw new InputError(`no reference of ${family} begins with '${only}'; \`--list\` shows all`);
  }
  const checked: Checked[] = [];
  for (const reference of references) {
    const result = await check(reference);
    checked.push(result);
    console.log(`${result.holds ? 'holds' : 'FAILS'}  ${line(result)}`);
  }
  mkdirSync(out, { recursive: true });
  writeFileAtomic(join(out, 'references.md'), table(family, checked));
  const failed = checked.filter(({ holds }) => !holds).length;
  const seconds = checked.reduce((sum, result) => sum + result.seconds, 0);
  console.log(`${checked.length - failed} of ${checked.length} references hold (${seconds.toFixed(0)} s)`);
  return failed === 0;
}

export const number = (value: number): string => Number(value.toPrecision(6)).toString();

const interval = ([low, high]: readonly [number, number]): string => `[${number(low)}, ${number(high)}]`;

function line({ reference: { id, value, allowed }, ours, seconds }: Checked): string {
  return `${id}: ${number(value)}, ours ${number(ours.value)}, allowed ${interval(allowed)} (${seconds.toFixed(1)} s)`;
}

function table(family: string, checked: readonly Checked[]): string {
  const rows = checked.map(({ reference, ours, holds }) => {
    const measured = `${number(ours.value)}${ours.ci95 ? ` ${interval(ours.ci95)}` : ''}`;
    const command = `\`npm run bench -- ${family} --check --only ${reference.id}\``;
    const cells = [reference.what, number(reference.value), reference.source, interval(reference.allowed)];
    return `| ${[...cells, `${measured}${holds ? '' : ' (**outside**)'}`, command].join(' | ')} |`;
  });
  const head = [
    '| what | value | source | allowed | ours (95 %) | again |',
    '| --- | ---: | --- | --- | --- | --- |',
  ];
  return `# ${family}: references\n\n${[...head, ...rows].join('\n')}\n`;
}
