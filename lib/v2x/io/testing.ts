import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { InputError } from '../../base/index.js';
import { withinSec } from '../../base/testing.js';

export const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));

interface Expected {
  readonly points_xyzi: number[][];
  readonly dair_veh_lidar_to_world: number[][];
  readonly dair_inf_lidar_to_world_with_offset: number[][];
}

export const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Expected;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of its own that goes when the test file is done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'semwave-v2x-'));
  made.push(folder);
  return folder;
}

/** A copy of a fixture tree that a test may damage. */
export function copyOf(tree: string): {
  root: string;
  edit(path: string, change: (text: string) => string): void;
} {
  const root = scratch();
  cpSync(join(fixtures, tree), root, { recursive: true });
  const edit = (path: string, change: (text: string) => string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    const before = readOr(full);
    writeFileSync(full, change(before));
  };
  return { root, edit };
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Expects one clear line within a second, without much memory. */
export function expectOneLine(act: () => unknown, words: string | RegExp): void {
  const before = process.memoryUsage();
  let error: unknown;
  try {
    withinSec(1, act);
  } catch (caught) {
    error = caught;
  }
  const after = process.memoryUsage();
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).toMatch(words);
  expect(message).not.toMatch(/\n/);
  expect(message.length).toBeLessThan(500);
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(2 ** 28);
}
