import { InputError } from '../../base/index.js';
import { type BevCells, CELL_BYTES, decodeCells, encodeCells, selectCells } from '../bev/index.js';
import type { Detection, PointCloud } from '../types.js';
import { type ByteReader, byteWriter } from './bytes.js';
import { angleOf, wholeAngle } from './header.js';

/** What a section holds; the first byte of each. */
export const TAG = {
  boxes: 1,
  movingBoxes: 2,
  points: 3,
  smallPoints: 4,
  cells: 5,
  blocks: 6,
  route: 7,
  instances: 8,
} as const;

/** Bytes of one box; of one with its velocity; of what precedes a row of boxes. */
export const BOX_BYTES = 12;
export const MOVING_BOX_BYTES = 16;
export const SECTION_BYTES = 3;

/** More than a scene has, of a whole message too: what comes after is not read. */
export const MOST_BOXES = 1024;
export const MOST_WAYPOINTS = 255;
/** Cells go in blocks of this many, so that a message cut short keeps its first blocks. */
const BLOCK_CELLS = 64;
const BLOCK_BYTES = 10;
/** 4,096 cells: three times what a LiDAR of 64 beams fills. Senders begin with the most important. */
export const MOST_CELL_BLOCKS = 64;
/** A sender sends one of each. */
export const MOST_CLOUDS = 4;
export const MOST_BLOCKS = 4;
const MOST_POINTS = 2 ** 21;

/** What an i16 of cm/s cannot be otherwise. */
const UNKNOWN = [-327.68, -327.68] as const;

/** Bytes of one point: x, y, z, intensity as float32; or in centimetres (i16) and 255ths (u8). */
export const POINT_BYTES = { float32: 16, centimetres: 7 } as const;
export type PointFormat = keyof typeof POINT_BYTES;

/**
 * Boxes as a section: tag and number (u8, u16), then of each place in centimetres (i16 each, +-327 m), length, width and height
 * in 5 cm (u8 each, up to 12.75 m), heading in parts of a turn (i16) and score in 255ths (u8); with `velocities`, these in cm/s
 * (i16 each), the lowest where unknown.
 */
export function boxesSection(boxes: readonly Detection[], velocities = false): Uint8Array {
  const count = Math.min(boxes.length, MOST_BOXES);
  const bytes = new Uint8Array(SECTION_BYTES + count * (velocities ? MOVING_BOX_BYTES : BOX_BYTES));
  const writer = byteWriter(bytes);
  writer.u8(velocities ? TAG.movingBoxes : TAG.boxes);
  writer.u16(count);
  for (const { x, y, z, length, width, height, yaw, score, velocity = UNKNOWN } of boxes.slice(0, count)) {
    for (const metres of [x, y, z]) writer.i16(100 * metres);
    for (const metres of [length, width, height]) writer.u8(20 * metres);
    writer.i16(wholeAngle(yaw));
    writer.u8(255 * score);
    if (velocities) for (const speed of velocity) writer.i16(100 * speed);
  }
  return bytes;
}

/** Whether so many bytes are left that say how long a section is; what is left of fewer says nothing. */
export function hasHead(reader: ByteReader, bytes: number): boolean {
  const has = reader.left() >= bytes;
  if (!has) reader.take(reader.left());
  return has;
}

/** Of the rows that a section states, how many came whole and are read, and the bytes of the others, which say nothing. */
export function wholeRows(
  reader: ByteReader,
  stated: number,
  { rowBytes, most = Number.POSITIVE_INFINITY }: { rowBytes: number; most?: number },
): { count: number; beyond: number } {
  const room = Math.min(reader.left(), stated * rowBytes);
  const count = Math.min(Math.floor(room / rowBytes), most);
  return { count, beyond: room - count * rowBytes };
}

export function readBoxes(reader: ByteReader, velocities: boolean): Detection[] {
  if (!hasHead(reader, 2)) return [];
  const rowBytes = velocities ? MOVING_BOX_BYTES : BOX_BYTES;
  const { count, beyond } = wholeRows(reader, reader.u16(), { rowBytes, most: MOST_BOXES });
  const boxes = Array.from({ length: count }, (): Detection => {
    const [x, y, z] = [reader.i16() / 100, reader.i16() / 100, reader.i16() / 100];
    const [length, width, height] = [reader.u8() / 20, reader.u8() / 20, reader.u8() / 20];
    const box = { x, y, z, length, width, height, yaw: angleOf(reader.i16()), score: reader.u8() / 255 };
    if (!velocities) return box;
    const velocity = [reader.i16() / 100, reader.i16() / 100] as const;
    return velocity[0] === UNKNOWN[0] ? box : { ...box, velocity };
  });
  reader.take(beyond);
  return boxes.filter(({ length, width }) => length > 0 && width > 0);
}

/** Points as a section: tag and number (u8, u32), then the points. */
export function pointsSection({ count, points }: PointCloud, format: PointFormat): Uint8Array {
  const bytes = new Uint8Array(5 + count * POINT_BYTES[format]);
  const writer = byteWriter(bytes);
  writer.u8(format === 'float32' ? TAG.points : TAG.smallPoints);
  writer.u32(count);
  for (let at = 0; at < 4 * count; at++) {
    if (format === 'float32') writer.f32(points[at]!);
    else if (at % 4 === 3) writer.u8(255 * points[at]!);
    else writer.i16(100 * points[at]!);
  }
  return bytes;
}

export function readPoints(reader: ByteReader, format: PointFormat): PointCloud {
  if (!hasHead(reader, 4)) return { count: 0, points: new Float32Array(0) };
  const rowBytes = POINT_BYTES[format];
  const { count, beyond } = wholeRows(reader, reader.u32(), { rowBytes, most: MOST_POINTS });
  const points = new Float32Array(4 * count);
  let kept = 0;
  for (let point = 0; point < count; point++) {
    for (let axis = 0; axis < 4; axis++) {
      const value = format === 'float32' ? reader.f32() : axis < 3 ? reader.i16() / 100 : reader.u8() / 255;
      points[4 * kept + axis] = value;
    }
    const [x, y, z, intensity] = points.subarray(4 * kept, 4 * kept + 4);
    if (Math.abs(x!) + Math.abs(y!) + Math.abs(z!) < 1e4 && Number.isFinite(intensity)) kept++;
  }
  reader.take(beyond);
  return { count: kept, points: points.subarray(0, 4 * kept) };
}

/** How many cells fit into so many bytes. */
export function cellsWithin(bytes: number): number {
  const block = BLOCK_BYTES + BLOCK_CELLS * CELL_BYTES;
  const whole = Math.floor(bytes / block);
  const rest = Math.floor((bytes - whole * block - BLOCK_BYTES) / CELL_BYTES);
  return Math.max(0, whole * BLOCK_CELLS + Math.max(0, rest));
}

/**
 * Cells as sections, most important first: each up to 64 cells: tag and number (u8, u8), then the bytes of
 * `encodeCells`.
 * @param order places in `cells`
 */
export function cellSections(cells: BevCells, order: ArrayLike<number>): Uint8Array[] {
  const sections: Uint8Array[] = [];
  for (let start = 0; start < order.length; start += BLOCK_CELLS) {
    const block = new Set<number>();
    for (let at = start; at < Math.min(order.length, start + BLOCK_CELLS); at++) block.add(order[at]!);
    const body = encodeCells(selectCells(cells, (cell) => block.has(cell)));
    const bytes = new Uint8Array(2 + body.length);
    bytes.set([TAG.cells, block.size]);
    bytes.set(body, 2);
    sections.push(bytes);
  }
  return sections;
}

export function readCells(reader: ByteReader): BevCells | undefined {
  if (reader.left() < 1) return;
  const count = reader.u8();
  const bytes = reader.take(Math.min(reader.left(), BLOCK_BYTES - 2 + count * CELL_BYTES));
  return count <= BLOCK_CELLS ? soundCells(bytes) : undefined;
}

function soundCells(bytes: Uint8Array): BevCells | undefined {
  try {
    return decodeCells(bytes);
  } catch (error) {
    if (error instanceof InputError) return;
    throw error;
  }
}

/** Squares of the ground, `side` cells each way, by column and row in the sender's ground frame. */
export interface Blocks {
  readonly side: number;
  readonly places: readonly (readonly [column: number, row: number])[];
}

/** Blocks as a section: tag, side and number (u8, u8, u16), then column and row (i8 each); those farther away are left out. */
export function blocksSection({ side, places }: Blocks): Uint8Array {
  const near = places.filter((place) => place.every((at) => at >= -128 && at <= 127)).slice(0, 65_535);
  const bytes = new Uint8Array(4 + 2 * near.length);
  const writer = byteWriter(bytes);
  writer.u8(TAG.blocks);
  writer.u8(side);
  writer.u16(near.length);
  for (const at of near.flat()) writer.i8(at);
  return bytes;
}

export function readBlocks(reader: ByteReader): Blocks | undefined {
  if (!hasHead(reader, 3)) return;
  const side = reader.u8();
  const { count, beyond } = wholeRows(reader, reader.u16(), { rowBytes: 2 });
  const places = Array.from({ length: count }, (): [number, number] => [reader.i8(), reader.i8()]);
  reader.take(beyond);
  return side > 0 ? { side, places } : undefined;
}

/** A route as a section: tag and number (u8, u8), then its points in decimetres (i16 each) in the sender's ground frame. */
export function routeSection(route: readonly (readonly [number, number])[]): Uint8Array {
  const count = Math.min(route.length, MOST_WAYPOINTS);
  const bytes = new Uint8Array(2 + 4 * count);
  const writer = byteWriter(bytes);
  writer.u8(TAG.route);
  writer.u8(count);
  for (const metres of route.slice(0, count).flat()) writer.i16(10 * metres);
  return bytes;
}

export function readRoute(reader: ByteReader): [number, number][] {
  if (!hasHead(reader, 1)) return [];
  const { count, beyond } = wholeRows(reader, reader.u8(), { rowBytes: 4 });
  const route = Array.from({ length: count }, (): [number, number] => [reader.i16() / 10, reader.i16() / 10]);
  reader.take(beyond);
  return route;
}
