import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDescriptor } from './dataset.js';
import {
  checkDataset,
  datasetNames,
  loadCifar10,
  loadFolder,
  meanColour,
  photographs,
  readDescriptor,
} from './index.js';
import { packagedFile } from './photographs.js';
import { messageOf } from './testing.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shared = (name: string) => join(root, '..', 'shared', 'data', name);
const absent = (name: string) => !existsSync(shared(name));
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'semwave-data-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('descriptors', () => {
  it('all parse, and each is named after its file', () => {
    expect(datasetNames()).toEqual(expect.arrayContaining(['cifar10', 'kodak', 'photographs']));
    for (const name of datasetNames()) expect(readDescriptor(name).name).toBe(name);
  });

  it('a wrong one is one line that says where and what', () => {
    const good = readDescriptor('kodak');
    const parse = (value: unknown) => () => parseDescriptor(JSON.stringify(value), 'x.json');
    expect(parse(good)()).toEqual(good);
    expect(parse({ ...good, licence: undefined })).toThrow(/^descriptor x\.json: licence: [^\n]+$/);
    expect(parse({ ...good, extra: 1 })).toThrow(/^descriptor x\.json: [^\n]*extra[^\n]*$/);
    expect(() => parseDescriptor('{', 'x.json')).toThrow(/^descriptor x\.json: not JSON \([^\n]+\)$/);
    for (const path of ['../a.png', '/a.png', 'a/../../b', 'c:\\a', './a', 'a//b', '']) {
      const files = [{ path, bytes: 1, split: 'train' }];
      expect(parse({ ...good, variants: [{ name: 'v', description: 'd', files }] })).toThrow(
        'variants.0.files.0.path',
      );
    }
    expect(() => readDescriptor('../package')).toThrow('data set is "../package"; allowed: cifar10, ');
  });

  it('is found from the compiled library too', () => {
    const compiled = join(root, 'dist', 'lib', 'source', 'index.js');
    if (!existsSync(compiled)) return console.warn('skipped: dist/ is not built');
    const code = `import(${JSON.stringify(compiled)}).then((m) => console.log(m.datasetNames().join()))`;
    expect(execFileSync(process.execPath, ['-e', code], { cwd: tmpdir(), encoding: 'utf8' })).toContain(
      'photographs',
    );
  });
});

describe('photographs', () => {
  it('are nine, six to train and three held out, as published', async () => {
    const report = await checkDataset('photographs');
    expect(report).toEqual({ name: 'photographs', variant: 'packages', filesChecked: 9, problems: [] });
    const training = await photographs.training();
    const heldOut = await photographs.heldOut();
    expect(training.map(({ name }) => name)).toEqual([
      'acanthus-mollis',
      'airplane-from-above',
      'allium-oreophilum',
      'dust-bowl-home',
      'locomotion-house-cat',
      'march-pastoral',
    ]);
    expect(heldOut.map(({ name }) => name)).toEqual([
      'black-canyon',
      'french-alpine-landscape',
      'nagasaki-boats',
    ]);
    for (const { width, height } of [...training, ...heldOut])
      expect([width % 16, height % 16]).toEqual([0, 0]);
    // Toned prints: red above green above blue in the mean.
    const [red, green, blue] = meanColour(training);
    expect(red).toBeGreaterThan(green);
    expect(green).toBeGreaterThan(blue);
    expect(red).toBeLessThan(0.8);
  });

  it('crops start off the 8 x 8 grid of the JPEG files', () => {
    for (const { crop } of readDescriptor('photographs').variants[0]!.files) {
      expect([crop!.left % 8, crop!.top % 8]).toEqual([4, 4]);
    }
  });

  it('held-out tiles come in turn from each picture, and no more than there are', async () => {
    const tiles = await photographs.heldOut(6, { tile: 256 });
    expect(tiles.map(({ name }) => name.split('@')[0])).toEqual([
      'black-canyon',
      'french-alpine-landscape',
      'nagasaki-boats',
      'black-canyon',
      'french-alpine-landscape',
      'nagasaki-boats',
    ]);
    const all = await photographs.heldOut('all', { tile: 256 });
    expect(new Set(all.map(({ name }) => name)).size).toBe(15);
    expect(all.slice(0, 6).map(({ name }) => name)).toEqual(tiles.map(({ name }) => name));
    expect(await messageOf(() => photographs.heldOut(4))).toContain(
      'number of held-out pictures is 4; allowed: an integer from 1 to 3',
    );
  });

  it('can be halved', async () => {
    const [half] = await photographs.training({ downscale: 2 });
    expect(half).toMatchObject({ width: 384, height: 504 });
  });
});

describe('checkDataset', () => {
  const first = () => readDescriptor('photographs').variants[0]!.files;

  it('names each missing, altered, misplaced or escaping file in one line', async () => {
    const [good, altered, shorter, outside, folder] = first();
    for (const file of first().slice(0, 5)) mkdirSync(dirname(join(dir, file.path)), { recursive: true });
    copyFileSync(packagedFile(good!.path), join(dir, good!.path));
    const bytes = readFileSync(packagedFile(altered!.path));
    bytes[1000]! ^= 1;
    writeFileSync(join(dir, altered!.path), bytes);
    writeFileSync(join(dir, shorter!.path), 'short');
    symlinkSync(packagedFile(outside!.path), join(dir, outside!.path));
    mkdirSync(join(dir, folder!.path));
    const { problems } = await checkDataset('photographs', dir);
    const sha = createHash('sha256').update(bytes).digest('hex');
    expect(problems).toEqual([
      `${altered!.path}: sha256 ${sha}; expected ${altered!.sha256}`,
      `${shorter!.path}: 5 bytes; expected ${shorter!.bytes}`,
      `${outside!.path}: a link that leads out of the folder; not opened`,
      `${folder!.path}: not a file`,
      ...first()
        .slice(5)
        .map(({ path }) => `${path}: missing`),
    ]);
  });

  it('a folder must be there, and given', async () => {
    expect(await messageOf(() => checkDataset('kodak'))).toContain('data set kodak: no folder given');
    expect(await messageOf(() => checkDataset('kodak', join(dir, 'none')))).toMatch(
      /none: no such file or folder$/,
    );
    expect(await messageOf(() => checkDataset('mars', dir))).toContain('data set is "mars"');
    expect(await messageOf(() => checkDataset('opv2v', dir))).toContain(
      'data set opv2v: none of its files is known here to check a copy against',
    );
  });

  it.skipIf(absent('kodak'))(
    'accepts the Kodak originals (skipped where ../shared/data is absent)',
    async () => {
      expect(await checkDataset('kodak', shared('kodak'))).toMatchObject({
        variant: 'twelve',
        filesChecked: 12,
        problems: [],
      });
      const [picture] = await loadFolder(shared('kodak'), { limit: 1 });
      expect(picture).toMatchObject({ name: 'kodim01', width: 768, height: 512 });
    },
  );

  it.skipIf(absent('cifar10'))(
    'accepts the CIFAR-10 subset (skipped where ../shared/data is absent)',
    async () => {
      expect(await checkDataset('cifar10', shared('cifar10'))).toMatchObject({
        variant: 'subset',
        problems: [],
      });
      const { pictures, labels } = loadCifar10(join(shared('cifar10'), 'test.bin'));
      expect([pictures.length, labels.length, Math.max(...labels)]).toEqual([400, 400, 9]);
    },
  );
});
