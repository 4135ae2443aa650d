import { InputError, requireRange } from '../../base/index.js';
import { type Constellation, constellation } from '../constellation/index.js';
import { snrRatio } from './capacity.js';
import type { InformationDensity } from './finite.js';
import { bisect, normalGrid } from './quadrature.js';

const LINE = normalGrid(0.1, 8);
const PLANE = normalGrid(0.5, 5.5);

/** What equally likely symbols of a constellation carry over complex AWGN, in bits per symbol. */
export interface ModulationRates {
  /** Mutual information of symbol and observation: the limit of coded modulation (Ungerboeck 1982). */
  codedModulation: number;
  /** Sum of the mutual informations of the bits, each demapped by itself: the limit of BICM (Caire et al. 1998). */
  bitInterleaved: number;
  /** Variance of the information density of symbol and observation, in bits squared per symbol. */
  dispersion: number;
}

/** Equally likely points in `dimensions` real dimensions, labelled with bits. */
interface PointSet {
  readonly dimensions: 1 | 2;
  /** Coordinates, those of a point side by side. */
  readonly points: Float64Array;
}

/**
 * Rates of a constellation by numerical integration: error below 1e-8 for QAM and PAM, whose axes are independent,
 * and below 1e-4 for others, at a cost of 529 * order^2 exponentials.
 * @param snrDb Es/N0 in dB, -50 to 100
 */
export function modulationRates(one: Constellation, snrDb: number): ModulationRates {
  const noise = 1 / snrRatio(snrDb);
  if (!one.axes) return ratesOf({ dimensions: 2, points: one.points }, noise);
  const rates = ratesOf({ dimensions: 1, points: one.axes[0]!.levels }, noise);
  const axes = one.axes.length;
  return {
    codedModulation: axes * rates.codedModulation,
    bitInterleaved: axes * rates.bitInterleaved,
    dispersion: axes * rates.dispersion,
  };
}

/** Coded-modulation mutual information, bits per symbol. See `modulationRates`. */
export function codedModulationRate(one: Constellation, snrDb: number): number {
  return modulationRates(one, snrDb).codedModulation;
}

/** Rate of bit-interleaved coded modulation with exact LLRs, bits per symbol. See `modulationRates`. */
export function bitInterleavedRate(one: Constellation, snrDb: number): number {
  return modulationRates(one, snrDb).bitInterleaved;
}

/**
 * Information density of coded modulation, for the normal approximation at finite block lengths.
 * @param snrDb Es/N0 in dB, -50 to 100
 */
export function modulationDensity(one: Constellation, snrDb: number): InformationDensity {
  const { codedModulation, dispersion } = modulationRates(one, snrDb);
  return { capacity: codedModulation, dispersion };
}

/**
 * Capacity of BPSK over AWGN (binary-input AWGN), bits per use.
 * @param snrDb Es/N0 in dB, -50 to 100; the noise of the one real dimension in use has variance N0/2
 */
export function biAwgnCapacity(snrDb: number): number {
  return codedModulationRate(constellation('psk', 2), snrDb);
}

/**
 * The least Eb/N0 at which a rate can be carried without error.
 * @param rate bits per channel use
 * @param rateAt the rate that a channel carries by Es/N0 in dB, increasing: `awgnCapacity`, `biAwgnCapacity`, ...
 * @returns Eb/N0 in dB
 * @throws InputError when the channel carries that rate at no SNR from -50 to 100 dB.
 */
export function ebN0LimitDb(rate: number, rateAt: (snrDb: number) => number): number {
  requireRange('rate', rate, Number.MIN_VALUE, 1000, 'bits per use');
  const snrDb = bisect(rateAt, rate, -50, 100);
  if (snrDb === undefined) {
    throw new InputError(
      `rate is ${rate}; allowed: what the channel carries from -50 to 100 dB, ${rateAt(-50).toPrecision(3)} to ${rateAt(100).toPrecision(3)}`,
    );
  }
  return snrDb - 10 * Math.log10(rate);
}

function ratesOf(set: PointSet, noiseVariance: number): ModulationRates {
  const { dimensions, points } = set;
  const order = points.length / dimensions;
  const bits = Math.log2(order);
  const deviation = Math.sqrt(noiseVariance / 2);
  const shares = new Float64Array(order);
  let [symbolLoss, squares, bitLoss] = [0, 0, 0];
  forEachNoise(dimensions, (noise, weight) => {
    for (let sent = 0; sent < order; sent++) {
      likelihoods(set, sent, noise, deviation, shares);
      const total = shares.reduce((sum, share) => sum + share, 0);
      const loss = Math.log(total / shares[sent]!);
      symbolLoss += (weight * loss) / order;
      squares += (weight * loss * loss) / order;
      for (let place = 0; place < bits; place++)
        bitLoss += weight * Math.log(total / agreeing(shares, sent, place));
    }
  });
  return {
    codedModulation: bits - symbolLoss / Math.LN2,
    bitInterleaved: bits - bitLoss / order / Math.LN2,
    dispersion: Math.max(0, squares - symbolLoss * symbolLoss) / Math.LN2 ** 2,
  };
}

/** Likelihoods of all points relative to the one sent, given its noise in standard deviations. */
function likelihoods(
  { dimensions, points }: PointSet,
  sent: number,
  noise: readonly number[],
  deviation: number,
  out: Float64Array,
): void {
  for (let label = 0; label < out.length; label++) {
    let metric = 0;
    for (let d = 0; d < dimensions; d++) {
      const z = noise[d]!;
      const step = (points[sent * dimensions + d]! - points[label * dimensions + d]!) / deviation;
      metric -= step * (z + step / 2);
    }
    out[label] = Math.exp(metric);
  }
}

/** Likelihood of the points that share a bit with the one sent. */
function agreeing(shares: Float64Array, sent: number, place: number): number {
  let sum = 0;
  for (let label = 0; label < shares.length; label++) {
    if ((((label ^ sent) >> place) & 1) === 0) sum += shares[label]!;
  }
  return sum;
}

function forEachNoise(dimensions: 1 | 2, use: (noise: readonly number[], weight: number) => void): void {
  if (dimensions === 1) {
    for (const [k, z] of LINE.nodes.entries()) use([z], LINE.weights[k]!);
    return;
  }
  for (const [j, x] of PLANE.nodes.entries()) {
    for (const [k, y] of PLANE.nodes.entries()) use([x, y], PLANE.weights[j]! * PLANE.weights[k]!);
  }
}
