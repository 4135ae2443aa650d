import { InputError, requireInteger, requireRange } from '../base/index.js';
import { onConstellation, type PowerCheck } from '../channel/index.js';
import {
  type Constellation,
  constellation,
  type Mcs,
  type Scrambler,
  scrambler,
  type TransportBlock,
  transportBlock,
} from '../phy/index.js';
import type { Codec, Reception } from './codec.js';

/** Bytes before the message that say its length. */
const LENGTH_BYTES = 3;

export interface ByteChainOptions {
  /** Complex channel uses of a codeword. */
  uses: number;
  /** Modulation order and code rate: `mcs(i)`, or ones of your own. */
  scheme: Pick<Mcs, 'bitsPerSymbol' | 'codeRate'>;
  /** Most iterations of the LDPC decoder (layered min-sum in 8 bits), default 20. */
  iterations?: number;
}

/** Bytes to symbols and back. */
export interface ByteChain {
  /** Longest message that fits. */
  readonly messageBytes: number;
  readonly powerConstraint: PowerCheck;
  /** @throws InputError when the message is too long. */
  send(message: Uint8Array): Float32Array;
  /** The message; undefined when a CRC fails. */
  receive(reception: Pick<Reception, 'symbols' | 'noiseVariance'>): Uint8Array | undefined;
}

/**
 * Messages of any length up to what a number of channel uses carries: the length in 3 bytes, the message, NR LDPC code with
 * segmentation and CRCs, scrambling, Gray QAM; the receiver demaps exactly and decodes.
 * @throws InputError for options out of range, or when not a byte fits.
 */
export function byteChain({ uses, scheme, iterations = 20 }: ByteChainOptions): ByteChain {
  const { bitsPerSymbol, codeRate } = scheme;
  requireInteger('channel uses', uses, 1);
  requireRange('code rate', codeRate, 1e-3, 0.95);
  const n = uses * bitsPerSymbol;
  const bytes = Math.floor((n * codeRate) / 8);
  if (bytes <= LENGTH_BYTES) {
    throw new InputError(
      `${uses} channel uses carry ${bytes} bytes at ${bitsPerSymbol} bits a symbol and rate ${codeRate}; allowed: ${LENGTH_BYTES + 1} or more`,
    );
  }
  const options = { k: 8 * bytes, n, bitsPerSymbol, rate: codeRate, iterations };
  const block = transportBlock({ ...options, decoder: 'min-sum-int8' });
  return chainOf(constellation('qam', 2 ** bitsPerSymbol), block, scrambler(n));
}

function chainOf(qam: Constellation, block: TransportBlock, scrambling: Scrambler): ByteChain {
  const messageBytes = Math.min(block.k / 8 - LENGTH_BYTES, 2 ** (8 * LENGTH_BYTES) - 1);
  return {
    messageBytes,
    powerConstraint: onConstellation(qam.points),
    send(message) {
      const { length } = message;
      requireInteger('message bytes', length, 0, messageBytes);
      const payload = new Uint8Array(block.k / 8);
      for (let i = 0; i < LENGTH_BYTES; i++) payload[i] = (length >>> (8 * (LENGTH_BYTES - 1 - i))) & 255;
      payload.set(message, LENGTH_BYTES);
      return qam.map(scrambling.scramble(block.encode(toBits(payload))));
    },
    receive({ symbols, noiseVariance }) {
      const llrs = qam.demap(symbols, noiseVariance.length === 1 ? noiseVariance[0]! : noiseVariance);
      const { bits, ok } = block.decode(scrambling.descramble(llrs));
      if (!ok) return undefined;
      const payload = toBytes(bits);
      let length = 0;
      for (const byte of payload.subarray(0, LENGTH_BYTES)) length = 256 * length + byte;
      return length <= messageBytes ? payload.slice(LENGTH_BYTES, LENGTH_BYTES + length) : undefined;
    },
  };
}

/** A codec whose sources are messages. */
export interface MessageCodec extends Codec<Uint8Array, undefined> {
  /** Longest message that fits. */
  readonly messageBytes: number;
}

/**
 * Messages over a byte chain; where a CRC fails an empty one arrives.
 * @throws InputError as `byteChain`, and when a message is too long.
 */
export function messageCodec({ name, ...options }: ByteChainOptions & { name: string }): MessageCodec {
  const { messageBytes, powerConstraint, send, receive } = byteChain(options);
  return {
    ...{ name, messageBytes, powerConstraint },
    channelUses: () => options.uses,
    shapeOf: () => undefined,
    encode: (message) => ({ symbols: send(message), sideInformationBits: 0 }),
    decode: (reception) => receive(reception) ?? new Uint8Array(0),
  };
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
