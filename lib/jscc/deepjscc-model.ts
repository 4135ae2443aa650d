import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { type ComplexTensor, perCodeword } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import {
  type Conv2dParameters,
  type Conv2dTransposeParameters,
  conv2d,
  conv2dTranspose,
  initConv2d,
  initConv2dTranspose,
  initPrelu,
  type PreluParameters,
  prelu,
} from '../nn/index.js';

type Encoding = { [name: string]: { conv: Conv2dParameters; slope: PreluParameters } };
type Decoding = { [name: string]: { conv: Conv2dTransposeParameters; slope?: PreluParameters } };

/** Parameters of the five-layer network. */
export type DeepJsccParameters = { encoder: Encoding; decoder: Decoding };

/** Pixels of source a side that one place of the latent stands for. */
export const latentStride = 4;
const filterSide = 5;
const encoderLayers = [
  { outputs: 16, stride: 2 },
  { outputs: 32, stride: 2 },
  { outputs: 32, stride: 1 },
  { outputs: 32, stride: 1 },
];
const decoderLayers = [
  { outputs: 32, stride: 1 },
  { outputs: 32, stride: 1 },
  { outputs: 32, stride: 1 },
  { outputs: 16, stride: 2 },
  { outputs: 3, stride: 2 },
];

/**
 * Real feature maps of the latent, 2c: each place of 4 x 4 x 3 source values takes c = 48·ratio complex
 * channel uses.
 * @throws InputError for a ratio that is not n/48.
 */
export function latentMaps(ratio: number): number {
  const values = latentStride * latentStride * 3;
  const uses = Math.round(values * ratio);
  if (!(uses >= 1 && uses <= values) || Math.abs(uses - values * ratio) > 1e-6) {
    throw new InputError(
      `bandwidth ratio is ${ratio}; allowed for DeepJSCC: n/${values} channel uses per source value, n an integer from 1 to ${values}`,
    );
  }
  return 2 * uses;
}

/** Complex channel uses of a picture's codeword. */
export function codewordUses(
  encoder: DeepJsccParameters['encoder'],
  { height, width }: { height: number; width: number },
): number {
  const maps = Object.values(encoder).at(-1)!.conv.weight.shape[3]!;
  return (Math.ceil(height / latentStride) * Math.ceil(width / latentStride) * maps) / 2;
}

/** DeepJSCC of Bourtsoulatze et al. 2019: five 5 x 5 convolutions with PReLU and their mirror image. */
export function initDeepJscc(rng: Rng, ratio: number): DeepJsccParameters {
  const encoder: Encoding = {};
  let inputs = 3;
  for (const [i, { outputs }] of [...encoderLayers, { outputs: latentMaps(ratio) }].entries()) {
    const conv = initConv2d(rng.fork(`encoder${i}`), { inputs, outputs, size: filterSide });
    encoder[`layer${i}`] = { conv, slope: initPrelu(outputs) };
    inputs = outputs;
  }
  const decoder: Decoding = {};
  for (const [i, { outputs, stride }] of decoderLayers.entries()) {
    const shape = { inputs, outputs, size: filterSide, stride };
    const conv = initConv2dTranspose(rng.fork(`decoder${i}`), shape);
    decoder[`layer${i}`] = i + 1 < decoderLayers.length ? { conv, slope: initPrelu(outputs) } : { conv };
    inputs = outputs;
  }
  return { encoder, decoder };
}

/**
 * Pictures [n, h, w, 3] to codewords of unit mean symbol energy, [n, h/4·w/4·c] complex: the first c maps
 * are the real parts, the last c the imaginary ones.
 */
export function encodeDeepJscc(params: DeepJsccParameters['encoder'], pictures: tf.Tensor4D): ComplexTensor {
  let x: tf.Tensor = pictures;
  for (const [i, { conv, slope }] of Object.values(params).entries()) {
    x = prelu(slope, conv2d(conv, x, { stride: encoderLayers[i]?.stride ?? 1 }));
  }
  const [n, h, w, maps] = x.shape as [number, number, number, number];
  const half = (from: number) =>
    tf.reshape(tf.slice(x, [0, 0, 0, from], [-1, -1, -1, maps / 2]), [n, (h * w * maps) / 2]) as tf.Tensor2D;
  return perCodeword().normaliseTensor({ re: half(0), im: half(maps / 2) });
}

/** Received symbols of `encodeDeepJscc` to pictures [n, height, width, 3] in (0, 1). */
export function decodeDeepJscc(
  params: DeepJsccParameters['decoder'],
  { re, im }: ComplexTensor,
  { height, width }: { height: number; width: number },
): tf.Tensor4D {
  const [h, w] = [height / latentStride, width / latentStride];
  const n = re.shape[0];
  const shaped = (part: tf.Tensor) => tf.reshape(part, [n, h, w, part.size / (n * h * w)]);
  let x: tf.Tensor = tf.concat([shaped(re), shaped(im)], 3);
  for (const [i, { conv, slope }] of Object.values(params).entries()) {
    x = conv2dTranspose(conv, x, { stride: decoderLayers[i]!.stride });
    x = slope ? prelu(slope, x) : tf.sigmoid(x);
  }
  return x as tf.Tensor4D;
}
