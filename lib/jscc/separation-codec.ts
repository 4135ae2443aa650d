import { InputError, requireRange } from '../base/index.js';
import { onConstellation } from '../channel/index.js';
import type { Codec, Codeword, Reception } from '../link/index.js';
import {
  type Constellation,
  constellation,
  type Mcs,
  type Scrambler,
  scrambler,
  type TransportBlock,
  transportBlock,
} from '../phy/index.js';
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

/** Bytes before the file that say its length. */
const lengthBytes = 3;

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
  const { bitsPerSymbol, codeRate } = options.scheme;
  const ratio = requireRange('bandwidth ratio', options.ratio, 1e-4, 10, 'channel uses per source value');
  requireRange('code rate', codeRate, 1e-3, 0.95);
  const qam = constellation('qam', 2 ** bitsPerSymbol);
  const usesOf = ({ width, height }: { width: number; height: number }) =>
    Math.round(width * height * 3 * ratio);
  const chains = new Map<number, Chain>();
  const chainOf = (uses: number) => {
    const chain = chains.get(uses) ?? new Chain(uses, qam, codeRate, options.iterations ?? 20);
    chains.set(uses, chain);
    return chain;
  };
  return {
    name: options.name ?? schemeName(options.scheme),
    scheme: options.scheme,
    powerConstraint: onConstellation(qam.points),
    channelUses: usesOf,
    shapeOf: ({ name, width, height }) => ({ name, width, height }),
    async encode(picture): Promise<Codeword> {
      const chain = chainOf(usesOf(picture));
      const best = bestWithin(await rateDistortion(picture), chain.fileBytes);
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

/** Bytes to symbols and back, for one number of channel uses. */
class Chain {
  /** Largest file that fits. */
  readonly fileBytes: number;
  private readonly block: TransportBlock;
  private readonly scrambling: Scrambler;

  constructor(
    uses: number,
    private readonly qam: Constellation,
    codeRate: number,
    iterations: number,
  ) {
    const n = uses * qam.bitsPerSymbol;
    const bytes = Math.floor((n * codeRate) / 8);
    if (bytes <= lengthBytes) {
      throw new InputError(
        `${uses} channel uses carry ${bytes} bytes at ${qam.bitsPerSymbol} bits a symbol and rate ${codeRate}; allowed: ${lengthBytes + 1} or more`,
      );
    }
    this.fileBytes = Math.min(bytes - lengthBytes, 2 ** (8 * lengthBytes) - 1);
    const { bitsPerSymbol } = qam;
    this.block = transportBlock({
      k: 8 * bytes,
      n,
      bitsPerSymbol,
      rate: codeRate,
      iterations,
      decoder: 'min-sum-int8',
    });
    this.scrambling = scrambler(n);
  }

  send(file: Uint8Array): Float32Array {
    const payload = new Uint8Array(this.block.k / 8);
    for (let i = 0; i < lengthBytes; i++) payload[i] = (file.length >>> (8 * (lengthBytes - 1 - i))) & 255;
    payload.set(file, lengthBytes);
    return this.qam.map(this.scrambling.scramble(this.block.encode(toBits(payload))));
  }

  /** The file; undefined when a CRC fails. */
  receive({ symbols, noiseVariance }: Reception): Uint8Array | undefined {
    const llrs = this.qam.demap(symbols, noiseVariance.length === 1 ? noiseVariance[0]! : noiseVariance);
    const { bits, ok } = this.block.decode(this.scrambling.descramble(llrs));
    if (!ok) return undefined;
    const payload = toBytes(bits);
    let length = 0;
    for (const byte of payload.subarray(0, lengthBytes)) length = 256 * length + byte;
    return length <= this.fileBytes ? payload.slice(lengthBytes, lengthBytes + length) : undefined;
  }
}

/** Most significant bit first. */
function toBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(8 * bytes.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[i >> 3]! >> (7 - (i & 7))) & 1;
  return bits;
}

function toBytes(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(bits.length / 8);
  for (let i = 0; i < bits.length; i++) bytes[i >> 3]! |= bits[i]! << (7 - (i & 7));
  return bytes;
}
