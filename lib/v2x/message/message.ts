import type { BevCells } from '../bev/index.js';
import type { Detection, PointCloud } from '../types.js';
import { type ByteReader, byteReader } from './bytes.js';
import { decodeHeader, encodeHeader, type Header } from './header.js';
import { type Instance, readInstances } from './instances.js';
import {
  type Blocks,
  MOST_BLOCKS,
  MOST_BOXES,
  MOST_CELL_BLOCKS,
  MOST_CLOUDS,
  MOST_WAYPOINTS,
  readBlocks,
  readBoxes,
  readCells,
  readPoints,
  readRoute,
  TAG,
} from './sections.js';

/** A message as read. Boxes, instances, cells, blocks and route stand in the sender's ground frame, points in its sensor's. */
export interface Message extends Header {
  readonly boxes: readonly Detection[];
  readonly instances: readonly Instance[];
  readonly cells: readonly BevCells[];
  readonly clouds: readonly PointCloud[];
  readonly blocks: readonly Blocks[];
  readonly route: readonly (readonly [x: number, y: number])[];
  /** Bytes from the first section on that is of no kind known here; empty where all was read. */
  readonly rest: Uint8Array;
}

/** A header and sections, one after the other. */
export function encodeMessage(header: Header, sections: readonly Uint8Array[]): Uint8Array {
  const parts = [encodeHeader(header), ...sections];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * What bytes say. A message cut short gives what came through whole: the first boxes, points or blocks of cells. Nothing
 * where the header is none; something unknown and what follows it is the rest. Of a flood it keeps the first: 1,024 boxes and as
 * many instances, 4,096 cells, 4 clouds, 4 sets of blocks, 255 places of a route. Never throws, and never takes more memory
 * than a small multiple of the bytes.
 */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  const reader = byteReader(bytes);
  const header = decodeHeader(reader);
  if (!header) return;
  const draft: Draft = { boxes: [], instances: [], cells: [], clouds: [], blocks: [], route: [] };
  let left = reader.left();
  while (left > 0 && readSection(reader, draft)) left = reader.left();
  return { ...header, ...draft, rest: bytes.subarray(bytes.length - left) };
}

type Draft = {
  [Part in 'boxes' | 'instances' | 'cells' | 'clouds' | 'blocks' | 'route']: Message[Part][number][];
};

/** @returns whether the section was known */
function readSection(reader: ByteReader, draft: Draft): boolean {
  switch (reader.u8()) {
    case TAG.boxes:
      return append(draft.boxes, readBoxes(reader, false), MOST_BOXES);
    case TAG.movingBoxes:
      return append(draft.boxes, readBoxes(reader, true), MOST_BOXES);
    case TAG.points:
      return append(draft.clouds, [readPoints(reader, 'float32')], MOST_CLOUDS);
    case TAG.smallPoints:
      return append(draft.clouds, [readPoints(reader, 'centimetres')], MOST_CLOUDS);
    case TAG.cells:
      return append(draft.cells, [readCells(reader)], MOST_CELL_BLOCKS);
    case TAG.blocks:
      return append(draft.blocks, [readBlocks(reader)], MOST_BLOCKS);
    case TAG.route:
      return append(draft.route, readRoute(reader), MOST_WAYPOINTS);
    case TAG.instances:
      return append(draft.instances, readInstances(reader), MOST_BOXES);
    default:
      return false;
  }
}

function append<T>(list: T[], more: readonly (T | undefined)[], most: number): true {
  for (const one of more) if (one !== undefined && list.length < most) list.push(one);
  return true;
}
