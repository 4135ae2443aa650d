import { requireChoice, requireInteger } from '../../base/index.js';
import { qFunction } from '../../math/index.js';
import { type ConstellationKind, constellationOrders } from '../constellation/index.js';
import { snrRatio } from './capacity.js';
import { integrate } from './quadrature.js';

/**
 * The receiver's SNR as the formulas see it: fixed (AWGN), or the sum over `branches` of independent Rayleigh gains
 * combined in the maximum ratio.
 */
interface Fading {
  /** Es/N0, the mean of one branch where there is fading. */
  snr: number;
  /** 0: no fading. */
  branches: number;
}

/** A sum of weight * Q(sqrt(2 gain snr)). */
type TailSum = readonly { weight: number; gain: number }[];

/**
 * Bit error rate of Gray-labelled modulation with hard decisions, exact at any SNR.
 * QAM and PAM: Cho and Yoon 2002, IEEE Trans. Commun. 50(7), eq. 9 to 22; PSK: Craig's integrals over the sectors
 * (Craig 1991) with the mean distances of the reflected Gray code (Lassing et al. 2003); fading: the means of Q
 * over Rayleigh branches (Proakis, Digital Communications, ch. 14; Simon and Alouini 2000).
 * @param snrDb Es/N0 in dB, -50 to 100; with fading the mean of one branch
 * @param rayleighBranches 0 (default): AWGN; 1: Rayleigh with coherent detection; more: maximum ratio combining
 * @throws InputError for an order that the kind lacks, or branches outside 0..64.
 */
export function bitErrorRate(
  kind: ConstellationKind,
  order: number,
  snrDb: number,
  rayleighBranches = 0,
): number {
  const fading = requireSetup(kind, order, snrDb, rayleighBranches);
  if (kind === 'psk' && order > 2) return pskBitErrorRate(order, fading);
  const levels = kind === 'qam' ? Math.sqrt(order) : order;
  return meanTails(grayAxisTails(levels, axisGain(kind, order)), fading);
}

/**
 * Symbol error rate of the same receivers (Proakis, Digital Communications, ch. 4 and 14; Simon and Alouini 2000).
 * @param snrDb Es/N0 in dB, -50 to 100; with fading the mean of one branch
 * @param rayleighBranches 0 (default): AWGN; 1: Rayleigh; more: maximum ratio combining
 * @throws InputError for an order that the kind lacks, or branches outside 0..64.
 */
export function symbolErrorRate(
  kind: ConstellationKind,
  order: number,
  snrDb: number,
  rayleighBranches = 0,
): number {
  const fading = requireSetup(kind, order, snrDb, rayleighBranches);
  if (kind === 'psk' && order > 2) return 2 * beyondAngle(Math.PI / order, fading);
  const levels = kind === 'qam' ? Math.sqrt(order) : order;
  const inner = 1 - 1 / levels;
  const gain = axisGain(kind, order);
  const tail = meanTail(gain, fading);
  if (kind !== 'qam') return 2 * inner * tail;
  return 4 * inner * tail - 4 * inner * inner * meanSquaredTail(gain, fading);
}

/**
 * Bit error rate of Alamouti's code (1998): two transmit antennas share the power, so it is maximum ratio combining
 * of twice as many branches at half the SNR.
 * @param snrDb mean Es/N0 at one receive antenna in dB, Es that of both transmit antennas
 * @param receiveAntennas 1 to 32
 */
export function alamoutiBitErrorRate(
  kind: ConstellationKind,
  order: number,
  snrDb: number,
  receiveAntennas = 1,
): number {
  requireInteger('receiveAntennas', receiveAntennas, 1, 32);
  return bitErrorRate(kind, order, snrDb - 10 * Math.log10(2), 2 * receiveAntennas);
}

function requireSetup(kind: ConstellationKind, order: number, snrDb: number, branches: number): Fading {
  requireChoice('kind of constellation', kind, ['qam', 'psk', 'pam']);
  requireChoice(`order of ${kind}`, order, constellationOrders[kind]);
  requireInteger('rayleighBranches', branches, 0, 64);
  return { snr: snrRatio(snrDb), branches };
}

/** (Half spacing)^2 of the levels of an axis at unit symbol energy. */
function axisGain(kind: ConstellationKind, order: number): number {
  return kind === 'qam' ? 1.5 / (order - 1) : 3 / (order * order - 1);
}

/** Bit errors of a Gray-labelled axis of L levels (Cho and Yoon 2002, eq. 9 and 10, with erfc = 2 Q). */
function grayAxisTails(levels: number, gain: number): TailSum {
  const bits = Math.log2(levels);
  const tails: { weight: number; gain: number }[] = [];
  for (let bit = 1; bit <= bits; bit++) {
    const half = 2 ** (bit - 1);
    for (let i = 0; i < (1 - 2 ** -bit) * levels; i++) {
      const run = (i * half) / levels;
      const sign = Math.floor(run) % 2 === 0 ? 1 : -1;
      const weight = (2 * sign * (half - Math.floor(run + 0.5))) / levels / bits;
      tails.push({ weight, gain: gain * (2 * i + 1) ** 2 });
    }
  }
  return tails;
}

function meanTails(tails: TailSum, fading: Fading): number {
  return tails.reduce((sum, { weight, gain }) => sum + weight * meanTail(gain, fading), 0);
}

/** The mean of Q(sqrt(2 gain snr)) over the fading. */
function meanTail(gain: number, { snr, branches }: Fading): number {
  if (branches === 0) return qFunction(Math.sqrt(2 * gain * snr));
  const mu = Math.sqrt((gain * snr) / (1 + gain * snr));
  // (1 - mu) / 2 without cancellation.
  const low = 0.5 / (1 + gain * snr) / (1 + mu);
  let [sum, term] = [0, 1];
  for (let k = 0; k < branches; k++) {
    sum += term;
    term *= ((branches + k) / (k + 1)) * (1 - low);
  }
  return low ** branches * sum;
}

/** The mean of Q(sqrt(2 gain snr))^2, by the integral to a quarter of pi (Simon and Alouini 2000). */
function meanSquaredTail(gain: number, fading: Fading): number {
  if (fading.branches === 0) return meanTail(gain, fading) ** 2;
  return integrate((angle) => meanDecay(gain / Math.sin(angle) ** 2, fading), 0, Math.PI / 4) / Math.PI;
}

/** The mean of exp(-rate snr). */
function meanDecay(rate: number, { snr, branches }: Fading): number {
  if (rate === Number.POSITIVE_INFINITY) return 0;
  return branches === 0 ? Math.exp(-rate * snr) : (1 + rate * snr) ** -branches;
}

/** Probability that noise turns the phase by more than `angle` (0 to pi) to one side (Craig 1991). */
function beyondAngle(angle: number, fading: Fading): number {
  const gain = Math.sin(angle) ** 2;
  const decay = (phi: number) => meanDecay(gain / Math.sin(phi) ** 2, fading);
  return integrate(decay, 0, Math.PI - angle) / (2 * Math.PI);
}

function pskBitErrorRate(order: number, fading: Fading): number {
  const bits = Math.log2(order);
  let sum = 0;
  for (let step = 1; step <= order / 2; step++) {
    const near = beyondAngle(((2 * step - 1) * Math.PI) / order, fading);
    const far = step === order / 2 ? 0 : beyondAngle(((2 * step + 1) * Math.PI) / order, fading);
    sum += 2 * (near - far) * meanGrayDistance(order, step);
  }
  return sum / bits;
}

/** Bits that differ, on average over the circle, between reflected Gray labels `step` apart. */
function meanGrayDistance(order: number, step: number): number {
  const gray = (k: number) => (k % order) ^ ((k % order) >> 1);
  let bits = 0;
  for (let k = 0; k < order; k++) {
    for (let difference = gray(k) ^ gray(k + step); difference > 0; difference >>= 1) bits += difference & 1;
  }
  return bits / order;
}
