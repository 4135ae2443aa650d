import { requireInteger, requireRange } from '../../base/index.js';
import { type BevCells, placed, relativePlacement } from '../bev/index.js';
import { type Blocks, blocksSection } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { cellSharing, type LatePart, type Weighing } from './cells.js';
import { atCells, drawnBoxes } from './confidence.js';
import type { Perception } from './perception.js';
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
  /** What the scores of those are multiplied by, 0 to 1 (0.9). */
  readonly trust?: number;
  /** Most bytes of one message; no limit unless told otherwise. */
  readonly maxBytes?: number;
}

/** A request is not worth its bytes where messages are shorter than so many of it. */
const LEAST_GAIN = 4;
/** Boxes below this score are zeroed. */
const LEAST_SCORE = 0.3;

/**
 * CoSDH (Xu et al. 2025): a cell is sent where the sender supplies it, its smoothed confidence above `leastConfidence`, and
 * the ego demands it, with fewer than `demandPoints` points of its own there. The ego's request lists where it demands nothing.
 * With `hybrid` the sender's boxes go first; those below 0.3 are zeroed, the others count 0.9 of their score where their cells
 * were fused, and non-maximum suppression joins them with what the ego found in the fused cells.
 * @throws InputError for an option out of range.
 */
export function cosdh(options: CosdhOptions = {}): SharingStrategy {
  const { leastConfidence = 0.01, demandPoints = 4, demandSide = 1, hybrid = true, trust = 0.9 } = options;
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  requireRange('leastConfidence', leastConfidence, 0, 1);
  if (demandPoints !== false) requireInteger('demandPoints', demandPoints, 1);
  requireInteger('demandSide', demandSide, 1, 16);
  requireRange('trust', trust, 0, 1);
  const late: LatePart = { leastScore: LEAST_SCORE, trust };
  return cellSharing({
    name:
      options.name ?? (hybrid ? 'CoSDH' : demandPoints === false ? 'supply mask' : 'supply and demand masks'),
    worth(weighing) {
      const wanted = demandOf(weighing);
      const cars = atCells(drawnBoxes(weighing.own.detections), weighing.own.cells);
      // Car after car, since half an outline misleads; what lies around them comes last.
      const order = (value: number, cell: number) => (cars[cell]! > 0 ? 1 + cars[cell]! : value);
      return confidenceOf(weighing).map((value, cell) =>
        value > leastConfidence && wanted(cell) ? order(value, cell) : 0,
      );
    },
    ...(demandPoints !== false && {
      request(_: AgentState, { cells }: Perception) {
        const known = blocksSection(knownBlocks(cells, demandPoints, demandSide));
        return known.length <= maxBytes / LEAST_GAIN ? [known] : [];
      },
    }),
    ...(hybrid && { late }),
    maxBytes,
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
