import type { BevCells } from '../bev/index.js';
import { bevIou } from '../evaluate/index.js';
import { patchOf } from './patch.js';
import { type CarFit, type CarPrior, fitCar } from './rectangle.js';

/** Cells that one car explains. */
export interface Cluster {
  /** Places in the cells. */
  readonly members: readonly number[];
  readonly fit: CarFit;
}

/** Cells this near to each other belong together, metres; the next smaller distance where they reach farther than a car. */
const LINK_METERS = [1.3, 0.9, 0.6] as const;

/** Cars that overlap by as much may be one. */
const JOIN_IOU = 0.15;

/** One cell has no direction. */
const LEAST_CELLS = 2;

/**
 * Cells low enough for a car, linked by nearness; what is too large for a car is parted at smaller and smaller gaps, and
 * left out where that does not help: walls, hedges.
 */
export function carClusters(cells: BevCells, prior: CarPrior): Cluster[] {
  const all = Array.from({ length: cells.size }, (_, cell) => cell);
  const low = all.filter((cell) => cells.top[cell]! <= prior.tallest);
  return joined(cells, parted(cells, low, prior, 0), prior);
}

/** Parts of one car with a gap between, its two ends, say: their cars overlap, and one car explains the cells of both. */
function joined(of: BevCells, clusters: readonly Cluster[], prior: CarPrior): Cluster[] {
  const done: Cluster[] = [];
  for (const cluster of clusters) {
    let whole = cluster;
    for (let other = 0; other < done.length; other++) {
      const both = union(of, done[other]!, whole, prior);
      if (!both) continue;
      whole = both;
      done.splice(other--, 1);
    }
    done.push(whole);
  }
  return done;
}

function union(of: BevCells, a: Cluster, b: Cluster, prior: CarPrior): Cluster | undefined {
  if (bevIou(a.fit, b.fit) < JOIN_IOU) return;
  const members = [...a.members, ...b.members].sort((first, second) => first - second);
  const fit = fitCar(patchOf(of, members), prior);
  return fit && fit.cost < Math.max(a.fit.cost, b.fit.cost) ? { members, fit } : undefined;
}

function parted(of: BevCells, cells: readonly number[], prior: CarPrior, level: number): Cluster[] {
  const link = LINK_METERS[level];
  if (link === undefined) return [];
  return linked(of, cells, link).flatMap((members) => {
    if (members.length < LEAST_CELLS) return [];
    const fit = fitCar(patchOf(of, members), prior);
    return fit ? [{ members, fit }] : parted(of, members, prior, level + 1);
  });
}

/**
 * Parts of a set of cells in which each cell is nearer than `link` metres to another of the part, by mean places.
 * @param cells places in `of`
 */
export function linked(of: BevCells, cells: readonly number[], link: number): number[][] {
  const neighbours = neighbourhood(of, cells, link);
  const free = new Set(cells);
  const parts: number[][] = [];
  for (const seed of cells) {
    if (!free.delete(seed)) continue;
    const part = [seed];
    for (let next = 0; next < part.length; next++) {
      for (const other of neighbours(part[next]!)) if (free.delete(other)) part.push(other);
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}

/** Finds the cells nearer than `link` to one, by buckets of that size. */
function neighbourhood(of: BevCells, cells: readonly number[], link: number): (cell: number) => number[] {
  const buckets = new Map<number, number[]>();
  const key = (i: number, j: number) => i * 1_048_576 + j;
  const at = (place: number) => Math.floor(place / link);
  for (const cell of cells) {
    const bucket = key(at(of.x[cell]!), at(of.y[cell]!));
    const there = buckets.get(bucket);
    if (there) there.push(cell);
    else buckets.set(bucket, [cell]);
  }
  return (cell) => {
    const [x, y] = [of.x[cell]!, of.y[cell]!];
    const found: number[] = [];
    for (let i = at(x) - 1; i <= at(x) + 1; i++)
      for (let j = at(y) - 1; j <= at(y) + 1; j++)
        for (const other of buckets.get(key(i, j)) ?? [])
          if (Math.hypot(of.x[other]! - x, of.y[other]! - y) < link) found.push(other);
    return found;
  };
}
