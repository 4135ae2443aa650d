import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { perCodeword } from '../channel/index.js';
import type { Codec, Codeword } from '../link/index.js';
import type { Picture } from '../source/index.js';
import {
  type DeepJsccParameters,
  decodeDeepJscc,
  encodeDeepJscc,
  latentMaps,
  latentStride,
} from './deepjscc-model.js';
import type { PictureShape } from './symbols.js';

/**
 * DeepJSCC (Bourtsoulatze et al. 2019) as a codec: trained for one SNR, told none, no side information.
 * @param options.ratio complex channel uses per source value, n/48, the one the parameters were made for
 * @throws InputError for another ratio than that of the parameters.
 */
export function deepJsccCodec({
  ratio,
  parameters,
  name = 'deepjscc',
}: {
  ratio: number;
  parameters: DeepJsccParameters;
  name?: string;
}): Codec<Picture, PictureShape> {
  const maps = latentMaps(ratio);
  const last = Object.values(parameters.encoder).at(-1)?.conv.weight.shape[3];
  if (last !== maps) {
    throw new InputError(`${name}: weights for ${last} latent maps; ratio ${ratio} needs ${maps}`);
  }
  const cells = (shape: { width: number; height: number }) =>
    (shape.width / latentStride) * (shape.height / latentStride);
  return {
    name,
    channelUses: (picture) => (cells(picture) * maps) / 2,
    shapeOf: ({ name: title, width, height }) => ({ name: title, width, height }),
    async encode(picture): Promise<Codeword> {
      requireSides(picture);
      const [re, im] = tf.tidy(() => {
        const input = tf.tensor4d(picture.data.slice(), [1, picture.height, picture.width, 3]);
        const sent = encodeDeepJscc(parameters.encoder, input);
        return [sent.re, sent.im];
      });
      const latent = interleave(await valuesOf(re!), await valuesOf(im!));
      // Again in double precision: an engine's sum over a large picture is off by more than the link allows.
      const symbols = perCodeword().normalise(latent, latent.length / 2);
      return { symbols, sideInformationBits: 0 };
    },
    async decode(received, shape): Promise<Picture> {
      const output = tf.tidy(() => {
        const pairs = tf.tensor2d(received.symbols, [received.symbols.length / 2, 2]);
        const part = (at: number) => tf.reshape(tf.slice(pairs, [0, at], [-1, 1]), [1, -1]) as tf.Tensor2D;
        return decodeDeepJscc(parameters.decoder, { re: part(0), im: part(1) }, shape);
      });
      return { ...shape, data: await valuesOf(output) };
    },
  };
}

function requireSides({ name, width, height }: Picture): void {
  if (width % latentStride !== 0 || height % latentStride !== 0) {
    throw new InputError(
      `picture ${name} is ${width} x ${height}; allowed: sides that are multiples of ${latentStride}`,
    );
  }
}

function interleave(re: Float32Array, im: Float32Array): Float32Array {
  const symbols = new Float32Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    symbols[2 * i] = re[i]!;
    symbols[2 * i + 1] = im[i]!;
  }
  return symbols;
}

/** Reads a tensor out of the engine and frees it; a copy, since an engine may hand out its own memory. */
async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  const values = ((await tensor.data()) as Float32Array).slice();
  tensor.dispose();
  return values;
}
