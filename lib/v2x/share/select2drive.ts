import { requireRange } from '../../base/index.js';
import { placed, relativePlacement } from '../bev/index.js';
import { routeSection } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { cellSharing, type Weighing } from './cells.js';
import { atCells, forCellsNear, MAP, MAP_CELLS } from './confidence.js';
import type { Perception } from './perception.js';
import { confidenceOf } from './where2comm.js';

export interface Select2DriveOptions {
  readonly name?: string;
  /** Largest share of all cells of the map that one sender sends: 0 to 1 (1). */
  readonly share?: number;
  /** Radius of the discs about the waypoints, 0.4 to 20 m (6). */
  readonly radiusMeters?: number;
  /** Whether stored cells are carried on to the present by the motion derived from them (false). */
  readonly predict?: boolean;
  readonly maxBytes?: number;
}

/** The standard deviation of a disc is its diameter over this, as usual for heat maps. */
const RATIO = 6;
const [GAIN, LEAST] = [5, 1e-4];

/**
 * Select2Drive's area of importance: the ego asks with its planned route; each sender draws its points as Gaussian discs,
 * joined by their maximum g, and sends the cells of highest C_i times clip(5 g / max g, 1e-4, 1 - 1e-4). With `predict`, what
 * arrives late is moved by the motion that successive messages show, instead of foretelling features.
 * @throws InputError for an option out of range.
 */
export function select2drive(options: Select2DriveOptions = {}): SharingStrategy {
  const { share = 1, radiusMeters = 6, predict = false, maxBytes } = options;
  requireRange('share', share, 0, 1);
  requireRange('radiusMeters', radiusMeters, 0.4, 20, 'm');
  return cellSharing({
    name: options.name ?? 'Select2Drive',
    worth(weighing) {
      const area = atCells(areaOfImportance(routeHere(weighing), radiusMeters), weighing.own.cells);
      return confidenceOf(weighing).map((value, cell) => value * area[cell]!);
    },
    request: (ego, own) => [routeSection(routeOf(ego, own))],
    maxCells: Math.round(share * MAP_CELLS),
    ...(maxBytes !== undefined && { maxBytes }),
    predict,
  });
}

/** The route in the agent's ground frame, as it believes. */
function routeOf({ route = [] }: AgentState, { frame }: Perception): [number, number][] {
  return route.map(([x, y]) => {
    const point = relativePlacement({ x, y, yaw: 0 }, frame);
    return [point.x, point.y];
  });
}

function routeHere({ own, asked }: Weighing): [number, number][] {
  if (!asked) return [];
  const from = relativePlacement(asked.pose, own.frame);
  return asked.route.map(([x, y]) => {
    const point = placed(from, { x, y, yaw: 0 });
    return [point.x, point.y];
  });
}

/**
 * How important each cell of `MAP` is to who drives a route: 1e-4 to 1 - 1e-4; all alike without a route near.
 * @param route points (x, y) in metres in the map's frame
 */
export function areaOfImportance(
  route: readonly (readonly [x: number, y: number])[],
  radiusMeters: number,
): Float32Array {
  const sigma = (2 * radiusMeters + MAP.cellMeters) / RATIO;
  const area = new Float32Array(MAP_CELLS);
  let most = 0;
  for (const [x, y] of route) {
    forCellsNear(x, y, 4 * sigma, (index, dx, dy) => {
      const value = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      if (value > area[index]!) area[index] = value;
      if (value > most) most = value;
    });
  }
  if (most === 0) return area.fill(1 - LEAST);
  return area.map((value) => Math.min(1 - LEAST, Math.max(LEAST, (GAIN * value) / most)));
}
