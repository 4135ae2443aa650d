import { requireRange } from '../base/index.js';
import { additiveChannel, type SnrDb } from './additive.js';
import { fillClarke, requireDoppler } from './clarke.js';
import type { Channel } from './types.js';

/** Of a flat channel that moves during a codeword. */
export interface JakesOptions {
  /** Mean Es/N0 in dB, -50 to 100; an array gives each codeword its own. */
  snrDb: SnrDb;
  /** The largest Doppler shift, v/c times the carrier frequency, 0 to 1e9. */
  dopplerHz: number;
  /** Time from one channel use to the next, 1e-12 to 1e3. */
  usePeriodSec: number;
}

/**
 * Flat Rayleigh fading in motion: the gains of a codeword's uses are Clarke's process, of autocorrelation
 * J0(2 pi fD tau); codewords fade independently (Clarke 1968; Jakes 1974).
 * @throws InputError when an option is out of range.
 */
export function jakes(options: JakesOptions): Channel {
  const dopplerHz = requireDoppler(options.dopplerHz);
  const usePeriodSec = requireRange('usePeriodSec', options.usePeriodSec, 1e-12, 1e3, 's');
  return additiveChannel('jakes', 'fast', options.snrDb, (rng, gains, { codewords, uses }) => {
    for (let codeword = 0; codeword < codewords; codeword++) {
      fillClarke(rng, { out: gains, start: codeword * uses, count: uses }, dopplerHz * usePeriodSec);
    }
  });
}
