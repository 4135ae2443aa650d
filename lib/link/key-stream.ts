import { createCipheriv } from 'node:crypto';
import { InputError, requireInteger } from '../base/index.js';

/** Secret bits that make one key: one of AES-256. */
export const KEY_BITS = 256;

const PURPOSES = ['scramble', 'seal'] as const;

/**
 * Bytes without end from a key: AES-256 in counter mode. Its counter block holds the number (8 bytes), the purpose (1 byte)
 * and the counter, so that no two purposes or numbers of a key share bytes.
 * @param key 256 bits, 0 and 1
 * @param number 0 to 2^53 - 1
 * @returns the next bytes, as many as asked for
 * @throws InputError for another number of bits or a number out of range.
 */
export function keyBytes(
  key: Uint8Array,
  purpose: (typeof PURPOSES)[number],
  number: number,
): (count: number) => Uint8Array {
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(BigInt(requireInteger('number of a scramble', number, 0)), 0);
  block[8] = PURPOSES.indexOf(purpose);
  const cipher = createCipheriv('aes-256-ctr', packed(key), block);
  return (count) => cipher.update(new Uint8Array(count));
}

const SEAL_BYTES = 64;

/** Encrypts a plain value (what JSON can hold) by a key; the length tells only how many times 64 bytes it takes. */
export function seal(key: Uint8Array, number: number, value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify({ value }));
  const padded = Buffer.alloc(SEAL_BYTES * Math.ceil(text.length / SEAL_BYTES), ' ');
  text.copy(padded);
  return mixed(padded, keyBytes(key, 'seal', number));
}

/** The inverse of `seal`. @throws InputError when it was sealed by another key or number. */
export function open(key: Uint8Array, number: number, sealed: Uint8Array): unknown {
  const text = Buffer.from(mixed(sealed, keyBytes(key, 'seal', number))).toString();
  try {
    return (JSON.parse(text) as { value?: unknown }).value;
  } catch {
    throw new InputError('sealed side information opens to nothing; allowed: the key that sealed it');
  }
}

function mixed(bytes: Uint8Array, stream: (count: number) => Uint8Array): Uint8Array {
  const pad = stream(bytes.length);
  return Uint8Array.from(bytes, (byte, i) => byte ^ pad[i]!);
}

function packed(key: Uint8Array): Uint8Array {
  if (key.length !== KEY_BITS || key.some((bit) => bit > 1)) {
    throw new InputError(`key of ${key.length} bits; allowed: ${KEY_BITS} bits of 0 and 1`);
  }
  return Uint8Array.from({ length: KEY_BITS / 8 }, (_, byte) =>
    key.subarray(8 * byte, 8 * byte + 8).reduce((value, bit) => 2 * value + bit, 0),
  );
}
