import type { AgentState, Pose } from '../types.js';
import { type ByteReader, byteWriter } from './bytes.js';

/** Who says something, when by its clock, and where it believes its sensor was. */
export interface Header {
  readonly sender: string;
  readonly timeSec: number;
  readonly pose: Pose;
}

/** First byte of every message: the format and its version. */
const MARK = 0xc1;
const FIXED_BYTES = 28;
const MAX_NAME = 64;
/** An i16 holds half a turn. */
const ANGLE_UNIT = Math.PI / 32_768;

/** What an agent's messages begin with. */
export function headerOf({ id, timeSec, clockOffsetSec, pose }: AgentState): Header {
  return { sender: id, timeSec: timeSec + clockOffsetSec, pose };
}

/**
 * A header as bytes: mark and length of the name (u8, u8), the name (UTF-8, at most 64 bytes), time in seconds (f64), place in
 * centimetres (i32 each), roll, pitch and yaw in parts of a turn (i16 each): 28 bytes and the name.
 */
export function encodeHeader({ sender, timeSec, pose }: Header): Uint8Array {
  const name = new TextEncoder().encode(sender).subarray(0, MAX_NAME);
  const bytes = new Uint8Array(FIXED_BYTES + name.length);
  bytes.set([MARK, name.length]);
  bytes.set(name, 2);
  const writer = byteWriter(bytes.subarray(2 + name.length));
  writer.f64(timeSec);
  for (const metres of [pose.x, pose.y, pose.z]) writer.i32(100 * metres);
  for (const angle of [pose.roll, pose.pitch, pose.yaw]) writer.i16(wholeAngle(angle));
  return bytes;
}

/** The header at the start of bytes; nothing where there is none. */
export function decodeHeader(reader: ByteReader): Header | undefined {
  if (reader.left() < FIXED_BYTES || reader.u8() !== MARK) return;
  const length = reader.u8();
  if (length > MAX_NAME || reader.left() < FIXED_BYTES - 2 + length) return;
  const sender = new TextDecoder().decode(reader.take(length));
  const timeSec = reader.f64();
  const [x, y, z] = [reader.i32() / 100, reader.i32() / 100, reader.i32() / 100];
  const [roll, pitch, yaw] = [reader.i16(), reader.i16(), reader.i16()].map((angle) => angle * ANGLE_UNIT);
  if (!Number.isFinite(timeSec)) return;
  return { sender, timeSec, pose: { x, y, z, roll: roll!, pitch: pitch!, yaw: yaw! } };
}

/** An angle in units of i16, half a turn being the lowest. */
export function wholeAngle(angle: number): number {
  const units = Math.round(angle / ANGLE_UNIT) % 65_536;
  return units >= 32_768 ? units - 65_536 : units < -32_768 ? units + 65_536 : units;
}

export const angleOf = (units: number): number => units * ANGLE_UNIT;
