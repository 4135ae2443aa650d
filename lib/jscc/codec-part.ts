import * as tf from '@tensorflow/tfjs-core';
import type { Codec } from '../link/index.js';
import type { ParameterTree } from '../nn/index.js';
import type { Picture } from '../source/index.js';
import type { PictureShape } from './symbols.js';

/** Width and height of a picture in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

type Tensors = Record<string, tf.Tensor>;

/**
 * One network of a codec as a function of named tensors. Of them `picture` is [1, height, width, 3] in [0, 1],
 * `symbols` [1, channel uses, 2] (real and imaginary part), `snr_db` [1] and `scale` [1].
 */
export interface CodecPart {
  readonly role: 'encoder' | 'decoder';
  readonly codec: string;
  /** Complex channel uses per source value. */
  readonly ratio: number;
  /** What the sides of pictures are multiples of. */
  readonly sideMultiple: number;
  readonly parameters: ParameterTree;
  /** Range of SNR that the network knows, where it has the input `snr_db`. */
  readonly snrRangeDb?: readonly [low: number, high: number];
  /** Bits of side information, which are what `scale` says. */
  readonly sideInformationBits?: number;
  /** Shapes of the inputs by name. */
  inputs(size: PictureSize): Record<string, { shape: number[] }>;
  apply(inputs: Tensors, size: PictureSize): Tensors;
}

/** Both networks of a codec. */
export interface CodecParts {
  readonly encoder: CodecPart;
  readonly decoder: CodecPart;
}

/** A codec of pictures made of two networks. */
export interface NeuralCodec extends Codec<Picture, PictureShape>, CodecParts {}

export const pictureInput = ({ width, height }: PictureSize) => ({
  picture: { shape: [1, height, width, 3] },
});

export const symbolsInput = (ratio: number, { width, height }: PictureSize) => ({
  symbols: { shape: [1, Math.round(width * height * 3 * ratio), 2] },
});

/** Runs a part on the engine in use; the arrays are copies of the outputs. */
export async function applyPart(
  part: CodecPart,
  size: PictureSize,
  inputs: Record<string, Float32Array>,
): Promise<Record<string, Float32Array>> {
  const shapes = part.inputs(size);
  const outputs = tf.tidy(() => {
    const given = Object.entries(shapes).map(([name, { shape }]) => [
      name,
      // A tensor may adopt the array, which is the caller's.
      tf.tensor(inputs[name]!.slice(), shape, 'float32'),
    ]);
    return part.apply(Object.fromEntries(given), size);
  });
  const values: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    values[name] = ((await tensor.data()) as Float32Array).slice();
    tensor.dispose();
  }
  return values;
}
