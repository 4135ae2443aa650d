import { requireInteger, requireRange } from '../../base/index.js';
import { type BevCells, placed, relativePlacement } from '../bev/index.js';
import { type Blocks, blocksSection } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { cellSharing, type LatePart, type Weighing } from './cells.js';
import { atCells, drawnBoxes } from './confidence.js';
import type { Perception } from './perception.js';
import type { PosePrior } from './register.js';
import { confidenceOf } from './where2comm.js';

export interface CosdhOptions {
  readonly name?: string;
  /** Supply: cells of a smoothed confidence above it, 0 to 1 (0.01). */
  readonly leastConfidence?: number;
  /** Demand: only where the ego has fewer points than this, 1 and above (4); `false` sends whatever is supplied. */
  readonly demandPoints?: number | false;
  /** Side of a square of the demand mask in cells, 1 to 16 (1). */
  readonly demandSide?: number;
  /** Whether the boxes go along (true unless told otherwise). */
  readonly hybrid?: boolean;
  /** What the scores of those are multiplied by whose cells came too, 0 to 1 (0.8). */
  readonly trust?: number;
  /** Most bytes of one message; no limit unless told otherwise. */
  readonly maxBytes?: number;
  /** How wrong poses are thought to be: what another sends is moved until its boxes lie on the ego's. Not unless told otherwise. */
  readonly register?: PosePrior;
}

/** A request is not worth its bytes where messages are shorter than so many of it. */
const LEAST_GAIN = 4;
/** Boxes below this score are zeroed. */
const LEAST_SCORE = 0.3;
/** In shorter messages of a hybrid, boxes of one agent would be cut while another fills up with cells: boxes only. */
const LEAST_BYTES = 400;

/**
 * CoSDH (Xu et al. 2025): a cell is sent where the sender supplies it, its smoothed confidence above `leastConfidence`, and
 * the ego demands it, with fewer than `demandPoints` points of its own there. The ego's request lists where it demands nothing.
 * With `hybrid` the sender's boxes go first; those below 0.3 are zeroed, the others count `trust` of their score (0.9 in the
 * paper, 0.8 on DAIR-V2X), and non-maximum suppression joins them with what the ego found in the fused cells.
 *
 * The paper's messages have no limit. Here, where they do:
 * - Cells go car after car, each whole or not at all, since half an outline misleads; first those worth most a byte: score s
 *   over number of cells, and s (1 - s) beside boxes, which say of a sure car what its cells do. What lies around comes last.
 * - Boxes are zeroed or discounted only where their cells came too: elsewhere nothing looked at them anew, and they count as
 *   in late fusion.
 * - A hybrid below 400 bytes a message sends boxes only, and an ego asks only where that takes a quarter of a message or less.
 * @throws InputError for an option out of range.
 */
export function cosdh(options: CosdhOptions = {}): SharingStrategy {
  const { leastConfidence = 0.01, demandPoints = 4, demandSide = 1, hybrid = true, trust = 0.8 } = options;
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  requireRange('leastConfidence', leastConfidence, 0, 1);
  if (demandPoints !== false) requireInteger('demandPoints', demandPoints, 1);
  requireInteger('demandSide', demandSide, 1, 16);
  requireRange('trust', trust, 0, 1);
  const late: LatePart = { leastScore: LEAST_SCORE, trust };
  const boxesOnly = hybrid && maxBytes < LEAST_BYTES;
  return cellSharing({
    name:
      options.name ?? (hybrid ? 'CoSDH' : demandPoints === false ? 'supply mask' : 'supply and demand masks'),
    worth(weighing) {
      if (boxesOnly) return [];
      const wanted = demandOf(weighing);
      const supplied = confidenceOf(weighing, leastConfidence).map((value, cell) =>
        wanted(cell) ? value : 0,
      );
      return carAfterCar(weighing, supplied, (score) => (hybrid ? score * (1 - score) : score));
    },
    whole: true,
    ...(demandPoints !== false && {
      request(_: AgentState, { cells }: Perception) {
        const known = blocksSection(knownBlocks(cells, demandPoints, demandSide));
        return !boxesOnly && known.length <= maxBytes / LEAST_GAIN ? [known] : [];
      },
    }),
    ...(hybrid && { late }),
    ...(options.register && { register: options.register }),
    maxBytes,
  });
}

/** The same worth for all cells of a car: 1 and what the car is worth over the number of its cells; below 1 elsewhere. */
function carAfterCar(
  { own }: Weighing,
  supplied: Float64Array,
  worthOf: (score: number) => number,
): Float64Array {
  const scores = atCells(drawnBoxes(own.detections), own.cells);
  const sizes = new Map<number, number>();
  for (const [cell, score] of scores.entries())
    if (supplied[cell]! > 0) sizes.set(score, (sizes.get(score) ?? 0) + 1);
  return supplied.map((value, cell) => {
    const score = scores[cell]!;
    return value > 0 && score > 0 ? 1 + worthOf(score) / sizes.get(score)! : value;
  });
}

/** Squares in which an agent has enough points of its own. */
function knownBlocks(cells: BevCells, leastPoints: number, side: number): Blocks {
  const points = new Map<string, { place: [number, number]; count: number }>();
  for (let cell = 0; cell < cells.size; cell++) {
    const place: [number, number] = [
      Math.floor(cells.column[cell]! / side),
      Math.floor(cells.row[cell]! / side),
    ];
    const block = points.get(place.join()) ?? { place, count: 0 };
    block.count += cells.points[cell]!;
    points.set(place.join(), block);
  }
  const known = [...points.values()].filter(({ count }) => count >= leastPoints);
  return { side, places: known.map(({ place }) => place) };
}

/** Whether the asking agent wants a cell of the sender's; all of them where it has not asked. */
function demandOf({ own, asked }: Weighing): (cell: number) => boolean {
  if (!asked) return () => true;
  const known = asked.blocks.map(({ side, places }) => ({ side, places: new Set(places.map(String)) }));
  const to = relativePlacement(own.frame, asked.pose);
  const { cells } = own;
  return (cell) => {
    const { x, y } = placed(to, { x: cells.x[cell]!, y: cells.y[cell]!, yaw: 0 });
    const at = (place: number, side: number) => Math.floor(place / (side * cells.cellMeters));
    return !known.some(({ side, places }) => places.has(`${at(x, side)},${at(y, side)}`));
  };
}
