import { basename } from 'node:path';
import { InputError, readFileChecked, requireInteger } from '../base/index.js';
import type { Picture } from './picture.js';

const SIDE = 32;
const PIXELS = SIDE * SIDE;
const RECORD_BYTES = 1 + 3 * PIXELS;
const MAX_RECORDS = 200_000;

/** The ten classes, in the order of the labels. */
export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/**
 * Reads a file in the binary format of CIFAR-10 (Krizhevsky 2009): records of 3,073 bytes, one label
 * (0 to 9), then 1,024 red, 1,024 green and 1,024 blue values, row by row.
 * @param options.limit only the first so many pictures.
 * @returns pictures of 32 x 32 and their labels in the same order.
 * @throws InputError when the length is not a whole number of records or a label is above 9.
 */
export function loadCifar10(
  path: string,
  options: { limit?: number } = {},
): { pictures: Picture[]; labels: Uint8Array } {
  const { limit = Number.MAX_SAFE_INTEGER } = options;
  requireInteger('limit of pictures', limit, 1);
  const bytes = readRecords(path);
  const count = Math.min(limit, bytes.length / RECORD_BYTES);
  const labels = new Uint8Array(count);
  const stem = basename(path, '.bin');
  const pictures = Array.from({ length: count }, (_, i) => {
    const record = bytes.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES);
    labels[i] = requireLabel(record[0]!, path, i);
    return { name: `${stem}-${i}`, width: SIDE, height: SIDE, data: interleave(record.subarray(1)) };
  });
  return { pictures, labels };
}

/**
 * Checks that a whole file is in the format: its length and all its labels.
 * @throws InputError saying what is not.
 */
export function requireCifar10(path: string): void {
  const bytes = readRecords(path);
  for (let i = 0; i * RECORD_BYTES < bytes.length; i++) requireLabel(bytes[i * RECORD_BYTES]!, path, i);
}

function readRecords(path: string): Buffer {
  const bytes = readFileChecked(path, 'CIFAR-10 file', {
    minBytes: RECORD_BYTES,
    maxBytes: MAX_RECORDS * RECORD_BYTES,
  });
  if (bytes.length % RECORD_BYTES !== 0) {
    throw new InputError(
      `CIFAR-10 file ${path}: ${bytes.length} bytes; allowed: a multiple of ${RECORD_BYTES} (one label and 3 x 1024 values a picture)`,
    );
  }
  return bytes;
}

function requireLabel(label: number, path: string, index: number): number {
  if (label > 9) {
    throw new InputError(`CIFAR-10 file ${path}: label ${label} of picture ${index}; allowed: 0 to 9`);
  }
  return label;
}

function interleave(planes: Uint8Array): Float32Array {
  const data = new Float32Array(3 * PIXELS);
  for (let i = 0; i < data.length; i++) data[i] = planes[(i % 3) * PIXELS + Math.floor(i / 3)]! / 255;
  return data;
}
