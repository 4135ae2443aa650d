import { InputError } from '../../base/index.js';

/** Which column each row takes, and what that costs in all. */
export interface Assignment {
  /** One for each row; -1 where rows are more than columns and this one took none. */
  columns: Int32Array;
  cost: number;
}

/**
 * The assignment of least total cost, rows to distinct columns, as many pairs as the smaller side allows: shortest augmenting
 * paths with dual variables (Jonker and Volgenant 1987; Crouse 2016 for rectangles), O(rows^2 columns).
 * @param costs rows of equal length, finite numbers
 * @throws InputError when rows differ in length or a cost is not finite.
 */
export function optimalAssignment(costs: readonly (readonly number[])[]): Assignment {
  const [rows, columns] = [costs.length, costs[0]?.length ?? 0];
  for (const [i, row] of costs.entries()) {
    if (row.length !== columns)
      throw new InputError(`row ${i} has ${row.length} costs; allowed: ${columns} as row 0`);
    const bad = row.find((cost) => !Number.isFinite(cost));
    if (bad !== undefined) throw new InputError(`row ${i} has cost ${bad}; allowed: finite numbers`);
  }
  const taken = new Int32Array(rows).fill(-1);
  if (rows <= columns) {
    for (const [column, row] of solve(costs, rows, columns).entries()) if (row >= 0) taken[row] = column;
  } else {
    const turned = Array.from({ length: columns }, (_, j) => costs.map((row) => row[j]!));
    taken.set(solve(turned, columns, rows));
  }
  const cost = taken.reduce((sum, column, row) => (column < 0 ? sum : sum + costs[row]![column]!), 0);
  return { columns: taken, cost };
}

/** The row of each column, or -1. */
function solve(costs: readonly (readonly number[])[], rows: number, columns: number): Int32Array {
  const owner = new Int32Array(columns).fill(-1);
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  for (let row = 0; row < rows; row++) augment(costs, row, owner, rowPrice, columnPrice);
  return owner;
}

/** Dijkstra over reduced costs from a free row to the nearest free column; then prices and the path's owners change. */
function augment(
  costs: readonly (readonly number[])[],
  start: number,
  owner: Int32Array,
  rowPrice: Float64Array,
  columnPrice: Float64Array,
): void {
  const columns = owner.length;
  const distance = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(columns).fill(start);
  const done = new Uint8Array(columns);
  let [row, reached, end] = [start, 0, -1];
  while (end < 0) {
    let nearest = -1;
    for (let j = 0; j < columns; j++) {
      if (done[j]) continue;
      const through = reached + costs[row]![j]! - rowPrice[row]! - columnPrice[j]!;
      if (through < distance[j]!) {
        distance[j] = through;
        from[j] = row;
      }
      if (nearest < 0 || distance[j]! < distance[nearest]!) nearest = j;
    }
    done[nearest] = 1;
    reached = distance[nearest]!;
    if (owner[nearest]! < 0) end = nearest;
    else row = owner[nearest]!;
  }
  rowPrice[start]! += reached;
  for (let j = 0; j < columns; j++) {
    if (!done[j] || j === end) continue;
    rowPrice[owner[j]!]! += reached - distance[j]!;
    columnPrice[j]! -= reached - distance[j]!;
  }
  for (let column = end; ; ) {
    const previous = from[column]!;
    owner[column] = previous;
    if (previous === start) return;
    column = previousColumn(owner, previous, column, done);
  }
}

/** The column that a row on the path owned before. */
function previousColumn(owner: Int32Array, row: number, except: number, done: Uint8Array): number {
  for (let j = 0; j < owner.length; j++) if (j !== except && done[j] && owner[j] === row) return j;
  throw new Error(`row ${row} is on an augmenting path but owns no column`);
}
