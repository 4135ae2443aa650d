import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger, requireRange } from '../../../base/index.js';
import { jit } from '../../../engine/index.js';
import { drawnTensors } from '../../../nn/index.js';
import type { Position } from '../../evaluate/index.js';
import { MAP, MAP_CELLS } from '../cameras.js';
import { HIDDEN, PART, TAPS, type TemporalModel, WEIGHTS } from '../context.js';
import { type Features, requireSymbols, rounded, type SymbolMap } from '../features.js';
import { peaks } from '../peaks.js';
import { CAMERAS, cellPlace, GRID, GRID_CELLS } from './ground-grid.js';
import {
  type BottleneckParameters,
  dequantised,
  encodeFeatures,
  type GroundViews,
  occupancy,
  USUAL_GAIN,
} from './model.js';
import { pictures, viewsOf } from './tables.js';

/** What the ground's read-out has of a camera: its latents, and where these may be believed (1 of each cell that arrived). */
export interface LatentView {
  readonly map: SymbolMap;
  /** Of each cell of a channel; all when left out. */
  readonly available?: Uint8Array;
}

/** A trained bottleneck at work at one of its levels. It needs an engine (`useEngine`); all calls answer at once. */
export interface Bottleneck {
  /** What cameras send of their features: whole numbers, four channels of 45 x 80 cells each. @throws InputError for features of another size. */
  encode(features: readonly Features[]): SymbolMap[];
  /** What both ends forecast them by. */
  readonly model: TemporalModel;
  /**
   * People on the ground by what came of all seven cameras, in their order; of a camera that sent nothing, undefined.
   * @param threshold least occupancy, 0 to 1; 0.55 unless told otherwise
   * @throws InputError for another number of cameras, a map of another size or a threshold out of range.
   */
  read(views: readonly (LatentView | undefined)[], threshold?: number): Position[];
}

/** A bottleneck with the parameters and the gain of the features given, which stay the caller's. @throws InputError for a level that it does not have. */
export function bottleneckAt(
  params: BottleneckParameters,
  level: number,
  gain: number = USUAL_GAIN,
): Bottleneck {
  const levels = params.levels.gain.shape[0]!;
  requireInteger('level', level, 0, levels - 1);
  const picked = () => tf.tensor2d([Array.from({ length: levels }, (_, n) => Number(n === level))]);
  const encoder = jit((features: tf.Tensor) => encodeFeatures(params, features, picked()));
  const reader = jit((latents: tf.Tensor, views: GroundViews<tf.Tensor>) =>
    occupancy(params, dequantised(params, latents, picked()), views),
  );
  const tables = viewsOf(0, GRID.rows);
  return {
    model: temporalModelOf(params, level),
    encode(features) {
      for (const map of features) requireSymbols('features', map);
      const values = answer(() =>
        encoder(drawnTensors({ maps: pictures(features, USUAL_GAIN / gain) }).maps),
      );
      return features.map((_, n) => channelsFirst(values, n));
    },
    read(views, threshold = 0.55) {
      requireRange('threshold', threshold, 0, 1);
      if (views.length !== CAMERAS) throw new InputError(`${views.length} cameras; allowed: ${CAMERAS}`);
      for (const view of views) if (view) requireSymbols('map', view.map);
      const nothing = new Int16Array(MAP_CELLS * MAP.channels);
      const maps = pictures(views.map((view) => view?.map ?? nothing));
      const seen = { ...tables.seen, data: believed(views, tables.seen.data, tables.foot.data) };
      const found = answer(() => {
        const { latents, ...views } = drawnTensors({ ...tables, seen, latents: maps });
        return reader(latents, views);
      });
      return peaks(found, { columns: GRID.columns, least: threshold, placeOf: cellPlace });
    },
  };
}

function answer(compute: () => tf.Tensor): Float32Array {
  // Some engines hand out their own memory, which the next call may overwrite.
  return tf.tidy(() => (compute().dataSync() as Float32Array).slice());
}

function channelsFirst(values: Float32Array, picture: number): SymbolMap {
  const from = picture * MAP_CELLS * MAP.channels;
  return rounded(
    Float64Array.from(
      { length: MAP_CELLS * MAP.channels },
      (_, at) => values[from + (at % MAP_CELLS) * MAP.channels + Math.floor(at / MAP_CELLS)]!,
    ),
  );
}

/** Where cameras look and what they sent arrived. */
function believed(
  views: readonly (LatentView | undefined)[],
  seen: ArrayLike<number>,
  foot: ArrayLike<number>,
): Float32Array {
  return Float32Array.from(seen, (value, at) => {
    const camera = Math.floor(at / GRID_CELLS);
    const view = views[camera];
    if (!view) return 0;
    return view.available && !view.available[foot[at]! - camera * MAP_CELLS] ? 0 : value;
  });
}

/** The temporal weights of a level in the order of `TemporalModel`, whose double precision both ends share whatever their engine. */
function temporalModelOf({ temporal }: BottleneckParameters, level: number): TemporalModel {
  const rowOf = (table: tf.Variable) => {
    const width = table.shape[1]!;
    return (table.dataSync() as Float32Array).slice(level * width, (level + 1) * width);
  };
  const [last, before] = [rowOf(temporal.last), rowOf(temporal.before)];
  const [hidden, out, offset] = [rowOf(temporal.hidden), rowOf(temporal.out), rowOf(temporal.offset)];
  const filters = HIDDEN + 1;
  const lastTaps = last.length / (MAP.channels * filters);
  const tapOf = (tap: number, channel: number, filter: number) =>
    tap < lastTaps
      ? last[(tap * MAP.channels + channel) * filters + filter]!
      : before[((tap - lastTaps) * MAP.channels + channel) * filters + filter]!;
  const weightsOf = (channel: number) => {
    const weights = new Float64Array(WEIGHTS);
    for (let tap = 0; tap < TAPS; tap++) {
      for (let unit = 0; unit < HIDDEN; unit++) weights[unit * (TAPS + 1) + tap] = tapOf(tap, channel, unit);
      weights[PART.direct + tap] = tapOf(tap, channel, HIDDEN);
    }
    for (let unit = 0; unit < HIDDEN; unit++) {
      const at = channel * HIDDEN + unit;
      weights[unit * (TAPS + 1) + TAPS] = hidden[at]!;
      weights[PART.mean + unit] = out[2 * at]!;
      weights[PART.scale + unit] = out[2 * at + 1]!;
    }
    weights[PART.mean + HIDDEN] = offset[2 * channel]!;
    weights[PART.scale + HIDDEN] = offset[2 * channel + 1]!;
    return weights;
  };
  return { channels: Array.from({ length: MAP.channels }, (_, channel) => weightsOf(channel)) };
}
