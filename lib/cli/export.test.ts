import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { onnxCodec } from '../jscc/index.js';
import { exportCommand } from './export.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'semwave-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('semwave export', () => {
  it.each(['deepjscc', 'adaptive'])('writes the two models of %s', async (name) => {
    const dir = join(folder, name);
    expect(await exportCommand(name, dir, { ratio: '1/12', size: '32x24' })).toBe(0);
    const codec = onnxCodec({ encoder: join(dir, 'encoder.onnx'), decoder: join(dir, 'decoder.onnx') });
    expect(codec.name).toBe(name);
    expect(codec.ratio).toBeCloseTo(1 / 12, 12);
    codec.dispose();
  });

  it('refuses what it does not know in one line', async () => {
    const flags = { ratio: '1/6', size: '32x32' };
    const cases: [string, typeof flags, string][] = [
      ['jpeg', flags, 'codec is "jpeg"; allowed: adaptive, deepjscc'],
      ['deepjscc', { ...flags, ratio: 'half' }, '--ratio is "half"'],
      ['adaptive', { ...flags, ratio: '2' }, 'bandwidth ratio is 2'],
      ['deepjscc', { ...flags, size: '32' }, '--size is "32"'],
      ['adaptive', { ...flags, size: '32x30' }, 'adaptive: height is 30; allowed: a multiple of 8'],
    ];
    for (const [name, given, message] of cases) {
      const error = await exportCommand(name, folder, given).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toContain(message);
    }
  });
});
