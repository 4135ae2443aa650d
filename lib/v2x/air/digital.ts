import { type ByteChainOptions, byteChain } from '../../link/index.js';
import { type FeatureMap, featureMap, PILLARS } from '../pillars/index.js';
import { latentMessage, readLatents } from './latent-message.js';
import type { AirNetwork } from './network.js';
import type { FeatureCodec } from './neural.js';

/** A codec whose codewords carry messages. */
export interface DigitalFeatures extends FeatureCodec {
  /** The bytes that `encode` sends of a map, what an ideal pipe would carry. */
  message(map: FeatureMap): Uint8Array;
  /** What the receiver makes of them. */
  read(message: Uint8Array, origin: FeatureMap['origin']): FeatureMap;
}

/**
 * Separate coding of feature maps: the values of the same network rounded as finely as fits, range coded, then CRC, NR LDPC
 * code and QAM at a fixed scheme. Where a CRC fails nothing is there to fuse: the cliff.
 * @throws InputError as `byteChain`.
 */
export function digitalFeatures(
  network: AirNetwork,
  { name, ...options }: Omit<ByteChainOptions, 'uses'> & { name: string },
): DigitalFeatures {
  const chain = byteChain({ uses: network.uses, ...options });
  const { values } = network;
  const message = (map: FeatureMap) =>
    latentMessage(network.encode(map), values, chain.messageBytes) ?? new Uint8Array(0);
  const read = (bytes: Uint8Array, origin: FeatureMap['origin']): FeatureMap => {
    const found = readLatents(bytes, values);
    if (!found) return nothing(origin);
    const { levels, step } = found;
    // A rounded value is wrong by a uniform error, and a symbol has two of them.
    return network.decode(
      Float32Array.from(levels, (level) => level * step),
      step ** 2 / 6,
      origin,
    );
  };
  return {
    name,
    powerConstraint: chain.powerConstraint,
    channelUses: () => network.uses,
    shapeOf: ({ origin }) => origin,
    encode: (map) => ({ symbols: chain.send(message(map)), sideInformationBits: 0 }),
    decode(reception, origin) {
      const bytes = chain.receive(reception);
      return bytes ? read(bytes, origin) : nothing(origin);
    },
    message,
    read,
  };
}

/** The map of one who sees nothing: features are never negative, so fused by the maximum it leaves the receiver's own. */
const nothing = (origin: FeatureMap['origin']): FeatureMap =>
  featureMap(origin, new Float32Array(PILLARS.featureCells ** 2 * PILLARS.channels));
