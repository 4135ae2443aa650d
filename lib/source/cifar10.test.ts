import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCifar10 } from './index.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'semwave-cifar-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, content: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** Two records; red is the column, green the row, blue 200 plus the label. */
function twoRecords(): Buffer {
  const bytes = Buffer.alloc(2 * 3073);
  [3, 9].forEach((label, record) => {
    const at = record * 3073;
    bytes[at] = label;
    for (let i = 0; i < 1024; i++) {
      bytes[at + 1 + i] = i % 32;
      bytes[at + 1 + 1024 + i] = i >> 5;
      bytes[at + 1 + 2048 + i] = 200 + label;
    }
  });
  return bytes;
}

describe('CIFAR-10 files', () => {
  it('planes become pixels, labels stay beside them', () => {
    const { pictures, labels } = loadCifar10(write('two.bin', twoRecords()));
    expect([...labels]).toEqual([3, 9]);
    expect(pictures.map(({ name }) => name)).toEqual(['two-0', 'two-1']);
    const at = (5 * 32 + 17) * 3;
    expect([...pictures[1]!.data.subarray(at, at + 3)].map((value) => Math.round(value * 255))).toEqual([
      17, 5, 209,
    ]);
    expect(pictures[0]!.data.length).toBe(3072);
  });

  it('limit', () => {
    const { pictures, labels } = loadCifar10(write('limit.bin', twoRecords()), { limit: 1 });
    expect([pictures.length, labels.length]).toEqual([1, 1]);
  });

  it('refuses a broken file', () => {
    const cut = write('cut.bin', twoRecords().subarray(0, 5000));
    expect(() => loadCifar10(cut)).toThrow(`CIFAR-10 file ${cut}: 5000 bytes; allowed: a multiple of 3073`);
    expect(() => loadCifar10(write('none.bin', Buffer.alloc(0)))).toThrow('0 bytes; allowed: 3073 to');
    const wrong = twoRecords();
    wrong[3073] = 10;
    expect(() => loadCifar10(write('label.bin', wrong))).toThrow('label 10 of picture 1; allowed: 0 to 9');
    expect(() => loadCifar10(join(dir, 'absent.bin'))).toThrow('no such file or folder');
    expect(() => loadCifar10(cut, { limit: 0 })).toThrow('limit of pictures is 0');
  });
});
