import { requireChoice } from '../../base/index.js';
import type { BevCells } from '../bev/index.js';
import type { SharingStrategy } from '../types.js';
import { cellSharing, type Weighing } from './cells.js';
import { confidenceMap, MAP } from './confidence.js';
import { askedBoxes, requestBoxes } from './where2comm.js';

export interface Lcv2iOptions {
  readonly name?: string;
  /** What a region is worth: its difference from what the ego knows times its score, or its score alone. */
  readonly by?: 'difference x score' | 'score';
  /** Most bytes of one message; no limit unless told otherwise. */
  readonly maxBytes?: number;
}

/** Regions are squares of this many cells either way. */
const REGION = 4;
const ACROSS = MAP.columns / REGION;
const REGIONS = ACROSS * (MAP.rows / REGION);
/** In shorter messages a request of some 280 bytes is not worth it: there are few regions to choose. */
const LEAST_ASKED_BYTES = 600;

/**
 * Help for an agent with a low-resolution LiDAR, after LCV2I: a road-side unit sends the regions of 4 x 4 cells where the mean
 * difference |C_sender - C_ego| of the confidences, times the sender's largest, is greatest; by the latter alone where nobody
 * asked. The ego asks where messages may have 600 bytes or more. An interpretation: of the paper only the abstract was at
 * hand.
 * @throws InputError for an option out of range.
 */
export function lcv2i(options: Lcv2iOptions = {}): SharingStrategy {
  const { by = 'difference x score', maxBytes = Number.POSITIVE_INFINITY } = options;
  requireChoice('by', by, ['difference x score', 'score']);
  const differs = by === 'difference x score';
  return cellSharing({
    name: options.name ?? (differs ? 'LCV2I' : 'score of regions'),
    worth: (weighing) => worthOfRegions(weighing, differs && weighing.asked !== undefined),
    ...(differs && maxBytes >= LEAST_ASKED_BYTES && { request: requestBoxes }),
    maxBytes,
  });
}

function worthOfRegions(weighing: Weighing, differs: boolean): Float64Array {
  const { cells } = weighing.own;
  const ours = weighing.own.confidence();
  const score = new Float64Array(REGIONS);
  const difference = new Float64Array(REGIONS);
  const theirs = differs ? confidenceMap(askedBoxes(weighing)) : undefined;
  for (let index = 0; index < ours.length; index++) {
    const region = regionAt(index % MAP.columns, Math.floor(index / MAP.columns));
    score[region] = Math.max(score[region]!, ours[index]!);
    difference[region]! += theirs ? Math.abs(ours[index]! - theirs[index]!) / REGION ** 2 : 0;
  }
  return Float64Array.from({ length: cells.size }, (_, cell) => {
    const region = regionOf(cells, cell);
    return region < 0 ? 0 : score[region]! * (differs ? difference[region]! : 1);
  });
}

const regionAt = (i: number, j: number) => Math.floor(j / REGION) * ACROSS + Math.floor(i / REGION);

function regionOf(cells: BevCells, cell: number): number {
  const [i, j] = [cells.column[cell]! + MAP.columns / 2, cells.row[cell]! + MAP.rows / 2];
  return i >= 0 && i < MAP.columns && j >= 0 && j < MAP.rows ? regionAt(i, j) : -1;
}
