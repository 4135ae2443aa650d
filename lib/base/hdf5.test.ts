import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from './errors.js';
import { readHdf5 } from './hdf5.js';

// h5py 3: a = arange(96) - 1j arange(96) of shape (2,1,2,1,2,3,4), complex64 and, in chunks by gzip, complex128;
// tau = 1e-7 arange(6) of shape (2,1,1,3), float64; count of integers.
const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'semwave-hdf5-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (bytes: Uint8Array) => {
  const path = join(folder, 'file.h5');
  writeFileSync(path, bytes);
  return path;
};

describe('HDF5', () => {
  it.each([
    ['plain.h5', 'a', 'tau', false],
    ['gzip.h5', 'cir/a', 'cir/tau', true],
  ])('%s holds what h5py wrote', async (file, a, tau, wide) => {
    const arrays = await readHdf5(golden(file), [a, tau]);
    expect(arrays[a]).toMatchObject({ shape: [2, 1, 2, 1, 2, 3, 4], complex: true });
    const expected = Array.from({ length: 192 }, (_, i) => (i % 2 ? 0 - (i >> 1) : i >> 1));
    expect(arrays[a]!.values).toEqual(wide ? Float64Array.from(expected) : Float32Array.from(expected));
    expect(arrays[tau]).toMatchObject({ shape: [2, 1, 1, 3], complex: false });
    for (const [i, value] of arrays[tau]!.values.entries()) expect(value).toBeCloseTo(i * 1e-7, 15);
  });

  it('refuses what is no such file or dataset, in one line', async () => {
    const plain = golden('plain.h5');
    await expect(readHdf5(join(folder, 'none.h5'), ['a'])).rejects.toThrow(/^[^\n]*none\.h5: [^\n]*$/);
    await expect(readHdf5(plain, ['b'])).rejects.toThrow("plain.h5: no dataset 'b'");
    await expect(readHdf5(golden('gzip.h5'), ['cir'])).rejects.toThrow("no dataset 'cir'");
    await expect(readHdf5(plain, ['count'])).rejects.toThrow("'count' is of type");
    for (const bytes of [Buffer.from('hello'), readFileSync(plain).subarray(0, 500)]) {
      await expect(readHdf5(written(bytes), ['a'])).rejects.toThrow(/^[^\n]*: not a readable HDF5 file$/);
    }
  });

  it('survives any damage: arrays of the right size, or one line', async () => {
    const bytes = readFileSync(golden('gzip.h5'));
    for (let at = 0; at < bytes.length; at += 37) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      try {
        const { 'cir/a': a } = await readHdf5(written(damaged), ['cir/a']);
        expect(a.values.length).toBe(a.shape.reduce((product, side) => product * side, a.complex ? 2 : 1));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).not.toContain('\n');
      }
    }
  });
});
