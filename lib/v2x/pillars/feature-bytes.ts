import { decodeMessage, type Message } from '../message/index.js';
import { type FeatureMap, featureGrid, featureMap } from './feature-map.js';
import { PILLARS } from './grid.js';

/** The first byte of the section, which is none of the message's own. */
const TAG = 0xf0;
const HEAD_BYTES = 23;

/** Bytes of a cell: its place and its features. */
export const FEATURE_CELL_BYTES = 2 + PILLARS.channels;

/**
 * Cells of a feature map as a section of a message, little-endian: tag (u8), where the map stands in the world (f64, f64),
 * the largest feature (f32), number of cells (u16); then of each its place (u16) and its features in 255ths of the largest (u8).
 * @param cells places in the map, most important first: a message cut short keeps the first
 */
export function featureSection({ origin, values }: FeatureMap, cells: readonly number[]): Uint8Array {
  const { channels } = PILLARS;
  const bytes = new Uint8Array(HEAD_BYTES + cells.length * FEATURE_CELL_BYTES);
  const view = new DataView(bytes.buffer);
  let largest = 0;
  for (const cell of cells)
    for (let c = 0; c < channels; c++) largest = Math.max(largest, values[cell * channels + c]!);
  view.setUint8(0, TAG);
  view.setFloat64(1, origin.x, true);
  view.setFloat64(9, origin.y, true);
  view.setFloat32(17, largest, true);
  view.setUint16(21, cells.length, true);
  for (const [n, cell] of cells.entries()) {
    const at = HEAD_BYTES + n * FEATURE_CELL_BYTES;
    view.setUint16(at, cell, true);
    for (let c = 0; c < channels; c++)
      view.setUint8(at + 2 + c, largest > 0 ? Math.round((255 * values[cell * channels + c]!) / largest) : 0);
  }
  return bytes;
}

/** A message and the features it carries, if any. */
export interface FeatureMessage {
  readonly message: Message;
  /** 0 and unknown where no cell was sent. */
  readonly map?: FeatureMap;
}

/** What a message says, and its features, which stand after all sections of other kinds. Nothing where it is none; never throws. */
export function readFeatures(bytes: Uint8Array): FeatureMessage | undefined {
  const message = decodeMessage(bytes);
  return message && featuresOf(message);
}

/** A message with the features that it carries, if any. */
export function featuresOf(message: Message): FeatureMessage {
  const map = mapOf(message.rest);
  return { message, ...(map && { map }) };
}

function mapOf(section: Uint8Array): FeatureMap | undefined {
  if (section.length < HEAD_BYTES || section[0] !== TAG) return;
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  const [x, y, largest] = [view.getFloat64(1, true), view.getFloat64(9, true), view.getFloat32(17, true)];
  if (!(Math.abs(x) < 1e9 && Math.abs(y) < 1e9 && largest >= 0 && largest < 1e6)) return;
  const room = Math.floor((section.length - HEAD_BYTES) / FEATURE_CELL_BYTES);
  const cells = featureGrid.columns * featureGrid.rows;
  const values = new Float32Array(cells * PILLARS.channels);
  const known = new Uint8Array(cells);
  for (let n = 0; n < Math.min(room, view.getUint16(21, true)); n++) {
    const at = HEAD_BYTES + n * FEATURE_CELL_BYTES;
    const cell = view.getUint16(at, true);
    if (cell >= cells) continue;
    known[cell] = 1;
    for (let c = 0; c < PILLARS.channels; c++)
      values[cell * PILLARS.channels + c] = (view.getUint8(at + 2 + c) * largest) / 255;
  }
  return featureMap({ x, y }, values, known);
}

/** How many cells fit into a section of so many bytes. */
export const featureCellsWithin = (bytes: number): number =>
  Math.max(0, Math.floor((bytes - HEAD_BYTES) / FEATURE_CELL_BYTES));
