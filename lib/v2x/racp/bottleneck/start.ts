import * as tf from '@tensorflow/tfjs-core';
import { requireInteger } from '../../../base/index.js';
import type { Rng } from '../../../math/index.js';
import { initConv2d, initDense, parameter } from '../../../nn/index.js';
import { MAP } from '../cameras.js';
import { HIDDEN } from '../context.js';
import { type BottleneckParameters, FILTERS, SIDES, STRIDE, WIDTH } from './model.js';

const { channels } = MAP;
/** Gains of neighbouring levels differ by this in their logarithm. */
const COARSER = 0.5;

/** An untrained bottleneck of so many levels: the first sends the features as they are, each other coarser. @throws InputError for other than 1 to 100. */
export function initBottleneck(rng: Rng, levels: number): BottleneckParameters {
  requireInteger('number of bitWeights', levels, 1, 100);
  const gains = Float32Array.from(
    { length: levels * channels },
    (_, at) => (-COARSER / STRIDE) * Math.floor(at / channels),
  );
  return {
    encoder: initEncoder(rng),
    levels: { bias: parameter(0, [levels, WIDTH]), gain: variable(gains, levels) },
    temporal: initTemporal(rng.fork('temporal'), levels),
    readOut: initReadOut(rng),
  };
}

/** The layers add nothing yet. */
function initEncoder(rng: Rng): BottleneckParameters['encoder'] {
  const linear = initConv2d(rng.fork('linear'), { inputs: channels, outputs: channels, size: 1 });
  tf.tidy(() => linear.weight.assign(tf.reshape(tf.eye(channels), [1, 1, channels, channels])));
  return {
    linear,
    in: initConv2d(rng.fork('in'), { inputs: channels, outputs: WIDTH, size: 3 }),
    out: initConv2d(rng.fork('out'), { inputs: WIDTH, outputs: channels, size: 3, initialiser: 'zero' }),
  };
}

/** Half of each symbol of both maps before as the mean, a scale near 1; the same at each level. */
function initTemporal(rng: Rng, levels: number): BottleneckParameters['temporal'] {
  const drawn = (name: string, size: number) =>
    rng
      .fork(name)
      .fillNormal(new Float32Array(size))
      .map((value) => 0.1 * value);
  const filters = (age: keyof typeof SIDES) => {
    const taps = SIDES[age] ** 2;
    const values = drawn(age, taps * channels * FILTERS);
    for (let at = HIDDEN; at < values.length; at += FILTERS) values[at] = 0;
    const middle = Math.floor(taps / 2) * channels * FILTERS;
    for (let channel = 0; channel < channels; channel++) values[middle + channel * FILTERS + HIDDEN] = 0.5;
    return values;
  };
  const repeated = (row: Float32Array) =>
    variable(
      Float32Array.from({ length: levels * row.length }, (_, at) => row[at % row.length]!),
      levels,
    );
  return {
    last: repeated(filters('last')),
    before: repeated(filters('before')),
    hidden: parameter(0, [levels, channels * HIDDEN]),
    out: repeated(drawn('out', channels * HIDDEN * 2)),
    offset: repeated(Float32Array.from({ length: 2 * channels }, (_, at) => (at % 2 === 0 ? 0 : 0.5))),
  };
}

/** The last layer says little yet. */
function initReadOut(rng: Rng): BottleneckParameters['readOut'] {
  const out = initConv2d(rng.fork('occupancy'), { inputs: WIDTH, outputs: 1, size: 1 });
  tf.tidy(() => out.weight.assign(tf.mul(out.weight, 0.1)));
  return {
    view: initDense(rng.fork('view'), 2 * channels + 2, WIDTH, { initialiser: 'he' }),
    near: initConv2d(rng.fork('near'), { inputs: WIDTH, outputs: WIDTH, size: 3 }),
    wide: initConv2d(rng.fork('wide'), { inputs: WIDTH, outputs: WIDTH, size: 5 }),
    out,
  };
}

/** A table of so many rows. */
function variable(values: Float32Array, rows: number): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [rows, values.length / rows])));
}
