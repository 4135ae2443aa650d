import type { Detection } from '../types.js';
import { type ByteReader, byteWriter } from './bytes.js';
import { angleOf, wholeAngle } from './header.js';
import { hasHead, MOST_BOXES, SECTION_BYTES, TAG, wholeRows } from './sections.js';

/** Something a sender follows: its box, how fast it is, and how well the sender knows where it is. */
export interface Instance extends Detection {
  readonly velocity: readonly [vx: number, vy: number];
  /** Standard deviations of the centre along and across the heading, metres. */
  readonly deviation: readonly [along: number, across: number];
}

/** Bytes of one instance. */
export const INSTANCE_BYTES = 18;

/**
 * Instances as a section: tag and number (u8, u16), then of each place in centimetres (i16 each), length, width and height in
 * 5 cm (u8 each), heading in parts of a turn (i16), score in 255ths (u8), velocity in cm/s (i16 each), deviations in 2 cm
 * (u8 each).
 */
export function instancesSection(instances: readonly Instance[]): Uint8Array {
  const some = instances.slice(0, MOST_BOXES);
  const bytes = new Uint8Array(SECTION_BYTES + some.length * INSTANCE_BYTES);
  const writer = byteWriter(bytes);
  writer.u8(TAG.instances);
  writer.u16(some.length);
  for (const { x, y, z, length, width, height, yaw, score, velocity, deviation } of some) {
    for (const metres of [x, y, z]) writer.i16(100 * metres);
    for (const metres of [length, width, height]) writer.u8(20 * metres);
    writer.i16(wholeAngle(yaw));
    writer.u8(255 * score);
    for (const speed of velocity) writer.i16(100 * speed);
    for (const metres of deviation) writer.u8(50 * metres);
  }
  return bytes;
}

export function readInstances(reader: ByteReader): Instance[] {
  if (!hasHead(reader, 2)) return [];
  const { count, beyond } = wholeRows(reader, reader.u16(), { rowBytes: INSTANCE_BYTES, most: MOST_BOXES });
  const instances = Array.from({ length: count }, (): Instance => {
    const [x, y, z] = [reader.i16() / 100, reader.i16() / 100, reader.i16() / 100];
    const [length, width, height] = [reader.u8() / 20, reader.u8() / 20, reader.u8() / 20];
    const [yaw, score] = [angleOf(reader.i16()), reader.u8() / 255];
    const velocity = [reader.i16() / 100, reader.i16() / 100] as const;
    // Nobody knows exactly.
    const deviation = [Math.max(1, reader.u8()) / 50, Math.max(1, reader.u8()) / 50] as const;
    return { x, y, z, length, width, height, yaw, score, velocity, deviation };
  });
  reader.take(beyond);
  return instances.filter(({ length, width }) => length > 0 && width > 0);
}
