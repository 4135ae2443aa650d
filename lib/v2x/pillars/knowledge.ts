import { decodeMessage } from '../message/index.js';
import { featureGrid } from './feature-map.js';
import type { GridOrigin } from './grid.js';

/** How well an agent knows each cell of its grid already, 0 to 1: what it asks others with. */
export interface Knowledge {
  readonly origin: GridOrigin;
  readonly values: Float32Array;
}

/** The first byte of the section, which is none of the message's own. */
const TAG = 0xf1;
const HEAD_BYTES = 19;
/** Four bits, beside twelve of the place. */
const LEVELS = 15;

/**
 * Knowledge as a section of a message, little-endian: tag (u8), where the grid stands in the world (f64, f64), number of cells
 * (u16); then of each cell that rounds to more than nothing its place and a level of 0 to 15 in one u16.
 */
export function knowledgeSection({ origin, values }: Knowledge): Uint8Array {
  const entries: number[] = [];
  for (const [cell, value] of values.entries()) {
    const level = Math.min(LEVELS, Math.round(LEVELS * value));
    if (level > 0) entries.push(16 * cell + level);
  }
  const bytes = new Uint8Array(HEAD_BYTES + 2 * entries.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, TAG);
  view.setFloat64(1, origin.x, true);
  view.setFloat64(9, origin.y, true);
  view.setUint16(17, entries.length, true);
  for (const [n, entry] of entries.entries()) view.setUint16(HEAD_BYTES + 2 * n, entry, true);
  return bytes;
}

/** The knowledge that a message tells of; nothing where there is none. Never throws. */
export function readKnowledge(bytes: Uint8Array): Knowledge | undefined {
  const section = decodeMessage(bytes)?.rest;
  if (!section || section.length < HEAD_BYTES || section[0] !== TAG) return;
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  const origin = { x: view.getFloat64(1, true), y: view.getFloat64(9, true) };
  if (!(Math.abs(origin.x) < 1e9 && Math.abs(origin.y) < 1e9)) return;
  const values = new Float32Array(featureGrid.columns * featureGrid.rows);
  const room = Math.floor((section.length - HEAD_BYTES) / 2);
  for (let n = 0; n < Math.min(room, view.getUint16(17, true)); n++) {
    const entry = view.getUint16(HEAD_BYTES + 2 * n, true);
    const cell = entry >> 4;
    if (cell < values.length) values[cell] = (entry & 15) / LEVELS;
  }
  return { origin, values };
}
