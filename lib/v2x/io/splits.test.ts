import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDairSplits, readFrameList, readGriffinSplits } from './splits.js';
import { expectOneLine, fixtures, scratch } from './testing.js';

const folder = fileURLToPath(new URL('../../../../shared/data/v2x', import.meta.url));
const absent = !existsSync(folder);

describe.skipIf(absent)(`published splits${absent ? `: skipped, no folder ${folder}` : ''}`, () => {
  const sizes = (split: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(split).map(([part, names]) => [part, names.length]));

  it.each([
    ['griffin_50scenes_25m', 37, 10],
    ['griffin_50scenes_40m', 44, 10],
    ['griffin_100scenes_random', 86, 22],
  ])('%s has its scenes, none on both sides', (name, train, val) => {
    const split = readGriffinSplits(join(folder, 'griffin_splits', `${name}.json`));
    expect(sizes(split)).toEqual({ train, val });
    const scenes = [...split.train!, ...split.val!];
    expect(new Set(scenes).size).toBe(scenes.length);
    expect(scenes.every((scene) => /^scene-\d{4}-Town\w+-\d{3}$/.test(scene))).toBe(true);
  });

  it('DAIR-V2X-C has its frames, those with a partner among the vehicle frames of the same part', () => {
    const splits = readDairSplits(join(folder, 'dair_splits/cooperative-split-data.json'));
    expect(sizes(splits.cooperative)).toEqual({ train: 4813, val: 1783, test: 2688, test_A: 851 });
    expect(sizes(splits.vehicle)).toMatchObject({ train: 9322, val: 5963, test: 5230 });
    for (const part of ['train', 'val', 'test']) {
      const vehicles = new Set(splits.vehicle[part]);
      expect(splits.cooperative[part]!.every((frame) => vehicles.has(frame))).toBe(true);
    }
    const example = readDairSplits(join(folder, 'dair_splits/example-cooperative-split-data.json'));
    expect(sizes(example.cooperative)).toEqual({ train: 46, val: 0, test: 0 });
  });
});

describe('split files', () => {
  it('may be a plain list', () => {
    expect(readFrameList(join(fixtures, 'dair/split.json'))).toEqual(['015344']);
  });

  it('that are hostile are one line', () => {
    const path = join(scratch(), 'split.json');
    const reading = (text: string) => () => {
      writeFileSync(path, text);
      return readGriffinSplits(path);
    };
    expectOneLine(reading('{"batch_split": {"train": [{}]}}'), /batch_split.train.0: /);
    expectOneLine(reading('{"batch_split": {"train": 5}}'), /batch_split.train: .*found 5/);
    expectOneLine(reading('{}'), /batch_split: /);
    expectOneLine(reading('{'), /no JSON: /);
    expectOneLine(reading('['.repeat(1e6)), /nested deeper than 20/);
    expectOneLine(reading(' '.repeat(2e6)), /2000000 bytes; allowed/);
    expectOneLine(reading(`[${'{},'.repeat(3e5)}{}]`), /split .*: /);
    expect(reading('{"batch_split": {"__proto__": ["x"], "val": ["y"]}}')().val).toEqual(['y']);
    expect(({} as { length?: number }).length).toBeUndefined();
    truncateSync(path, 2 ** 40);
    expectOneLine(() => readDairSplits(path), /1099511627776 bytes; allowed/);
    expectOneLine(() => readFrameList(join(path, 'x')), /a part of the path is not a folder/);
  });
});
