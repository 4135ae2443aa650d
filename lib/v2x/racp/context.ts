import { InputError } from '../../base/index.js';
import { MAP, MAP_CELLS } from './cameras.js';
import type { SymbolMap } from './features.js';
import { type Forecast, LEAST_SCALE } from './likelihood.js';

/** Past maps that a forecast looks at, latest first: tau = 2. */
export const PAST = 2;

/** Cells about the one forecast, of the last map and of the one before. */
const REACHES = [2, 1] as const;
export const TAPS = REACHES.reduce((sum, reach) => sum + (2 * reach + 1) ** 2, 0);
export const HIDDEN = 12;
/** Weights of a channel: the hidden units (taps and offset each), then a mean and a scale of these and of the same cell before. */
export const WEIGHTS = HIDDEN * (TAPS + 1) + 2 * (HIDDEN + 1) + TAPS;

/** Forecasts every channel's symbols from the past: a convolution, rectified, then 1 x 1 to mean and scale; one a channel. */
export interface TemporalModel {
  readonly channels: readonly Float64Array[];
}

/** @throws InputError for other weights than a model has, or some that are no finite numbers. */
export function requireModel({ channels }: TemporalModel): void {
  if (channels?.length !== MAP.channels)
    throw new InputError(`temporal model of ${channels?.length} channels; allowed: ${MAP.channels}`);
  for (const [channel, weights] of channels.entries()) {
    if (weights?.length !== WEIGHTS || !weights.every(Number.isFinite))
      throw new InputError(
        `temporal model: ${weights?.length} weights of channel ${channel}; allowed: ${WEIGHTS} finite numbers`,
      );
  }
}

const BORDER = REACHES[0];
const WIDTH = MAP.columns + 2 * BORDER;
const OFFSETS = REACHES.map((reach) => {
  const side = 2 * reach + 1;
  return Int32Array.from(
    { length: side * side },
    (_, tap) => (Math.floor(tap / side) - reach) * WIDTH + (tap % side) - reach,
  );
});

/** Channels of past maps with a border of zeros, which the taps may reach into. */
export type PaddedPast = readonly Float64Array[];

/** @param past maps, latest first; missing ones are zero */
export function padded(past: readonly SymbolMap[], channel: number): PaddedPast {
  return REACHES.map((_, age) => {
    const plane = new Float64Array(WIDTH * (MAP.rows + 2 * BORDER));
    const map = past[age];
    if (!map) return plane;
    for (let row = 0; row < MAP.rows; row++) {
      const start = channel * MAP_CELLS + row * MAP.columns;
      plane.set(map.subarray(start, start + MAP.columns), (row + BORDER) * WIDTH + BORDER);
    }
    return plane;
  });
}

/** What the taps at a cell hold, into `into`. @returns whether there is any but 0 */
export function tapsAt(past: PaddedPast, cell: number, into: Float64Array): boolean {
  const at = (Math.floor(cell / MAP.columns) + BORDER) * WIDTH + (cell % MAP.columns) + BORDER;
  let tap = 0;
  let any = false;
  for (const [age, offsets] of OFFSETS.entries()) {
    const plane = past[age]!;
    for (const offset of offsets) {
      const value = plane[at + offset]!;
      if (value !== 0) any = true;
      into[tap++] = value;
    }
  }
  return any;
}

/** Where the parts of a channel's weights start. */
export const PART = {
  hidden: 0,
  mean: HIDDEN * (TAPS + 1),
  scale: HIDDEN * (TAPS + 1) + HIDDEN + 1,
  direct: HIDDEN * (TAPS + 1) + 2 * (HIDDEN + 1),
} as const;

/** The forecast from taps; the hidden units are left in `hidden`. */
export function forecast(weights: Float64Array, taps: Float64Array, hidden: Float64Array): Forecast {
  let mean = weights[PART.mean + HIDDEN]!;
  let raw = weights[PART.scale + HIDDEN]!;
  for (let tap = 0; tap < TAPS; tap++) mean += weights[PART.direct + tap]! * taps[tap]!;
  for (let unit = 0; unit < HIDDEN; unit++) {
    const start = unit * (TAPS + 1);
    let sum = weights[start + TAPS]!;
    for (let tap = 0; tap < TAPS; tap++) sum += weights[start + tap]! * taps[tap]!;
    hidden[unit] = Math.max(0, sum);
    mean += weights[PART.mean + unit]! * hidden[unit]!;
    raw += weights[PART.scale + unit]! * hidden[unit]!;
  }
  return { mean, scale: LEAST_SCALE + softplus(raw) };
}

export const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));

/** Forecasts of all cells of a channel. */
export function* forecasts(
  model: TemporalModel,
  past: readonly SymbolMap[],
  channel: number,
  cells: Iterable<number>,
): Generator<Forecast> {
  const planes = padded(past, channel);
  const taps = new Float64Array(TAPS);
  const hidden = new Float64Array(HIDDEN);
  const weights = model.channels[channel]!;
  const ofNothing = forecast(weights, taps, hidden);
  for (const cell of cells) yield tapsAt(planes, cell, taps) ? forecast(weights, taps, hidden) : ofNothing;
}
