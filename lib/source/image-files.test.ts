import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, flatPicture, loadFolder, loadPicture, psnr, savePng, toPng } from './index.js';
import { changed, formulaPicture, messageOf } from './testing.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'semwave-images-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const eightBit = changed(formulaPicture(40, 30), (value) => Math.round(value * 255) / 255);

/** A folder of its own for one test. */
function folder(name: string): string {
  const path = join(dir, name);
  mkdirSync(path);
  return path;
}

describe('files', () => {
  it('an 8-bit picture comes back from PNG exactly', async () => {
    const path = join(folder('png'), 'deep', 'a.png');
    await savePng(eightBit, path);
    expect((await loadPicture(path)).data).toEqual(eightBit.data);
    expect(readdirSync(join(dir, 'png', 'deep'))).toEqual(['a.png']);
  });

  it('values beyond [0, 1] are clipped, others rounded to the nearest step', async () => {
    const wild = {
      name: 'wild',
      width: 2,
      height: 1,
      data: Float32Array.of(-1, 2, 0.5, 1.4 / 255, 1.6 / 255, 1),
    };
    const back = await decodePicture(await toPng(wild), 'wild');
    expect([...back.data].map((value) => Math.round(value * 255))).toEqual([0, 255, 128, 1, 2, 255]);
  });

  it('a folder is read in the order of names, whatever their case, other files ignored', async () => {
    const path = folder('mixed');
    await sharp(await toPng(eightBit))
      .jpeg({ quality: 95 })
      .toFile(join(path, 'b.JPG'));
    await sharp(await toPng(eightBit))
      .webp({ quality: 95 })
      .toFile(join(path, 'c.webp'));
    await savePng(eightBit, join(path, 'a.png'));
    writeFileSync(join(path, 'notes.txt'), 'x');
    const pictures = await loadFolder(path);
    expect(pictures.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(psnr(pictures[0]!, pictures[1]!)).toBeGreaterThan(20);
    expect((await loadFolder(path, { limit: 2 })).length).toBe(2);
  });

  it('grey, alpha, 16 bits and orientation all become upright 8-bit RGB', async () => {
    const grey = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#808080' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await decodePicture(grey, 'grey')).data).toEqual(
      flatPicture(3, 2, [128 / 255, 128 / 255, 128 / 255]).data,
    );
    const alpha = await sharp({
      create: { width: 3, height: 2, channels: 4, background: { r: 51, g: 102, b: 153, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    expect((await decodePicture(alpha, 'alpha')).data).toEqual(flatPicture(3, 2, [0.2, 0.4, 0.6]).data);
    const deep = await sharp(await toPng(eightBit))
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect((await decodePicture(deep, 'deep')).data).toEqual(eightBit.data);
    const turned = await sharp(await toPng(eightBit))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    expect(await decodePicture(turned, 'turned')).toMatchObject({ width: 30, height: 40 });
  });
});

describe('hostile files', () => {
  const oneLine = /^InputError: [^\n]+$/;

  it.each(['png', 'jpeg', 'webp'] as const)(
    'a truncated or garbled %s is one line that names it',
    async (format) => {
      const path = folder(`broken-${format}`);
      const bytes = await sharp(await toPng(formulaPicture(200, 200)))
        .toFormat(format)
        .toBuffer();
      for (const [name, content] of [
        ['half', bytes.subarray(0, bytes.length >> 1)],
        ['header', bytes.subarray(0, 20)],
        ['garbage', Buffer.alloc(500, 'no picture')],
      ] as const) {
        const file = join(path, `${name}.${format}`);
        writeFileSync(file, content);
        const message = await messageOf(() => loadPicture(file));
        expect(message).toMatch(oneLine);
        expect(message).toContain(file);
      }
      expect(await messageOf(() => loadFolder(path))).toContain('garbage');
    },
  );

  it('an empty file, a missing folder and a folder without pictures', async () => {
    const path = folder('empty');
    expect(await messageOf(() => loadFolder(path))).toMatch(
      /^InputError: folder .*empty: 0 pictures; allowed: /,
    );
    writeFileSync(join(path, 'a.png'), '');
    expect(await messageOf(() => loadFolder(path))).toMatch(/a\.png: 0 bytes; allowed: 1 to/);
    expect(await messageOf(() => loadFolder(join(path, 'none')))).toMatch(/none: no such file or folder$/);
  });

  it('another format under an allowed name is refused', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    const file = join(folder('svg'), 'a.png');
    writeFileSync(file, svg);
    expect(await messageOf(() => loadPicture(file))).toContain(
      'its content is svg; allowed: png, jpeg, webp',
    );
  });

  it('a header that promises too many pixels is refused before they are allocated', async () => {
    const header = Buffer.alloc(33);
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(header);
    header.writeUInt32BE(9000, 16);
    header.writeUInt32BE(9000, 20);
    header.set([8, 2, 0, 0, 0], 24);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    const data = Buffer.from('0000006049444154', 'hex');
    const message = await messageOf(() =>
      decodePicture(Buffer.concat([header, data, Buffer.alloc(100)]), 'bomb'),
    );
    expect(message).toMatch(
      /picture bomb: cannot be decoded .*pixel limit.*; allowed: .* at most 64 Mpixel$/,
    );
  });
});
