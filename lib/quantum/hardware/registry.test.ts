import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as quantum from '../index.js';

const family = fileURLToPath(new URL('../', import.meta.url));

/** Lists of what has schemas of its own, and what random requests ask for. */
const notHardware = ['qosNetworkSchema', 'randomRequestsSchema', 'topologySchema'];

it('every hardware schema that the family exports walks its parameters in some parameters.test.ts', () => {
  const walked = readdirSync(family, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('parameters.test.ts'))
    .map((file) => readFileSync(`${family}/${file}`, 'utf8'))
    .join('\n');
  const exported = Object.keys(quantum).filter((name) => name.endsWith('Schema'));
  expect(exported).toContain('memorySchema');
  const silent = exported.filter(
    (name) => !walked.includes(`schema: ${name},`) && !notHardware.includes(name),
  );
  expect(silent).toEqual([]);
});
