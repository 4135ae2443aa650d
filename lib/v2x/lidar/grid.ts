/** The directions of a spinning LiDAR in its own frame: columns of equal azimuth, each with all beams from the lowest up. */
export interface RayGrid {
  beams: number;
  columns: number;
  /** Of the azimuths 2 pi j / columns. */
  azimuthCos: Float64Array;
  azimuthSin: Float64Array;
  /** Of the elevations, evenly spaced from the lowest to the highest. */
  elevationCos: Float64Array;
  elevationSin: Float64Array;
  elevationTan: Float64Array;
}

/** What the rays met, column by column: metres along the ray, and the box's place or GROUND or NOTHING. */
export interface RangeImage {
  range: Float64Array;
  hit: Int32Array;
}

/** Rays that each box would stop if it stood alone. */
export type RayCounts = Uint32Array;

/** Places of a box's corners relative to a sensor, in the sensor's frame. */
export interface Outline {
  centre: readonly [x: number, y: number];
  corners: readonly (readonly [x: number, y: number, ...number[]])[];
}

export function rayGrid(beams: number, columns: number, [low, high]: readonly [number, number]): RayGrid {
  const azimuths = Float64Array.from({ length: columns }, (_, column) => (2 * Math.PI * column) / columns);
  const elevations = Float64Array.from({ length: beams }, (_, beam) =>
    beams === 1 ? (low + high) / 2 : low + ((high - low) * beam) / (beams - 1),
  );
  return {
    beams,
    columns,
    azimuthCos: azimuths.map(Math.cos),
    azimuthSin: azimuths.map(Math.sin),
    elevationCos: elevations.map(Math.cos),
    elevationSin: elevations.map(Math.sin),
    elevationTan: elevations.map(Math.tan),
  };
}

/** First and last column, not yet modulo their number, that can meet a box: all of them when the sensor's axis passes through it. */
export function columnWindow({ centre: [x, y], corners }: Outline, columns: number): [number, number] {
  let left = 0;
  let right = 0;
  for (const [cx, cy] of corners) {
    const turn = Math.atan2(x * cy - y * cx, x * cx + y * cy);
    left = Math.max(left, turn);
    right = Math.min(right, turn);
  }
  // A sensor at the very centre sees no corner to the left or right of it.
  const within = x === 0 && y === 0;
  if (within || !(left - right < Math.PI - 1e-9)) return [0, columns - 1];
  const towards = Math.atan2(y, x);
  const perRadian = columns / (2 * Math.PI);
  return [Math.ceil((towards + right) * perRadian - 1e-6), Math.floor((towards + left) * perRadian + 1e-6)];
}

/** A column's place when windows run over the start of the circle. */
export function wrapColumn(column: number, columns: number): number {
  const rest = column % columns;
  return rest < 0 ? rest + columns : rest;
}
