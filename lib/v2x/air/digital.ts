import { type ByteChainOptions, messageCodec } from '../../link/index.js';
import { type FeatureMap, featureMap, type GridOrigin, PILLARS } from '../pillars/index.js';
import { latentMessage, readLatents } from './latent-message.js';
import type { AirNetwork } from './network.js';
import type { FeatureCodec } from './neural.js';

/** Feature maps as messages, and back. */
export interface FeatureCoder {
  /** The best message of at most so many bytes; an empty one where nothing fits. */
  message(map: FeatureMap, maxBytes: number): Uint8Array;
  /** What a message says: a map without any feature where it says nothing. Any bytes are read, never an error. */
  read(message: Uint8Array, origin: GridOrigin): FeatureMap;
}

/** The values that the network would send, rounded as finely as fits and range coded. */
export function latentCoder(network: AirNetwork): FeatureCoder {
  const { values } = network;
  return {
    message: (map, maxBytes) => latentMessage(network.encode(map), values, maxBytes) ?? new Uint8Array(0),
    read(message, origin) {
      const found = readLatents(message, values);
      if (!found) return featureMap(origin, new Float32Array(PILLARS.featureCells ** 2 * PILLARS.channels));
      const { levels, step } = found;
      const rounded = Float32Array.from(levels, (level) => level * step);
      // A rounded value is wrong by a uniform error, and a symbol has two of them.
      return network.decode(rounded, step ** 2 / 6, origin);
    },
  };
}

export interface DigitalOptions extends ByteChainOptions {
  readonly name: string;
  readonly coder: FeatureCoder;
}

/** A codec whose codewords carry messages. */
export interface DigitalFeatures extends FeatureCodec {
  /** The bytes that `encode` sends of a map: what an ideal pipe would carry. */
  message(map: FeatureMap): Uint8Array;
}

/**
 * Separate coding of feature maps: as good a message as fits, then CRC, NR LDPC code and QAM at a fixed scheme. Where a CRC
 * fails, what is left is a map without any feature: features are never negative, so fused by the maximum it leaves the
 * receiver what it has itself. The cliff.
 * @throws InputError as `byteChain`.
 */
export function digitalFeatures({ name, coder, ...options }: DigitalOptions): DigitalFeatures {
  const chain = messageCodec({ name, ...options });
  const message = (map: FeatureMap) => coder.message(map, chain.messageBytes);
  return {
    ...chain,
    channelUses: () => options.uses,
    shapeOf: ({ origin }) => origin,
    encode: (map, link) => chain.encode(message(map), link),
    decode: async (reception, origin, link) =>
      coder.read(await chain.decode(reception, undefined, link), origin),
    message,
  };
}
