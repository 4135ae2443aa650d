import { type Kernel, loadKernel } from '../../base/index.js';
import { wasm } from '../kernels/ldpc.wasm.js';
import type { LiftedGraph } from './base-graph.js';
import { knownZero, usefulRows } from './channel-values.js';
import { quantiserScale } from './quantisation.js';
import type { DecodedWord, StopRule, WordDecoder } from './word-decoder.js';

interface Functions {
  meanMagnitude(llrs: number, count: number, known: number): number;
  quantise(llrs: number, values: number, count: number, scale: number): void;
  turn(values: number, column: number, size: number, by: number, length: number): void;
  iterate(rows: number, count: number, messages: number, lanes: number, period: number, times: number): void;
  satisfied(rows: number, count: number, lanes: number): number;
  repeat(column: number, lanes: number, period: number, size: number): void;
  decide(values: number, bits: number, count: number): number;
}

/** Bytes of one edge in the kernel's table: addresses to read and to write, values to repeat, address to check. */
const edgeBytes = 16;

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/** Layered normalised min-sum in 8-bit integers, as a SIMD WebAssembly kernel. Its plain twin is `QuantisedMinSum`. */
export class SimdMinSum implements WordDecoder {
  private readonly kernel: Kernel<Functions>;
  /** Checks of a base row worked on, Z or more; a column's values repeat with the period, at least 16. */
  private readonly lanes: number;
  private readonly period: number;
  private readonly address: ReturnType<typeof memoryMap>;
  /** Rows the edge table is made for. */
  private rows = 0;
  /** Shift of the last edge of each column. */
  private turns: Uint16Array = new Uint16Array(0);

  constructor(
    private readonly graph: LiftedGraph,
    private readonly stop: StopRule,
  ) {
    const size = graph.liftingSize;
    this.lanes = Math.max(32, roundUp(size, 32));
    this.period = Math.floor(this.lanes / size) * size;
    this.address = memoryMap(graph, this.lanes);
    this.kernel = loadKernel<Functions>(wasm, this.address.end);
  }

  decode(channel: Float32Array): DecodedWord {
    const { graph, stop, kernel, address } = this;
    const rows = usefulRows(graph, channel);
    if (rows !== this.rows) this.prepare(rows);
    this.load(channel);
    const { functions, memory } = kernel;
    new Uint8Array(memory.buffer).fill(
      0,
      address.messages,
      address.messages + graph.rowStart[rows]! * this.lanes,
    );
    const step = stop.earlyStop ? 1 : stop.iterations;
    let ok = false;
    let iterations = 0;
    while (iterations < stop.iterations && !ok) {
      functions.iterate(address.rows, rows, address.messages, this.lanes, this.period, step);
      iterations += step;
      ok = this.decide();
    }
    const bits = new Uint8Array(memory.buffer, address.bits, graph.infoColumns * graph.liftingSize);
    return { bits, ok, iterations };
  }

  /** Makes the kernel's tables of the first rows. */
  private prepare(rows: number): void {
    const { graph, kernel, address, lanes } = this;
    const { buffer } = kernel.memory;
    const edges = graph.rowStart[rows]!;
    this.rows = rows;
    this.turns = lastShifts(graph, edges);
    const table = edgeTable(
      graph,
      edges,
      this.turns,
      (at) => address.columns + at * columnBytes(graph, lanes),
    );
    new Uint32Array(buffer, address.edges, table.length).set(table);
    const starts = Array.from(
      graph.rowStart.subarray(0, rows + 1),
      (edge) => address.edges + edge * edgeBytes,
    );
    new Uint32Array(buffer, address.rows, rows + 1).set(starts);
  }

  /** Quantises the channel's LLRs and turns each column as its last edge leaves it. */
  private load(channel: Float32Array): void {
    const { graph, kernel, address, lanes } = this;
    const { functions, memory } = kernel;
    const size = graph.liftingSize;
    const stride = columnBytes(graph, lanes);
    new Float32Array(memory.buffer, address.channel, channel.length).set(channel);
    const mean = functions.meanMagnitude(address.channel, roundUp(channel.length, 4), knownZero);
    functions.quantise(
      address.channel,
      address.bits,
      roundUp(channel.length, 16),
      quantiserScale(mean, this.rows),
    );
    for (let at = 0; at < graph.infoColumns + this.rows; at++) {
      functions.turn(
        address.bits + at * size,
        address.columns + at * stride,
        size,
        this.turns[at]!,
        lanes + size,
      );
    }
  }

  /** Writes the hard decisions; returns whether all bits are decided and all checks hold. */
  private decide(): boolean {
    const { graph, kernel, address, lanes, period, rows, turns } = this;
    const size = graph.liftingSize;
    const stride = columnBytes(graph, lanes);
    const { functions } = kernel;
    let decided = true;
    for (let at = 0; at < graph.infoColumns + rows; at++) {
      const column = address.columns + at * stride;
      functions.repeat(column, lanes, period, size);
      const first = column + ((size - turns[at]!) % size);
      decided = functions.decide(first, address.bits + at * size, size) !== 0 && decided;
    }
    return decided && functions.satisfied(address.rows, rows, lanes) !== 0;
  }
}

/** Shift of the last of the first `edges` edges of each column. */
function lastShifts({ columns, column, shift }: LiftedGraph, edges: number): Uint16Array {
  const last = new Uint16Array(columns);
  for (let edge = 0; edge < edges; edge++) last[column[edge]!] = shift[edge]!;
  return last;
}

/**
 * The first edges as the kernel reads them. An edge finds its column turned by the shift of the column's edge before,
 * the first one by that of the last.
 */
function edgeTable(
  { column, shift, columns, liftingSize: size }: LiftedGraph,
  edges: number,
  turns: Uint16Array,
  columnAddress: (column: number) => number,
): Uint32Array {
  const table = new Uint32Array((edgeBytes / 4) * edges);
  const ahead = new Int32Array(columns).fill(-1);
  const apart = (edge: number, turn: number) => (shift[edge]! - turn + size) % size;
  const current = turns.slice();
  for (let edge = 0; edge < edges; edge++) {
    const at = column[edge]!;
    const write = columnAddress(at);
    table.set([write + apart(edge, current[at]!), write, 0, write + apart(edge, turns[at]!)], 4 * edge);
    current[at] = shift[edge]!;
    if (ahead[at] === -1) ahead[at] = table[4 * edge]! - write;
  }
  // Backwards: what an edge reads is what the one before must repeat; the first one's is for the last.
  for (let edge = edges - 1; edge >= 0; edge--) {
    const at = column[edge]!;
    table[4 * edge + 2] = ahead[at]!;
    ahead[at] = table[4 * edge]! - table[4 * edge + 1]!;
  }
  return table;
}

const columnBytes = ({ liftingSize }: LiftedGraph, lanes: number) => roundUp(lanes + liftingSize, 16) + 16;

/** Where the kernel's data lie. The first kilobyte stays free for the compiler's own. */
function memoryMap(graph: LiftedGraph, lanes: number) {
  const size = graph.liftingSize;
  const values = graph.columns * size;
  const rows = 1024;
  const edges = roundUp(rows + 4 * (graph.rows + 1), 16);
  const columns = edges + edgeBytes * graph.column.length;
  const messages = columns + graph.columns * columnBytes(graph, lanes);
  const channel = messages + graph.column.length * lanes;
  const bits = channel + 4 * roundUp(values, 16);
  return { rows, edges, columns, messages, channel, bits, end: bits + values + 32 };
}
