import { requireChoice } from '../../base/index.js';
import { baseGraph1Edges } from './base-graph-1.data.js';
import { baseGraph2Edges } from './base-graph-2.data.js';

export type BaseGraphNumber = 1 | 2;

/** A base graph of 3GPP TS 38.212, table 5.3.2-2 or -3, before lifting; edges are ordered by row, then column. */
export interface BaseGraph {
  readonly number: BaseGraphNumber;
  readonly rows: number;
  readonly columns: number;
  /** Columns of information bits; the four after them are the core parity. */
  readonly infoColumns: number;
  /** Edges of row r are `rowStart[r]` to `rowStart[r + 1] - 1`. */
  readonly rowStart: Uint16Array;
  readonly column: Uint8Array;
  /** Cyclic shift of each edge, for each of the 8 lifting sets. */
  readonly shifts: readonly Uint16Array[];
}

/** A base graph lifted by Z: edge (r, c, s) joins check r Z + i and bit c Z + (i + s) mod Z, for 0 <= i < Z. */
export interface LiftedGraph extends Omit<BaseGraph, 'shifts'> {
  readonly liftingSize: number;
  /** Cyclic shift of each edge, less than Z. */
  readonly shift: Uint16Array;
}

/** The lifting sizes a 2^j up to 384 (table 5.3.2-1), by their odd factor a: set 0 is a = 2, sets 1 to 7 are 3 to 15. */
const liftingFactors = [2, 3, 5, 7, 9, 11, 13, 15] as const;
const largestLifting = 384;

const setOf = new Map<number, number>();
for (const [set, factor] of liftingFactors.entries()) {
  for (let size: number = factor; size <= largestLifting; size *= 2) setOf.set(size, set);
}

/** The 51 lifting sizes, rising. */
export const liftingSizes: readonly number[] = [...setOf.keys()].sort((a, b) => a - b);

function parse(number: BaseGraphNumber, infoColumns: number, text: string): BaseGraph {
  const edges = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const rows = edges.at(-1)![0]! + 1;
  const rowStart = new Uint16Array(rows + 1);
  for (const [row] of edges) rowStart[row! + 1]!++;
  for (let row = 0; row < rows; row++) rowStart[row + 1]! += rowStart[row]!;
  return {
    number,
    rows,
    columns: infoColumns + rows,
    infoColumns,
    rowStart,
    column: Uint8Array.from(edges, (edge) => edge[1]!),
    shifts: liftingFactors.map((_, set) => Uint16Array.from(edges, (edge) => edge[2 + set]!)),
  };
}

export const baseGraphs: Record<BaseGraphNumber, BaseGraph> = {
  1: parse(1, 22, baseGraph1Edges),
  2: parse(2, 10, baseGraph2Edges),
};

/**
 * The parity-check matrix of one base graph and lifting size (3GPP TS 38.212 §5.3.2).
 * @throws InputError when the size is none of the 51.
 */
export function liftedGraph(number: BaseGraphNumber, liftingSize: number): LiftedGraph {
  requireChoice('liftingSize', liftingSize, liftingSizes);
  const { shifts, ...graph } = baseGraphs[requireChoice('baseGraph', number, [1, 2])];
  const shift = shifts[setOf.get(liftingSize)!]!.map((value) => value % liftingSize);
  return { ...graph, liftingSize, shift };
}

/**
 * Whether the checks of the first `rows` base rows hold.
 * @param bits columns x Z bits, the punctured ones included
 */
export function satisfiesChecks(graph: LiftedGraph, bits: Uint8Array, rows = graph.rows): boolean {
  for (let row = 0; row < rows; row++) {
    if (!rowHolds(graph, bits, row)) return false;
  }
  return true;
}

function rowHolds(graph: LiftedGraph, bits: Uint8Array, row: number): boolean {
  const size = graph.liftingSize;
  const sums = new Uint8Array(size);
  for (let edge = graph.rowStart[row]!; edge < graph.rowStart[row + 1]!; edge++) {
    addRotated(sums, bits, graph.column[edge]! * size, graph.shift[edge]!);
  }
  return !sums.includes(1);
}

/** sums[i] ^= bits[from + (i + shift) mod Z], Z the length of `sums`. */
export function addRotated(sums: Uint8Array, bits: Uint8Array, from: number, shift: number): void {
  const size = sums.length;
  const turn = size - shift;
  for (let i = 0; i < turn; i++) sums[i]! ^= bits[from + shift + i]!;
  for (let i = turn; i < size; i++) sums[i]! ^= bits[from + i - turn]!;
}
