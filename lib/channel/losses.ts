import { requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { additiveChannel, type SnrDb } from './additive.js';
import type { Channel } from './types.js';

/** Which packets of a row are lost. */
export interface LossProcess {
  readonly name: string;
  /** Share of packets lost. */
  readonly lossProbability: number;
  /** Mean number of packets lost in a row, once one is lost; infinite when all are. */
  readonly meanBurstPackets: number;
  /**
   * Draws the fate of `packets` in a row: 1 where lost.
   * @throws InputError unless packets is an integer from 1 to 2^30.
   */
  sample(rng: Rng, packets: number): Uint8Array;
}

/**
 * Packets lost independently of each other.
 * @param options.lossProbability 0 to 1
 * @throws InputError when it is out of range.
 */
export function independentLosses(options: { lossProbability: number }): LossProcess {
  const p = requireRange('lossProbability', options.lossProbability, 0, 1);
  const rates = { goodToBad: p, badToGood: 1 - p, lossGood: 0, lossBad: 1 };
  return { ...markovLosses(rates), name: 'independent' };
}

/** Of a chain of two states and the losses in each. */
export interface GilbertElliottOptions {
  /** Probability that the next packet meets the bad state after the good one, 0 to 1. */
  goodToBad: number;
  /** Probability of the way back, 0 to 1; not both 0. */
  badToGood: number;
  /** Probability of a loss in the good state, 0 to 1; 0 when left out (Gilbert). */
  lossGood?: number;
  /** Probability of a loss in the bad state, 0 to 1; 1 when left out. */
  lossBad?: number;
}

/**
 * Bursts of packet losses: a Markov chain of a good and a bad state, each with its loss probability, started in
 * its stationary state (Gilbert 1960; Elliott 1963).
 * @throws InputError when a probability is out of range, or the chain moves in neither direction.
 */
export function gilbertElliott(options: GilbertElliottOptions): LossProcess {
  const { goodToBad, badToGood, lossGood = 0, lossBad = 1 } = options;
  const rates = { goodToBad, badToGood, lossGood, lossBad };
  for (const [name, value] of Object.entries(rates)) requireRange(name, value, 0, 1);
  requireRange('goodToBad + badToGood', goodToBad + badToGood, 1e-12, 2);
  return markovLosses(rates);
}

/**
 * Gilbert's chain (every packet of the bad state is lost, none of the good) of a loss probability and a mean
 * burst: badToGood = 1/burst and goodToBad = badToGood p/(1 - p).
 * @param options.lossProbability 0 to 0.999
 * @param options.meanBurstPackets 1 to 1e6; a burst shorter than p/(1 - p) cannot be
 * @throws InputError when one is out of range, or the burst is too short for the loss probability.
 */
export function gilbertBursts(options: { lossProbability: number; meanBurstPackets: number }): LossProcess {
  const p = requireRange('lossProbability', options.lossProbability, 0, 0.999);
  const odds = p / (1 - p);
  const burst = requireRange('meanBurstPackets', options.meanBurstPackets, Math.max(1, odds), 1e6);
  return gilbertElliott({ goodToBad: odds / burst, badToGood: 1 / burst });
}

function markovLosses(rates: Required<GilbertElliottOptions>): LossProcess {
  const { goodToBad, badToGood, lossGood, lossBad } = rates;
  const bad = goodToBad / (goodToBad + badToGood);
  const lossProbability = (1 - bad) * lossGood + bad * lossBad;
  // A burst ends where a loss is followed by none: its mean is P(loss) / P(loss, then none).
  const afterGood = (1 - goodToBad) * (1 - lossGood) + goodToBad * (1 - lossBad);
  const afterBad = badToGood * (1 - lossGood) + (1 - badToGood) * (1 - lossBad);
  const ends = (1 - bad) * lossGood * afterGood + bad * lossBad * afterBad;
  return {
    name: 'gilbert-elliott',
    lossProbability,
    meanBurstPackets: lossProbability === 0 ? 0 : lossProbability / ends,
    sample(rng, packets) {
      requireInteger('packets', packets, 1, 2 ** 30);
      let isBad = rng.uniform() < bad;
      return Uint8Array.from({ length: packets }, () => {
        const lost = rng.uniform() < (isBad ? lossBad : lossGood) ? 1 : 0;
        if (rng.uniform() < (isBad ? badToGood : goodToBad)) isBad = !isBad;
        return lost;
      });
    },
  };
}

/**
 * Packets of channel uses that arrive with noise or not at all, which the receiver knows: the gain is 1 or 0, so
 * equalisation gives 0 with infinite noise variance where a packet is lost. Each codeword starts a new packet and
 * meets the loss process anew. `usesPerPacket: 1` with independent losses erases single symbols.
 * @param options.snrDb Es/N0 in dB of what arrives, -50 to 100; an array gives each codeword its own
 * @param options.usesPerPacket 1 to 2^30
 * @throws InputError when one is out of range.
 */
export function packetErasure(options: {
  snrDb: SnrDb;
  losses: LossProcess;
  usesPerPacket: number;
}): Channel {
  const { snrDb, losses } = options;
  const usesPerPacket = requireInteger('usesPerPacket', options.usesPerPacket, 1, 2 ** 30);
  return additiveChannel(`erasure-${losses.name}`, 'fast', snrDb, (rng, gains, { codewords, uses }) => {
    for (let codeword = 0; codeword < codewords; codeword++) {
      const lost = losses.sample(rng, Math.ceil(uses / usesPerPacket));
      for (let use = 0; use < uses; use++) {
        if (lost[Math.floor(use / usesPerPacket)]) gains[2 * (codeword * uses + use)] = 0;
      }
    }
  });
}
