import { InputError, requireRange } from '../../base/index.js';
import { pilotsOf, type ResourceGrid, requireOnGrid, resourceElements } from './grid.js';

/** Channel estimates at the pilots of one stream. */
export interface PilotEstimates {
  /** Resource elements, ascending. */
  readonly indices: Uint32Array;
  /** Interleaved complex, one a pilot. */
  readonly channel: Float64Array;
  /** E|error|^2 of each. */
  readonly errorVariance: Float64Array;
}

/** Channel estimates at all resource elements. */
export interface ChannelEstimate {
  /** Interleaved complex, symbols x subcarriers. */
  readonly channel: Float64Array;
  /** E|error|^2 of each resource element, as far as it comes from noise and (LMMSE) from the channel's spread. */
  readonly errorVariance: Float64Array;
}

/**
 * Least-squares estimates at a stream's pilots: h = y / p, of error variance N0 / |p|^2.
 * @param received interleaved complex, symbols x subcarriers, of one receive antenna
 * @param noiseVariance N0 per complex dimension
 * @param stream whose pilots, from 0
 * @throws InputError when a length does not fit, N0 is negative, or the stream has no pilots.
 */
export function leastSquares(
  grid: ResourceGrid,
  received: Float64Array,
  noiseVariance: number,
  stream = 0,
): PilotEstimates {
  requireOnGrid(grid, received, 'received');
  requireRange('noiseVariance', noiseVariance, 0, Number.MAX_VALUE);
  const { indices, values } = pilotsOf(grid, stream);
  if (indices.length === 0) throw new InputError(`stream ${stream} has 0 pilots; allowed: 1 or more`);
  const channel = new Float64Array(values.length);
  const errorVariance = new Float64Array(indices.length);
  indices.forEach((index, place) => {
    const [pr, pi] = [values[2 * place]!, values[2 * place + 1]!];
    const [yr, yi] = [received[2 * index]!, received[2 * index + 1]!];
    const energy = pr * pr + pi * pi;
    channel[2 * place] = (yr * pr + yi * pi) / energy;
    channel[2 * place + 1] = (yi * pr - yr * pi) / energy;
    errorVariance[place] = noiseVariance / energy;
  });
  return { indices, channel, errorVariance };
}

/** How values between known ones are made. */
export type Interpolation = 'nearest' | 'linear';

/**
 * Spreads estimates at pilots over the grid, first over the frequency of each symbol that has pilots, then over
 * time. `nearest` takes the nearest pilot (the earlier of two); `linear` the straight line through the two
 * next ones, beyond the outermost pilots too. The error variance is that of the noise alone, exactly; how far
 * the channel bends between pilots is not in it.
 * @throws InputError when there are no pilots or one lies outside the grid.
 */
export function interpolate(
  grid: ResourceGrid,
  pilots: PilotEstimates,
  method: Interpolation = 'linear',
): ChannelEstimate {
  const rows = pilotRows(grid, pilots);
  const weigh = method === 'nearest' ? nearestWeights : linearWeights;
  const { symbols, subcarriers } = grid;
  const known = rows.map(({ subcarriers: places, line }) => spread(places, line, 1, subcarriers, weigh));
  const stacked = {
    channel: join(known.map((line) => line.channel)),
    errorVariance: join(known.map((line) => line.errorVariance)),
  };
  const times = rows.map(({ symbol }) => symbol);
  return spread(times, stacked, subcarriers, symbols, weigh);
}

interface Line {
  channel: Float64Array;
  errorVariance: Float64Array;
}

interface PilotRow {
  symbol: number;
  subcarriers: number[];
  line: Line;
}

/** The pilots of each symbol that has any. */
function pilotRows(grid: ResourceGrid, { indices, channel, errorVariance }: PilotEstimates): PilotRow[] {
  if (indices.length === 0) throw new InputError('0 pilots to interpolate; allowed: 1 or more');
  if (indices[indices.length - 1]! >= resourceElements(grid)) {
    throw new InputError(`pilot at ${indices[indices.length - 1]}; allowed: below ${resourceElements(grid)}`);
  }
  const rows: PilotRow[] = [];
  for (let start = 0; start < indices.length; ) {
    const symbol = Math.floor(indices[start]! / grid.subcarriers);
    let end = start;
    while (end < indices.length && indices[end]! < (symbol + 1) * grid.subcarriers) end++;
    rows.push({
      symbol,
      subcarriers: Array.from(indices.subarray(start, end), (index) => index - symbol * grid.subcarriers),
      line: {
        channel: channel.subarray(2 * start, 2 * end),
        errorVariance: errorVariance.subarray(start, end),
      },
    });
    start = end;
  }
  return rows;
}

/** Value at a place: (1 - share) of known value `from` and `share` of known value `to`. */
interface Weights {
  from: number;
  to: number;
  share: number;
}

type Weigh = (places: readonly number[], at: number) => Weights;

const nearestWeights: Weigh = (places, at) => {
  const { from, to } = neighbours(places, at);
  return { from, to, share: Math.abs(at - places[from]!) <= Math.abs(places[to]! - at) ? 0 : 1 };
};

const linearWeights: Weigh = (places, at) => {
  const { from, to } = neighbours(places, at);
  return { from, to, share: from === to ? 0 : (at - places[from]!) / (places[to]! - places[from]!) };
};

/** The two known places around `at`, or the two outermost on its side; the same one twice where there is one. */
function neighbours(places: readonly number[], at: number): { from: number; to: number } {
  const above = places.findIndex((place) => place >= at);
  const to = Math.max(above < 0 ? places.length - 1 : above, Math.min(1, places.length - 1));
  return { from: Math.max(0, to - 1), to };
}

/** Spreads lines of `width` values at known places over `count` places. */
function spread(places: readonly number[], known: Line, width: number, count: number, weigh: Weigh): Line {
  const channel = new Float64Array(2 * count * width);
  const errorVariance = new Float64Array(count * width);
  for (let at = 0; at < count; at++) {
    const { from, to, share } = weigh(places, at);
    for (let j = 0; j < 2 * width; j++) {
      channel[2 * at * width + j] =
        (1 - share) * known.channel[2 * from * width + j]! + share * known.channel[2 * to * width + j]!;
    }
    for (let j = 0; j < width; j++) {
      const [a, b] = [known.errorVariance[from * width + j]!, known.errorVariance[to * width + j]!];
      errorVariance[at * width + j] = from === to ? a : (1 - share) ** 2 * a + share ** 2 * b;
    }
  }
  return { channel, errorVariance };
}

function join(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
