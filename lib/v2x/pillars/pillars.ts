import type { Detection } from '../types.js';
import { type GridOrigin, PILLARS } from './grid.js';
import type { MapPoints } from './points.js';

/** What the network sees of one place and time, all in the map frame. */
export interface PillarInput {
  readonly origin: GridOrigin;
  /** Clouds, the agent's own and others that were merged with it. */
  readonly clouds: readonly MapPoints[];
  /** Boxes that others found: each enters as one point (MoDAR; Practical Collaborative Perception). */
  readonly boxes?: readonly Detection[];
}

/** Points that represent a pillar, at most. */
export const POINTS_PER_PILLAR = 8;
/** Values of a point: place in its pillar, height, intensity, place about the pillar's mean, points of the pillar; then the box of a MoDAR point. */
export const POINT_VALUES = 15;
const BOX_AT = 8;

/** Occupied pillars of a batch of inputs. */
export interface Pillars {
  readonly count: number;
  /** Padded with zeros to a multiple of `PADDING` pillars. */
  readonly values: Float32Array;
  /** Of each cell of each input, its pillar from 1; 0 where nothing is. */
  readonly sources: Int32Array;
}

/** Networks are compiled for each number of pillars, so there should be few. */
const PADDING = 512;

/** Sorts the points of a batch into pillars. */
export function pillarsOf(inputs: readonly PillarInput[]): Pillars {
  const cells = PILLARS.cells ** 2;
  const sources = new Int32Array(inputs.length * cells);
  const parts: Float32Array[] = [];
  let count = 0;
  for (const [place, input] of inputs.entries()) {
    const sorted = sortedPoints(input);
    parts.push(...sorted.cells.map((cell, pillar) => pillarValues(input, cell, sorted.members[pillar]!)));
    for (const cell of sorted.cells) sources[place * cells + cell] = ++count;
  }
  const size = POINTS_PER_PILLAR * POINT_VALUES;
  const padded = Math.max(1, Math.ceil(count / PADDING)) * PADDING;
  const values = new Float32Array(padded * size);
  for (const [pillar, part] of parts.entries()) values.set(part, pillar * size);
  return { count, values, sources };
}

/** Points of a pillar: of boxes first, then echoes. */
interface Members {
  readonly boxes: Detection[];
  /** x, y, z, intensity. */
  readonly points: number[][];
}

function sortedPoints({ origin, clouds, boxes = [] }: PillarInput): { cells: number[]; members: Members[] } {
  const found = new Map<number, Members>();
  const at = (x: number, y: number): Members | undefined => {
    const cell = cellOf(x - origin.x, y - origin.y);
    if (cell < 0) return undefined;
    const members = found.get(cell) ?? { boxes: [], points: [] };
    found.set(cell, members);
    return members;
  };
  for (const box of boxes) at(box.x, box.y)?.boxes.push(box);
  for (const { count, values } of clouds) {
    for (let point = 0; point < 4 * count; point += 4) {
      const [x, y, z, intensity] = [
        values[point]!,
        values[point + 1]!,
        values[point + 2]!,
        values[point + 3]!,
      ];
      at(x, y)?.points.push([x, y, z, intensity]);
    }
  }
  return { cells: [...found.keys()], members: [...found.values()] };
}

/** Row by row along y; -1 outside. */
function cellOf(x: number, y: number): number {
  const { cells, cellMeters } = PILLARS;
  const column = Math.floor(x / cellMeters) + cells / 2;
  const row = Math.floor(y / cellMeters) + cells / 2;
  return column >= 0 && column < cells && row >= 0 && row < cells ? row * cells + column : -1;
}

function pillarValues({ origin }: PillarInput, cell: number, { boxes, points }: Members): Float32Array {
  const { cells, cellMeters } = PILLARS;
  const x = origin.x + ((cell % cells) + 0.5 - cells / 2) * cellMeters;
  const y = origin.y + (Math.floor(cell / cells) + 0.5 - cells / 2) * cellMeters;
  const mean = meanOf(points, [x, y, 0]);
  const crowd = Math.log1p(points.length) / 3;
  const best = boxes.length > 1 ? [...boxes].sort((a, b) => b.score - a.score) : boxes;
  const kept = best.slice(0, POINTS_PER_PILLAR / 2);
  const values = new Float32Array(POINTS_PER_PILLAR * POINT_VALUES);
  const rows = Math.min(POINTS_PER_PILLAR, kept.length + points.length);
  for (let row = 0; row < rows; row++) {
    const box = kept[row];
    // Evenly over all points, in their order, which keeps both ends of each beam.
    const room = rows - kept.length;
    const point = box
      ? [box.x, box.y, box.z, 0]
      : points[Math.floor(((row - kept.length) * points.length) / room)]!;
    const [px, py, pz, intensity] = point as [number, number, number, number];
    const about = [px - mean[0]!, py - mean[1]!, pz - mean[2]!];
    values.set([px - x, py - y, pz, intensity, ...about, crowd], row * POINT_VALUES);
    if (box) values.set(boxValues(box), row * POINT_VALUES + BOX_AT);
  }
  // The maximum over the points does not see a point twice.
  for (let row = rows; row < POINTS_PER_PILLAR; row++) values.copyWithin(row * POINT_VALUES, 0, POINT_VALUES);
  return values;
}

/** A heading and its opposite are one. */
function boxValues({ length, width, height, yaw, score }: Detection): number[] {
  return [length / 4.5, width / 1.9, height / 1.6, Math.sin(2 * yaw), Math.cos(2 * yaw), score, 1];
}

function meanOf(points: readonly number[][], fallback: number[]): number[] {
  if (points.length === 0) return fallback;
  return [0, 1, 2].map((axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / points.length);
}
