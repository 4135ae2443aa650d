import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { parsePcd, readPcd } from './pcd.js';
import { plainDecimal } from './pcd-ascii.js';
import { PCD_ENCODINGS } from './pcd-header.js';
import { expected, expectOneLine, fixtures, scratch } from './testing.js';
import { encodePcd, writePcd } from './write-pcd.js';

const files = ['ascii', 'binary', 'binary_compressed', 'backref_binary_compressed'];
const bytesOf = (name: string) => readFileSync(join(fixtures, 'pcd', `${name}.pcd`));

const header = (lines: Readonly<Record<string, string>>) =>
  Object.entries({
    VERSION: '0.7',
    FIELDS: 'x y z intensity',
    SIZE: '4 4 4 4',
    TYPE: 'F F F F',
    COUNT: '1 1 1 1',
    WIDTH: '1',
    HEIGHT: '1',
    VIEWPOINT: '0 0 0 1 0 0 0',
    POINTS: '1',
    DATA: 'ascii',
    ...lines,
  })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
const pcd = (lines: Readonly<Record<string, string>>, data: string | Uint8Array = '1 2 3 4\n') =>
  Buffer.concat([Buffer.from(header(lines)), Buffer.from(data as string)]);
const parse = (lines: Readonly<Record<string, string>>, data?: string | Uint8Array) =>
  parsePcd(pcd(lines, data), 'test');

describe('PCD files', () => {
  it.each(['ascii', 'binary', 'binary_compressed'])('%s has the points expected', (name) => {
    const cloud = readPcd(join(fixtures, 'pcd', `${name}.pcd`));
    expect(cloud).toMatchObject({ count: 4, dropped: 0, intensityFrom: 'intensity' });
    expect([...cloud.points]).toEqual(expected.points_xyzi.flat());
  });

  it('unpacks repeats, field after field', () => {
    const { count, points } = parsePcd(bytesOf('backref_binary_compressed'), 'test');
    expect(count).toBe(16);
    expect([...points]).toEqual(Array.from({ length: 16 }, () => [1, 2, 3, 4]).flat());
  });

  it('takes red of a packed colour without rounding, denormal floats included, in every encoding', () => {
    // Of a real OPV2V frame: red 194 at 68.4 m, e^(-0.004 x 68.4).
    const colour = { FIELDS: 'x y z rgb' };
    const real = parse(colour, '68.4 0 0 1.781608625e-38\n');
    expect(real.intensityFrom).toBe('rgb');
    expect(real.points[3]).toBe(Math.fround(194 / 255));
    expect(real.points[3]).toBeCloseTo(Math.exp(-0.004 * 68.4), 2);
    const data = Buffer.alloc(16);
    for (let red = 0; red < 256; red++) {
      // Opaque pixels with much red are no numbers as floats.
      for (const alpha of [0, 255]) {
        data.writeUInt32LE(((alpha << 24) | (red << 16) | 0x1234) >>> 0, 12);
        expect(parse({ ...colour, DATA: 'binary' }, data).points[3]).toBe(Math.fround(red / 255));
      }
      const single = new Float32Array(Uint32Array.of((red << 16) | 0x1234).buffer)[0]!;
      expect(parse(colour, `1 2 3 ${single.toPrecision(10)}\n`).points[3]).toBe(Math.fround(red / 255));
      const whole = { ...colour, TYPE: 'F F F U' };
      expect(parse(whole, `1 2 3 ${(red << 16) | 7}\n`).points[3]).toBe(Math.fround(red / 255));
    }
  });

  it('reads other types, other fields between and none for the intensity', () => {
    const data = Buffer.alloc(23);
    data.writeInt16LE(-5, 1);
    data.writeDoubleLE(2.5, 7);
    data.writeUInt8(200, 15);
    data.writeInt32LE(-70_000, 16);
    const lines = {
      FIELDS: '_ x _ y i z t',
      SIZE: '1 2 4 8 1 4 1',
      TYPE: 'U I F F U I U',
      COUNT: '1 1 1 1 1 1 3',
      DATA: 'binary',
    };
    expect([...parse(lines, data).points]).toEqual([-5, 2.5, -70_000, 200]);
    const bare = parse({ FIELDS: 'x y z', SIZE: '4 4 4', TYPE: 'F F F', COUNT: '' }, '1 2 3\n');
    expect(bare.intensityFrom).toBe('none');
    expect([...bare.points]).toEqual([1, 2, 3, 0]);
  });

  it('reads plain decimals as `Number` does', () => {
    const digits = fc.stringMatching(/^-?[0-9]{0,9}\.?[0-9]{0,7}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const plain = plainDecimal(text, 0, text.length);
        if (plain !== undefined) expect(plain).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
    for (const text of ['', '-', '.', '1e5', '+1', '1.2.3', '1234567890123456', 'nan']) {
      expect(plainDecimal(text, 0, text.length)).toBeUndefined();
    }
    for (const text of ['-0', '5.', '.5', '-31.415926', '999999999999999']) {
      expect(plainDecimal(text, 0, text.length)).toBe(Number(text));
    }
  });

  it('drops points that have a value which is no finite number, and counts them', () => {
    const text = '1 2 3 4\nnan 0 0 1\n5 6 7 8\n0 0 0 -NaN\n0 inf 0 0\n1e39 0 0 0\n';
    const cloud = parse({ WIDTH: '6', POINTS: '6' }, text);
    expect(cloud).toMatchObject({ count: 2, dropped: 4 });
    expect([...cloud.points]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const binary = encodePcd({
      count: 3,
      points: Float32Array.of(1, 2, 3, 4, 5, Number.NaN, 7, 8, 9, 10, 11, 12),
    });
    expect(parsePcd(binary, 'test')).toMatchObject({ count: 2, dropped: 1 });
  });

  it('comes back from the writer bit by bit', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite, finite, finite), { maxLength: 40 }), (rows) => {
        const points = Float32Array.from(rows.flat());
        for (const encoding of PCD_ENCODINGS) {
          const back = parsePcd(encodePcd({ count: rows.length, points }, encoding), 'test');
          expect(back.count).toBe(rows.length);
          for (let i = 0; i < points.length; i++) expect(back.points[i]! - points[i]!).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
    const path = join(scratch(), 'cloud.pcd');
    writePcd(path, { count: 1, points: Float32Array.of(1, 2, 3, 0.5) });
    expect([...readPcd(path).points]).toEqual([1, 2, 3, 0.5]);
  });

  it('is a cloud or one line whatever bytes are damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    const cut = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(300) });
    fc.assert(
      fc.property(fc.constantFrom(...files), damage, cut, (name, changes, lost) => {
        const bytes = bytesOf(name);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          const { count, points } = parsePcd(bytes.subarray(0, bytes.length - lost), 'test');
          expect(points.length).toBe(4 * count);
          expect(points.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message).not.toMatch(/\n/);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('hostile PCD files', () => {
  it.each(files)('%s cut off anywhere is one line', (name) => {
    const bytes = bytesOf(name);
    // A number in ASCII may lose its last digits and a newline unnoticed.
    const last = name === 'ascii' ? bytes.length - 4 : bytes.length;
    for (let end = 0; end < last; end++) {
      expect(() => parsePcd(bytes.subarray(0, end), 'test')).toThrow(InputError);
    }
  });

  it.each([
    [
      '1e9 points',
      { WIDTH: '1000000000', POINTS: '1000000000' },
      /WIDTH "1000000000"; allowed: a whole number up to 2000000/,
    ],
    [
      '1e9 points by its sides',
      { WIDTH: '100000', HEIGHT: '10000', POINTS: '' },
      /1000000000 points; allowed: up to/,
    ],
    [
      'more points than it has',
      { WIDTH: '2000000', POINTS: '2000000' },
      /8 bytes of data cannot hold 2000000 points/,
    ],
    ['sides that differ from the count', { WIDTH: '2' }, /POINTS 1, but WIDTH 2 times HEIGHT 1/],
    ['a negative count', { WIDTH: '-1', POINTS: '-1' }, /WIDTH "-1"; allowed/],
    ['a count that is none', { WIDTH: 'NaN', POINTS: 'NaN' }, /WIDTH "NaN"/],
    ['no count', { WIDTH: '', POINTS: '' }, /neither POINTS nor WIDTH/],
    ['no x', { FIELDS: 'a y z intensity' }, /no field x; found: "a y z intensity"/],
    ['no fields', { FIELDS: '' }, /0 FIELDS/],
    ['a field without size', { SIZE: '4 4 4' }, /3 values of SIZE for 4 FIELDS/],
    ['a size that is none', { SIZE: '4 4 4 3' }, /field "intensity" of SIZE "3"; allowed: 4, 8/],
    ['a type that is none', { TYPE: 'F F F __proto__' }, /field "intensity" of TYPE "__proto__"/],
    ['a huge field', { COUNT: '1 1 1 1000000' }, /COUNT of field "intensity" "1000000"/],
    ['an empty field', { COUNT: '1 1 1 0' }, /COUNT 0/],
    ['another encoding', { DATA: 'zip' }, /DATA "zip"; allowed: ascii, binary, binary_compressed/],
  ])('%s is one line', (_, lines, words) => {
    expectOneLine(() => parse(lines), words);
  });

  it.each([
    ['too many rows', '1 2 3 4\n5 6 7 8\n', /more rows than the 1 points/],
    ['a row with a value too many', '1 2 3 4 5\n', /row 1 has 5 values; its header says 4/],
    ['a row of words', '1 2 three 4\n', /row 1 has "three"; allowed: numbers/],
  ])('%s in ascii is one line', (_, text, words) => {
    expectOneLine(() => parse({}, text), words);
  });

  it('too few rows in ascii is one line', () => {
    expectOneLine(
      () => parse({ WIDTH: '2', POINTS: '2' }, '1 2 3          4\n'),
      /1 rows; its header says 2 points/,
    );
    expectOneLine(
      () => parse({ DATA: 'binary_compressed' }, '1 2 3'),
      /cut off before the sizes of its packed data/,
    );
  });

  it('refuses sizes of packed data that do not fit', () => {
    const lines = { DATA: 'binary_compressed', WIDTH: '1000000', POINTS: '1000000' };
    const sized = (packed: number, raw: number) => {
      const data = Buffer.alloc(20);
      data.writeUInt32LE(packed, 0);
      data.writeUInt32LE(raw, 4);
      return data;
    };
    expectOneLine(() => parse(lines, sized(12, 16)), /packed data of 16 bytes; 1000000 points take 16000000/);
    expectOneLine(
      () => parse(lines, sized(12, 16_000_000)),
      /12 packed bytes cannot become the 16000000 stated/,
    );
    expectOneLine(
      () => parse(lines, sized(4_000_000_000, 16_000_000)),
      /12 bytes of data; its header says 4000000000/,
    );
    expectOneLine(() => parse({ DATA: 'binary' }, Buffer.alloc(32)), /32 bytes of data; its header says 16/);
  });

  it('refuses what is no PCD file, huge headers and huge files', () => {
    expectOneLine(() => parsePcd(Buffer.alloc(0), 'test'), /no DATA line/);
    expectOneLine(() => parsePcd(Buffer.from('\x89PNG\r\n\x1a\n\0\0'), 'test'), /not a PCD file/);
    expectOneLine(() => parsePcd(Buffer.alloc(2 ** 25, 35), 'test'), /no DATA line in its first 8192 bytes/);
    expectOneLine(() => parsePcd(Buffer.from('WIDTH 1\nWIDTH 2\n'), 'test'), /WIDTH stands twice/);
    const path = join(scratch(), 'huge.pcd');
    writeFileSync(path, header({ DATA: 'binary' }));
    truncateSync(path, 2 ** 40);
    expectOneLine(() => readPcd(path), /1099511627776 bytes; allowed: 0 to 67108864/);
  });
});
