import { InputError, requireInteger } from '../../base/index.js';
import { requireBits } from '../block-inputs.js';
import type { BlockCode, Decoded } from '../types.js';
import { type BaseGraphNumber, liftedGraph } from './base-graph.js';
import { CodeBlock } from './code-block.js';
import { type DecoderOptions, wordDecoder } from './decoders.js';
import { type BlockLayout, blockLayout, largestBlock, selectBaseGraph } from './parameters.js';
import { type RedundancyVersion, requireVersion } from './rate-matching.js';

/** Most coded bits a block: the circular buffer may be sent many times over. */
const longest = 2 ** 20;

export interface LdpcOptions extends DecoderOptions {
  /** Information bits, any CRC included: 1 to 8448, or 3840 on base graph 2. */
  k: number;
  /** Bits to send, k to 2^20. */
  n: number;
  /** Default: by k and k / n as NR does. */
  baseGraph?: BaseGraphNumber;
  /** Rows of the bit interleaver, 1 to 12, a divisor of n; default 1, which leaves the bits in order. */
  bitsPerSymbol?: number;
}

/** An NR LDPC code of one code block. */
export interface LdpcCode extends BlockCode {
  /** Base graph, lifting size and fillers. */
  readonly layout: BlockLayout;
  /** @throws InputError unless there are k bits. */
  encode(bits: Uint8Array, version?: RedundancyVersion): Uint8Array;
  /** A receiver of one block that adds up what it gets of it. */
  receiver(): LdpcReceiver;
}

/** Incremental redundancy: a soft buffer over all that was received of one block. */
export interface LdpcReceiver {
  /**
   * Adds one transmission and decodes all of them together.
   * @throws InputError unless there are n LLRs, none of them NaN.
   */
  receive(llrs: Float32Array, version: RedundancyVersion): Decoded;
}

/**
 * The NR LDPC code of one code block (3GPP TS 38.212 §5.2.2, 5.3.2, 5.4.2): lifting, filler bits, rate matching
 * from a circular buffer of full length, bit interleaving. No CRC is added; `Decoded.ok` says that
 * all bits are decided and all checks hold.
 *
 * ```ts
 * const code = ldpcCode({ k: 500, n: 1000 });
 * const { bits, ok } = code.decode(llrs);
 * ```
 * @throws InputError for parameters out of range.
 */
export function ldpcCode(options: LdpcOptions): LdpcCode {
  const { k, n, bitsPerSymbol = 1 } = options;
  requireInteger('k', k, 1, largestBlock[1]);
  requireSymbols(requireInteger('n', n, k, longest), bitsPerSymbol);
  const layout = blockLayout(options.baseGraph ?? chosenGraph(k, n), k);
  const graph = liftedGraph(layout.baseGraph, layout.liftingSize);
  const block = new CodeBlock(graph, layout, n, bitsPerSymbol);
  const decoder = wordDecoder(graph, options);

  const decodeBuffer = (buffer: Float32Array): Decoded => {
    const { bits, ok, iterations } = decoder.decode(buffer);
    return { bits: bits.slice(0, k), ok, iterations };
  };
  const scratch = block.emptyBuffer();

  return {
    name: `LDPC (${n}, ${k})`,
    k,
    n,
    layout,
    encode: (bits, version = 0) => block.encode(requireBits('bits', bits, k), requireVersion(version)),
    decode: (llrs) => decodeBuffer(block.receiveFirst(scratch, llrs)),
    receiver() {
      const buffer = block.emptyBuffer();
      return {
        receive(llrs, version) {
          block.combine(buffer, llrs, requireVersion(version));
          return decodeBuffer(buffer);
        },
      };
    },
  };
}

/** One block of more than base graph 2 holds goes to base graph 1 at any rate. */
function chosenGraph(k: number, n: number): BaseGraphNumber {
  return k > largestBlock[2] ? 1 : selectBaseGraph(k, k / n);
}

/** @throws InputError unless `bitsPerSymbol` is from 1 to 12 and divides n. */
export function requireSymbols(n: number, bitsPerSymbol: number): void {
  requireInteger('bitsPerSymbol', bitsPerSymbol, 1, 12);
  if (n % bitsPerSymbol !== 0) {
    throw new InputError(`n is ${n}; allowed: a multiple of the ${bitsPerSymbol} bits a symbol`);
  }
}
