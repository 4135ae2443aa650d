import { requireLlrs } from '../block-inputs.js';
import type { LiftedGraph } from './base-graph.js';
import { knownZero, largestLlr } from './channel-values.js';
import { encodeWord } from './encoder.js';
import type { BlockLayout } from './parameters.js';
import { type RedundancyVersion, sentPlaces } from './rate-matching.js';

/** One code block on its way: encoding, rate matching, and the soft buffer of its receiver. */
export class CodeBlock {
  private readonly places = new Map<RedundancyVersion, Uint32Array>();

  constructor(
    readonly graph: LiftedGraph,
    readonly layout: BlockLayout,
    readonly n: number,
    private readonly bitsPerSymbol: number,
  ) {}

  /** The n bits sent of a redundancy version. */
  encode(bits: Uint8Array, version: RedundancyVersion): Uint8Array {
    const { graph } = this;
    const info = new Uint8Array(graph.infoColumns * graph.liftingSize);
    info.set(bits);
    const word = encodeWord(graph, info);
    return Uint8Array.from(this.sent(version), (place) => word[place]!);
  }

  /** LLRs of the whole codeword before anything was received. */
  emptyBuffer(): Float32Array {
    const { graph, layout } = this;
    const buffer = new Float32Array(graph.columns * graph.liftingSize);
    return buffer.fill(knownZero, layout.k, layout.k + layout.fillers);
  }

  /**
   * Adds the n LLRs of a redundancy version to the buffer; a bit sent twice has the sum.
   * @throws InputError unless there are n LLRs, none of them NaN.
   */
  combine(buffer: Float32Array, llrs: Float32Array, version: RedundancyVersion): void {
    requireLlrs(llrs, this.n);
    const places = this.sent(version);
    for (let i = 0; i < llrs.length; i++) {
      const place = places[i]!;
      buffer[place] = Math.max(-largestLlr, Math.min(largestLlr, buffer[place]! + llrs[i]!));
    }
  }

  private sent(version: RedundancyVersion): Uint32Array {
    const known = this.places.get(version);
    if (known) return known;
    const places = sentPlaces(this.layout, this.graph.columns, this.n, this.bitsPerSymbol, version);
    this.places.set(version, places);
    return places;
  }
}
