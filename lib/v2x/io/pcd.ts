import { InputError, readFileChecked } from '../../base/index.js';
import { collectPoints, type RawCloud } from './cloud.js';
import { decompressLzf } from './lzf.js';
import { readRows } from './pcd-ascii.js';
import { PCD_LIMITS, type PcdField, type PcdHeader, parsePcdHeader } from './pcd-header.js';

/** What a PCD file holds of each point. */
export interface PcdCloud extends RawCloud {
  /** What the fourth value is: an `intensity` field as it stands, red / 255 of a packed `rgb` field, or 0 for neither. */
  readonly intensityFrom: 'intensity' | 'rgb' | 'none';
}

/** A value of a point, by the point's place. */
type Column = (point: number) => number;

const INTENSITY_NAMES = ['intensity', 'Intensity', 'i'];
const COLOUR_NAMES = ['rgb', 'rgba'];

/**
 * Parses a PCD file: ascii, binary or binary_compressed (LZF, field after field). A packed colour's bits are taken without
 * rounding, those below red 128 included, which are denormal as floats. `VIEWPOINT` is not applied. Bytes after the last
 * point are ignored if they are fewer than a point has.
 * @param what how messages name the file
 * @throws InputError when it is no PCD file, cut off, of more or fewer points than it states, or beyond `PCD_LIMITS`.
 */
export function parsePcd(bytes: Buffer, what: string): PcdCloud {
  const header = parsePcdHeader(bytes, what);
  const [x, y, z] = ['x', 'y', 'z'].map((name) => requireField(header, name, what));
  const intensity = findField(header, INTENSITY_NAMES);
  const colour = intensity ? undefined : findField(header, COLOUR_NAMES);
  const intensityFrom = intensity ? 'intensity' : colour ? 'rgb' : 'none';
  const wanted = [x!, y!, z!, ...(intensity ? [intensity] : colour ? [colour] : [])];
  const read = header.encoding === 'ascii' ? readAscii : readBinary;
  return { ...read(bytes, header, wanted, colour, what), intensityFrom };
}

/**
 * Reads a PCD file, see `parsePcd`.
 * @throws InputError as `parsePcd`, or when the file cannot be read or is larger than 64 MiB.
 */
export function readPcd(path: string): PcdCloud {
  return parsePcd(
    readFileChecked(path, 'point cloud', { maxBytes: PCD_LIMITS.fileBytes }),
    `point cloud ${path}`,
  );
}

function requireField(header: PcdHeader, name: string, what: string): PcdField {
  const field = findField(header, [name]);
  if (field) return field;
  const found = header.fields.map((one) => one.name.slice(0, 20)).slice(0, 10);
  throw new InputError(`${what}: no field ${name}; found: ${JSON.stringify(found.join(' '))}`);
}

function findField(header: PcdHeader, names: readonly string[]): PcdField | undefined {
  return header.fields.find((field) => names.includes(field.name));
}

/** Red of a packed colour, 0 to 1. */
function red(bits: number): number {
  return ((bits >>> 16) & 255) / 255;
}

function readAscii(
  bytes: Buffer,
  { points, columns, dataAt }: PcdHeader,
  wanted: readonly PcdField[],
  colour: PcdField | undefined,
  what: string,
): RawCloud {
  // A value and what parts it from the next take two bytes at least.
  if (points * columns * 2 > bytes.length - dataAt + 1) {
    throw new InputError(
      `${what}: ${bytes.length - dataAt} bytes of data cannot hold ${points} points; it is cut off`,
    );
  }
  const collector = collectPoints(points);
  const bits = colour && bitsOfText(colour);
  const [x, y, z, fourth] = wanted.map(({ column }) => column) as [number, number, number, number?];
  readRows(bytes.toString('latin1', dataAt), points, columns, what, (value) => {
    const last = fourth === undefined ? 0 : value(fourth);
    collector.add(value(x), value(y), value(z), bits && Number.isFinite(last) ? red(bits(last)) : last);
  });
  return collector.finish();
}

/** The bits of a colour that was printed as a number of the field's type. */
function bitsOfText({ type }: PcdField): (value: number) => number {
  if (type !== 'F') return (value) => value;
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);
  return (value) => {
    single[0] = value;
    return bits[0]!;
  };
}

function readBinary(
  bytes: Buffer,
  header: PcdHeader,
  wanted: readonly PcdField[],
  colour: PcdField | undefined,
  what: string,
): RawCloud {
  const compressed = header.encoding === 'binary_compressed';
  const data = compressed ? unpack(bytes, header, what) : plainData(bytes, header, what);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const columnOf = (field: PcdField): Column => {
    const stride = compressed ? field.size * field.count : header.pointBytes;
    const start = compressed ? field.offset * header.points : field.offset;
    // A packed colour is read by its bits, whatever its declared type.
    const value = numberAt(view, field === colour && field.size === 4 ? 'U4' : `${field.type}${field.size}`);
    return (point) => value(start + stride * point);
  };
  const [x, y, z, fourth = () => 0] = wanted.map(columnOf) as [Column, Column, Column, Column?];
  const collector = collectPoints(header.points);
  for (let point = 0; point < header.points; point++) {
    const value = fourth(point);
    collector.add(x(point), y(point), z(point), colour ? red(value) : value);
  }
  return collector.finish();
}

function plainData(bytes: Buffer, { points, pointBytes, dataAt }: PcdHeader, what: string): Uint8Array {
  const data = bytes.subarray(dataAt);
  requireLength(data.length, points * pointBytes, pointBytes, what);
  return data;
}

function unpack(bytes: Buffer, { points, pointBytes, dataAt }: PcdHeader, what: string): Uint8Array {
  if (bytes.length < dataAt + 8) throw new InputError(`${what}: cut off before the sizes of its packed data`);
  const packedBytes = bytes.readUInt32LE(dataAt);
  const rawBytes = bytes.readUInt32LE(dataAt + 4);
  if (rawBytes !== points * pointBytes) {
    throw new InputError(
      `${what}: packed data of ${rawBytes} bytes; ${points} points take ${points * pointBytes}`,
    );
  }
  const data = bytes.subarray(dataAt + 8);
  requireLength(data.length, packedBytes, pointBytes, what);
  return decompressLzf(data.subarray(0, packedBytes), rawBytes, what);
}

function requireLength(found: number, stated: number, pointBytes: number, what: string): void {
  if (found < stated)
    throw new InputError(`${what}: ${found} bytes of data; its header says ${stated}; it is cut off`);
  if (found >= stated + pointBytes) {
    throw new InputError(`${what}: ${found} bytes of data; its header says ${stated}`);
  }
}

function numberAt(view: DataView, kind: string): (offset: number) => number {
  switch (kind) {
    case 'F4':
      return (at) => view.getFloat32(at, true);
    case 'F8':
      return (at) => view.getFloat64(at, true);
    case 'I1':
      return (at) => view.getInt8(at);
    case 'I2':
      return (at) => view.getInt16(at, true);
    case 'I4':
      return (at) => view.getInt32(at, true);
    case 'I8':
      return (at) => Number(view.getBigInt64(at, true));
    case 'U1':
      return (at) => view.getUint8(at);
    case 'U2':
      return (at) => view.getUint16(at, true);
    case 'U4':
      return (at) => view.getUint32(at, true);
    default:
      return (at) => Number(view.getBigUint64(at, true));
  }
}
