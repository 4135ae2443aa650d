import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { MAP, MAP_CELLS } from './cameras.js';
import {
  forecast,
  HIDDEN,
  PART,
  PAST,
  type PaddedPast,
  padded,
  requireModel,
  TAPS,
  type TemporalModel,
  tapsAt,
  WEIGHTS,
} from './context.js';
import type { SymbolMap } from './features.js';
import { LEAST_SCALE, likelihoodGradient } from './likelihood.js';

export interface TemporalTraining {
  readonly rng: Rng;
  /** Updates of each channel's weights, 1 to 1e6; 400 unless told otherwise. */
  readonly steps?: number;
  /** Learned further; none unless told otherwise. */
  readonly start?: TemporalModel;
}

const BATCH = 64;
const RATE = { first: 1e-2, last: 5e-4 };
const ADAM = { mean: 0.9, square: 0.99, least: 1e-8 };

/** A cell whose symbol and past are known. */
interface Sample {
  readonly past: PaddedPast;
  readonly cell: number;
  readonly symbol: number;
}

/**
 * Learns to forecast maps from the two before each, by gradient descent (Adam) on the bits that the symbols take.
 * @param sequences maps of one camera each, in the order of time, 3 or more
 * @throws InputError when a sequence is too short, or an option out of range.
 */
export function trainTemporalModel(
  sequences: readonly (readonly SymbolMap[])[],
  options: TemporalTraining,
): TemporalModel {
  const { rng, steps = 400, start } = options;
  if (start) requireModel(start);
  requireInteger('steps', steps, 1, 1_000_000);
  const short = sequences.find(({ length }) => length <= PAST);
  if (sequences.length === 0 || short)
    throw new InputError(
      `a sequence of ${short?.length ?? 0} maps to learn from; allowed: ${PAST + 1} or more`,
    );
  return {
    channels: Array.from({ length: MAP.channels }, (_, channel) => {
      const stream = rng.fork(channel);
      const weights = start?.channels[channel]?.slice() ?? firstWeights(stream.fork('weights'));
      return learned(sampler(sequences, channel, stream.fork('samples')), weights, steps);
    }),
  };
}

function sampler(sequences: readonly (readonly SymbolMap[])[], channel: number, rng: Rng): () => Sample {
  const cases = sequences.flatMap((maps) =>
    maps.slice(PAST).map((map, place) => ({ map, past: padded([maps[place + 1]!, maps[place]!], channel) })),
  );
  return () => {
    const { map, past } = rng.choice(cases);
    const cell = rng.integer(MAP_CELLS);
    return { past, cell, symbol: map[channel * MAP_CELLS + cell]! };
  };
}

function learned(draw: () => Sample, weights: Float64Array, steps: number): Float64Array {
  const [momentum, square] = [new Float64Array(WEIGHTS), new Float64Array(WEIGHTS)];
  const gradient = new Float64Array(WEIGHTS);
  for (let step = 1; step <= steps; step++) {
    gradient.fill(0);
    for (let n = 0; n < BATCH; n++) addGradient(gradient, weights, draw());
    const rate = RATE.first * (RATE.last / RATE.first) ** (step / steps);
    for (let w = 0; w < WEIGHTS; w++) {
      const slope = gradient[w]! / BATCH;
      momentum[w] = ADAM.mean * momentum[w]! + (1 - ADAM.mean) * slope;
      square[w] = ADAM.square * square[w]! + (1 - ADAM.square) * slope * slope;
      const [m, s] = [momentum[w]! / (1 - ADAM.mean ** step), square[w]! / (1 - ADAM.square ** step)];
      weights[w]! -= (rate * m) / (Math.sqrt(s) + ADAM.least);
    }
  }
  return weights;
}

/** Half of each past symbol as the mean, a scale near 1. */
function firstWeights(rng: Rng): Float64Array {
  const weights = Float64Array.from({ length: WEIGHTS }, () => rng.normal(0, 0.1));
  weights.fill(0, PART.direct);
  weights[PART.direct + 12] = 0.5;
  weights[PART.direct + 25 + 4] = 0.5;
  weights[PART.mean + HIDDEN] = 0;
  weights[PART.scale + HIDDEN] = 0.5;
  return weights;
}

const taps = new Float64Array(TAPS);
const hidden = new Float64Array(HIDDEN);

function addGradient(gradient: Float64Array, weights: Float64Array, { past, cell, symbol }: Sample): void {
  tapsAt(past, cell, taps);
  const foreseen = forecast(weights, taps, hidden);
  const slope = likelihoodGradient(symbol, foreseen);
  // The slope of softplus, from its value.
  const raw = slope.scale * (1 - Math.exp(-(foreseen.scale - LEAST_SCALE)));
  gradient[PART.mean + HIDDEN]! += slope.mean;
  gradient[PART.scale + HIDDEN]! += raw;
  for (let tap = 0; tap < TAPS; tap++) gradient[PART.direct + tap]! += slope.mean * taps[tap]!;
  for (let unit = 0; unit < HIDDEN; unit++) {
    gradient[PART.mean + unit]! += slope.mean * hidden[unit]!;
    gradient[PART.scale + unit]! += raw * hidden[unit]!;
    if (hidden[unit] === 0) continue;
    const back = slope.mean * weights[PART.mean + unit]! + raw * weights[PART.scale + unit]!;
    const start = unit * (TAPS + 1);
    for (let tap = 0; tap < TAPS; tap++) gradient[start + tap]! += back * taps[tap]!;
    gradient[start + TAPS]! += back;
  }
}
