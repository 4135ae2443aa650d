import { requireRange } from '../../base/index.js';
import type { Position } from '../evaluate/index.js';
import {
  GROUND,
  type ImagePoint,
  insideMap,
  MAP,
  MAP_CELLS,
  type PedestrianCamera,
  projector,
} from './cameras.js';
import { CHANNEL, requireSymbols, type SymbolMap } from './features.js';
import { peaks } from './peaks.js';

/** Cells of the ground on which maps meet: 10 cm, as many as R-ACP has. */
const CELL_METERS = 0.1;
const COLUMNS = Math.round(GROUND.sizeX / CELL_METERS);
const ROWS = Math.round(GROUND.sizeY / CELL_METERS);
const USUAL_HEIGHT = 1.72;

/** What a camera has to say about the ground: its maps, and where these may be believed (1 of each cell that arrived). */
export interface GroundView {
  readonly camera: PedestrianCamera;
  readonly map: SymbolMap;
  /** Of each cell of a channel; all when left out. */
  readonly available?: Uint8Array;
}

/** Where ground cells lie in a camera's maps, between which four cells and how far from the first. */
interface Places {
  readonly first: Int32Array;
  readonly right: Float32Array;
  readonly down: Float32Array;
}

/** The ground cells a camera sees, and where feet and head of one who stands there are; without head, its `first` is -1. */
interface Warp {
  readonly cells: Int32Array;
  /** Cell of the map that holds the feet. */
  readonly standing: Int32Array;
  readonly foot: Places;
  readonly head: Places;
}

const warps = new WeakMap<PedestrianCamera, Warp>();

/**
 * People on the ground: every camera's foot and head features warped to it by the camera's pose (a homography each), the mean
 * over the cameras that look there and whose cells arrived and one that sees nothing, so that few weigh less, then its peaks.
 * @param options.gain what features of a person in full view rise to
 * @param options.threshold least mean of a peak, a share of the gain
 * @throws InputError for an option out of range, or a map of another size.
 */
export function pedestriansOnGround(
  views: readonly GroundView[],
  options: { readonly gain: number; readonly threshold?: number },
): Position[] {
  const gain = requireRange('gain', options.gain, 0.5, 100);
  const threshold = requireRange('threshold', options.threshold ?? 0.48, 0, 1);
  for (const { map } of views) requireSymbols('map', map);
  return peaks(groundMap(views), { columns: COLUMNS, least: threshold * gain, placeOf: cellPlace });
}

/** Mean evidence on the ground, row by row. */
function groundMap(views: readonly GroundView[]): Float64Array {
  const sum = new Float64Array(ROWS * COLUMNS);
  const count = new Uint8Array(ROWS * COLUMNS).fill(1);
  for (const { camera, map, available } of views) {
    const { cells, standing, foot, head } = warpOf(camera);
    for (let n = 0; n < cells.length; n++) {
      if (available && !available[standing[n]!]) continue;
      const evidence = between(map, CHANNEL.foot, foot, n);
      const whole = head.first[n]! >= 0;
      sum[cells[n]!]! += whole ? (evidence + between(map, CHANNEL.head, head, n)) / 2 : evidence;
      count[cells[n]!]!++;
    }
  }
  return sum.map((value, cell) => value / count[cell]!);
}

function between(map: SymbolMap, channel: number, { first, right, down }: Places, n: number): number {
  const at = channel * MAP_CELLS + first[n]!;
  const [a, b] = [right[n]!, down[n]!];
  const upper = map[at]! + a * (map[at + 1]! - map[at]!);
  const lower = map[at + MAP.columns]! + a * (map[at + MAP.columns + 1]! - map[at + MAP.columns]!);
  return upper + b * (lower - upper);
}

function warpOf(camera: PedestrianCamera): Warp {
  const known = warps.get(camera);
  if (known) return known;
  const project = projector(camera);
  const seen = Array.from({ length: ROWS * COLUMNS }, (_, cell) => cell).flatMap((cell) => {
    const { x, y } = cellPlace(cell);
    const [foot, head] = [project(x, y, 0), project(x, y, USUAL_HEIGHT)];
    return foot && insideMap(foot) ? [{ cell, foot, head }] : [];
  });
  const warp = {
    cells: Int32Array.from(seen, ({ cell }) => cell),
    standing: Int32Array.from(
      seen,
      ({ foot }) => Math.floor(foot.row) * MAP.columns + Math.floor(foot.column),
    ),
    foot: placesOf(seen.map(({ foot }) => foot)),
    head: placesOf(seen.map(({ head }) => head)),
  };
  warps.set(camera, warp);
  return warp;
}

/** Between the middles of cells; at the border the outermost. */
function placesOf(points: readonly (ImagePoint | undefined)[]): Places {
  const size = points.length;
  const places = { first: new Int32Array(size), right: new Float32Array(size), down: new Float32Array(size) };
  for (const [n, point] of points.entries()) {
    places.first[n] = -1;
    if (!point || !insideMap(point)) continue;
    const [u, v] = [point.column - 0.5, point.row - 0.5];
    const left = Math.max(0, Math.min(MAP.columns - 2, Math.floor(u)));
    const above = Math.max(0, Math.min(MAP.rows - 2, Math.floor(v)));
    places.first[n] = above * MAP.columns + left;
    places.right[n] = Math.max(0, Math.min(1, u - left));
    places.down[n] = Math.max(0, Math.min(1, v - above));
  }
  return places;
}

const cellPlace = (cell: number): Position => ({
  x: GROUND.fromX + ((cell % COLUMNS) + 0.5) * CELL_METERS,
  y: GROUND.fromY + (Math.floor(cell / COLUMNS) + 0.5) * CELL_METERS,
});
