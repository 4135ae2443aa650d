import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from './errors.js';
import { parseNpy, readNpy, readNpz } from './npy.js';
import { unzipEntry, zipEntries } from './zip.js';

/**
 * Files that NumPy 1.24.2 wrote, in base64. `stored` (np.savez) and `deflated` (np.savez_compressed) hold
 * a = (arange(8) + 0.5j) as complex64 of shape (1, 1, 2, 2, 1, 2, 1) with a[0, 0, :, 1, :, 1, :] = 0, and
 * tau = [[[[0, 1e-7], [2e-7, -1]]]].
 */
const golden = JSON.parse(readFileSync(new URL('./npy.golden.json', import.meta.url), 'utf8')) as Record<
  'stored' | 'deflated' | 'pickled' | 'columnMajor' | 'floats' | 'integers',
  string
>;
const bytesOf = (name: keyof typeof golden) => Buffer.from(golden[name], 'base64');
const folder = mkdtempSync(join(tmpdir(), 'npy-'));
const fileOf = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('arrays that NumPy wrote', () => {
  it('are read from stored and deflated archives', () => {
    for (const name of ['stored', 'deflated'] as const) {
      const { a, tau } = readNpz(fileOf(`${name}.npz`, bytesOf(name)), ['a', 'tau']);
      expect(a.shape).toEqual([1, 1, 2, 2, 1, 2, 1]);
      expect([a.complex, tau.complex]).toEqual([true, false]);
      expect(Array.from(a.values)).toEqual([0, 0.5, 1, 0.5, 2, 0.5, 0, 0, 4, 0.5, 5, 0.5, 6, 0.5, 0, 0]);
      expect(tau.shape).toEqual([1, 1, 2, 2]);
      expect(Array.from(tau.values)).toEqual([0, 1e-7, 2e-7, -1]);
    }
  });

  it('are read from a single file', () => {
    const { shape, values } = readNpy(fileOf('floats.npy', bytesOf('floats')));
    expect(shape).toEqual([2]);
    expect(values).toEqual(Float32Array.of(1.5, -2));
  });
});

describe('hostile and wrong files', () => {
  it('get one clear line', () => {
    const parse = (name: keyof typeof golden) => () => parseNpy(bytesOf(name), 'x');
    expect(parse('pickled')).toThrow('x: numbers of type |O; allowed: <f4, <f8, <c8, <c16');
    expect(parse('integers')).toThrow('x: numbers of type <i8');
    expect(parse('columnMajor')).toThrow('x: column-major; allowed: row-major');
    expect(parse('stored')).toThrow('x: not an .npy array');
    expect(() => readNpz(fileOf('a.npz', bytesOf('floats')), ['a'])).toThrow('not a zip archive');
    expect(() => readNpz(fileOf('b.npz', bytesOf('stored')), ['h'])).toThrow(
      'no array h; found: a.npy, tau.npy',
    );
    expect(() => readNpz(join(folder, 'none.npz'), ['a'])).toThrow('no such file');
    expect(() => readNpz(fileOf('empty.npz', new Uint8Array(0)), ['a'])).toThrow('not a zip archive');
  });

  it('claim no memory that they do not fill', () => {
    const huge = Buffer.from(bytesOf('floats'));
    huge.write("'shape': (999999999999,), }", huge.indexOf("'shape'"), 'latin1');
    expect(() => parseNpy(huge, 'x')).toThrow('x: 8 bytes for <f4 of shape (999999999999)');
    const long = Buffer.from(bytesOf('floats'));
    long.writeUInt16LE(65_000, 8);
    expect(() => parseNpy(long, 'x')).toThrow('.npy header of 65000 bytes');
    const archive = bytesOf('deflated');
    const [entry] = zipEntries(archive, 'x');
    expect(() => unzipEntry(archive, entry!, 'x', 100)).toThrow('x: a.npy of 192 bytes; allowed: 100');
    // An entry that unpacks to more than it states, and one of another checksum.
    expect(() => unzipEntry(archive, { ...entry!, bytes: 50 }, 'x', 100)).toThrow('x: a.npy is damaged');
    expect(() => unzipEntry(archive, { ...entry!, crc: 1 }, 'x', 1000)).toThrow('x: a.npy is damaged');
    expect(() => unzipEntry(archive, { ...entry!, method: 12 }, 'x', 1000)).toThrow('method 12');
    expect(() => unzipEntry(archive, { ...entry!, packedBytes: 1e6 }, 'x', 1000)).toThrow('cut off');
    expect(() => unzipEntry(archive, { ...entry!, offset: 1e6 }, 'x', 1000)).toThrow('damaged zip archive');
  });

  it('never end in another error, whatever bytes are changed or cut', () => {
    const whole = bytesOf('deflated');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            const part = changes.length === 0 ? bytes.subarray(0, length) : bytes;
            for (const entry of zipEntries(part, 'x')) parseNpy(unzipEntry(part, entry, 'x', 1e6), 'x');
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            expect((error as Error).message).not.toContain('\n');
          }
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });
});
