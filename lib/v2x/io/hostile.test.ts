import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDair } from './dair.js';
import { openGriffin } from './griffin.js';
import { openOpv2v } from './opv2v.js';
import { parsePcd } from './pcd.js';
import { readFrameList, readGriffinSplits } from './splits.js';
import { copyOf, expectOneLine, scratch } from './testing.js';
import { openV2xSim } from './v2xsim.js';

const trees = {
  opv2v: { tree: 'v2xset/test', open: (root: string) => openOpv2v(root).readFrame(0) },
  dair: {
    tree: 'dair/cooperative-vehicle-infrastructure',
    open: (root: string) => openDair(root).readFrame(0),
  },
  griffin: {
    tree: 'griffin/griffin_50scenes_25m/griffin-release',
    open: (root: string) => openGriffin(root, { clouds: 'none' }).readFrame(0),
  },
  sim: { tree: 'v2xsim', open: (root: string) => openV2xSim(root).readFrame(0) },
};

const files: [keyof typeof trees, string][] = [
  ['opv2v', '2021_09_09_13_20_58/641/000068.yaml'],
  ['opv2v', '2021_09_09_13_20_58/641/000068.pcd'],
  ['dair', 'cooperative/data_info.json'],
  ['dair', 'cooperative/label_world/015344.json'],
  ['griffin', 'vehicle-side/scene_infos.json'],
  ['griffin', 'vehicle-side/label/000123.txt'],
  ['sim', 'v2.0/sample_data.json'],
  ['sim', 'sweeps/LIDAR_TOP_id_1/scene_5_000006.pcd.bin'],
];

const instead: Record<string, { make(path: string): void; words: RegExp }> = {
  'a pipe': { make: (path) => execFileSync('mkfifo', [path]), words: /not a file/ },
  'a folder': { make: (path) => mkdirSync(path), words: /not a file/ },
  'a device': { make: (path) => symlinkSync('/dev/zero', path), words: /leads out of the folder/ },
  'a link to itself': { make: (path) => symlinkSync(path, path), words: /symbolic links/ },
  'half a gigabyte of nothing': {
    make(path) {
      writeFileSync(path, '');
      truncateSync(path, 2 ** 29);
    },
    words: /536870912 bytes; allowed|not a JSON list/,
  },
};

describe.each(files)('of %s, %s', (name, file) => {
  it.each(Object.entries(instead))('as %s is one line', (_, { make, words }) => {
    const { tree, open } = trees[name];
    const { root } = copyOf(tree);
    rmSync(join(root, file));
    make(join(root, file));
    expectOneLine(() => open(root), words);
  });
});

describe('OPV2V', () => {
  const reading = (vehicles: string) => {
    const { root, edit } = copyOf(trees.opv2v.tree);
    edit(files[0]![1], () => `lidar_pose: [0, 0, 0, 0, 0, 0]\nvehicles: {${vehicles}}\n`);
    return () => openOpv2v(root).readFrame(0);
  };

  it('shows keys in one short line', () => {
    expectOneLine(reading(`"a\\nb\\0${'k'.repeat(200_000)}": 1`), /vehicles\.a b k+: /);
    expectOneLine(() => openOpv2v('/nowhere\n/at\x1b all'), /OPV2V \/nowhere\?\/at\? all: no such file/);
  });

  it('refuses many faults as quickly as one', () => {
    expectOneLine(reading(Array.from({ length: 10_000 }, (_, i) => `${i}: 1`).join(', ')), /vehicles\.0: /);
  });
});

describe('PCD', () => {
  const header = (values: number) =>
    `FIELDS x y z more\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 ${values}\nWIDTH 2000000\nHEIGHT 1\nDATA binary_compressed\n`;

  it('does not unpack a small file to more than any cloud takes', () => {
    const packed = Buffer.alloc(300_000, Uint8Array.of(0xe0, 255, 0));
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(packed.length, 0);
    sizes.writeUInt32LE(2_000_000 * 1012, 4);
    const bytes = Buffer.concat([Buffer.from(header(250)), sizes, packed]);
    expectOneLine(() => parsePcd(bytes, 'test'), /2000000 points of 1012 bytes; allowed: up to 134217728/);
  });

  it.each([
    ['a line without end', '1 '.repeat(4e6), /row 1 has 4000000 values/],
    ['a number without end', `${'1'.repeat(8e6)}x 1 1 1`, /row 1 has "1+"; allowed: numbers/],
    ['blank lines', '\n'.repeat(4e6), /0 rows; its header says 1 points/],
  ])('%s is one line', (_, data, words) => {
    const lines = 'FIELDS x y z i\nSIZE 4 4 4 4\nTYPE F F F F\nWIDTH 1\nDATA ascii\n';
    expectOneLine(() => parsePcd(Buffer.from(lines + data), 'test'), words);
  });
});

describe('Griffin labels', () => {
  const reading = (label: string) => {
    const { root, edit } = copyOf(trees.griffin.tree);
    edit('vehicle-side/label/000123.txt', () => label);
    return () => openGriffin(root, { clouds: 'none' }).readFrame(0);
  };

  it.each([
    ['a place beyond all worlds', 'car 1e300 0 0 1 1 1 0 0 0 5 1', /row 1: x is 1e\+300; allowed/],
    ['a size beyond all cars', 'car 0 0 0 1e5 1 1 0 0 0 5 1', /row 1: l is 100000; allowed/],
    ['an identity beyond all', 'car 0 0 0 1 1 1 0 0 0 1e308 1', /row 1: id is 1e\+308/],
    ['a row without end', 'a '.repeat(400_000), /row 1 has 400000 columns/],
    ['many rows', 'car 0 0 0 1 1 1 0 0 0 5 1\n'.repeat(20_000), /20000 rows; allowed: up to 10000/],
  ])('%s is one line', (_, label, words) => {
    expectOneLine(reading(label), words);
  });

  it('of a type without end keep its first letters, and of one identity the first', () => {
    const row = ' 0 0 0 1 1 1 0 0 0 5 1\n';
    const { objects } = reading(`${'k'.repeat(900_000)}${row}bus${row}`)();
    expect(objects.filter(({ id }) => id === '5').map(({ kind }) => kind.length)).toEqual([100]);
  });
});

describe('V2X-Sim tables', () => {
  const edited = (changes: Record<string, (records: Record<string, unknown>[]) => unknown[]>) => {
    const { root } = copyOf(trees.sim.tree);
    for (const [table, change] of Object.entries(changes)) {
      const path = join(root, `v2.0/${table}.json`);
      const records = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>[];
      writeFileSync(path, JSON.stringify(change(records)));
    }
    return () => openV2xSim(root).readFrame(0);
  };
  const many = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('take one cloud of an agent, however often it is named', () => {
    const { agents } = edited({
      sample_data: (records) => [...records, ...many(3000).map(() => records[0]!)],
    })();
    expect(agents.map(({ id }) => id)).toEqual(['1', '0']);
  });

  it('refuse a frame of thousands of agents or objects', () => {
    const agents = edited({
      sensor: ([first]) =>
        many(2000).map((n) => ({ ...first, token: `s${n}`, channel: `LIDAR_TOP_id_${n}` })),
      calibrated_sensor: ([first]) =>
        many(2000).map((n) => ({ ...first, token: `c${n}`, sensor_token: `s${n}` })),
      sample_data: ([first]) => many(2000).map((n) => ({ ...first, calibrated_sensor_token: `c${n}` })),
    });
    expectOneLine(agents, /2000 agents at sample "sa"; allowed: up to 64/);
    const objects = edited({ sample_annotation: ([first]) => many(10_001).map(() => first!) });
    expectOneLine(objects, /sample_annotation: over 10000 of sample "sa"; allowed: up to 10000/);
  });

  it('have no visibility beyond 1, and end where their list does', () => {
    const visibility = edited({
      visibility: (records) => records.map((one) => ({ ...one, level: 'v999-999' })),
    });
    expect(visibility().objects[0]!.visibility).toBe(1);
    const { root } = copyOf(trees.sim.tree);
    writeFileSync(join(root, 'v2.0/sample.json'), `[${' '.repeat(2e6)}]`);
    expectOneLine(() => openV2xSim(root), /sample.json: white space of over 524288 bytes/);
  });

  it('are read piece by piece, records across the pieces too', () => {
    const long = edited({
      ego_pose: (records) => [
        ...many(9000).map((n) => ({ ...records[0], token: `${n} ${'€'.repeat(30)}` })),
        ...records,
      ],
    });
    expect(long().agents).toHaveLength(2);
  });
});

it('lists of names that are none are refused in one line', () => {
  const { root } = copyOf(trees.dair.tree);
  expectOneLine(() => openDair(root, { frames: 5 as never }), /frames is no list of names; allowed: texts/);
  expectOneLine(() => openDair(root, { frames: [5 as never] }), /frames is no list of names/);
  const { root: griffin } = copyOf(trees.griffin.tree);
  expectOneLine(() => openGriffin(griffin, { scenes: 'one' as never }), /scenes is no list of names/);
  const path = join(scratch(), 'split.json');
  writeFileSync(path, '{"batch_split": {"__proto__": ["a"], "constructor": ["b"]}}');
  expect(Object.getPrototypeOf(readGriffinSplits(path))).toBe(Object.prototype);
  writeFileSync(path, '[1, null]');
  expectOneLine(() => readFrameList(path), /split .*: 1: /);
});
