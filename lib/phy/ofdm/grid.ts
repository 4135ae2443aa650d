import { InputError, requireInteger } from '../../base/index.js';
import { noPilots, type PilotLayout, type PilotPattern, requirePatterns } from './pilots.js';

/** Settings of a resource grid. */
export interface ResourceGridOptions {
  /** Length of the transform, 2 to 65536; any, not only powers of two. */
  fftSize: number;
  /** OFDM symbols of the grid, 1 to 10000. */
  symbols: number;
  /** Samples of the cyclic prefix, 0 to fftSize. */
  cpLength: number;
  /** Unused subcarriers at the lower and upper edge of the band; default none. */
  guards?: readonly [lower: number, upper: number];
  /** Leaves the subcarrier at frequency 0 unused; default false. */
  dcNull?: boolean;
  /** Transmitted streams, each with pilots of its own; default 1. */
  streams?: number;
  /** Where pilots stand and what they are; default none. */
  pilots?: PilotLayout;
}

/**
 * A resource grid: which subcarriers are used, and which of its resource elements carry pilots or data.
 * Values on a grid stand symbol after symbol, each from the lowest used frequency to the highest: resource
 * element (symbol t, subcarrier k) has the index t * subcarriers + k.
 */
export interface ResourceGrid {
  readonly fftSize: number;
  readonly symbols: number;
  readonly cpLength: number;
  /** Used subcarriers, those of guards and DC left out. */
  readonly subcarriers: number;
  /** Bin of the transform of each used subcarrier. */
  readonly bins: Uint32Array;
  readonly streams: number;
  /** The pilots of each stream. */
  readonly pilots: readonly PilotPattern[];
  /** Indices of the resource elements that carry data, the same for all streams. */
  readonly dataIndices: Uint32Array;
}

/**
 * Makes a resource grid. Resource elements with a pilot of any stream carry no data in any.
 * @throws InputError when a number is out of range, no subcarrier is left, or the pilots do not fit.
 */
export function resourceGrid(options: ResourceGridOptions): ResourceGrid {
  const fftSize = requireInteger('fftSize', options.fftSize, 2, 65536);
  const symbols = requireInteger('symbols', options.symbols, 1, 10_000);
  const cpLength = requireInteger('cpLength', options.cpLength, 0, fftSize);
  const streams = requireInteger('streams', options.streams ?? 1, 1, 64);
  const bins = usedBins(fftSize, options.guards ?? [0, 0], options.dcNull ?? false);
  const shape = { symbols, subcarriers: bins.length, streams };
  const { patterns: pilots, reserved } = (options.pilots ?? noPilots)(shape);
  requirePatterns(pilots, reserved, shape);
  const dataIndices = Uint32Array.from({ length: reserved.length }, (_, index) => index).filter(
    (index) => reserved[index] === 0,
  );
  return { fftSize, symbols, cpLength, subcarriers: bins.length, bins, streams, pilots, dataIndices };
}

/** Bins from the lowest frequency -floor(N/2) upwards. */
function usedBins(fftSize: number, guards: readonly [number, number], dcNull: boolean): Uint32Array {
  const [lower, upper] = guards;
  requireInteger('lower guard', lower, 0, fftSize);
  requireInteger('upper guard', upper, 0, fftSize);
  const lowest = -Math.floor(fftSize / 2);
  const bins: number[] = [];
  for (let frequency = lowest + lower; frequency < lowest + fftSize - upper; frequency++) {
    if (dcNull && frequency === 0) continue;
    bins.push((frequency + fftSize) % fftSize);
  }
  if (bins.length === 0) {
    throw new InputError(
      `guards ${lower} and ${upper} of ${fftSize} subcarriers; allowed: at least one used`,
    );
  }
  return Uint32Array.from(bins);
}

/** Resource elements of a grid: symbols x subcarriers. */
export const resourceElements = ({ symbols, subcarriers }: Pick<ResourceGrid, 'symbols' | 'subcarriers'>) =>
  symbols * subcarriers;

/**
 * One stream's resource elements: data at their places in order of index, pilots at theirs, else 0.
 * @param data interleaved complex, one for each of `dataIndices`
 * @param stream whose pilots, from 0
 * @returns interleaved complex, 2 * symbols * subcarriers numbers
 * @throws InputError when the data do not fill the grid or there is no such stream.
 */
export function placeOnGrid(grid: ResourceGrid, data: Float32Array | Float64Array, stream = 0): Float64Array {
  const { indices, values } = pilotsOf(grid, stream);
  if (data.length !== 2 * grid.dataIndices.length) {
    throw new InputError(
      `${data.length / 2} data symbols for a grid of ${grid.dataIndices.length}; allowed: as many`,
    );
  }
  const out = new Float64Array(2 * resourceElements(grid));
  scatter(out, grid.dataIndices, data);
  scatter(out, indices, values);
  return out;
}

function scatter(out: Float64Array, indices: Uint32Array, values: Float32Array | Float64Array): void {
  for (let k = 0; k < indices.length; k++) {
    out[2 * indices[k]!] = values[2 * k]!;
    out[2 * indices[k]! + 1] = values[2 * k + 1]!;
  }
}

/** The pilots of one stream. @throws InputError when there is no such stream. */
export function pilotsOf(grid: ResourceGrid, stream: number): PilotPattern {
  return grid.pilots[requireInteger('stream', stream, 0, grid.streams - 1)]!;
}

/**
 * What stands at the data's places, in the order that `placeOnGrid` took them, as a demapper takes it.
 * @param values of all resource elements: interleaved complex symbols, or one real number each (variances)
 * @throws InputError when the values fit the grid neither as complex nor as real numbers.
 */
export function dataOf(grid: ResourceGrid, values: Float32Array | Float64Array): Float32Array {
  const width = values.length / resourceElements(grid);
  if (width !== 1 && width !== 2) {
    throw new InputError(
      `${values.length} numbers for ${resourceElements(grid)} resource elements; allowed: one or two each`,
    );
  }
  const out = new Float32Array(width * grid.dataIndices.length);
  grid.dataIndices.forEach((index, place) => {
    for (let part = 0; part < width; part++) out[width * place + part] = values[width * index + part]!;
  });
  return out;
}

/** @throws InputError unless `values` holds one complex number for each resource element. */
export function requireOnGrid(grid: ResourceGrid, values: Float64Array, what: string): void {
  if (values.length !== 2 * resourceElements(grid)) {
    throw new InputError(
      `${what} of ${values.length} numbers for ${grid.symbols} symbols of ${grid.subcarriers} subcarriers; allowed: ${2 * resourceElements(grid)}`,
    );
  }
}
