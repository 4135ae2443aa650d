import { type BevCells, CELL_METERS, selectCells, warpCells } from '../bev/index.js';

/** Part of a wall: a point on it and its normal. */
export interface WallLine {
  readonly x: number;
  readonly y: number;
  readonly normalX: number;
  readonly normalY: number;
}

/** What two agents may see of the same walls. */
export interface Walls {
  /** The piece of the ego's walls nearest to a place, within a metre; nothing where there is none. */
  lineNear(x: number, y: number): WallLine | undefined;
  /** The other's points on faces. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Heights that belong to walls and poles, metres: of the ego's cells, some of which hold low points of a face; of the other's. */
const OWN_HEIGHT = 1.2;
const THEIR_HEIGHT = { from: 1.9, to: 8 };
/** The ego's points this near make a line, if so many and so narrow (variance across over along) and so long (variance, m^2). */
const NEAR_METERS = 1;
const LEAST = { points: 3, metersSquared: 0.02 };
const NARROW = 0.02;
/**
 * The walls of the ego as lines, and those of another as points.
 * @param theirs cells so fine that each is nearly one point
 */
export function wallsOf(own: BevCells, theirs: BevCells): Walls {
  const tall = selectCells(own, (cell) => own.top[cell]! >= OWN_HEIGHT);
  const near = neighbourhood(tall);
  const lines = new Map<number, WallLine | undefined>();
  const lineAt = (cell: number) => {
    if (!lines.has(cell)) lines.set(cell, lineOf(tall, cell, near(tall.x[cell]!, tall.y[cell]!)));
    return lines.get(cell);
  };
  const isFace = (cell: number) =>
    theirs.top[cell]! >= THEIR_HEIGHT.from && theirs.top[cell]! < THEIR_HEIGHT.to;
  const faces = warpCells(selectCells(theirs, isFace), { x: 0, y: 0, yaw: 0 }, CELL_METERS);
  return {
    points: Array.from({ length: faces.size }, (_, cell) => [faces.x[cell]!, faces.y[cell]!] as const),
    lineNear(x, y) {
      const away = (cell: number) => Math.hypot(tall.x[cell]! - x, tall.y[cell]! - y);
      const nearest = near(x, y).sort((a, b) => away(a) - away(b))[0];
      return nearest === undefined ? undefined : lineAt(nearest);
    },
  };
}

/** The cells within a metre of a place. */
function neighbourhood({ size, x, y }: BevCells): (x: number, y: number) => number[] {
  const squares = new Map<string, number[]>();
  const square = (u: number, v: number) => `${u},${v}`;
  const at = (metres: number) => Math.floor(metres / NEAR_METERS);
  for (let cell = 0; cell < size; cell++) {
    const key = square(at(x[cell]!), at(y[cell]!));
    const there = squares.get(key);
    if (there) there.push(cell);
    else squares.set(key, [cell]);
  }
  return (px, py) => {
    const found: number[] = [];
    for (let u = at(px) - 1; u <= at(px) + 1; u++)
      for (let v = at(py) - 1; v <= at(py) + 1; v++)
        for (const cell of squares.get(square(u, v)) ?? [])
          if (Math.hypot(x[cell]! - px, y[cell]! - py) < NEAR_METERS) found.push(cell);
    return found;
  };
}

/** The line of a cell and its neighbours, where these form one: the axis along which they vary least is its normal. */
function lineOf(of: BevCells, cell: number, neighbours: readonly number[]): WallLine | undefined {
  if (neighbours.length < LEAST.points) return;
  const mean = (from: Float64Array) =>
    neighbours.reduce((sum, one) => sum + from[one]!, 0) / neighbours.length;
  const [x, y] = [mean(of.x), mean(of.y)];
  const covariance = (a: Float64Array, b: Float64Array, ma: number, mb: number) =>
    neighbours.reduce((sum, one) => sum + (a[one]! - ma) * (b[one]! - mb), 0) / neighbours.length;
  const xx = covariance(of.x, of.x, x, x);
  const xy = covariance(of.x, of.y, x, y);
  const yy = covariance(of.y, of.y, y, y);
  const apart = Math.hypot((xx - yy) / 2, xy);
  const [along, across] = [(xx + yy) / 2 + apart, (xx + yy) / 2 - apart];
  if (along < LEAST.metersSquared || across > NARROW * along) return;
  const direction = Math.atan2(2 * xy, xx - yy) / 2;
  const place = { x: of.x[cell]!, y: of.y[cell]! };
  return { ...place, normalX: -Math.sin(direction), normalY: Math.cos(direction) };
}
