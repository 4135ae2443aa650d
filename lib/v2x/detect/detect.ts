import { requireRange } from '../../base/index.js';
import type { BevCells } from '../bev/index.js';
import { byScore, rotatedNms } from '../evaluate/index.js';
import type { AgentState, Detection } from '../types.js';
import { carClusters } from './clusters.js';
import type { CarFit, CarPrior, SizeRange } from './rectangle.js';
import { fromGround, standingCells } from './standing.js';

/** Cars of the simulated crossing. */
export const CAR_PRIOR: CarPrior = { length: [4, 4.5, 5], width: [1.75, 1.9, 2.05], tallest: 1.85 };

/** Height of a box whose roof was not seen, metres. */
const USUAL_HEIGHT = 1.6;

export interface DetectOptions {
  /** Sizes looked for; `CAR_PRIOR` unless told otherwise. */
  readonly prior?: CarPrior;
  /** Boxes that overlap a better one by more are dropped, 0 to 1; 0.15 unless told otherwise. */
  readonly nmsIou?: number;
  /** Whether a sensor that looks down (`looksDown`) took part: what it sees fills an outline; not unless told otherwise. */
  readonly fromAbove?: boolean;
}

export interface CellDetections {
  /** In the cells' frame, z from the ground, score descending. */
  readonly detections: Detection[];
  /** Of each cell, the probability that it is part of a car as detected here, 0 to 1. */
  readonly cellConfidence: Float64Array;
}

/**
 * Cars among the cells of one agent or of several merged ones, without any training: low cells are linked, each part is
 * explained by one car, completed on the side that no sensor saw, and scored by how well it fits.
 * @throws InputError for an option out of range.
 */
export function detectCells(cells: BevCells, options: DetectOptions = {}): CellDetections {
  const { prior = CAR_PRIOR, nmsIou = 0.15, fromAbove = false } = options;
  requirePrior(prior);
  const cellConfidence = new Float64Array(cells.size);
  const found = carClusters(cells, prior).map(({ members, fit }): Detection => {
    const score = evidence(fit, members.length, fromAbove ? 1 - meanLevel(cells, members) : 0);
    for (const cell of members) cellConfidence[cell] = score;
    const top = members.reduce((highest, cell) => Math.max(highest, cells.top[cell]!), USUAL_HEIGHT);
    const { x, y, length, width, yaw } = fit;
    return { x, y, z: top / 2, length, width, height: top, yaw, score };
  });
  return { detections: rotatedNms(found, nmsIou), cellConfidence };
}

/**
 * Cars that one agent finds by itself, in its own frame, score descending.
 * @throws InputError for an option out of range.
 */
export function detectAgent(agent: AgentState, options: DetectOptions = {}): Detection[] {
  const { cells, ground } = standingCells(agent);
  const fromAbove = looksDown(cells);
  return byScore(fromGround(detectCells(cells, { fromAbove, ...options }).detections, ground, agent.pose));
}

/**
 * How likely a fit is a car: a logistic of its spread, its residual, what is missing of it and how many cells it has (more
 * cells in the same outline are inside of it, as of a bush). The more it is seen from above, the less its outline says and
 * the more cells a car has. Weights are fits to hits and false alarms of simulated crossings, rounded: at 16 beams, and of
 * UAVs at 25 and 40 m alone and together with a car (scenes 101 to 108).
 */
function evidence({ along, residual, missing }: CarFit, cells: number, above: number): number {
  const many = Math.log(cells);
  const level = 7.6 + 0.6 * along - 18 * residual - 12 * missing - 1.2 * many;
  return 1 / (1 + Math.exp(-level - above * (-17 + 75 * residual + 2.8 * many)));
}

/** How level cells are seen, mean: 1 from the side, 0 from straight above. */
function meanLevel({ viewX, viewY }: BevCells, members: readonly number[]): number {
  return members.reduce((sum, cell) => sum + Math.hypot(viewX[cell]!, viewY[cell]!), 0) / members.length;
}

/** Mean cosine of the angle below the level, of 28 degrees: a vehicle or a mast looks out flatter. */
const DOWNWARD = 0.88;

/** Whether the one sensor of these cells looks down rather than about. */
export function looksDown(cells: BevCells): boolean {
  const all = Array.from({ length: cells.size }, (_, cell) => cell);
  return cells.size > 0 && meanLevel(cells, all) < DOWNWARD;
}

function requirePrior({ length, width, tallest }: CarPrior): void {
  const check = (name: string, [least, usual, most]: SizeRange) => {
    requireRange(`${name}[0]`, least, 0.1, 100, 'm');
    requireRange(`${name}[1]`, usual, least, 100, 'm');
    requireRange(`${name}[2]`, most, usual, 100, 'm');
  };
  check('length', length);
  check('width', width);
  requireRange('tallest', tallest, 0.1, 100, 'm');
}
