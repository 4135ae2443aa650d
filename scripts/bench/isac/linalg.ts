import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ComplexMatrix,
  complexMatrix,
  complexSvd,
  hermitianEigen,
  leastSquares,
  median,
  polynomialRoots,
  power,
  pseudoInverse,
  Rng,
  rowGramMatrix,
} from '../../../lib/math/index.js';
import { type Peer, pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';

type Task = 'eigh' | 'svd' | 'pinv' | 'lstsq' | 'gram' | 'roots';

interface Case {
  task: Task;
  rows: number;
  columns: number;
}

const sizes = (task: Task, rows: number[], columns = (n: number) => n): Case[] =>
  rows.map((n) => ({ task, rows: n, columns: columns(n) }));

const cases: Case[] = [
  ...sizes('eigh', [16, 32, 64, 128, 256]),
  ...sizes('svd', [16, 32, 64], (n) => 4 * n),
  ...sizes('pinv', [16, 64]),
  ...sizes('lstsq', [64, 256], (n) => n / 4),
  ...sizes('gram', [16, 64, 180], (n) => 16 * n),
  ...[31, 127, 399].map((columns): Case => ({ task: 'roots', rows: 1, columns })),
];

const firstRow = (a: ComplexMatrix, count: number) =>
  Float64Array.from({ length: count }, (_, k) => a.data[2 * k]!);

/** What is timed, and the values by which both are compared. */
const ours: Record<Task, (a: ComplexMatrix) => Float64Array> = {
  eigh: (a) => hermitianEigen(a).values,
  svd: (a) => complexSvd(a).values,
  pinv: (a) => firstRow(pseudoInverse(a), a.rows),
  lstsq: (a) => firstRow(leastSquares(a, firstColumn(a)).solution, a.columns),
  gram: (a) => firstRow(rowGramMatrix(a), a.rows),
  roots: (a) => power(polynomialRoots(a.data)).map(Math.sqrt).sort(),
};

function firstColumn(a: ComplexMatrix): ComplexMatrix {
  const at = (k: number) => 2 * (k >> 1) * a.columns + (k & 1);
  return complexMatrix(
    a.rows,
    1,
    Float64Array.from({ length: 2 * a.rows }, (_, k) => a.data[at(k)]!),
  );
}

function matrixOf({ task, rows, columns }: Case): ComplexMatrix {
  const data = Rng.of('linalg')
    .fork(`${task}/${rows}/${columns}`)
    .fillComplexNormal(new Float64Array(2 * rows * columns));
  const a = complexMatrix(rows, columns, data);
  return task === 'eigh' ? rowGramMatrix(a) : a;
}

interface Answer {
  times: number[];
  values: number[];
}

function timesOf(run: () => void, count: number): number[] {
  return Array.from({ length: count }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

/** numpy takes the highest power first. */
function fileOf(folder: string, { task }: Case, a: ComplexMatrix): string {
  const file = join(folder, 'matrix.bin');
  const values = Array.from({ length: a.data.length / 2 }, (_, k) => a.data.slice(2 * k, 2 * k + 2));
  const ordered = task === 'roots' ? values.reverse() : values;
  writeFileSync(file, Buffer.concat(ordered.map(({ buffer }) => Buffer.from(buffer))));
  return file;
}

/** Milliseconds of one side's turn. */
const TURN_MS = 80;

/** A row of the table, both sides in turns. */
async function compare(one: Case, numpy: Peer, folder: string, rounds: number): Promise<string[]> {
  const a = matrixOf(one);
  const request = { do: one.task, file: fileOf(folder, one, a), rows: one.rows, columns: one.columns };
  const run = () => ours[one.task](a);
  const values = run();
  const first = await numpy.ask<Answer>({ ...request, times: 2 });
  const [mine, theirs]: [number[], number[]] = [[], []];
  const times = Math.max(1, Math.min(50, Math.round(TURN_MS / first.times[1]!)));
  timesOf(run, times);
  for (let round = 0; round < rounds; round++) {
    mine.push(...timesOf(run, times));
    theirs.push(...(await numpy.ask<Answer>({ ...request, times })).times);
  }
  const scale = Math.max(...first.values.map(Math.abs));
  const gap = Math.max(...first.values.map((value, k) => Math.abs(value - values[k]!))) / scale;
  const [least, their] = [Math.min(...mine), Math.min(...theirs)];
  const cells = [least, their, least / their, median(mine), median(theirs)].map((x) => x.toPrecision(3));
  return [one.task, `${one.rows} x ${one.columns}`, ...cells, gap.toExponential(0)];
}

/**
 * Our complex linear algebra beside numpy's, one thread each, on the same matrices. The ratio is our time over numpy's; both are the
 * least of all runs, since other work on the machine only adds to a time; the medians stand beside it.
 */
export const linalgSection: Section = {
  title: 'complex linear algebra',
  async run({ python, rounds }) {
    const numpy = pythonPeer(python, new URL('linalg_numpy.py', import.meta.url), 'numpy');
    const folder = mkdtempSync(join(tmpdir(), 'semwave-linalg-'));
    try {
      const rows = [];
      for (const one of cases) rows.push(await compare(one, numpy, folder, rounds));
      return table(head, rows);
    } finally {
      numpy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const head = [
  'task',
  'size',
  'ours, ms',
  'numpy, ms',
  'ratio',
  'our median',
  'numpy median',
  'largest difference',
];
