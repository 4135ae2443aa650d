import { InputError } from './errors.js';
import { readFileChecked } from './files.js';
import { unzipEntry, zipEntries } from './zip.js';

/** A NumPy array of numbers, row-major; complex values are interleaved, bytes become floating-point numbers. */
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

interface Kind {
  complex: boolean;
  /** Bytes of a real number. */
  size: number;
  /** `bytes` is a copy that the numbers may keep. */
  numbers(bytes: Uint8Array<ArrayBuffer>): Float32Array | Float64Array;
}

const single = { size: 4, numbers: ({ buffer }: Uint8Array<ArrayBuffer>) => new Float32Array(buffer) };
const double = { size: 8, numbers: ({ buffer }: Uint8Array<ArrayBuffer>) => new Float64Array(buffer) };
const kinds: Readonly<Record<string, Kind>> = {
  '<f4': { complex: false, ...single },
  '<f8': { complex: false, ...double },
  '<c8': { complex: true, ...single },
  '<c16': { complex: true, ...double },
  '|i1': { complex: false, size: 1, numbers: ({ buffer }) => Float32Array.from(new Int8Array(buffer)) },
};

/**
 * Parses the content of an .npy file (NumPy format 1.0 to 3.0) of little-endian float or complex numbers or signed
 * bytes. Its size is checked against its shape before memory is taken; pickled objects are refused.
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
  const { complex, size, numbers } = kinds[type]!;
  const count = shape.reduce((product, side) => product * side, complex ? 2 : 1);
  const content = bytes.subarray(start + headerBytes);
  if (count * size !== content.length) {
    throw new InputError(`${what}: ${content.length} bytes for ${type} of shape (${shape.join(', ')})`);
  }
  // A copy, since the numbers may stand at an odd place of the file.
  return { shape, complex, values: numbers(new Uint8Array(content)) };
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
 * @throws InputError when it cannot be read or is no array of such numbers.
 */
export function readNpy(path: string): NpyArray {
  return parseNpy(readFileChecked(path, 'array', { maxBytes: MAX_BYTES }), `array ${path}`);
}

/**
 * Reads the named arrays of an .npz file (`np.savez` or `np.savez_compressed`).
 * @param maxBytes of the file and of each array unpacked; default 2 GiB
 * @throws InputError when the file cannot be read, or an array is missing, damaged or of other numbers.
 */
export function readNpz<Name extends string>(
  path: string,
  names: readonly Name[],
  maxBytes: number = MAX_BYTES,
): Record<Name, NpyArray> {
  const archive = readFileChecked(path, 'archive', { maxBytes });
  const what = `archive ${path}`;
  const entries = zipEntries(archive, what);
  const arrays = names.map((name) => {
    const entry = entries.find((one) => one.name === `${name}.npy`);
    if (!entry) {
      const found = entries.slice(0, 10).map((one) => one.name);
      throw new InputError(`${what}: no array ${name}; found: ${found.join(', ') || 'none'}`);
    }
    return [name, parseNpy(unzipEntry(archive, entry, what, maxBytes), `${what}: ${name}`)] as const;
  });
  return Object.fromEntries(arrays) as Record<Name, NpyArray>;
}
