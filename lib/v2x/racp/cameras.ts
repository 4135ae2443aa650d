import { inverseRigid, poseMatrix, type RigidMatrix } from '../geometry/index.js';
import type { Pose } from '../types.js';

/** Cells of a camera's feature maps. */
export const MAP = { rows: 45, columns: 80, channels: 4 } as const;
export const MAP_CELLS = MAP.rows * MAP.columns;
export const MAP_SYMBOLS = MAP_CELLS * MAP.channels;

/** The ground that is watched, metres: that of Wildtrack, 12 m x 36 m. */
export const GROUND = { fromX: -3, fromY: -9, sizeX: 12, sizeY: 36 } as const;

const FIELD_OF_VIEW = (80 * Math.PI) / 180;
/** Cells a unit of tangent. */
const FOCAL = MAP.columns / 2 / Math.tan(FIELD_OF_VIEW / 2);
const NEAREST_METERS = 0.5;
const HEIGHT_METERS = 4;

/** A pinhole camera that looks along x of its pose. */
export interface PedestrianCamera {
  readonly id: number;
  readonly pose: Pose;
}

/** A place in a feature map, in cells from its upper left corner, and the distance along the optical axis in metres. */
export interface ImagePoint {
  readonly column: number;
  readonly row: number;
  readonly depth: number;
}

/** Where the seven cameras stand, beside the ground at a height of 4 m, each looking at a point of it. */
const STANDS = [
  { x: -4.5, y: -10, toX: 3, toY: 3 },
  { x: 10.5, y: -10, toX: 3, toY: 3 },
  { x: -6, y: 4, toX: 5, toY: 8 },
  { x: 12, y: 9, toX: 1, toY: 6 },
  { x: -6, y: 17, toX: 5, toY: 12 },
  { x: -4.5, y: 28, toX: 3, toY: 15 },
  { x: 10.5, y: 28, toX: 3, toY: 15 },
] as const;

/** The seven cameras about the ground. */
export const PEDESTRIAN_CAMERAS: readonly PedestrianCamera[] = STANDS.map(({ x, y, toX, toY }, id) => ({
  id,
  pose: {
    ...{ x, y, z: HEIGHT_METERS, roll: 0 },
    pitch: Math.atan2(HEIGHT_METERS, Math.hypot(toX - x, toY - y)),
    yaw: Math.atan2(toY - y, toX - x),
  },
}));

/** Projects places of the world into the maps of a camera. */
export function projector({
  pose,
}: PedestrianCamera): (x: number, y: number, z: number) => ImagePoint | undefined {
  const m: RigidMatrix = inverseRigid(poseMatrix(pose));
  return (x, y, z) => {
    const depth = m[0]! * x + m[1]! * y + m[2]! * z + m[3]!;
    if (depth < NEAREST_METERS) return;
    const left = m[4]! * x + m[5]! * y + m[6]! * z + m[7]!;
    const up = m[8]! * x + m[9]! * y + m[10]! * z + m[11]!;
    const scale = FOCAL / depth;
    return { column: MAP.columns / 2 - scale * left, row: MAP.rows / 2 - scale * up, depth };
  };
}

/** Cells that a metre across the view takes at a depth. */
export const cellsPerMeter = (depth: number): number => FOCAL / depth;

/** Whether a place lies in the map. */
export const insideMap = ({ column, row }: ImagePoint): boolean =>
  column >= 0 && column < MAP.columns && row >= 0 && row < MAP.rows;

/** Where the ray through a place of the map meets the ground, in the world; nothing above the horizon. */
export function groundPoint(
  { pose }: PedestrianCamera,
  { column, row }: Pick<ImagePoint, 'column' | 'row'>,
): { x: number; y: number } | undefined {
  const m = poseMatrix(pose);
  const left = (MAP.columns / 2 - column) / FOCAL;
  const up = (MAP.rows / 2 - row) / FOCAL;
  const [dx, dy, dz] = [0, 4, 8].map((at) => m[at]! + m[at + 1]! * left + m[at + 2]! * up) as [
    number,
    number,
    number,
  ];
  if (dz > -1e-3) return;
  const reach = -pose.z / dz;
  return { x: pose.x + reach * dx, y: pose.y + reach * dy };
}
