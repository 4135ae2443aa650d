import { InputError, requireChoice } from '../../base/index.js';
import { type Axis, AxisDemapper } from './axis.js';
import { demapPoints, inverseNoise } from './demap.js';
import { bitsOf, circlePoints, gridPoints, linePoints, scaledLevels } from './points.js';
import type { DemapMethod } from './reduce.js';

/** Settings of a demapper. */
export interface DemapOptions {
  /** `app` (default): exact, by log-sum-exp; `max-log`: the nearest point of either bit value. */
  method?: DemapMethod;
  /** What is known of the bits before: one finite LLR a bit. The result includes them. */
  priors?: Float32Array;
}

/** Points of unit mean energy, each labelled with bits. */
export interface Constellation {
  /** `16-QAM`, `8-PSK`, ... */
  readonly name: string;
  /** Number of points, a power of two. */
  readonly order: number;
  readonly bitsPerSymbol: number;
  /** Interleaved complex points by label; the first bit of a symbol is the label's most significant. */
  readonly points: Float64Array;
  /** The real dimensions that are mapped and demapped one by one; undefined where bits depend on both. */
  readonly axes: readonly Axis[] | undefined;
  /**
   * Interleaved complex symbols, 2 numbers for every `bitsPerSymbol` bits.
   * @throws InputError unless the bits are 0 or 1 and fill whole symbols.
   */
  map(bits: Uint8Array): Float32Array;
  /**
   * The bits of the nearest point of each symbol.
   * @throws InputError when the symbols hold NaN or an odd number of values.
   */
  decide(symbols: Float32Array): Uint8Array;
  /**
   * LLRs log p(0) - log p(1) of the bits of symbols y = x + n.
   * @param noiseVariance N0 of n per complex dimension: one number, one a symbol (after equalisation), or one a
   *   codeword of equally many symbols; infinite where nothing was received
   * @throws InputError when lengths do not match, or a number is NaN or out of range.
   */
  demap(
    symbols: Float32Array,
    noiseVariance: number | ArrayLike<number>,
    options?: DemapOptions,
  ): Float32Array;
}

/** The families of constellations. */
export type ConstellationKind = 'qam' | 'psk' | 'pam';

/** The numbers of points of each kind. */
export const constellationOrders: Record<ConstellationKind, readonly number[]> = {
  qam: [4, 16, 64, 256, 1024],
  psk: [2, 4, 8, 16, 32, 64],
  pam: [2, 4, 8, 16, 32],
};

/**
 * A Gray-labelled constellation of unit mean energy.
 * - `qam`: square, 4 to 1024 points, labelled as in 3GPP TS 38.211 clauses 5.1.3 to 5.1.7 (even bits choose the
 *   real part, odd ones the imaginary, the first of each its sign)
 * - `psk`: 2 to 64 points at the angles 2 pi k / order, with the reflected Gray code; BPSK is +1 for bit 0
 * - `pam`: 2 to 32 real levels, labelled as one axis of QAM
 * @throws InputError for an order that the kind lacks.
 */
export function constellation(kind: ConstellationKind, order: number): Constellation {
  requireChoice('kind of constellation', kind, ['qam', 'psk', 'pam']);
  requireChoice(`order of ${kind}`, order, constellationOrders[kind]);
  const bits = bitsOf(order);
  const name = kind === 'psk' && order === 2 ? 'BPSK' : `${order}-${kind.toUpperCase()}`;
  if (kind === 'qam') {
    const levels = scaledLevels(bits / 2, 0.5);
    const axis = (part: 0 | 1): Axis => ({ part, levels, first: part, stride: 2 });
    return new Labelled(order === 4 ? 'QPSK' : name, gridPoints(levels), [axis(0), axis(1)]);
  }
  if (kind === 'psk' && order > 2) return new Labelled(name, circlePoints(order));
  const levels = scaledLevels(bits, 1);
  return new Labelled(name, linePoints(levels), [{ part: 0, levels, first: 0, stride: 1 }]);
}

/**
 * A constellation of any points, scaled to unit mean energy: a trained one, or another labelling.
 * @param points interleaved complex by label; 2 to 4096 points, a power of two
 * @throws InputError when their number is no power of two, one is not finite, or all are 0.
 */
export function constellationOf(name: string, points: ArrayLike<number>): Constellation {
  const order = points.length / 2;
  if (!Number.isInteger(Math.log2(order)) || order < 2 || order > 4096) {
    throw new InputError(`${name} has ${order} points; allowed: a power of two from 2 to 4096`);
  }
  const energy = Array.from(points).reduce((sum, x) => sum + x * x, 0) / order;
  if (!(energy > 0 && Number.isFinite(energy))) {
    throw new InputError(`${name} has mean energy ${energy}; allowed: finite points, not all 0`);
  }
  return new Labelled(
    name,
    Float64Array.from(points, (x) => x / Math.sqrt(energy)),
  );
}

class Labelled implements Constellation {
  readonly order: number;
  readonly bitsPerSymbol: number;
  private readonly demappers: readonly AxisDemapper[];

  constructor(
    readonly name: string,
    readonly points: Float64Array,
    readonly axes: readonly Axis[] | undefined = undefined,
  ) {
    this.order = points.length / 2;
    this.bitsPerSymbol = bitsOf(this.order);
    this.demappers = (axes ?? []).map((axis) => new AxisDemapper(axis, this.bitsPerSymbol));
  }

  map(bits: Uint8Array): Float32Array {
    const { points, bitsPerSymbol: width, name } = this;
    if (bits.length % width !== 0) {
      throw new InputError(`${bits.length} bits for ${name}; allowed: a multiple of ${width}`);
    }
    const symbols = new Float32Array((2 * bits.length) / width);
    for (let symbol = 0; 2 * symbol < symbols.length; symbol++) {
      let label = 0;
      for (let at = symbol * width; at < (symbol + 1) * width; at++) {
        if (bits[at]! > 1) throw new InputError(`bit ${at} is ${bits[at]}; allowed: 0 or 1`);
        label = 2 * label + bits[at]!;
      }
      symbols[2 * symbol] = points[2 * label]!;
      symbols[2 * symbol + 1] = points[2 * label + 1]!;
    }
    return symbols;
  }

  decide(symbols: Float32Array): Uint8Array {
    // The sign of a max-log LLR is the bit of the nearest point, whatever the noise.
    const llrs = this.demap(symbols, 1, { method: 'max-log' });
    const bits = new Uint8Array(llrs.length);
    for (let index = 0; index < bits.length; index++) bits[index] = llrs[index]! < 0 ? 1 : 0;
    return bits;
  }

  demap(
    symbols: Float32Array,
    noiseVariance: number | ArrayLike<number>,
    { method = 'app', priors }: DemapOptions = {},
  ): Float32Array {
    requireChoice('demapping method', method, ['app', 'max-log']);
    const count = requireSymbols(symbols);
    const out = new Float32Array(count * this.bitsPerSymbol);
    if (priors) requirePriors(priors, out.length);
    const received = { symbols, inverseNoise: inverseNoise(noiseVariance, count), priors };
    if (!this.axes) demapPoints(this.points, received, method, out);
    for (const demapper of this.demappers) demapper.demap(received, method, out);
    return out;
  }
}

function requireSymbols(symbols: Float32Array): number {
  if (symbols.length % 2 !== 0) {
    throw new InputError(`complex array of length ${symbols.length}; allowed: even`);
  }
  for (let index = 0; index < symbols.length; index++) {
    if (!Number.isFinite(symbols[index]!)) {
      throw new InputError(`symbol ${index >> 1} holds ${symbols[index]}; allowed: finite numbers`);
    }
  }
  return symbols.length / 2;
}

function requirePriors(priors: Float32Array, bits: number): void {
  if (priors.length !== bits)
    throw new InputError(`${priors.length} prior LLRs for ${bits} bits; allowed: one a bit`);
  for (let index = 0; index < bits; index++) {
    if (!Number.isFinite(priors[index]!)) {
      throw new InputError(`prior LLR ${index} is ${priors[index]}; allowed: finite numbers`);
    }
  }
}
