import { requireRange } from '../base/index.js';
import { type Channel, equalisedVariance } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import { complexAwgnDensity, normalApproximation } from '../phy/index.js';
import {
  bestWithin,
  type Colour,
  decodeClassical,
  encodeClassical,
  flatPicture,
  type Picture,
  rateDistortion,
} from '../source/index.js';

/** What separate coding at capacity delivers. */
export interface SeparationDelivery {
  received: Picture[];
  /** Bytes that capacity allows each picture, and those its file took (0 when none fits). */
  budgetBytes: number[];
  usedBytes: number[];
  channelUses: number[];
  sideInformationBits: number[];
  /** Seconds to write the chosen file (the search for it not counted) and to decode it. */
  encodeSec: number[];
  decodeSec: number[];
}

/**
 * Separate source and channel coding at its limit: the channel uses of a picture carry exactly Shannon's
 * capacity without error, and the best of JPEG, WebP and AVIF whose whole file (header counted) fits is
 * decoded; when none fits, the receiver shows the mean colour.
 *
 * A bound that no real code reaches: capacity needs endless codewords, and over block fading the transmitter
 * would have to know each fade, since the budget is that of the gain drawn. With a block error rate, the
 * bound is that of codewords as long as the picture's channel uses, by the normal approximation of Polyanskiy,
 * Poor and Verdu (2010); the pictures lost at that rate are not taken off.
 */
export class SeparationBound {
  readonly name: string;
  private readonly ratio: number;
  private readonly mean: Colour;
  private readonly blockErrorRate: number | undefined;

  /**
   * @param options.mean colour shown when no file fits, that of the training pictures
   * @param options.blockErrorRate 1e-12 to 0.5; capacity when left out
   */
  constructor(options: { ratio: number; mean: Colour; blockErrorRate?: number }) {
    this.ratio = requireRange('bandwidth ratio', options.ratio, 1e-4, 10, 'channel uses per source value');
    this.mean = options.mean;
    const { blockErrorRate } = options;
    if (blockErrorRate !== undefined) requireRange('blockErrorRate', blockErrorRate, 1e-12, 0.5);
    this.blockErrorRate = blockErrorRate;
    this.name = blockErrorRate === undefined ? 'separation bound' : 'finite-length bound';
  }

  /** Complex channel uses of a picture. */
  channelUses({ width, height }: Picture): number {
    return Math.round(width * height * 3 * this.ratio);
  }

  /** Sends each picture over its own draw of the channel, `rng.fork(index)`, as `transmit` does. */
  async over(channel: Channel, pictures: readonly Picture[], rng: Rng): Promise<SeparationDelivery> {
    const out: SeparationDelivery = {
      received: [],
      channelUses: [],
      sideInformationBits: [],
      budgetBytes: [],
      usedBytes: [],
      encodeSec: [],
      decodeSec: [],
    };
    for (const [index, picture] of pictures.entries()) {
      const uses = this.channelUses(picture);
      const rate = drawnRate(channel, uses, rng.fork(index), this.blockErrorRate);
      const budget = Math.floor((uses * Math.max(0, rate)) / 8);
      await this.deliver(picture, budget, out);
    }
    return out;
  }

  private async deliver(picture: Picture, budget: number, out: SeparationDelivery): Promise<void> {
    const best = bestWithin(await rateDistortion(picture), budget);
    const mean = flatPicture(picture.width, picture.height, this.mean, picture.name);
    const start = performance.now();
    const file = best && (await encodeClassical(picture, best));
    const encoded = performance.now();
    out.received.push(file ? await decodeClassical(file, picture.name) : mean);
    out.decodeSec.push((performance.now() - encoded) / 1000);
    out.encodeSec.push((encoded - start) / 1000);
    out.budgetBytes.push(budget);
    out.usedBytes.push(file?.length ?? 0);
    out.channelUses.push(this.channelUses(picture));
    out.sideInformationBits.push(0);
  }
}

/** SNRs that the limits take; a deeper fade carries nothing that a file would fit. */
const [leastSnrDb, mostSnrDb] = [-50, 100];

/** Bits per complex use over the gains that this stream draws for a codeword of `uses` symbols: parallel channels. */
function drawnRate(channel: Channel, uses: number, rng: Rng, blockErrorRate?: number): number {
  const variances = equalisedVariance(channel.sample(rng, { codewords: 1, uses }));
  const sum = { capacity: 0, dispersion: 0 };
  for (const variance of variances) {
    const snrDb = Math.min(mostSnrDb, Math.max(leastSnrDb, -10 * Math.log10(variance)));
    const { capacity, dispersion } = complexAwgnDensity(snrDb);
    sum.capacity += capacity / variances.length;
    sum.dispersion += dispersion / variances.length;
  }
  return blockErrorRate === undefined ? sum.capacity : normalApproximation(sum, uses, blockErrorRate);
}
