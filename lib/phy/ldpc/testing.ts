import type { Rng } from '../../math/index.js';
import type { BlockCode } from '../types.js';

/** `count` equally likely bits. */
export const randomBits = (count: number, rng: Rng): Uint8Array =>
  Uint8Array.from({ length: count }, () => rng.uint32() & 1);

/** LLRs of bits sent as QPSK (a bit a real dimension, 0 as plus) over white Gaussian noise. */
export function awgnLlrs(bits: Uint8Array, snrDb: number, rng: Rng): Float32Array {
  const amplitude = Math.SQRT1_2;
  const n0 = 10 ** (-snrDb / 10);
  const noise = rng.fillNormal(new Float32Array(bits.length), 0, Math.sqrt(n0 / 2));
  return noise.map((value, i) => (4 * amplitude * (value + (bits[i] ? -amplitude : amplitude))) / n0);
}

/** Wrong blocks among so many, QPSK over white Gaussian noise. */
export function blockErrors(code: BlockCode, ebN0Db: number, blocks: number, rng: Rng): number {
  const snrDb = ebN0Db + 10 * Math.log10((2 * code.k) / code.n);
  let errors = 0;
  for (let block = 0; block < blocks; block++) {
    const stream = rng.fork(block);
    const bits = randomBits(code.k, stream);
    const found = code.decode(awgnLlrs(code.encode(bits), snrDb, stream)).bits;
    if (found.some((bit, i) => bit !== bits[i])) errors++;
  }
  return errors;
}
