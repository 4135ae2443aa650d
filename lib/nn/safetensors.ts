import { InputError, readFileChecked, writeFileAtomic } from '../base/index.js';
import { fromFloat16, packFloat16 } from './float16.js';
import { reservedNames, type Snapshot, sizeOf, type TensorData } from './parameters.js';
import { bytesPerValue, type HeaderEntry, largestHeader, parseHeader } from './safetensors-header.js';

/** What a safetensors file holds: tensors by name in the order of the file, widened to float32, and text metadata. */
export interface SafetensorsFile {
  tensors: Snapshot;
  metadata: Record<string, string>;
}

/** How to write: text metadata, and `F16` to store half precision (default `F32`). */
export interface SafetensorsOptions {
  metadata?: Record<string, string>;
  dtype?: 'F32' | 'F16';
}

const prefixBytes = 8;

/**
 * The bytes of a safetensors file: 8-byte little-endian header length, JSON header, data.
 * @throws InputError for a reserved name, a shape that disagrees with its values, or a value beyond half precision.
 */
export function encodeSafetensors(tensors: Snapshot, options: SafetensorsOptions = {}): Uint8Array {
  const { metadata, dtype = 'F32' } = options;
  const header = new Map<string, unknown>();
  if (metadata) header.set('__metadata__', metadata);
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    requireWritable(name, shape, data);
    const begin = end;
    end += data.length * bytesPerValue[dtype];
    header.set(name, { dtype, shape, data_offsets: [begin, end] });
  }
  const head = headerBytes(header);
  const file = new Uint8Array(prefixBytes + head.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, prefixBytes);
  let at = prefixBytes + head.length;
  for (const [name, { data }] of tensors) {
    const stored = dtype === 'F16' ? packFloat16(data, name) : data;
    file.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), at);
    at += stored.byteLength;
  }
  return file;
}

function requireWritable(name: string, shape: number[], data: Float32Array): void {
  if (name === '__metadata__' || reservedNames.has(name))
    throw new InputError(`tensor name ${name} is reserved`);
  if (data.length !== sizeOf(shape)) {
    throw new InputError(
      `tensor ${name} has ${data.length} values; its shape [${shape}] needs ${sizeOf(shape)}`,
    );
  }
}

/** The header padded with spaces to a multiple of 8 bytes, so that the data is aligned, as the format asks. */
function headerBytes(header: Map<string, unknown>): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

/**
 * Reads the bytes of a safetensors file. The file is held hostile: everything is checked before memory is
 * taken, and each array is a copy of its own.
 * @param what names the file in messages
 * @throws InputError in one line for any file that is not sound; never any other error.
 */
export function decodeSafetensors(bytes: Uint8Array, what = 'safetensors'): SafetensorsFile {
  if (bytes.length < prefixBytes)
    throw new InputError(`${what}: ${bytes.length} bytes; allowed: at least ${prefixBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const room = Math.min(largestHeader, bytes.length - prefixBytes);
  if (length < 2n || length > BigInt(room)) {
    throw new InputError(`${what}: the header claims ${length} bytes; allowed: 2 to ${room}`);
  }
  const start = prefixBytes + Number(length);
  const { entries, metadata } = parseHeader(bytes.subarray(prefixBytes, start), bytes.length - start, what);
  const tensors: Snapshot = new Map();
  for (const entry of entries) {
    tensors.set(entry.name, readTensor(view, start, entry));
  }
  return { tensors, metadata };
}

function readTensor(view: DataView, start: number, { dtype, shape, begin, end }: HeaderEntry): TensorData {
  const stride = bytesPerValue[dtype];
  const data = new Float32Array((end - begin) / stride);
  let at = start + begin;
  for (let i = 0; i < data.length; i++, at += stride) data[i] = readValue[dtype](view, at);
  return { shape, data };
}

const bfloat = new DataView(new ArrayBuffer(4));

/** Each type widened to float32; always little-endian, whatever the machine. */
const readValue: Record<HeaderEntry['dtype'], (view: DataView, at: number) => number> = {
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => fromFloat16(view.getUint16(at, true)),
  BF16: (view, at) => {
    bfloat.setUint16(0, view.getUint16(at, true));
    return bfloat.getFloat32(0);
  },
};

/** Writes tensors to a file that others see whole or not at all. @throws InputError as `encodeSafetensors`, or when the folder cannot be written. */
export function writeSafetensors(path: string, tensors: Snapshot, options: SafetensorsOptions = {}): void {
  writeFileAtomic(path, encodeSafetensors(tensors, options));
}

/**
 * Reads a safetensors file of at most `maxBytes` (default 1 GiB).
 * @throws InputError when the file is absent, too large or not sound.
 */
export function readSafetensors(
  path: string,
  { maxBytes = 2 ** 30, what = 'safetensors file' } = {},
): SafetensorsFile {
  return decodeSafetensors(
    readFileChecked(path, what, { minBytes: prefixBytes, maxBytes }),
    `${what} ${path}`,
  );
}
