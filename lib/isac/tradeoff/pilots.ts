import { requireChoice, requireRange } from '../../base/index.js';

/**
 * What a sensing receiver that is not the transmitter knows of a frame.
 * - `multiplexed`: a share of the elements are pilots, the others data it does not use;
 * - `superimposed`: a share of the power of every element is pilot, and the data on top are noise to it;
 * - `decoded`: multiplexed, and the data are decoded without error and used like pilots.
 */
export type PilotUse = 'multiplexed' | 'superimposed' | 'decoded';

export interface PilotSetup {
  /** Share of the elements or of the power, 0 to 1. */
  share: number;
  /** For the receiver of the data, of an element, linear, from 0. */
  linkSnr: number;
  /** Of the echo in an element, linear, from 0. */
  echoSnr: number;
}

/** What both sides get of a frame they share. */
export interface SharedFrame {
  /** Bits per channel use, Gaussian symbols, channel known. */
  rate: number;
  /** Information over that of a frame known entirely, pilots spread over it evenly: 0 to 1. */
  known: number;
}

/**
 * Rate and sensing information of a frame with pilots. Superimposed: y = b (s + d) + n with Gaussian data d of power 1 - share holds
 * 2 |b|^2 share / (sigma^2 + |b|^2 (1 - share)) of information on the phase of each element, as its covariance does not depend on it.
 * @throws InputError for a parameter out of range.
 */
export function pilotTradeoff(use: PilotUse, { share, linkSnr, echoSnr }: PilotSetup): SharedFrame {
  requireChoice('use', use, ['multiplexed', 'superimposed', 'decoded']);
  requireRange('share', share, 0, 1);
  requireRange('linkSnr', linkSnr, 0, Number.MAX_VALUE);
  requireRange('echoSnr', echoSnr, 0, Number.MAX_VALUE);
  if (use === 'superimposed')
    return { rate: Math.log2(1 + (1 - share) * linkSnr), known: share / (1 + (1 - share) * echoSnr) };
  return { rate: (1 - share) * Math.log2(1 + linkSnr), known: use === 'decoded' ? 1 : share };
}
