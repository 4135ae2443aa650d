import { requireRange } from '../base/index.js';
import { onConstellation } from '../channel/index.js';
import { type ByteChain, byteChain, type Codec, type Codeword } from '../link/index.js';
import { constellation, type Mcs } from '../phy/index.js';
import {
  bestWithin,
  type Colour,
  decodeClassical,
  encodeClassical,
  flatPicture,
  type Picture,
  rateDistortion,
} from '../source/index.js';
import type { PictureShape } from './symbols.js';

export interface SeparationCodecOptions {
  /** Complex channel uses per source value, 1e-4 to 10. */
  ratio: number;
  /** Modulation order and code rate: `mcs(i)`, or ones of your own. */
  scheme: Pick<Mcs, 'bitsPerSymbol' | 'codeRate'>;
  /** Colour shown when the file does not come through, that of the training pictures. */
  mean: Colour;
  name?: string;
  /** Most iterations of the LDPC decoder (layered min-sum in 8 bits), default 20. */
  iterations?: number;
}

/** A codec of one modulation and code rate. */
export interface SeparationCodec extends Codec<Picture, PictureShape> {
  readonly scheme: Pick<Mcs, 'bitsPerSymbol' | 'codeRate'>;
}

/**
 * Separate source and channel coding with codes that exist: the best of JPEG, WebP and AVIF whose whole file
 * fits into the payload (`rateDistortion`; length and headers counted), the NR LDPC code with segmentation
 * and CRCs, scrambling, Gray QAM; the receiver demaps exactly and decodes. When a CRC fails, or no file
 * fits, it shows the mean colour: the cliff. Needs no CSI at the transmitter; the scheme is fixed.
 *
 * The search for the file is kept with the picture; call `rateDistortion` before to time encoding without it.
 * @throws InputError for options out of range, and in `encode` for a picture too small for any payload.
 */
export function separationCodec(options: SeparationCodecOptions): SeparationCodec {
  const iterations = options.iterations === undefined ? {} : { iterations: options.iterations };
  const ratio = requireRange('bandwidth ratio', options.ratio, 1e-4, 10, 'channel uses per source value');
  requireRange('code rate', options.scheme.codeRate, 1e-3, 0.95);
  const usesOf = ({ width, height }: { width: number; height: number }) =>
    Math.round(width * height * 3 * ratio);
  const chains = new Map<number, ByteChain>();
  const chainOf = (uses: number) => {
    const chain = chains.get(uses) ?? byteChain({ uses, scheme: options.scheme, ...iterations });
    chains.set(uses, chain);
    return chain;
  };
  return {
    name: options.name ?? schemeName(options.scheme),
    scheme: options.scheme,
    powerConstraint: onConstellation(constellation('qam', 2 ** options.scheme.bitsPerSymbol).points),
    channelUses: usesOf,
    shapeOf: ({ name, width, height }) => ({ name, width, height }),
    async encode(picture): Promise<Codeword> {
      const chain = chainOf(usesOf(picture));
      const best = bestWithin(await rateDistortion(picture), chain.messageBytes);
      const file = best ? await encodeClassical(picture, best) : new Uint8Array();
      return { symbols: chain.send(file), sideInformationBits: 0 };
    },
    async decode(received, shape): Promise<Picture> {
      const { name, width, height } = shape;
      const file = chainOf(usesOf(shape)).receive(received);
      return file?.length ? decodeClassical(file, name) : flatPicture(width, height, options.mean, name);
    },
  };
}

/** `16-QAM, rate 0.667`. */
export const schemeName = ({ bitsPerSymbol, codeRate }: Pick<Mcs, 'bitsPerSymbol' | 'codeRate'>): string =>
  `${bitsPerSymbol === 2 ? 'QPSK' : `${2 ** bitsPerSymbol}-QAM`}, rate ${Number(codeRate.toPrecision(3))}`;
