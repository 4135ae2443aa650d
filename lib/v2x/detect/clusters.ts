import type { BevCells } from '../bev/index.js';
import { bevIou } from '../evaluate/index.js';
import { buckets } from '../geometry/index.js';
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
  const done = new Map<number, Cluster>();
  const places = buckets<number>(prior.length[2] + prior.width[2]);
  for (const [order, cluster] of clusters.entries()) {
    let whole = cluster;
    for (let other = next(places.near(whole.fit.x, whole.fit.y), -1); other >= 0; ) {
      const both = union(of, done.get(other)!, whole, prior);
      if (both) {
        const { x, y } = done.get(other)!.fit;
        places.remove(x, y, other);
        done.delete(other);
        whole = both;
      }
      other = next(places.near(whole.fit.x, whole.fit.y), other);
    }
    done.set(order, whole);
    places.add(whole.fit.x, whole.fit.y, order);
  }
  return [...done.values()];
}

/** The first number after another; -1 where there is none. */
function next(numbers: readonly number[], after: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const number of numbers) if (number > after && number < first) first = number;
  return Number.isFinite(first) ? first : -1;
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
  const places = buckets<number>(link);
  for (const cell of cells) places.add(of.x[cell]!, of.y[cell]!, cell);
  const neighbours = (cell: number) => {
    const [x, y] = [of.x[cell]!, of.y[cell]!];
    return places.near(x, y).filter((other) => Math.hypot(of.x[other]! - x, of.y[other]! - y) < link);
  };
  const free = new Set(cells);
  const parts: number[][] = [];
  for (const seed of cells) {
    if (!free.delete(seed)) continue;
    const part = [seed];
    for (let at = 0; at < part.length; at++) {
      for (const other of neighbours(part[at]!)) if (free.delete(other)) part.push(other);
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}
