import { requireInteger, requireRange } from '../../base/index.js';
import { mean, type Rng, scaledExponentialIntegral, standardError } from '../../math/index.js';

/** An SNR as a ratio. @throws InputError outside -50..100 dB. */
export function snrRatio(snrDb: number): number {
  return 10 ** (requireRange('snrDb', snrDb, -50, 100, 'dB') / 10);
}

/**
 * Capacity of the complex additive white Gaussian noise channel, log2(1 + snr) (Shannon 1948).
 * @param snrDb Es/N0 in dB, -50 to 100
 * @returns bits per complex channel use
 */
export function awgnCapacity(snrDb: number): number {
  return Math.log1p(snrRatio(snrDb)) / Math.LN2;
}

/**
 * Ergodic capacity of the Rayleigh channel whose gain only the receiver knows: the mean of
 * log2(1 + snr |h|^2) over |h|^2 exponential of mean 1, which is exp(1/snr) E1(1/snr) / ln 2
 * (Lee 1990; Goldsmith and Varaiya 1997).
 * @param snrDb mean Es/N0 in dB, -50 to 100
 * @returns bits per complex channel use
 */
export function rayleighErgodicCapacity(snrDb: number): number {
  return scaledExponentialIntegral(1 / snrRatio(snrDb)) / Math.LN2;
}

/**
 * Probability that block Rayleigh fading does not carry the rate, P(log2(1 + snr |h|^2) < rate): what the block
 * error rate of long codes tends to (Ozarow, Shamai, Wyner 1994).
 * @param rate bits per complex channel use, from 0
 * @param snrDb mean Es/N0 in dB, -50 to 100
 */
export function rayleighOutageProbability(rate: number, snrDb: number): number {
  requireRange('rate', rate, 0, 1000, 'bits per use');
  return -Math.expm1(-(2 ** rate - 1) / snrRatio(snrDb));
}

/** Capacity of the binary erasure channel, 1 - erasures, in bits per use. @throws InputError outside 0..1. */
export function becCapacity(erasureProbability: number): number {
  return 1 - requireRange('erasureProbability', erasureProbability, 0, 1);
}

/** Capacity of the binary symmetric channel, 1 - h(p), in bits per use. @throws InputError outside 0..1. */
export function bscCapacity(errorProbability: number): number {
  return 1 - binaryEntropy(requireRange('errorProbability', errorProbability, 0, 1));
}

/**
 * Capacity of the Z channel, which turns a 1 into a 0 with the probability given and never errs on a 0:
 * log2(1 + (1 - p) p^(p / (1 - p))) bits per use (Golomb 1980).
 * @throws InputError outside 0..1.
 */
export function zCapacity(errorProbability: number): number {
  const p = requireRange('errorProbability', errorProbability, 0, 1);
  return p === 1 ? 0 : Math.log2(1 + (1 - p) * p ** (p / (1 - p)));
}

/** h(p) = -p log2 p - (1 - p) log2(1 - p). */
export function binaryEntropy(p: number): number {
  return p === 0 || p === 1 ? 0 : -(p * Math.log(p) + (1 - p) * Math.log1p(-p)) / Math.LN2;
}

/** A mean over seeded draws with its 95 % interval. */
export interface SimulatedMean {
  value: number;
  ci95: [low: number, high: number];
}

/**
 * Ergodic capacity of i.i.d. Rayleigh MIMO with equal power on all transmit antennas, the gains known to the receiver
 * only: the mean of log2 det(I + snr/Nt H H*) (Telatar 1999), simulated.
 * @param options.snrDb mean Es/N0 at a receive antenna in dB, -50 to 100; Es is that of all transmit antennas
 * @param options.transmit transmit antennas, 1 to 64
 * @param options.receive receive antennas, 1 to 64
 * @param options.draws channel matrices drawn (default 20000)
 * @returns bits per use of all antennas
 */
export function mimoErgodicCapacity(
  options: { snrDb: number; transmit: number; receive: number; draws?: number },
  rng: Rng,
): SimulatedMean {
  const { transmit, receive, draws = 20_000 } = options;
  requireInteger('transmit', transmit, 1, 64);
  requireInteger('receive', receive, 1, 64);
  requireInteger('draws', draws, 2);
  const share = snrRatio(options.snrDb) / transmit;
  const channel = new Float64Array(2 * receive * transmit);
  const bits = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    rng.fillComplexNormal(channel, 1);
    bits[draw] = log2Determinant(receivedCovariance(channel, receive, transmit, share), receive);
  }
  const value = mean(bits);
  const half = 1.96 * standardError(bits);
  return { value, ci95: [value - half, value + half] };
}

/** I + share H H*, interleaved complex, `rows` x `rows`. */
function receivedCovariance(h: Float64Array, rows: number, columns: number, share: number): Float64Array {
  const out = new Float64Array(2 * rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let [re, im] = [a === b ? 1 / share : 0, 0];
      for (let k = 0; k < columns; k++) {
        const [i, j] = [2 * (a * columns + k), 2 * (b * columns + k)];
        re += h[i]! * h[j]! + h[i + 1]! * h[j + 1]!;
        im += h[i + 1]! * h[j]! - h[i]! * h[j + 1]!;
      }
      out[2 * (a * rows + b)] = share * re;
      out[2 * (a * rows + b) + 1] = share * im;
    }
  }
  return out;
}

/** log2 det of a Hermitian positive definite matrix by elimination, whose pivots are real; `m` is overwritten. */
function log2Determinant(m: Float64Array, size: number): number {
  let bits = 0;
  for (let k = 0; k < size; k++) {
    const pivot = m[2 * (k * size + k)]!;
    bits += Math.log2(pivot);
    for (let a = k + 1; a < size; a++) {
      const [fr, fi] = [m[2 * (a * size + k)]! / pivot, m[2 * (a * size + k) + 1]! / pivot];
      for (let b = k + 1; b < size; b++) {
        const [from, to] = [2 * (k * size + b), 2 * (a * size + b)];
        m[to]! -= fr * m[from]! - fi * m[from + 1]!;
        m[to + 1]! -= fr * m[from + 1]! + fi * m[from]!;
      }
    }
  }
  return bits;
}
