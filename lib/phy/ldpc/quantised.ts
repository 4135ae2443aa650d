import type { LiftedGraph } from './base-graph.js';
import { knownZero, usefulRows } from './channel-values.js';
import { iterated } from './iterations.js';
import { quantiserScale } from './quantisation.js';
import type { DecodedWord, StopRule, WordDecoder } from './word-decoder.js';

const clip = (value: number) => Math.max(-128, Math.min(127, value));

/** Three quarters, rounded down. */
const normalised = (weight: number) => weight - Math.ceil(Math.ceil(weight / 2) / 2);

/**
 * Layered normalised min-sum in 8-bit saturating integers, check by check: the oracle of `SimdMinSum`, bit for bit.
 * Rounding the normalised message down takes on average another 3/8 step off it, as offset min-sum does.
 */
export class QuantisedMinSum implements WordDecoder {
  private readonly posterior: Float32Array;
  /** From check to bit, Z values an edge. */
  private readonly messages: Int8Array;
  private readonly bits: Uint8Array;

  constructor(
    private readonly graph: LiftedGraph,
    private readonly stop: StopRule,
  ) {
    this.posterior = new Float32Array(graph.columns * graph.liftingSize);
    this.messages = new Int8Array(graph.column.length * graph.liftingSize);
    this.bits = new Uint8Array(graph.columns * graph.liftingSize);
  }

  decode(channel: Float32Array): DecodedWord {
    const { graph, stop, posterior, bits } = this;
    const rows = usefulRows(graph, channel);
    posterior.set(quantise(channel, rows));
    this.messages.fill(0);
    return iterated({ graph, stop, rows, bits }, () => {
      for (let row = 0; row < rows; row++) {
        for (let lane = 0; lane < graph.liftingSize; lane++) this.updateCheck(row, lane);
      }
      return posterior;
    });
  }

  private updateCheck(row: number, lane: number): void {
    const { graph, posterior, messages } = this;
    const size = graph.liftingSize;
    const edges = Array.from(
      { length: graph.rowStart[row + 1]! - graph.rowStart[row]! },
      (_, i) => graph.rowStart[row]! + i,
    );
    const places = edges.map((edge) => graph.column[edge]! * size + ((lane + graph.shift[edge]!) % size));
    const incoming = edges.map((edge, i) => clip(posterior[places[i]!]! - messages[edge * size + lane]!));
    const [least, second] = incoming.map(Math.abs).sort((a, b) => a - b) as [number, number];
    const negative = incoming.filter((value) => value < 0).length % 2 === 1;
    for (const [i, edge] of edges.entries()) {
      const value = incoming[i]!;
      const weight = normalised(Math.min(127, Math.abs(value) === least ? second : least));
      const message = value < 0 !== negative ? -weight : weight;
      messages[edge * size + lane] = message;
      posterior[places[i]!] = clip(value + message);
    }
  }
}

function quantise(channel: Float32Array, rows: number): Float32Array {
  const scale = quantiserScale(meanMagnitude(channel), rows);
  return channel.map((llr) => Math.max(-127, Math.min(127, roundEven(Math.fround(llr * scale)))));
}

/** To the nearest integer, halves to the even one. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** In single precision and four sums, as the kernel's vectors add. */
function meanMagnitude(channel: Float32Array): number {
  const sums = new Float32Array(4);
  const counts = new Float32Array(4);
  for (const [i, llr] of channel.entries()) {
    const weight = Math.abs(llr);
    if (weight === 0 || weight >= knownZero) continue;
    sums[i % 4]! += weight;
    counts[i % 4]! += 1;
  }
  const total = lanesSum(counts);
  return total === 0 ? 0 : Math.fround(lanesSum(sums) / total);
}

const lanesSum = ([a, b, c, d]: Float32Array) => Math.fround(Math.fround(a! + b!) + Math.fround(c! + d!));
