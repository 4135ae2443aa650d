import { largestMagnitude, requireLlrs } from '../block-inputs.js';
import type { LiftedGraph } from './base-graph.js';
import { knownZero, largestLlr } from './channel-values.js';
import { encodeWord } from './encoder.js';
import type { BlockLayout } from './parameters.js';
import { type RedundancyVersion, sentPlaces } from './rate-matching.js';

/** LLRs `from` to `to - 1` are of the codeword's bits from `place` on. */
interface Run {
  place: number;
  from: number;
  to: number;
}

const mostRuns = 8;

/** One code block on its way: encoding, rate matching, and the soft buffer of its receiver. */
export class CodeBlock {
  private readonly places = new Map<RedundancyVersion, Uint32Array>();
  /** Version 0 as pieces of the codeword, where it is a few and no bit is sent twice: copying them is fastest. */
  private readonly firstRuns?: Run[];

  constructor(
    readonly graph: LiftedGraph,
    readonly layout: BlockLayout,
    readonly n: number,
    private readonly bitsPerSymbol: number,
  ) {
    const runs = consecutiveRuns(this.sent(0));
    const sentOnce = n <= (graph.columns - 2) * graph.liftingSize - layout.fillers;
    if (sentOnce && runs.length <= mostRuns) this.firstRuns = runs;
  }

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
    return this.clear(new Float32Array(this.graph.columns * this.graph.liftingSize));
  }

  /** LLRs of the whole codeword after version 0 alone, in the memory of a buffer. @throws InputError as `combine`. */
  receiveFirst(buffer: Float32Array, llrs: Float32Array): Float32Array {
    this.clear(buffer);
    if (largestMagnitude(llrs, this.n) > largestLlr || !this.firstRuns) this.combine(buffer, llrs, 0);
    else for (const { place, from, to } of this.firstRuns) buffer.set(llrs.subarray(from, to), place);
    return buffer;
  }

  private clear(buffer: Float32Array): Float32Array {
    return buffer.fill(0).fill(knownZero, this.layout.k, this.layout.k + this.layout.fillers);
  }

  /**
   * Adds the n LLRs of a redundancy version to the buffer; a bit sent twice has the sum.
   * @throws InputError unless there are n LLRs, none of them NaN.
   */
  combine(buffer: Float32Array, llrs: Float32Array, version: RedundancyVersion): void {
    requireLlrs(llrs, this.n);
    const places = this.sent(version);
    const most = largestLlr;
    for (let i = 0; i < llrs.length; i++) {
      const sum = buffer[places[i]!]! + llrs[i]!;
      buffer[places[i]!] = sum > most ? most : sum < -most ? -most : sum;
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

function consecutiveRuns(places: Uint32Array): Run[] {
  const runs: Run[] = [];
  for (let from = 0, to = 1; from < places.length; from = to++) {
    while (to < places.length && places[to] === places[to - 1]! + 1) to++;
    runs.push({ place: places[from]!, from, to });
  }
  return runs;
}
