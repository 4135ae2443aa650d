import type { Drawn } from '../../nn/index.js';

/** The places of a class in a list of labels. */
export interface LabelGroup {
  readonly label: number;
  readonly members: readonly number[];
}

/** Where each class stands, by ascending label. */
export function labelGroups(labels: readonly number[]): LabelGroup[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  return classes.map((label) => ({
    label,
    members: [...labels.keys()].filter((index) => labels[index] === label),
  }));
}

/** 1 where a row is of the class of a column, else 0. */
export function sameClass(rows: readonly number[], columns: readonly number[]): Drawn {
  const data = Float32Array.from(rows.flatMap((row) => columns.map((column) => Number(row === column))));
  return { shape: [rows.length, columns.length], data };
}
