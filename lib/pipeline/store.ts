import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileProblem, InputError, writeFileAtomic } from '../base/index.js';
import { canonicalJson, type Json, sha256 } from './canonical.js';
import type { Point, Row } from './experiment.js';
import { formatRow, parseRow } from './rows.js';

/** The last line of a point file: proves that the lines above are whole and belong to this run. */
interface Trailer {
  readonly point: Point;
  readonly run: string;
  readonly rows: number;
  readonly sha256: string;
}

/** Name of a point's file: 16 hex digits of the hash of its canonical JSON. */
export function pointKey(point: Point): string {
  return sha256(canonicalJson(point)).slice(0, 16);
}

/**
 * The rows of a run on disk. Each finished point is one file under `points/`, which appears whole or not at all
 * and ends in a trailer with its hash; `results.jsonl` is assembled from these files in the order of the points.
 * A kill at any moment costs the points in flight and nothing else. Several processes may share a folder.
 */
export class Store {
  readonly resultsPath: string;
  private readonly pointsDir: string;
  private readonly rows = new Map<string, readonly Row[]>();
  private readonly openedAt = Date.now();

  /**
   * @param run hash of everything that decides the rows; point files of another run count as missing.
   * @throws InputError when the folder cannot be made.
   */
  constructor(
    readonly dir: string,
    private readonly run: string,
    private readonly points: readonly Point[],
  ) {
    this.resultsPath = join(dir, 'results.jsonl');
    this.pointsDir = join(dir, 'points');
    try {
      mkdirSync(this.pointsDir, { recursive: true });
    } catch (error) {
      throw new InputError(`cannot write ${this.pointsDir}: ${fileProblem(error)}`);
    }
  }

  /** The points without a whole file, in order. Reads again what other processes may have added. */
  missing(): Point[] {
    for (const point of this.points) {
      const key = pointKey(point);
      if (!this.rows.has(key)) this.load(key);
    }
    return this.points.filter((point) => !this.rows.has(pointKey(point)));
  }

  /** Rows of all finished points, in the order of the points. */
  allRows(): Row[] {
    return this.points.flatMap((point) => this.rows.get(pointKey(point)) ?? []);
  }

  /** Number of points with a whole file. */
  get finished(): number {
    return this.points.filter((point) => this.rows.has(pointKey(point))).length;
  }

  /**
   * Commits the rows of one point: all of them or none.
   * @throws InputError when the file cannot be written; what was committed before stays.
   */
  commit(point: Point, rows: readonly Row[]): void {
    const key = pointKey(point);
    const lines = rows.map((row) => `${formatRow(row)}\n`).join('');
    const trailer = { point, run: this.run, rows: rows.length, sha256: sha256(lines) };
    writeFileAtomic(this.pathOf(key), `${lines}${canonicalJson(trailer)}\n`);
    this.rows.set(key, rows);
  }

  /**
   * Writes `results.jsonl` from the finished points.
   * @throws InputError when it cannot be written; the old file stays.
   */
  assemble(): void {
    if (this.finished === 0 && !existsSync(this.resultsPath)) return;
    const lines = this.allRows().map((row) => `${formatRow(row)}\n`);
    writeFileAtomic(this.resultsPath, lines.join(''));
  }

  /** Removes the temporary files that killed processes left before this one began. */
  clean(): void {
    removePartsOlderThan(this.openedAt, this.dir);
  }

  private pathOf(key: string): string {
    return join(this.pointsDir, `${key}.jsonl`);
  }

  private load(key: string): void {
    const path = this.pathOf(key);
    if (!existsSync(path)) return;
    const rows = readPointFile(path, this.run);
    if (rows) this.rows.set(key, rows);
  }
}

/** The rows of a point file, or undefined when it is damaged or of another run, so that the point is measured again. */
function readPointFile(path: string, run: string): Row[] | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const start = text.lastIndexOf('\n', text.length - 2) + 1;
    const trailer = JSON.parse(text.slice(start)) as Trailer;
    const lines = text.slice(0, start);
    if (!text.endsWith('\n') || trailer.run !== run || trailer.sha256 !== sha256(lines)) return undefined;
    return lines
      .split('\n')
      .slice(0, -1)
      .map((line) => parseRow(line));
  } catch {
    return undefined;
  }
}

function removePartsOlderThan(time: number, folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const stat = name.endsWith('.part') ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat && stat.mtimeMs < time) rmSync(path, { force: true });
  }
}

/**
 * Reads `results.jsonl` of a run folder.
 * @throws InputError when it is absent, or naming the line that is no measurement.
 */
export function readResults(dir: string): Row[] {
  const path = join(dir, 'results.jsonl');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`results ${path}: ${fileProblem(error)}`);
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseRow(line, `${path}:${index + 1}`));
}

/** Hash of all that decides the rows of a run. */
export function runHash(identity: { readonly [key: string]: Json }): string {
  return sha256(canonicalJson(identity)).slice(0, 16);
}
