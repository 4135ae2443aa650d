import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { qFunction, qInverse } from '../../math/index.js';
import { becCapacity, bscCapacity, snrRatio } from './capacity.js';
import { bisect, normalGrid } from './quadrature.js';

/** Mean and variance of what one channel use tells of its input, at the capacity-achieving input. */
export interface InformationDensity {
  /** Bits per channel use. */
  capacity: number;
  /** The channel dispersion V, in bits squared per channel use. */
  dispersion: number;
}

/** Whether the term of third order, (log2 n) / 2 bits a block, is counted; it is unless stated. */
export interface NormalOptions {
  logTerm?: boolean;
}

const LINE = normalGrid(0.05, 8);

/**
 * One real dimension of AWGN under a power limit: C = log2(1 + snr) / 2, V = snr (snr + 2) / (2 (snr + 1)^2) log2(e)^2
 * (Polyanskiy, Poor, Verdu 2010, theorem 54).
 * @param snrDb power over the noise variance of that dimension in dB, -50 to 100
 */
export function realAwgnDensity(snrDb: number): InformationDensity {
  const { capacity, dispersion } = complexAwgnDensity(snrDb);
  return { capacity: capacity / 2, dispersion: dispersion / 2 };
}

/**
 * Complex AWGN under a power limit, two real dimensions: C = log2(1 + snr), V = snr (snr + 2) / (snr + 1)^2 log2(e)^2.
 * @param snrDb Es/N0 in dB, -50 to 100
 */
export function complexAwgnDensity(snrDb: number): InformationDensity {
  const snr = snrRatio(snrDb);
  return {
    capacity: Math.log1p(snr) / Math.LN2,
    dispersion: (snr * (snr + 2)) / (snr + 1) ** 2 / Math.LN2 ** 2,
  };
}

/**
 * BPSK over AWGN: the information density is 1 - log2(1 + exp(-LLR)) with the LLR of the bit sent.
 * @param snrDb Es/N0 in dB, -50 to 100
 */
export function biAwgnDensity(snrDb: number): InformationDensity {
  const snr = snrRatio(snrDb);
  let [capacity, square] = [0, 0];
  for (const [k, z] of LINE.nodes.entries()) {
    const llr = 4 * snr + Math.sqrt(8 * snr) * z;
    const density = 1 - softplus(-llr) / Math.LN2;
    capacity += LINE.weights[k]! * density;
    square += LINE.weights[k]! * density * density;
  }
  return { capacity, dispersion: Math.max(0, square - capacity * capacity) };
}

/** The binary erasure channel: C = 1 - e, V = e (1 - e). @throws InputError outside 0..1. */
export function becDensity(erasureProbability: number): InformationDensity {
  const capacity = becCapacity(erasureProbability);
  return { capacity, dispersion: erasureProbability * capacity };
}

/** The binary symmetric channel: C = 1 - h(p), V = p (1 - p) log2((1 - p) / p)^2. @throws InputError outside 0..1. */
export function bscDensity(errorProbability: number): InformationDensity {
  const capacity = bscCapacity(errorProbability);
  const p = errorProbability;
  return { capacity, dispersion: p === 0 || p === 1 ? 0 : p * (1 - p) * Math.log2((1 - p) / p) ** 2 };
}

/**
 * Normal approximation of the largest rate at a block length and block error rate:
 * C - sqrt(V / n) Qinv(e) + log2(n) / (2n) (Polyanskiy, Poor, Verdu 2010, eq. 223 and 296).
 * For the erasure channel the last term is not part of the expansion: leave it out.
 * @param blockLength n, channel uses
 * @param blockErrorRate e, above 0 and below 1
 * @returns bits per channel use; negative where the approximation has no meaning
 */
export function normalApproximation(
  { capacity, dispersion }: InformationDensity,
  blockLength: number,
  blockErrorRate: number,
  { logTerm = true }: NormalOptions = {},
): number {
  requireInteger('blockLength', blockLength, 1);
  const third = logTerm ? Math.log2(blockLength) / (2 * blockLength) : 0;
  return capacity - Math.sqrt(dispersion / blockLength) * qInverse(blockErrorRate) + third;
}

/**
 * The same solved for the block error rate of k bits in n channel uses:
 * Q((n C - k + log2(n) / 2) / sqrt(n V)).
 */
export function normalApproximationErrorRate(
  { capacity, dispersion }: InformationDensity,
  block: { k: number; n: number },
  { logTerm = true }: NormalOptions = {},
): number {
  const { k, n } = requireBlock(block);
  const margin = n * capacity - k + (logTerm ? Math.log2(n) / 2 : 0);
  return dispersion === 0 ? Number(margin < 0) : qFunction(margin / Math.sqrt(n * dispersion));
}

/**
 * The same solved for the SNR.
 * @param densityAt the channel by Es/N0 in dB, such as `biAwgnDensity`
 * @returns Eb/N0 in dB, with Eb = Es n / k
 * @throws InputError when no Es/N0 from -40 to 60 dB gives the error rate.
 */
export function normalApproximationEbN0Db(
  densityAt: (snrDb: number) => InformationDensity,
  block: { k: number; n: number },
  blockErrorRate: number,
  options: NormalOptions = {},
): number {
  const { k, n } = requireBlock(block);
  requireRange('blockErrorRate', blockErrorRate, 1e-300, 1 - 1e-12);
  const success = (snrDb: number) => -normalApproximationErrorRate(densityAt(snrDb), block, options);
  const snrDb = bisect(success, -blockErrorRate, -40, 60);
  if (snrDb !== undefined) return snrDb - 10 * Math.log10(k / n);
  throw new InputError(
    `${k} bits in ${n} uses at block error rate ${blockErrorRate}; allowed: what the channel carries below 60 dB`,
  );
}

function requireBlock(block: { k: number; n: number }): { k: number; n: number } {
  requireInteger('n', block.n, 1);
  requireInteger('k', block.k, 1);
  return block;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
