import { requireChoice, requireInteger } from '../../base/index.js';

/** Rates of 802.11p in a channel of 10 MHz, Mb/s. */
export const DSRC_RATES = [3, 4.5, 6, 9, 12, 18, 24, 27] as const;
export type DsrcRate = (typeof DSRC_RATES)[number];

/**
 * Sensitivity of a receiver at each of them without multipath, dBm (u-blox VERA-P1 data sheet UBX-17004377, table 8, guaranteed values).
 */
const SENSITIVITY_DBM: Record<DsrcRate, number> = {
  3: -95,
  4.5: -93,
  6: -92,
  9: -90,
  12: -87,
  18: -83,
  24: -79,
  27: -77,
};

/** By how many decibels a rate needs more than 6 Mb/s, the rate of the control channel. */
export const extraSinrOf = (rateMbps: DsrcRate): number => SENSITIVITY_DBM[rateMbps] - SENSITIVITY_DBM[6];

const SYMBOL_US = 8;
const PREAMBLE_US = 40;
/** SERVICE and tail. */
const EXTRA_BITS = 22;

/**
 * How long a frame of 802.11p occupies a channel of 10 MHz: preamble and SIGNAL of 40 us, then symbols of 8 us that
 * carry SERVICE, the frame and the tail (IEEE 802.11, clause 17).
 * @param frameBytes MAC frame with header and check sequence, 1 to 4095
 * @param rateMbps one of `DSRC_RATES`
 * @throws InputError when one is out of range.
 */
export function frameAirtimeSec(frameBytes: number, rateMbps: DsrcRate): number {
  requireInteger('frameBytes', frameBytes, 1, 4095);
  const bitsPerSymbol = requireChoice('rateMbps', rateMbps, DSRC_RATES) * SYMBOL_US;
  return (PREAMBLE_US + SYMBOL_US * Math.ceil((EXTRA_BITS + 8 * frameBytes) / bitsPerSymbol)) * 1e-6;
}
