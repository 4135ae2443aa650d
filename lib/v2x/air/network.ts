import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import { jit } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { disposeTree, type WeightsSource, withWeights } from '../../nn/index.js';
import { type FeatureMap, featureMap, type GridOrigin, PILLARS } from '../pillars/index.js';
import { type AirParameters, decodeMaps, encodeMaps, initAir, unitScales, valuesPerCell } from './model.js';

/** The codec's network at work. It needs an engine (`useEngine`); all calls answer at once. */
export interface AirNetwork {
  /** Complex channel uses of a map. */
  readonly uses: number;
  /** Real values of each of the 50 x 50 cells. */
  readonly values: number;
  /** What is sent of a map: the real and imaginary parts of `uses` symbols of unit mean energy. */
  encode(map: FeatureMap): Float32Array;
  /** The map of values as received, with noise of so much variance per complex symbol, 0 and above. @throws InputError for another number of values. */
  decode(values: Float32Array, noiseVariance: number, origin: GridOrigin): FeatureMap;
  /** Releases the weights. */
  dispose(): void;
}

export interface AirNetworkOptions {
  /** Complex channel uses of a map; the weights are of one number of them. */
  readonly uses: number;
  /** A file or its bytes; those that ship unless told otherwise. */
  readonly weights?: WeightsSource;
}

/** Noise below this, -40 dB, is told as this. */
const LEAST_NOISE = 1e-4;
/** Of what is received, beyond any symbol and noise. */
const LARGEST_VALUE = 1e6;
/** Noise above this, a fade that leaves nothing, is told as this; what is received is scaled down as the decoder would. */
const MOST_NOISE = 1e4;

/**
 * The network with its weights.
 * @throws InputError when the weights are not sound or not of this network, or for channel uses that it cannot take.
 */
export function airNetwork({ uses, weights }: AirNetworkOptions): AirNetwork {
  return networkOf(withWeights(initAir(Rng.of(0), uses), weights, `air-${uses}`), uses);
}

/** The network with given parameters, which `dispose` releases. */
export function networkOf(params: AirParameters, uses: number): AirNetwork {
  const { featureCells: side, channels } = PILLARS;
  const values = valuesPerCell(uses);
  const encoder = jit((map: tf.Tensor) => {
    const all = encodeMaps(params.encoder, map);
    return tf.mul(all, unitScales(all));
  });
  const decoder = jit((received: tf.Tensor, noise: tf.Tensor) => decodeMaps(params.decoder, received, noise));
  const read = (result: tf.Tensor, inputs: readonly tf.Tensor[]): Float32Array => {
    // Some engines hand out their own memory, which the next call may overwrite.
    const numbers = (result.dataSync() as Float32Array).slice();
    tf.dispose([result, ...inputs]);
    return numbers;
  };
  return {
    uses,
    values,
    encode(map) {
      const input = tf.tensor4d(map.values.slice(), [1, side, side, channels]);
      return read(encoder(input), [input]);
    },
    decode(received, noiseVariance, origin) {
      if (received.length !== 2 * uses)
        throw new InputError(`received ${received.length} values; allowed: ${2 * uses}`);
      const told = Number.isNaN(noiseVariance) ? MOST_NOISE : noiseVariance;
      const noise = Math.max(LEAST_NOISE, Math.min(MOST_NOISE, told));
      const inputs = [
        tf.tensor4d(withinReach(received, told), [1, side, side, values]),
        tf.tensor4d([noise], [1, 1, 1, 1]),
      ] as const;
      return featureMap(origin, read(decoder(...inputs), inputs));
    },
    dispose: () => disposeTree(params),
  };
}

/** Values at most as noisy as the decoder can be told of; none that would not stay finite in its layers. */
function withinReach(values: Float32Array, noiseVariance: number): Float32Array {
  const scale = noiseVariance <= MOST_NOISE ? 1 : MOST_NOISE / noiseVariance;
  return values.map((value) => Math.max(-LARGEST_VALUE, Math.min(LARGEST_VALUE, value * scale)) || 0);
}
