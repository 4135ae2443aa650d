import { requireRange } from '../../base/index.js';
import { type BevCells, type Placement, placed } from '../bev/index.js';
import { bevIou } from '../evaluate/index.js';
import type { Box } from '../types.js';
import { wallsOf } from './walls.js';

/** How wrong another's pose is thought to be before both have looked at the same things. */
export interface PosePrior {
  /** Standard deviation of x and of y, 0 (nothing is moved) to 10 m; 0.3 unless told otherwise. */
  readonly xyMeters?: number;
  /** Standard deviation of the heading, 0 (nothing is turned) to 45 degrees; 0.3 unless told otherwise. */
  readonly yawDeg?: number;
}

/** Moves nothing. */
export const still: Placement = { x: 0, y: 0, yaw: 0 };

/** @throws InputError for a prior out of range. */
export function requirePrior({ xyMeters = 0.3, yawDeg = 0.3 }: PosePrior): Required<PosePrior> {
  requireRange('xyMeters', xyMeters, 0, 10, 'm');
  requireRange('yawDeg', yawDeg, 0, 45);
  return { xyMeters, yawDeg };
}

/** One thing both saw: where the other put it, and how far off the line on which the ego has it, metres. */
export interface Sight {
  readonly x: number;
  readonly y: number;
  /** The line's normal. */
  readonly normalX: number;
  readonly normalY: number;
  /** Along the normal, from the other's place to the line. */
  readonly distance: number;
  /** Standard deviation of the distance, metres. */
  readonly deviation: number;
}

/** Farthest that a wall may be off in each round, metres. */
const WALL_GATES = [1, 0.6, 0.4, 0.3, 0.3] as const;
/** Neighbouring points of a wall err alike, so each counts for little. */
const WALL_METERS = 0.3;

/**
 * Moves and turns another's frame until the walls that it and the ego see lie on each other: point-to-line ICP (Chen and
 * Medioni 1992) in the plane, faces taller than cars only, since these stand still and look the same from above.
 * @param own the ego's cells
 * @param theirs the other's, fine ones, in the ego's ground frame
 * @returns what carries the other's things, as they are in the ego's frame, to where they should be
 * @throws InputError for a prior out of range.
 */
export function registeredByWalls(own: BevCells, theirs: BevCells, prior: PosePrior = {}): Placement {
  const { lineNear, points } = wallsOf(own, theirs);
  return WALL_GATES.reduce((known, gate) => {
    const sights = points.flatMap(([x, y]): Sight[] => {
      const now = placed(known, { x, y, yaw: 0 });
      const line = lineNear(now.x, now.y);
      if (!line) return [];
      const off = line.normalX * (line.x - now.x) + line.normalY * (line.y - now.y);
      return Math.abs(off) > gate ? [] : [sightOf(x, y, line, WALL_METERS)];
    });
    return aligned(sights, prior);
  }, still);
}

/** A point that should lie on a line. */
function sightOf(
  x: number,
  y: number,
  line: { x: number; y: number; normalX: number; normalY: number },
  deviation: number,
): Sight {
  const { normalX, normalY } = line;
  return { x, y, normalX, normalY, distance: normalX * (line.x - x) + normalY * (line.y - y), deviation };
}

/** Boxes that overlap by more are of one thing; centres of such boxes differ by this along and across. */
const SAME_IOU = 0.4;
const BOX_METERS = 0.2;
const ROUNDS = 3;
/** Where poses may be so wrong that boxes of one thing do not overlap, the nearest within a radius that shrinks come first. */
const RADIUS = { deviations: 3, least: 1, most: 3, shrinks: 0.6 };
/** Farthest that two headings of one thing are apart, either way round. */
const TURN_RAD = 0.4;

/** A box, and how well its centre is known along and across. */
type Placed = Box & { readonly deviation?: readonly [along: number, across: number] };

/**
 * As `registeredByWalls`, by the boxes that both found: each pair weighs as well as its centres are known. Where the prior is
 * wider than a third of a metre, boxes are first paired by distance, mutually nearest ones. After that those that overlap are,
 * and pairs that stay far off count for less, as where errors are of Cauchy's kind: half a car was seen, or another one.
 * @param theirs in the ego's ground frame
 * @throws InputError for a prior out of range.
 */
export function registeredByBoxes(
  own: readonly Placed[],
  theirs: readonly Placed[],
  prior: PosePrior = {},
): Placement {
  let known = still;
  const { xyMeters } = requirePrior(prior);
  const step = (
    motion: Placement | undefined,
    pair: (moved: readonly Placed[]) => readonly (Placed | undefined)[],
  ) => {
    const pairs = pair(theirs.map((box) => placed(known, box)));
    known = aligned(
      theirs.flatMap((box, place) => (pairs[place] ? sightsOf(box, pairs[place], motion) : [])),
      prior,
    );
  };
  let radius = Math.min(RADIUS.deviations * xyMeters, RADIUS.most);
  for (; radius > RADIUS.least; radius *= RADIUS.shrinks) {
    step(undefined, (moved) => mutuallyNearest(own, moved, radius));
  }
  for (let round = 0; round < ROUNDS; round++)
    step(known, (moved) => moved.map((box) => mostAlike(own, box)));
  return known;
}

/** For each box of the second the one of the first that is nearest to it, and it to that. */
function mutuallyNearest(
  own: readonly Placed[],
  theirs: readonly Placed[],
  radius: number,
): (Placed | undefined)[] {
  const back = own.map((box) => nearest(theirs, box, radius));
  return theirs.map((box) => {
    const place = nearest(own, box, radius);
    return place >= 0 && theirs[back[place]!] === box ? own[place] : undefined;
  });
}

/** -1 where there is none. */
function nearest(boxes: readonly Placed[], box: Placed, radius: number): number {
  let [best, least] = [-1, radius];
  for (const [place, one] of boxes.entries()) {
    const away = Math.hypot(one.x - box.x, one.y - box.y);
    if (away < least && Math.abs(Math.sin(one.yaw - box.yaw)) < TURN_RAD) [best, least] = [place, away];
  }
  return best;
}

function mostAlike(boxes: readonly Placed[], box: Placed): Placed | undefined {
  let [best, most]: [Placed | undefined, number] = [undefined, SAME_IOU];
  for (const one of boxes) {
    const overlap = Math.hypot(one.x - box.x, one.y - box.y) < one.length ? bevIou(one, box) : 0;
    if (overlap > most) [best, most] = [one, overlap];
  }
  return best;
}

/** Along and across the box of the ego. What is still off after the motion known so far counts for less. */
function sightsOf(theirs: Placed, own: Placed, motion: Placement | undefined): Sight[] {
  const [c, s] = [Math.cos(own.yaw), Math.sin(own.yaw)];
  const now = placed(motion ?? still, { x: theirs.x, y: theirs.y, yaw: 0 });
  const sight = (axis: 0 | 1, normalX: number, normalY: number) => {
    const [mine, other] = [own, theirs].map(({ deviation }) => deviation?.[axis] ?? BOX_METERS / Math.SQRT2);
    const off = motion ? normalX * (own.x - now.x) + normalY * (own.y - now.y) : 0;
    const line = { x: own.x, y: own.y, normalX, normalY };
    return sightOf(theirs.x, theirs.y, line, Math.hypot(mine!, other!, off));
  };
  return [sight(0, c, s), sight(1, -s, c)];
}

/**
 * The motion that brings all sights nearest to their lines and itself nearest to none, by least squares, each in units of its
 * deviation; the turn is taken to be small.
 * @throws InputError for a prior out of range.
 */
export function aligned(sights: readonly Sight[], prior: PosePrior = {}): Placement {
  const { xyMeters, yawDeg } = requirePrior(prior);
  const [place, turn] = [xyMeters ** 2, ((yawDeg * Math.PI) / 180) ** 2];
  let [xx, xy, xt, yy, yt, tt, bx, by, bt] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { x, y, normalX, normalY, distance, deviation } of sights) {
    const arm = normalY * x - normalX * y;
    const weight = 1 / deviation ** 2;
    xx += weight * normalX * normalX;
    xy += weight * normalX * normalY;
    xt += weight * normalX * arm;
    yy += weight * normalY * normalY;
    yt += weight * normalY * arm;
    tt += weight * arm * arm;
    bx += weight * normalX * distance;
    by += weight * normalY * distance;
    bt += weight * arm * distance;
  }
  // (I + prior * information) motion = prior * what is wanted: holds for a prior of nothing too.
  const [x, y, yaw] = solved([
    [1 + place * xx, place * xy, place * xt, place * bx],
    [place * xy, 1 + place * yy, place * yt, place * by],
    [turn * xt, turn * yt, 1 + turn * tt, turn * bt],
  ]);
  return { x, y, yaw };
}

type Row = readonly [number, number, number, number];

/** Three unknowns of three equations, by Cramer's rule. */
function solved([a, b, c]: readonly [Row, Row, Row]): [number, number, number] {
  const of = (i: number, j: number, k: number) =>
    a[i]! * (b[j]! * c[k]! - b[k]! * c[j]!) -
    a[j]! * (b[i]! * c[k]! - b[k]! * c[i]!) +
    a[k]! * (b[i]! * c[j]! - b[j]! * c[i]!);
  const all = of(0, 1, 2);
  return [of(3, 1, 2) / all, of(0, 3, 2) / all, of(0, 1, 3) / all];
}
