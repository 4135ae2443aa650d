import { requireChoice, writeFileAtomic } from '../../base/index.js';
import type { PointCloud } from '../types.js';
import { compressLzf } from './lzf.js';
import { PCD_ENCODINGS, type PcdEncoding } from './pcd-header.js';

/**
 * A cloud as a PCD file of the fields x, y, z, intensity in single precision, the values as they stand.
 * @param encoding default `binary_compressed`
 */
export function encodePcd(cloud: PointCloud, encoding: PcdEncoding = 'binary_compressed'): Buffer {
  requireChoice('encoding', encoding, PCD_ENCODINGS);
  const header = Buffer.from(pcdHeader(cloud.count, 'intensity', encoding), 'latin1');
  const values = cloud.points.subarray(0, 4 * cloud.count);
  if (encoding === 'ascii') return Buffer.concat([header, asciiRows(values)]);
  if (encoding === 'binary') return Buffer.concat([header, littleEndian(values, (at) => at)]);
  const raw = littleEndian(values, (at) => (at % 4) * cloud.count + Math.floor(at / 4));
  const packed = compressLzf(raw);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(packed.length, 0);
  sizes.writeUInt32LE(raw.length, 4);
  return Buffer.concat([header, sizes, packed]);
}

/**
 * Writes a cloud as a PCD file, see `encodePcd`.
 * @throws InputError when the file cannot be written.
 */
export function writePcd(path: string, cloud: PointCloud, encoding?: PcdEncoding): void {
  writeFileAtomic(path, encodePcd(cloud, encoding));
}

/** The header of a PCD file of four single-precision fields: x, y, z and another. */
export function pcdHeader(points: number, fourth: string, encoding: PcdEncoding): string {
  return [
    '# .PCD v0.7 - Point Cloud Data file format',
    'VERSION 0.7',
    `FIELDS x y z ${fourth}`,
    'SIZE 4 4 4 4',
    'TYPE F F F F',
    'COUNT 1 1 1 1',
    `WIDTH ${points}`,
    'HEIGHT 1',
    'VIEWPOINT 0 0 0 1 0 0 0',
    `POINTS ${points}`,
    `DATA ${encoding}\n`,
  ].join('\n');
}

function asciiRows(values: Float32Array): Buffer {
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += 4) rows.push(`${values.subarray(at, at + 4).join(' ')}\n`);
  return Buffer.from(rows.join(''), 'latin1');
}

function littleEndian(values: Float32Array, placeOf: (at: number) => number): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (let at = 0; at < values.length; at++) bytes.writeFloatLE(values[at]!, 4 * placeOf(at));
  return bytes;
}
