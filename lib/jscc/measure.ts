import type { Measurement, Spread } from '../link/index.js';
import { bootstrapInterval, mean, median, percentile, type Rng } from '../math/index.js';
import { awgnCapacity } from '../phy/index.js';
import { type Picture, psnr } from '../source/index.js';

/** How a set of pictures came through. */
export interface PictureDelivery {
  received: readonly Picture[];
  /** Complex channel uses of each picture, and seconds to encode and decode it. */
  channelUses: readonly number[];
  encodeSec: readonly number[];
  decodeSec: readonly number[];
  sideInformationBits: readonly number[];
}

/** A row without experiment, seed and parameters. */
export type PictureRow = Pick<Measurement, 'system' | 'rate' | 'accuracy' | 'latency'>;

/**
 * The measurement of a delivery. Rate: channel uses per source value, the side information counted at the
 * channel's capacity. Accuracy: mean of the PSNR of the pictures, with a bootstrap interval over pictures and
 * draws. Latency: medians of encoding and decoding time plus the symbols' time on air.
 * @param link.symbolRate complex symbols a second
 */
export function pictureRow(
  system: string,
  sent: readonly Picture[],
  delivery: PictureDelivery,
  link: { snrDb: number; symbolRate: number; rng: Rng },
): PictureRow {
  const { received, channelUses, encodeSec, decodeSec, sideInformationBits } = delivery;
  const capacity = awgnCapacity(link.snrDb);
  const rates = sent.map(
    ({ data }, i) => (channelUses[i]! + Math.ceil(sideInformationBits[i]! / capacity)) / data.length,
  );
  const psnrs = sent.map((picture, i) => psnr(picture, received[i]!));
  const [encode, decode] = [spread(encodeSec), spread(decodeSec)];
  const air = spread(channelUses.map((uses) => uses / link.symbolRate));
  return {
    system,
    rate: {
      value: mean(rates),
      unit: 'channel uses per source value',
      sideInformationBits: sideInformationBits.reduce((sum, bits) => sum + bits, 0),
    },
    accuracy: {
      value: mean(psnrs),
      unit: 'dB',
      metric: 'PSNR',
      ci95: psnrs.length > 1 ? bootstrapInterval(psnrs, link.rng.fork('bootstrap')) : undefined,
    },
    latency: {
      value: encode.median + air.median + decode.median,
      unit: 's',
      metric: 'encode + air + decode of a picture',
      encodeSec: encode,
      airSec: air,
      decodeSec: decode,
    },
  };
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), p95: percentile(values, 95) };
}
