import { InputError } from '../base/index.js';

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
  if (rows <= columns) taken.set(solve(costs, rows, columns).taken);
  else {
    const turned = Array.from({ length: columns }, (_, j) => costs.map((row) => row[j]!));
    taken.set(solve(turned, columns, rows).owner);
  }
  const cost = taken.reduce((sum, column, row) => (column < 0 ? sum : sum + costs[row]![column]!), 0);
  return { columns: taken, cost };
}

/** The row of each column (or -1), the column of each row, and the dual variables. */
interface State {
  owner: Int32Array;
  taken: Int32Array;
  rowPrice: Float64Array;
  columnPrice: Float64Array;
}

/** Assigns every row; there are at least as many columns. */
function solve(costs: readonly (readonly number[])[], rows: number, columns: number): State {
  const state = {
    owner: new Int32Array(columns).fill(-1),
    taken: new Int32Array(rows).fill(-1),
    rowPrice: new Float64Array(rows),
    columnPrice: new Float64Array(columns),
  };
  for (let row = 0; row < rows; row++) augment(costs, row, state);
  return state;
}

/** Dijkstra over reduced costs from a free row to the nearest free column; then prices and the path's owners change. */
function augment(
  costs: readonly (readonly number[])[],
  start: number,
  { owner, taken, rowPrice, columnPrice }: State,
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
    const giver = from[column]!;
    const before = taken[giver]!;
    owner[column] = giver;
    taken[giver] = column;
    if (giver === start) return;
    column = before;
  }
}
