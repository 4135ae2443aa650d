import { requireInteger, requireRange } from '../../base/index.js';
import { requireBits, requireLlrs } from '../block-inputs.js';
import type { BlockCode, Decoded } from '../types.js';
import { liftedGraph } from './base-graph.js';
import { CodeBlock } from './code-block.js';
import { type DecoderOptions, wordDecoder } from './decoders.js';
import { type RedundancyVersion, requireVersion } from './rate-matching.js';
import { codedLengths, type Segmentation, segmentation } from './segmentation.js';
import type { WordDecoder } from './word-decoder.js';

/** Largest payload of a transport block here; NR's own largest is 1,277,992 bits. */
const longestPayload = 2 ** 21;

export interface TransportBlockOptions extends DecoderOptions {
  /** Payload bits, without CRCs: 1 to 2^21. */
  k: number;
  /** Bits to send, a multiple of `bitsPerSymbol * layers`, at least as many as there are bits with all CRCs. */
  n: number;
  /** Payload bits a coded bit as the modulation and coding scheme names it, which chooses the base graph; default k / n. */
  rate?: number;
  /** Bits of a constellation symbol, 1 to 12, for the bit interleaver; default 1. */
  bitsPerSymbol?: number;
  /** Layers a codeword is mapped to, 1 to 4; default 1. */
  layers?: number;
}

/** What the receiver of a transport block says. */
export interface DecodedTransport extends Decoded {
  /** Whether every block's CRC and that of the whole payload hold. */
  ok: boolean;
  /** Iterations of all blocks together. */
  iterations: number;
  /** Whether each code block's CRC holds. */
  blocksOk: boolean[];
}

/** A payload of any length, cut into LDPC code blocks. */
export interface TransportBlock extends BlockCode {
  readonly segmentation: Segmentation;
  /** Coded bits of each code block, in the order they are sent. */
  readonly codedLengths: readonly number[];
  encode(bits: Uint8Array, version?: RedundancyVersion): Uint8Array;
  decode(llrs: Float32Array): DecodedTransport;
  /** A receiver that adds up what it gets of one payload; a block that was right stays as it is. */
  receiver(): TransportReceiver;
}

export interface TransportReceiver {
  /** @throws InputError unless there are n LLRs, none of them NaN. */
  receive(llrs: Float32Array, version: RedundancyVersion): DecodedTransport;
}

/**
 * The NR shared-channel coding of a payload (3GPP TS 38.212 §7.2): CRC, segmentation, LDPC, rate matching and
 * concatenation.
 * @throws InputError for parameters out of range.
 */
export function transportBlock(options: TransportBlockOptions): TransportBlock {
  const { k, n, bitsPerSymbol = 1, layers = 1 } = options;
  requireInteger('k', k, 1, longestPayload);
  requireInteger('bitsPerSymbol', bitsPerSymbol, 1, 12);
  requireInteger('layers', layers, 1, 4);
  const rate = requireRange('rate', options.rate ?? k / n, 0, 1);
  const cut = segmentation(k, rate);
  const lengths = codedLengths(n, bitsPerSymbol * layers, cut);
  const graph = liftedGraph(cut.layout.baseGraph, cut.layout.liftingSize);
  const decoder = wordDecoder(graph, options);
  const byLength = new Map(
    [...new Set(lengths)].map((length) => [length, new CodeBlock(graph, cut.layout, length, bitsPerSymbol)]),
  );
  const blocks = lengths.map((length) => byLength.get(length)!);
  const receiver = () => new Receiver(k, n, cut, blocks, decoder);

  return {
    name: `transport block (${n}, ${k})`,
    k,
    n,
    segmentation: cut,
    codedLengths: lengths,
    encode(bits, version = 0) {
      const parts = segments(requireBits('bits', bits, k), cut);
      return concatenate(parts.map((part, index) => blocks[index]!.encode(part, requireVersion(version))));
    },
    decode: (llrs) => receiver().receive(llrs, 0),
    receiver,
  };
}

/** The code blocks of a payload, each with its CRC. */
function segments(bits: Uint8Array, { crc, blockCrc, blocks, padding }: Segmentation): Uint8Array[] {
  const padded = new Uint8Array(bits.length + padding);
  padded.set(bits);
  const whole = crc.append(padded);
  const share = whole.length / blocks;
  return Array.from({ length: blocks }, (_, block) => {
    const part = whole.subarray(block * share, (block + 1) * share);
    return blockCrc ? blockCrc.append(part) : part;
  });
}

function concatenate(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

class Receiver implements TransportReceiver {
  private readonly buffers: Float32Array[];
  private readonly found: Uint8Array[] = [];
  private readonly blocksOk: boolean[];

  constructor(
    private readonly k: number,
    private readonly n: number,
    private readonly cut: Segmentation,
    private readonly blocks: CodeBlock[],
    private readonly decoder: WordDecoder,
  ) {
    this.buffers = blocks.map((block) => block.emptyBuffer());
    this.blocksOk = blocks.map(() => false);
  }

  receive(llrs: Float32Array, version: RedundancyVersion): DecodedTransport {
    requireLlrs(llrs, this.n);
    let at = 0;
    let iterations = 0;
    for (const [index, block] of this.blocks.entries()) {
      const part = llrs.subarray(at, at + block.n);
      at += block.n;
      if (!this.blocksOk[index]) iterations += this.receiveBlock(index, part, requireVersion(version));
    }
    const { blockCrc, crc } = this.cut;
    const whole = concatenate(
      this.found.map((bits) => (blockCrc ? bits.subarray(0, bits.length - blockCrc.length) : bits)),
    );
    const ok = this.blocksOk.every(Boolean) && crc.check(whole);
    return { bits: whole.slice(0, this.k), ok, blocksOk: [...this.blocksOk], iterations };
  }

  private receiveBlock(index: number, llrs: Float32Array, version: RedundancyVersion): number {
    const buffer = this.buffers[index]!;
    this.blocks[index]!.combine(buffer, llrs, version);
    const { bits, ok, iterations } = this.decoder.decode(buffer);
    const found = bits.slice(0, this.cut.layout.k);
    this.found[index] = found;
    // Zeros pass any CRC; a block of nothing else, as a lost one gives, must also satisfy the code.
    this.blocksOk[index] = (ok || found.includes(1)) && (this.cut.blockCrc ?? this.cut.crc).check(found);
    return iterations;
  }
}
