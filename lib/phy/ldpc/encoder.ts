import { addRotated, type LiftedGraph } from './base-graph.js';

/**
 * The systematic codeword of an NR LDPC code (3GPP TS 38.212 §5.3.2). The core parity solves the first four base
 * rows: their sum leaves the first parity column alone with one shift, and the others follow along the double
 * diagonal. Every row below adds one parity column of its own.
 * @param info infoColumns x Z bits, fillers as 0
 * @param rows base rows whose parity is wanted, 4 or more; the others stay 0
 * @returns columns x Z bits, the 2 Z punctured ones included
 */
export function encodeWord(graph: LiftedGraph, info: Uint8Array, rows = graph.rows): Uint8Array {
  const size = graph.liftingSize;
  const word = new Uint8Array(graph.columns * size);
  word.set(info);
  solveCore(graph, word);
  for (let row = 4; row < rows; row++) {
    word.set(rowSum(graph, word, row), (graph.infoColumns + row) * size);
  }
  return word;
}

function solveCore(graph: LiftedGraph, word: Uint8Array): void {
  const { liftingSize: size, infoColumns } = graph;
  const total = new Uint8Array(size);
  for (let row = 0; row < 4; row++) addRotated(total, rowSum(graph, word, row), 0, 0);
  const shift = remainingShift(graph);
  const parity = infoColumns * size;
  for (let i = 0; i < size; i++) word[parity + ((i + shift) % size)] = total[i]!;
  // Row r is the first that holds parity column r + 1, which is still zero in its sum, with shift 0.
  for (let row = 0; row < 3; row++) word.set(rowSum(graph, word, row), (infoColumns + row + 1) * size);
}

/** The sum of all bits of a base row's checks, the unknown ones being zero. */
function rowSum(graph: LiftedGraph, word: Uint8Array, row: number): Uint8Array {
  const size = graph.liftingSize;
  const sums = new Uint8Array(size);
  for (let edge = graph.rowStart[row]!; edge < graph.rowStart[row + 1]!; edge++) {
    addRotated(sums, word, graph.column[edge]! * size, graph.shift[edge]!);
  }
  return sums;
}

/** The shift of the first parity column that the sum of the four core rows keeps: of its three, two are equal. */
function remainingShift(graph: LiftedGraph): number {
  const found = new Set<number>();
  for (let edge = 0; edge < graph.rowStart[4]!; edge++) {
    if (graph.column[edge] !== graph.infoColumns) continue;
    const shift = graph.shift[edge]!;
    if (!found.delete(shift)) found.add(shift);
  }
  return [...found][0]!;
}
