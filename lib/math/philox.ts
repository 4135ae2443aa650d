/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011: ten rounds of a keyed bijection turn a 128-bit counter into 128 random
 * bits. There is no state to carry: block n of a stream is a function of the key and n.
 */

const MULTIPLIER_0_LOW = 0x1f53;
const MULTIPLIER_0_HIGH = 0xd251;
const MULTIPLIER_1_LOW = 0x8d57;
const MULTIPLIER_1_HIGH = 0xcd9e;
const MULTIPLIER_0 = 0xd2511f53 | 0;
const MULTIPLIER_1 = 0xcd9e8d57 | 0;
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/**
 * Writes the four 32-bit words of one block to `out[0..3]`.
 *
 * The 32x32 -> 64 products are put together from 16-bit halves, so that every step is an exact 32-bit
 * integer operation.
 *
 * @param out receives 4 words (as signed 32-bit integers; `>>> 0` gives the unsigned value)
 * @param c0 counter, least significant word
 * @param c1 counter word 1
 * @param c2 counter word 2
 * @param c3 counter, most significant word
 * @param k0 key, low word
 * @param k1 key, high word
 */
export function philox4x32(
  out: Int32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = x0 & 0xffff;
    const high0 = x0 >>> 16;
    const middle0 = (Math.imul(MULTIPLIER_0_LOW, high0) + (Math.imul(MULTIPLIER_0_LOW, low0) >>> 16)) | 0;
    const carry0 = (Math.imul(MULTIPLIER_0_HIGH, low0) + (middle0 & 0xffff)) | 0;
    const product0High = (Math.imul(MULTIPLIER_0_HIGH, high0) + (middle0 >>> 16) + (carry0 >>> 16)) | 0;
    const product0Low = Math.imul(MULTIPLIER_0, x0);

    const low1 = x2 & 0xffff;
    const high1 = x2 >>> 16;
    const middle1 = (Math.imul(MULTIPLIER_1_LOW, high1) + (Math.imul(MULTIPLIER_1_LOW, low1) >>> 16)) | 0;
    const carry1 = (Math.imul(MULTIPLIER_1_HIGH, low1) + (middle1 & 0xffff)) | 0;
    const product1High = (Math.imul(MULTIPLIER_1_HIGH, high1) + (middle1 >>> 16) + (carry1 >>> 16)) | 0;
    const product1Low = Math.imul(MULTIPLIER_1, x2);

    x0 = product1High ^ x1 ^ key0;
    x1 = product1Low;
    x2 = product0High ^ x3 ^ key1;
    x3 = product0Low;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/**
 * Absorbs a name into a 128-bit digest (four words) and returns the new digest: a Davies-Meyer chain over
 * Philox, 16 bytes of UTF-8 at a time, the name's length being the key. Chained names therefore never
 * run together: ('a' then 'b') differs from ('ab') and from ('a/b').
 */
export function absorbName(digest: Int32Array, name: string): Int32Array {
  const bytes = new TextEncoder().encode(name);
  const state = Int32Array.from(digest);
  const block = new Int32Array(4);
  for (let start = 0; start === 0 || start < bytes.length; start += 16) {
    const word = (index: number): number => {
      const at = start + 4 * index;
      const byte = (offset: number): number => bytes[at + offset] ?? 0;
      return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
    };
    const [s0, s1, s2, s3] = [
      state[0]! ^ word(0),
      state[1]! ^ word(1),
      state[2]! ^ word(2),
      state[3]! ^ word(3),
    ];
    philox4x32(block, s0, s1, s2, s3, bytes.length, start);
    state[0] = block[0]! ^ s0;
    state[1] = block[1]! ^ s1;
    state[2] = block[2]! ^ s2;
    state[3] = block[3]! ^ s3;
  }
  return state;
}
