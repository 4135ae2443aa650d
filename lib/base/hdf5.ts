import { statSync } from 'node:fs';
import type { Dataset, File } from 'h5wasm/node';
import { InputError } from './errors.js';
import { fileProblem } from './files.js';
import type { NpyArray } from './npy.js';

const MAX_BYTES = 2 ** 31 - 1;
const MAX_NUMBERS = 2 ** 27;

/**
 * Reads arrays of floating-point numbers from an HDF5 file, real, or complex as h5py and MATLAB write them (pairs named
 * r and i, or real and imag). The file is read by the HDF5 library itself, in WebAssembly: what is wrong with a
 * file stays in there. Sizes are checked before values are read.
 * @param names paths of the datasets in the file, such as `cir/a`
 * @throws InputError when the file cannot be read, lacks a dataset, or one is no such array or of more than 2^27 numbers.
 */
export async function readHdf5<Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Record<Name, NpyArray>> {
  requireFile(path);
  // Loaded when first needed: it is 4 MB.
  const { default: hdf5 } = await import('h5wasm/node');
  // Without this the library prints what it finds wrong.
  (await hdf5.ready).activate_throwing_error_handler();
  let file: File | undefined;
  try {
    file = new hdf5.File(path, 'r');
    return Object.fromEntries(names.map((name) => [name, readDataset(file!, name, path)])) as Record<
      Name,
      NpyArray
    >;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: not a readable HDF5 file`);
  } finally {
    file?.close();
  }
}

function requireFile(path: string): void {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new InputError(`${path}: ${size} bytes; allowed: ${MAX_BYTES}`);
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${path}: ${fileProblem(error)}`);
  }
}

function readDataset(file: File, name: string, path: string): NpyArray {
  const found = file.get(name);
  if (!found || !('dtype' in found)) throw new InputError(`${path}: no dataset '${name}'`);
  const dataset = found as Dataset;
  const shape = dataset.shape ?? [];
  const { complex, wide } = kindOf(dataset, `${path}: '${name}'`);
  const numbers = shape.reduce((product, side) => product * side, complex ? 2 : 1);
  if (numbers > MAX_NUMBERS) {
    throw new InputError(`${path}: '${name}' holds ${numbers} numbers; allowed: ${MAX_NUMBERS}`);
  }
  const values = wide ? new Float64Array(numbers) : new Float32Array(numbers);
  const stored = dataset.value as ArrayLike<number> | [number, number][];
  for (let i = 0; i < stored.length; i++) {
    const entry = stored[i]!;
    if (typeof entry === 'number') values[i] = entry;
    else values.set(entry, 2 * i);
  }
  return { shape, complex, values };
}

const pairs = [
  ['r', 'i'],
  ['real', 'imag'],
];

function kindOf({ dtype }: Dataset, what: string): { complex: boolean; wide: boolean } {
  if (dtype === '<f' || dtype === '<d') return { complex: false, wide: dtype === '<d' };
  const members = Array.isArray(dtype) ? (dtype as [string, string][]) : [];
  const types = new Set(members.map(([, type]) => type));
  const named = pairs.some((pair) => `${pair}` === `${members.map(([member]) => member)}`);
  if (named && types.size === 1 && (types.has('<f') || types.has('<d'))) {
    return { complex: true, wide: types.has('<d') };
  }
  throw new InputError(
    `${what} is of type ${JSON.stringify(dtype)}; allowed: floats, or pairs r and i of them`,
  );
}
