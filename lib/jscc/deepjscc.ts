import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { perCodeword } from '../channel/index.js';
import type { Codeword } from '../link/index.js';
import type { Picture } from '../source/index.js';
import { applyPart, type CodecParts, type NeuralCodec, pictureInput, symbolsInput } from './codec-part.js';
import {
  type DeepJsccParameters,
  decodeDeepJscc,
  encodeDeepJscc,
  latentMaps,
  latentStride,
} from './deepjscc-model.js';

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
}): NeuralCodec {
  const maps = latentMaps(ratio);
  const last = Object.values(parameters.encoder).at(-1)?.conv.weight.shape[3];
  if (last !== maps) {
    throw new InputError(`${name}: weights for ${last} latent maps; ratio ${ratio} needs ${maps}`);
  }
  const { encoder, decoder } = deepJsccParts(ratio, parameters, name);
  return {
    name,
    encoder,
    decoder,
    channelUses: ({ width, height }) => (width * height * maps) / (2 * latentStride * latentStride),
    shapeOf: ({ name: title, width, height }) => ({ name: title, width, height }),
    async encode(picture): Promise<Codeword> {
      requireSides(picture);
      const { symbols } = await applyPart(encoder, picture, { picture: picture.data });
      // Again in double precision: an engine's sum over a large picture is off by more than the link allows.
      return { symbols: perCodeword().normalise(symbols!, symbols!.length / 2), sideInformationBits: 0 };
    },
    async decode(received, shape): Promise<Picture> {
      const { picture } = await applyPart(decoder, shape, { symbols: received.symbols });
      return { ...shape, data: picture! };
    },
  };
}

/** The two networks of a codec, from pictures [1, h, w, 3] to symbols [1, uses, 2] and back. */
function deepJsccParts(ratio: number, { encoder, decoder }: DeepJsccParameters, name: string): CodecParts {
  const described = { ratio, codec: name, sideMultiple: latentStride };
  return {
    encoder: {
      ...described,
      role: 'encoder',
      parameters: encoder,
      inputs: pictureInput,
      apply: ({ picture }) => {
        const { re, im } = encodeDeepJscc(encoder, picture as tf.Tensor4D);
        return { symbols: tf.stack([re, im], 2) };
      },
    },
    decoder: {
      ...described,
      role: 'decoder',
      parameters: decoder,
      inputs: (size) => symbolsInput(ratio, size),
      apply: ({ symbols }, size) => {
        const [re, im] = tf.unstack(symbols!, 2) as [tf.Tensor2D, tf.Tensor2D];
        return { picture: decodeDeepJscc(decoder, { re, im }, size) };
      },
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
