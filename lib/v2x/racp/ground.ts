import { requireRange } from '../../base/index.js';
import type { Position } from '../evaluate/index.js';
import { GROUND, insideMap, MAP, MAP_CELLS, type PedestrianCamera, projector } from './cameras.js';
import { CHANNEL, type FeatureMap } from './features.js';

/** Cells of the ground on which maps meet: 10 cm, as many as R-ACP has. */
const CELL_METERS = 0.1;
const COLUMNS = Math.round(GROUND.sizeX / CELL_METERS);
const ROWS = Math.round(GROUND.sizeY / CELL_METERS);
/** Positions as Wildtrack numbers them: 480 along x, 1,440 along y, 2.5 cm apart. */
export const POSITION = { meters: 0.025, columns: 480, rows: 1440 } as const;

const USUAL_HEIGHT = 1.72;
const APART_METERS = 0.6;

/** What a camera has to say about the ground: its maps, and where these may be believed (1 of each cell that arrived). */
export interface GroundView {
  readonly camera: PedestrianCamera;
  readonly map: FeatureMap;
  /** Of each cell of a channel; all when left out. */
  readonly available?: Uint8Array;
}

/** For each ground cell the places of feet and head of one who stands there, in 16 bits each, or -1 outside the map. */
interface Warp {
  readonly foot: Float32Array;
  readonly head: Float32Array;
}

const warps = new WeakMap<PedestrianCamera, Warp>();

/**
 * People on the ground: every camera's foot and head features warped to it by the camera's pose (a homography each), the mean
 * over the cameras that look there and whose cells arrived, then its peaks.
 * @param options.gain what features of a person in full view rise to
 * @param options.threshold least mean of a peak, a share of the gain
 * @throws InputError for an option out of range.
 */
export function pedestriansOnGround(
  views: readonly GroundView[],
  options: { readonly gain: number; readonly threshold?: number },
): Position[] {
  const gain = requireRange('gain', options.gain, 0.5, 100);
  const threshold = requireRange('threshold', options.threshold ?? 0.42, 0, 1);
  return peaks(groundMap(views), threshold * gain);
}

/** Mean evidence on the ground, row by row. */
function groundMap(views: readonly GroundView[]): Float64Array {
  const sum = new Float64Array(ROWS * COLUMNS);
  const count = new Uint8Array(ROWS * COLUMNS);
  for (const { camera, map, available } of views) {
    const { foot, head } = warpOf(camera);
    for (let cell = 0; cell < sum.length; cell++) {
      const [footColumn, footRow] = [foot[2 * cell]!, foot[2 * cell + 1]!];
      if (
        !(footColumn >= 0) ||
        (available && !available[Math.floor(footRow) * MAP.columns + Math.floor(footColumn)])
      )
        continue;
      const evidence = bilinear(map, CHANNEL.foot, footColumn, footRow);
      const [headColumn, headRow] = [head[2 * cell]!, head[2 * cell + 1]!];
      const both = headColumn >= 0;
      sum[cell]! += both ? (evidence + bilinear(map, CHANNEL.head, headColumn, headRow)) / 2 : evidence;
      count[cell]!++;
    }
  }
  return sum.map((value, cell) => (count[cell]! > 0 ? value / count[cell]! : 0));
}

function warpOf(camera: PedestrianCamera): Warp {
  const known = warps.get(camera);
  if (known) return known;
  const project = projector(camera);
  const places = (height: number) => {
    const all = new Float32Array(2 * ROWS * COLUMNS).fill(-1);
    for (let cell = 0; cell < ROWS * COLUMNS; cell++) {
      const { x, y } = cellPlace(cell % COLUMNS, Math.floor(cell / COLUMNS));
      const point = project(x, y, height);
      if (point && insideMap(point)) all.set([point.column, point.row], 2 * cell);
    }
    return all;
  };
  const warp = { foot: places(0), head: places(USUAL_HEIGHT) };
  warps.set(camera, warp);
  return warp;
}

const cellPlace = (column: number, row: number): Position => ({
  x: GROUND.fromX + (column + 0.5) * CELL_METERS,
  y: GROUND.fromY + (row + 0.5) * CELL_METERS,
});

/** Between the middles of cells; at the border the outermost. */
function bilinear(map: FeatureMap, channel: number, column: number, row: number): number {
  const [u, v] = [column - 0.5, row - 0.5];
  const left = Math.max(0, Math.min(MAP.columns - 2, Math.floor(u)));
  const above = Math.max(0, Math.min(MAP.rows - 2, Math.floor(v)));
  const [a, b] = [Math.max(0, Math.min(1, u - left)), Math.max(0, Math.min(1, v - above))];
  const at = channel * MAP_CELLS + above * MAP.columns + left;
  const upper = (1 - a) * map[at]! + a * map[at + 1]!;
  const lower = (1 - a) * map[at + MAP.columns]! + a * map[at + MAP.columns + 1]!;
  return (1 - b) * upper + b * lower;
}

/** Local maxima, the highest first, none nearer to a higher one than people stand. */
function peaks(map: Float64Array, least: number): Position[] {
  const found: { value: number; x: number; y: number }[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const value = map[row * COLUMNS + column]!;
      if (value >= least && highest(map, row, column)) found.push({ value, ...cellPlace(column, row) });
    }
  }
  found.sort((a, b) => b.value - a.value);
  const kept: Position[] = [];
  for (const { x, y } of found) {
    if (kept.every((other) => Math.hypot(other.x - x, other.y - y) >= APART_METERS)) kept.push({ x, y });
  }
  return kept.map(toGrid);
}

function highest(map: Float64Array, row: number, column: number): boolean {
  const value = map[row * COLUMNS + column]!;
  for (let i = Math.max(0, row - 1); i <= Math.min(ROWS - 1, row + 1); i++) {
    for (let j = Math.max(0, column - 1); j <= Math.min(COLUMNS - 1, column + 1); j++) {
      if (map[i * COLUMNS + j]! > value) return false;
    }
  }
  return true;
}

/** To the nearest of Wildtrack's positions. */
function toGrid({ x, y }: Position): Position {
  const { meters } = POSITION;
  return {
    x: GROUND.fromX + meters * Math.round((x - GROUND.fromX) / meters),
    y: GROUND.fromY + meters * Math.round((y - GROUND.fromY) / meters),
  };
}
