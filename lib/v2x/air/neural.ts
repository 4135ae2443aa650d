import type { Codec } from '../../link/index.js';
import { mean } from '../../math/index.js';
import type { FeatureMap, GridOrigin } from '../pillars/index.js';
import type { AirNetwork } from './network.js';

/** A codec of feature maps. Where the sender's grid stands, the receiver knows in advance, from the sender's beacons. */
export type FeatureCodec = Codec<FeatureMap, GridOrigin>;

/**
 * Joint source-channel coding of feature maps by a network: the map's values become the real and imaginary parts of channel
 * symbols directly (after DeepJSCC, Bourtsoulatze et al. 2019), trained for what the detector's heads make of them. One
 * codec for all SNRs: the sender is told nothing, the receiver its noise. No side information.
 */
export function neuralFeatures(network: AirNetwork, name = 'neural codec'): FeatureCodec {
  return {
    name,
    channelUses: () => network.uses,
    shapeOf: ({ origin }) => origin,
    encode: (map) => ({ symbols: network.encode(map), sideInformationBits: 0 }),
    decode: ({ symbols, noiseVariance }, origin) => network.decode(symbols, mean(noiseVariance), origin),
  };
}
