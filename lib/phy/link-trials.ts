import { InputError, requireInteger } from '../base/index.js';
import { type Channel, equalise } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import type { Constellation, DemapOptions } from './constellation/index.js';
import type { Trials } from './montecarlo/index.js';
import type { BlockCode } from './types.js';

/** A link that is simulated block by block. */
export interface LinkSetup {
  readonly constellation: Constellation;
  readonly channel: Channel;
  /** The code of a block, or how many uncoded bits a block has. */
  readonly code: BlockCode | number;
  /** `app` (default) or `max-log`. */
  readonly method?: DemapOptions['method'];
}

/**
 * Trials of random bits, encoded, mapped, sent over the channel, equalised coherently, demapped and decoded. Where the
 * code bits do not fill the last symbol, zeros do.
 *
 * They count `bitErrors` and `bitErrorsSquared` (of each block, for its interval) over the information bits,
 * `blockErrors`, `undetected` (wrong blocks that the code's own check passed) and `iterations`.
 * @throws InputError for a number of uncoded bits that is no positive integer.
 */
export function linkTrials({ constellation, channel, code, method = 'app' }: LinkSetup): Trials {
  const block = typeof code === 'number' ? uncoded(requireInteger('uncoded bits', code, 1)) : code;
  const width = constellation.bitsPerSymbol;
  const uses = Math.ceil(block.n / width);
  return (rng, trials) => {
    const sent = Array.from({ length: trials }, () => randomBits(rng, block.k));
    const padded = new Uint8Array(trials * uses * width);
    for (const [trial, bits] of sent.entries()) padded.set(block.encode(bits), trial * uses * width);
    const realisation = channel.sample(rng, { codewords: trials, uses });
    const received = realisation.apply(constellation.map(padded));
    const { symbols, noiseVariance } = equalise(received, realisation);
    const llrs = constellation.demap(symbols, noiseVariance, { method });
    const counts = { bitErrors: 0, bitErrorsSquared: 0, blockErrors: 0, undetected: 0, iterations: 0 };
    for (const [trial, bits] of sent.entries()) {
      const start = trial * uses * width;
      const decoded = block.decode(llrs.subarray(start, start + block.n));
      const errors = countBitErrors(bits, decoded.bits);
      counts.bitErrors += errors;
      counts.bitErrorsSquared += errors * errors;
      counts.blockErrors += Number(errors > 0);
      counts.undetected += Number(errors > 0 && decoded.ok === true);
      counts.iterations += decoded.iterations ?? 0;
    }
    return counts;
  };
}

/** Equally likely, independent bits. */
export function randomBits(rng: Rng, count: number): Uint8Array {
  const bits = new Uint8Array(count);
  let word = 0;
  for (let index = 0; index < count; index++) {
    word = index % 32 === 0 ? rng.uint32() : word >>> 1;
    bits[index] = word & 1;
  }
  return bits;
}

/** Places in which two blocks differ. @throws InputError unless they are equally long. */
export function countBitErrors(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new InputError(`${a.length} and ${b.length} bits; allowed: equally many`);
  let errors = 0;
  for (let index = 0; index < a.length; index++) errors += a[index]! ^ b[index]!;
  return errors;
}

/** No code: bits as they are, and hard decisions. */
function uncoded(k: number): BlockCode {
  return {
    name: 'uncoded',
    k,
    n: k,
    encode: (bits) => bits,
    decode: (llrs) => {
      const bits = new Uint8Array(llrs.length);
      for (let index = 0; index < bits.length; index++) bits[index] = llrs[index]! < 0 ? 1 : 0;
      return { bits };
    },
  };
}
