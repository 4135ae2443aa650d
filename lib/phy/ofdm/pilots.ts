import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { Rng } from '../../math/index.js';

/** The pilots of one stream. */
export interface PilotPattern {
  /** Resource elements symbol * subcarriers + subcarrier, ascending. */
  readonly indices: Uint32Array;
  /** What is sent there, interleaved complex, none of them 0. */
  readonly values: Float64Array;
}

/** What a pilot layout is made for. */
export interface GridShape {
  readonly symbols: number;
  readonly subcarriers: number;
  readonly streams: number;
}

/** The pilots of all streams on one grid. */
export interface Pilots {
  readonly patterns: readonly PilotPattern[];
  /** 1 for each resource element without data, 0 for the others. */
  readonly reserved: Uint8Array;
}

/** Makes the pilots of a grid. */
export type PilotLayout = (shape: GridShape) => Pilots;

/** A grid without pilots. */
export const noPilots: PilotLayout = ({ symbols, subcarriers, streams }) => ({
  patterns: Array.from({ length: streams }, () => ({
    indices: new Uint32Array(0),
    values: new Float64Array(0),
  })),
  reserved: new Uint8Array(symbols * subcarriers),
});

/** Settings of comb pilots. */
export interface CombOptions {
  /** The OFDM symbols that hold pilots, ascending. */
  symbols: readonly number[];
  /** Distance of a stream's pilots in subcarriers, at least the number of streams. */
  spacing: number;
  /** First subcarrier of stream 0, from 0 to spacing - 1; default 0. */
  offset?: number;
  /** |p|^2 of a pilot, data symbols having a mean of 1; default 1. */
  energy?: number;
  /** Names the random QPSK values; default 0. */
  seed?: number | string;
}

/**
 * Comb pilots: stream s has a QPSK pilot at the subcarriers offset + s + n * spacing of the listed symbols, and
 * is silent at those of the other streams. Subcarriers that no stream uses carry data.
 * @throws InputError (when the grid is made) for a symbol or a spacing that does not fit.
 */
export function combPilots({ symbols, spacing, offset = 0, energy = 1, seed = 0 }: CombOptions): PilotLayout {
  requireInteger('pilot spacing', spacing, 1);
  requireInteger('pilot offset', offset, 0, spacing - 1);
  requireRange('pilot energy', energy, 1e-6, 1e6);
  return (shape) => {
    requireInteger('pilot spacing', spacing, shape.streams);
    const patterns = Array.from({ length: shape.streams }, (_, stream) => {
      const indices = elementsOf(shape, symbols, (k) => (k - offset - stream + spacing) % spacing === 0);
      return { indices, values: qpsk(Rng.of(seed).fork('pilots').fork(stream), indices.length, energy) };
    });
    return { patterns, reserved: reservedBy(patterns, shape) };
  };
}

/** Settings of Kronecker pilots: those of a comb without spacing. */
export type KroneckerOptions = Omit<CombOptions, 'spacing' | 'offset'>;

/**
 * Whole OFDM symbols of pilots: of S streams, each has every S-th subcarrier of the listed symbols. Times and
 * subcarriers of the pilots form a product, hence the name.
 * @throws InputError as `combPilots`.
 */
export function kroneckerPilots(options: KroneckerOptions): PilotLayout {
  return (shape) => combPilots({ ...options, spacing: shape.streams })(shape);
}

/** The resource elements of `symbols` whose subcarrier is chosen, ascending. */
export function elementsOf(
  shape: GridShape,
  symbols: readonly number[],
  chosen: (subcarrier: number) => boolean,
): Uint32Array {
  const indices: number[] = [];
  for (const symbol of [...symbols].sort((a, b) => a - b)) {
    requireInteger('pilot symbol', symbol, 0, shape.symbols - 1);
    for (let k = 0; k < shape.subcarriers; k++) {
      if (chosen(k)) indices.push(symbol * shape.subcarriers + k);
    }
  }
  return Uint32Array.from(indices);
}

/** Marks the resource elements of all patterns. */
export function reservedBy(
  patterns: readonly PilotPattern[],
  { symbols, subcarriers }: GridShape,
): Uint8Array {
  const reserved = new Uint8Array(symbols * subcarriers);
  for (const { indices } of patterns) for (const index of indices) reserved[index] = 1;
  return reserved;
}

function qpsk(rng: Rng, count: number, energy: number): Float64Array {
  const amplitude = Math.sqrt(energy / 2);
  return Float64Array.from({ length: 2 * count }, () => (rng.integer(2) === 0 ? amplitude : -amplitude));
}

/** @throws InputError when pilots collide with data or with each other, are 0, or are out of order. */
export function requirePatterns(
  patterns: readonly PilotPattern[],
  reserved: Uint8Array,
  { symbols, subcarriers, streams }: GridShape,
): void {
  const elements = symbols * subcarriers;
  if (patterns.length !== streams || reserved.length !== elements) {
    throw new InputError(
      `pilots of ${patterns.length} streams on ${reserved.length} resource elements; allowed: ${streams} on ${elements}`,
    );
  }
  const owner = new Int32Array(elements).fill(-1);
  for (const [stream, { indices, values }] of patterns.entries()) {
    if (values.length !== 2 * indices.length) {
      throw new InputError(`${values.length / 2} values for ${indices.length} pilots; allowed: one each`);
    }
    indices.forEach((index, place) => {
      if (index >= elements || (place > 0 && index <= indices[place - 1]!)) {
        throw new InputError(`pilot at resource element ${index}; allowed: ascending, below ${elements}`);
      }
      if (reserved[index] !== 1 || owner[index] !== -1) {
        throw new InputError(`pilot at resource element ${index} meets data or another stream's pilot`);
      }
      if (!(values[2 * place]! ** 2 + values[2 * place + 1]! ** 2 > 0)) {
        throw new InputError(`pilot at resource element ${index} has no energy; allowed: more than 0`);
      }
      owner[index] = stream;
    });
  }
}
