import type { Pose } from '../types.js';

/** Sides of the square that the network looks at, and of its cells. */
export const PILLARS = {
  /** From the middle to an edge. */
  reachMeters: 50,
  /** Side of a pillar. */
  cellMeters: 1,
  /** Pillars along a side. */
  cells: 100,
  /** Side of a cell of the feature map. */
  featureMeters: 2,
  /** Cells of the feature map along a side. */
  featureCells: 50,
  /** Values of each cell of the feature map. */
  channels: 16,
} as const;

/** Where the middle of a grid stands in the world, metres. Grids have the world's axes, so maps of two agents differ by a shift. */
export interface GridOrigin {
  readonly x: number;
  readonly y: number;
}

/** The grids' common raster: the coarsest layer of the network moves with it, so a shift by it is exact. */
const RASTER_METERS = 4;

/** The grid about an agent: the point of the raster next to where it believes to be. */
export function gridAbout({ x, y }: Pick<Pose, 'x' | 'y'>): GridOrigin {
  return { x: snapped(x), y: snapped(y) };
}

const snapped = (metres: number) => RASTER_METERS * Math.round(metres / RASTER_METERS);

/** Whether a place is inside the grid of an agent at `about`: what the network could find at all. */
export function inPillarRange(about: Pick<Pose, 'x' | 'y'>, { x, y }: Pick<Pose, 'x' | 'y'>): boolean {
  const origin = gridAbout(about);
  const { reachMeters } = PILLARS;
  return Math.abs(x - origin.x) < reachMeters && Math.abs(y - origin.y) < reachMeters;
}
