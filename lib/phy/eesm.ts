import { InputError, requireChoice, requireRange } from '../base/index.js';

/**
 * Betas fitted to NR LDPC codes, by bits a symbol: the code rates of TS 38.214 table 5.1.3.1-2 in 1/1024 and, below each,
 * its beta. Source: Lagen et al., "New Radio physical layer abstraction for system-level simulations of 5G networks", ICC 2020.
 */
const FITTED: Readonly<Record<number, { rates: readonly number[]; betas: readonly number[] }>> = {
  2: { rates: [120, 193, 308, 449, 602], betas: [1.6, 1.63, 1.67, 1.73, 1.79] },
  4: { rates: [378, 434, 490, 553, 616, 658], betas: [4.27, 4.71, 5.16, 5.66, 6.16, 6.5] },
  6: {
    rates: [466, 517, 567, 616, 666, 719, 772, 822, 873],
    betas: [10.97, 12.92, 14.96, 17.06, 19.33, 21.85, 24.51, 27.14, 29.94],
  },
  8: {
    rates: [682.5, 711, 754, 797, 841, 885, 916.5, 948],
    betas: [56.48, 65, 78.58, 92.48, 106.27, 118.74, 126.36, 132.54],
  },
};

/**
 * Exponential effective SNR mapping: the SNR of the flat channel on which a code has the block error rate that it has on
 * channel uses of these SNRs, -beta ln(mean of exp(-snr / beta)) (3GPP TR 25.892; Brueninghaus et al. 2005).
 * It lies between the least of them and their mean.
 * @param snrsDb Es/N0 of the channel uses of a codeword in dB, after equalisation; minus infinity is no signal
 * @param beta of the modulation and code, above 0: `eesmBeta`, or fitted to simulations
 * @returns Es/N0 in dB
 * @throws InputError when there are no SNRs, one is NaN, or beta is out of range.
 */
export function effectiveSnrDb(snrsDb: ArrayLike<number>, beta: number): number {
  requireRange('beta', beta, 1e-6, 1e6);
  if (snrsDb.length === 0) throw new InputError('effective SNR of 0 channel uses; allowed: 1 or more');
  const ratios = new Float64Array(snrsDb.length);
  for (let use = 0; use < ratios.length; use++) {
    const snrDb = snrsDb[use]!;
    if (!(snrDb <= 1000))
      throw new InputError(`SNR of use ${use} is ${snrDb}; allowed: a number up to 1000 dB`);
    ratios[use] = 10 ** (snrDb / 10);
  }
  // Around the least SNR, so that no exponential underflows before the others do.
  const least = ratios.reduce((low, ratio) => Math.min(low, ratio));
  const sum = ratios.reduce((total, ratio) => total + Math.expm1((least - ratio) / beta), 0);
  return 10 * Math.log10(least - beta * Math.log1p(sum / ratios.length));
}

/**
 * Beta of NR LDPC codes for `effectiveSnrDb`: linear between the code rates of the table for 256-QAM, constant beyond.
 * @param bitsPerSymbol 2, 4, 6 or 8
 * @param codeRate information over code bits, above 0 and up to 1
 * @throws InputError for another modulation or code rate.
 */
export function eesmBeta(bitsPerSymbol: number, codeRate: number): number {
  const { rates, betas } = FITTED[requireChoice('bitsPerSymbol', bitsPerSymbol, [2, 4, 6, 8])]!;
  const rate = 1024 * requireRange('codeRate', codeRate, Number.MIN_VALUE, 1);
  const above = rates.findIndex((known) => known >= rate);
  if (above === 0) return betas[0]!;
  if (above < 0) return betas.at(-1)!;
  const share = (rate - rates[above - 1]!) / (rates[above]! - rates[above - 1]!);
  return betas[above - 1]! + share * (betas[above]! - betas[above - 1]!);
}
