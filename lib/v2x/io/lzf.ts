import { InputError } from '../../base/index.js';

/** A control byte below this starts that many bytes and one more, as they are. */
const LITERALS = 32;
const MAX_OFFSET = 8192;
const MAX_MATCH = 264;
const HASH_BITS = 14;
/** No control sequence makes more of its bytes: three of them make at most 264. */
const MAX_GROWTH = MAX_MATCH / 3;

/**
 * Unpacks LZF data (the format of liblzf, which `binary_compressed` PCD files carry).
 * @param rawBytes how many bytes it states to become; what the packed bytes can never become is refused before memory is taken
 * @param what how messages name the data
 * @throws InputError when it is cut off, reaches before its own start, or becomes more or less than stated.
 */
export function decompressLzf(packed: Uint8Array, rawBytes: number, what: string): Uint8Array {
  if (!(rawBytes <= packed.length * MAX_GROWTH)) {
    throw new InputError(`${what}: ${packed.length} packed bytes cannot become the ${rawBytes} stated`);
  }
  const raw = new Uint8Array(rawBytes);
  let from = 0;
  let to = 0;
  while (from < packed.length) {
    const control = packed[from++]!;
    if (control < LITERALS) {
      const length = control + 1;
      requireRoom(from + length <= packed.length, to + length <= rawBytes, what);
      raw.set(packed.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const long = control >>> 5 === 7;
    requireRoom(from + (long ? 2 : 1) <= packed.length, true, what);
    const length = (control >>> 5) + 2 + (long ? packed[from++]! : 0);
    const start = to - (((control & 31) << 8) | packed[from++]!) - 1;
    if (start < 0)
      throw new InputError(`${what}: a repeat reaches ${-start} bytes before the packed data's start`);
    requireRoom(true, to + length <= rawBytes, what);
    // Byte by byte: a repeat may overlap what it makes.
    for (let i = 0; i < length; i++) raw[to + i] = raw[start + i]!;
    to += length;
  }
  if (to !== rawBytes) throw new InputError(`${what}: unpacks to ${to} bytes; its header says ${rawBytes}`);
  return raw;
}

function requireRoom(input: boolean, output: boolean, what: string): void {
  if (!input) throw new InputError(`${what}: the packed data ends within a sequence`);
  if (!output) throw new InputError(`${what}: unpacks to more bytes than its header says`);
}

/** Packs bytes as LZF, greedily; never more than a thirty-second and one byte longer than the input. */
export function compressLzf(raw: Uint8Array): Uint8Array {
  const packed = new Uint8Array(raw.length + Math.ceil(raw.length / LITERALS) + 1);
  const latest = new Int32Array(1 << HASH_BITS).fill(-1);
  let to = 0;
  let literalsFrom = 0;
  const flush = (end: number): void => {
    for (let at = literalsFrom; at < end; at += LITERALS) {
      const part = raw.subarray(at, Math.min(end, at + LITERALS));
      packed[to] = part.length - 1;
      packed.set(part, to + 1);
      to += part.length + 1;
    }
  };
  let at = 0;
  while (at + 2 < raw.length) {
    const hash = hashOf(raw, at);
    const candidate = latest[hash]!;
    latest[hash] = at;
    const length = candidate < 0 || at - candidate > MAX_OFFSET ? 0 : matchLength(raw, candidate, at);
    if (length < 3) {
      at++;
      continue;
    }
    flush(at);
    to += writeRepeat(packed, to, length, at - candidate - 1);
    at += length;
    literalsFrom = at;
  }
  flush(raw.length);
  return packed.slice(0, to);
}

function writeRepeat(packed: Uint8Array, to: number, length: number, distance: number): number {
  const code = length - 2;
  if (code < 7) {
    packed.set([(code << 5) | (distance >>> 8), distance & 255], to);
    return 2;
  }
  packed.set([(7 << 5) | (distance >>> 8), code - 7, distance & 255], to);
  return 3;
}

function matchLength(raw: Uint8Array, a: number, b: number): number {
  const most = Math.min(MAX_MATCH, raw.length - b);
  let length = 0;
  while (length < most && raw[a + length] === raw[b + length]) length++;
  return length;
}

function hashOf(raw: Uint8Array, at: number): number {
  const word = (raw[at]! << 16) | (raw[at + 1]! << 8) | raw[at + 2]!;
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}
