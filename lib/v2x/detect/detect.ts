import { type BevCells } from '../bev/index.js';
import { rotatedNms } from '../evaluate/index.js';
import type { AgentState, Detection } from '../types.js';
import { linked } from './clusters.js';
import { patchOf } from './patch.js';
import { type CarFit, type CarPrior, fitCar } from './rectangle.js';
import { fromGround, standingCells } from './standing.js';

export interface DetectOptions {
  readonly prior?: CarPrior;
}

export interface CellDetections {
  /** In the cells' frame, z from the ground, score descending. */
  readonly detections: Detection[];
  /** Of each cell, the probability that it belongs to a car, 0 to 1. */
  readonly cellConfidence: Float64Array;
}

const CARS: CarPrior = { length: [4, 4.5, 5], width: [1.75, 1.9, 2.05], tallest: 1.85 };
const LINKS = [1.3, 0.9, 0.6];

export interface Cluster { cells: number[]; fit: CarFit; top: number; points: number }

export function detectCells(cells: BevCells, { prior = CARS }: DetectOptions = {}): CellDetections {
  const low = Array.from({ length: cells.size }, (_, cell) => cell).filter((cell) => cells.top[cell]! <= prior.tallest);
  const clusters = parts(cells, low, prior, 0);
  const confidence = new Float64Array(cells.size);
  const found = clusters.map(({ cells: members, fit, top, points }) => {
    const score = scoreOf(fit, members.length);
    for (const cell of members) confidence[cell] = score;
    const { x, y, length, width, yaw } = fit;
    const height = Math.max(1.5, Math.min(top, 1.75));
    return { x, y, z: height / 2, length, width, height, yaw, score, features: [fit.along, fit.across, fit.residual, fit.missing, members.length, top, points] };
  });
  return { detections: rotatedNms(found), cellConfidence: confidence };
}

function parts(of: BevCells, cells: readonly number[], prior: CarPrior, level: number): Cluster[] {
  const link = LINKS[level];
  if (link === undefined) return [];
  return linked(of, cells, link).flatMap((part) => {
    if (part.length < 2) return [];
    const fit = fitCar(patchOf(of, part), prior);
    if (!fit) return parts(of, part, prior, level + 1);
    const top = Math.max(...part.map((cell) => of.top[cell]!));
    const points = part.reduce((sum, cell) => sum + of.points[cell]!, 0);
    return [{ cells: part, fit, top, points }];
  });
}

function scoreOf({ along, residual, missing }: CarFit, cells: number): number {
  const evidence = 8.3 + 0.6 * along - 18 * residual - 12 * missing - 1.2 * Math.log(cells);
  return 1 / (1 + Math.exp(-evidence));
}

export function detectAgent(agent: AgentState): Detection[] {
  const { cells, ground } = standingCells(agent);
  return fromGround(detectCells(cells).detections, ground, agent.pose);
}
