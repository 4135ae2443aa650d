import { InputError } from '../base/index.js';
import type { Channel } from '../channel/index.js';
import { type Transmission, transmit } from '../link/index.js';
import type { Rng } from '../math/index.js';
import { awgnCapacity, type Mcs, mcs } from '../phy/index.js';
import { meanPsnr, type Picture } from '../source/index.js';
import type { SeparationCodec } from './separation-codec.js';

/** NR schemes over the range of usual SNRs, 1 to 2 dB apart, from QPSK 0.19 to 64-QAM 0.80. */
export const schemeLadder: readonly Mcs[] = [2, 4, 6, 8, 11, 12, 13, 14, 15, 16, 19, 21, 23, 25].map(
  (index) => mcs(index),
);

/** What one of several codecs delivered. */
export interface SchemeDelivery {
  /** The codec's name. */
  scheme: string;
  /** Mean PSNR in dB. */
  psnrDb: number;
  delivery: Transmission<Picture>;
}

/**
 * The envelope over fixed schemes, as with a transmitter that knows the mean SNR: the one of the best mean
 * PSNR on these pictures. All meet the same draws, `rng.fork(index)` of each picture.
 * @param codecs in ascending order of their payload: the search goes down from the last and ends at the first
 *   that loses no picture, since smaller files are no better; what capacity cannot carry is not tried
 * @throws InputError when there are no codecs or no pictures.
 */
export async function bestScheme(
  codecs: readonly SeparationCodec[],
  channel: Channel,
  pictures: readonly Picture[],
  rng: Rng,
): Promise<SchemeDelivery> {
  let best: SchemeDelivery | undefined;
  const hopeful = codecs.filter(({ scheme }, index) => index === 0 || isHopeful(scheme, channel));
  for (const codec of hopeful.reverse()) {
    const delivery = await transmit(codec, channel, pictures, rng);
    const psnrDb = meanPsnr(pictures, delivery.received);
    if (!best || psnrDb > best.psnrDb) best = { scheme: codec.name, psnrDb, delivery };
    if (!delivery.received.some(isFlat)) break;
  }
  if (!best) throw new InputError('best of 0 schemes; allowed: 1 or more');
  return best;
}

/** Fades this far above their mean are one in 22,000. */
const fadeMarginDb = 10;

function isHopeful(
  { bitsPerSymbol, codeRate }: SeparationCodec['scheme'],
  { fading, snrDb }: Channel,
): boolean {
  const bestSnrDb = fading === 'none' ? snrDb : Math.min(100, snrDb + fadeMarginDb);
  return bitsPerSymbol * codeRate <= awgnCapacity(bestSnrDb);
}

/** The mean colour stands for a picture that was lost. */
const isFlat = ({ data }: Picture): boolean => data.every((value, i) => value === data[i % 3]);
