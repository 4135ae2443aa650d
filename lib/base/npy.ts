import { InputError } from './errors.js';
import { readFileChecked } from './files.js';
import { unzipEntry, zipEntries } from './zip.js';

/** A NumPy array of floating-point numbers, row-major; complex values are interleaved. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly complex: boolean;
  readonly values: Float32Array | Float64Array;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MAX_BYTES = 2 ** 31 - 1;
const MAX_HEADER = 65_536;
const MAX_RANK = 32;
/** The header is Python text; only the plain form that NumPy writes is taken, nothing is evaluated. */
const HEADER =
  /^\{'descr': '([^']{1,16})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,15}, ?)*\d{0,15})\), \}\s*$/;

const kinds: Readonly<Record<string, { complex: boolean; wide: boolean }>> = {
  '<f4': { complex: false, wide: false },
  '<f8': { complex: false, wide: true },
  '<c8': { complex: true, wide: false },
  '<c16': { complex: true, wide: true },
};

/**
 * Parses the content of an .npy file (NumPy format 1.0 to 3.0) of little-endian float or complex numbers. Its size
 * is checked against its shape before memory is taken; pickled objects are refused.
 * @param what how messages name the file
 * @throws InputError when the bytes are no such array.
 */
export function parseNpy(bytes: Buffer, what: string): NpyArray {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(MAGIC))
    throw new InputError(`${what}: not an .npy array`);
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw new InputError(`${what}: .npy version ${version}; allowed: 1 to 3`);
  const start = version === 1 ? 10 : 12;
  const headerBytes = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  if (headerBytes > MAX_HEADER || start + headerBytes > bytes.length) {
    throw new InputError(
      `${what}: .npy header of ${headerBytes} bytes; allowed: ${MAX_HEADER}, within the file`,
    );
  }
  const { shape, type } = parseHeader(bytes.toString('latin1', start, start + headerBytes), what);
  const { complex, wide } = kinds[type]!;
  const numbers = shape.reduce((product, side) => product * side, complex ? 2 : 1);
  const content = bytes.subarray(start + headerBytes);
  if (numbers * (wide ? 8 : 4) !== content.length) {
    throw new InputError(`${what}: ${content.length} bytes for ${type} of shape (${shape.join(', ')})`);
  }
  // A copy, since the numbers may stand at an odd place of the file.
  const copy = new Uint8Array(content).buffer;
  return { shape, complex, values: wide ? new Float64Array(copy) : new Float32Array(copy) };
}

function parseHeader(text: string, what: string): { shape: number[]; type: string } {
  const match = HEADER.exec(text);
  if (!match)
    throw new InputError(`${what}: .npy header ${JSON.stringify(text.slice(0, 60))} is not NumPy's`);
  const [, type, fortran, sides] = match as unknown as [string, string, string, string];
  if (!Object.hasOwn(kinds, type)) {
    throw new InputError(`${what}: numbers of type ${type}; allowed: ${Object.keys(kinds).join(', ')}`);
  }
  if (fortran === 'True')
    throw new InputError(`${what}: column-major; allowed: row-major (np.ascontiguousarray)`);
  const shape = sides
    .split(',')
    .map((side) => side.trim())
    .filter(Boolean)
    .map(Number);
  if (shape.length > MAX_RANK) throw new InputError(`${what}: ${shape.length} axes; allowed: ${MAX_RANK}`);
  return { shape, type };
}

/**
 * Reads an .npy file of at most 2 GiB.
 * @throws InputError when it cannot be read or is no array of float or complex numbers.
 */
export function readNpy(path: string): NpyArray {
  return parseNpy(readFileChecked(path, 'array', { maxBytes: MAX_BYTES }), `array ${path}`);
}

/**
 * Reads the named arrays of an .npz file (`np.savez` or `np.savez_compressed`), of at most 2 GiB each and packed.
 * @throws InputError when the file cannot be read, or an array is missing, damaged or of other numbers.
 */
export function readNpz<Name extends string>(path: string, names: readonly Name[]): Record<Name, NpyArray> {
  const archive = readFileChecked(path, 'archive', { maxBytes: MAX_BYTES });
  const what = `archive ${path}`;
  const entries = zipEntries(archive, what);
  const arrays = names.map((name) => {
    const entry = entries.find((one) => one.name === `${name}.npy`);
    if (!entry) {
      const found = entries.slice(0, 10).map((one) => one.name);
      throw new InputError(`${what}: no array ${name}; found: ${found.join(', ') || 'none'}`);
    }
    return [name, parseNpy(unzipEntry(archive, entry, what, MAX_BYTES), `${what}: ${name}`)] as const;
  });
  return Object.fromEntries(arrays) as Record<Name, NpyArray>;
}
