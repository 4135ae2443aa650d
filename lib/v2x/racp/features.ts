import { InputError, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { cellsPerMeter, MAP, MAP_CELLS, MAP_SYMBOLS, type PedestrianCamera, projector } from './cameras.js';
import type { Pedestrian } from './pedestrians.js';

/** What a camera's network makes of a picture, in steps of the quantiser: channel by channel, row by row. */
export type Features = Float64Array;

/** The whole numbers that stand for features. */
export type SymbolMap = Int16Array;

/** Channels: where feet are, where heads are, where bodies are, and how they are dressed. */
export const CHANNEL = { foot: 0, head: 1, body: 2, look: 3 } as const;

export interface FeatureOptions {
  readonly rng: Rng;
  /** Steps that a person in full view raises a feature by, 0.5 to 100; 6 unless told otherwise. */
  readonly gain?: number;
  /** Deviation of what never changes: walls, pavement, as a share of the gain; 0.15 unless told otherwise. */
  readonly background?: number;
  /** Deviation of what changes anew in every frame, as a share of the gain; 0.05 unless told otherwise. */
  readonly noise?: number;
}

/** Sees people: the features of a camera at a frame. */
export type FeatureSource = (
  camera: PedestrianCamera,
  frame: number,
  people: readonly Pedestrian[],
) => Features;

/** Each feature as the whole number next to it that 16 bits hold. */
export const rounded = (features: Features): SymbolMap => Int16Array.from(features, wholeSymbol);

/** @throws InputError unless there is one value for each cell and channel of a camera's maps. */
export function requireSymbols(name: string, values: ArrayLike<number>): void {
  if (values?.length !== MAP_SYMBOLS)
    throw new InputError(`${name} of ${values?.length} values; allowed: ${MAP_SYMBOLS}`);
}

/** The symbol next to a value; 0 for what is no number. */
export const wholeSymbol = (value: number): number =>
  Math.max(-32_768, Math.min(32_767, Math.round(value))) || 0;

const HALF_WIDTH_METERS = 0.25;
/** Where across a body it is looked for who stands before it, in half widths. */
const ACROSS = [-0.8, -0.4, 0, 0.4, 0.8];
const LEAST_SPREAD = 0.8;

/** A person in a map: where feet and head are, how wide, how far. */
interface Figure {
  readonly column: number;
  readonly foot: number;
  readonly head: number;
  readonly halfWidth: number;
  readonly depth: number;
  readonly look: number;
}

/**
 * Stands in for a trained network (the frozen ResNet-18 with a 1 x 1 convolution of R-ACP): each person leaves Gaussians at
 * feet, head and body, weaker the more of the person others hide, on a still background, with noise.
 * @throws InputError for an option outside its range.
 */
export function featureSource(options: FeatureOptions): FeatureSource {
  const { rng, gain = 6, background = 0.15, noise = 0.05 } = options;
  requireRange('gain', gain, 0.5, 100);
  requireRange('background', background, 0, 10);
  requireRange('noise', noise, 0, 10);
  const still = new Map<number, Float64Array>();
  const backgroundOf = (camera: number) => {
    const known = still.get(camera);
    if (known) return known;
    const stream = rng.fork('background').fork(camera);
    const drawn = Float64Array.from({ length: MAP_SYMBOLS }, () => stream.normal(0, background));
    still.set(camera, drawn);
    return drawn;
  };
  return (camera, frame, people) => {
    const values = renderPeople(camera, people);
    const behind = backgroundOf(camera.id);
    const stream = rng.fork('noise').fork(camera.id).fork(frame);
    return values.map((value, at) => gain * (value + behind[at]! + stream.normal(0, noise)));
  };
}

/** The features before background, noise and rounding; 1 for a person in full view. */
export function renderPeople(camera: PedestrianCamera, people: readonly Pedestrian[]): Float64Array {
  const figures = figuresOf(camera, people);
  const values = new Float64Array(MAP_SYMBOLS);
  for (const [place, figure] of figures.entries()) {
    const before = figures.slice(0, place);
    const { column, foot, head, halfWidth, look } = figure;
    const middle = (foot + head) / 2;
    const spread = Math.max(LEAST_SPREAD, halfWidth);
    const [footSeen, headSeen, bodySeen] = [foot, head, middle].map((row) => seenShare(figure, row, before));
    const height = Math.max(LEAST_SPREAD, (foot - head) / 3);
    splat(values, CHANNEL.foot, { column, row: foot, spread, height: spread, amplitude: footSeen! });
    splat(values, CHANNEL.head, { column, row: head, spread, height: spread, amplitude: headSeen! });
    splat(values, CHANNEL.body, { column, row: middle, spread, height, amplitude: bodySeen! });
    splat(values, CHANNEL.look, { column, row: middle, spread, height, amplitude: look * bodySeen! });
  }
  return values;
}

/** Nearest first. */
function figuresOf(camera: PedestrianCamera, people: readonly Pedestrian[]): Figure[] {
  const project = projector(camera);
  return people
    .flatMap(({ x, y, height, look }) => {
      const [foot, head] = [project(x, y, 0), project(x, y, height)];
      if (!foot || !head) return [];
      const halfWidth = HALF_WIDTH_METERS * cellsPerMeter(foot.depth);
      return [{ column: foot.column, foot: foot.row, head: head.row, halfWidth, depth: foot.depth, look }];
    })
    .sort((a, b) => a.depth - b.depth);
}

/** Share of a figure's width at a row that nobody before it covers. */
function seenShare({ column, halfWidth }: Figure, row: number, before: readonly Figure[]): number {
  const covering = before.filter(({ head, foot }) => row >= head && row <= foot);
  const seen = ACROSS.filter((across) => {
    const at = column + across * halfWidth;
    return covering.every((other) => Math.abs(other.column - at) > other.halfWidth);
  });
  return seen.length / ACROSS.length;
}

interface Blob {
  readonly column: number;
  readonly row: number;
  readonly spread: number;
  readonly height: number;
  readonly amplitude: number;
}

/** Lays a Gaussian over a channel, where it is stronger than what is there. */
function splat(
  values: Float64Array,
  channel: number,
  { column, row, spread, height, amplitude }: Blob,
): void {
  if (amplitude === 0) return;
  const [firstRow, lastRow] = clip(row, 3 * height, MAP.rows);
  const [firstColumn, lastColumn] = clip(column, 3 * spread, MAP.columns);
  for (let i = firstRow; i <= lastRow; i++) {
    const v = (i + 0.5 - row) / height;
    for (let j = firstColumn; j <= lastColumn; j++) {
      const u = (j + 0.5 - column) / spread;
      const value = amplitude * Math.exp(-(u * u + v * v) / 2);
      const at = channel * MAP_CELLS + i * MAP.columns + j;
      if (Math.abs(value) > Math.abs(values[at]!)) values[at] = value;
    }
  }
}

const clip = (middle: number, reach: number, size: number): [number, number] => [
  Math.max(0, Math.floor(middle - reach)),
  Math.min(size - 1, Math.ceil(middle + reach)),
];
