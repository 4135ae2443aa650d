import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  type Conv2dParameters,
  conv2d,
  type DenseParameters,
  type DrawnLoss,
  dense,
  initConv2d,
  initDense,
  type TrainResult,
} from '../../nn/index.js';
import { fitNetwork, joined, type TrainingChoices, valuesOf } from '../learning/index.js';
import type { VisionData } from './dataset.js';
import type { Camera } from './depth.js';
import { tapCount } from './scene.js';

/** Three convolutions of 8, 16 and 32 channels that each halve the sides by their stride, a dense layer of 64 and one of 22: real and imaginary parts of 11 taps. */
export type TapNetwork = {
  layer0: Conv2dParameters;
  layer1: Conv2dParameters;
  layer2: Conv2dParameters;
  hidden: DenseParameters;
  output: DenseParameters;
};

/** What turns the network's output into taps. */
export interface TapScale {
  /** Added to every output: the network learns what the person changes. */
  staticTaps: Float64Array;
  /** Root mean square of that change in one real number of the training taps. */
  deviation: number;
}

const channels = [8, 16, 32] as const;
/** Pictures are in units of this, metres. */
const depthUnit = 2;
const half = (side: number) => Math.ceil(side / 2);
const eighth = (side: number) => half(half(half(side)));

/** An untrained network for pictures of a camera. */
export function initTapNetwork(rng: Rng, { width, height }: Pick<Camera, 'width' | 'height'>): TapNetwork {
  const flat = eighth(width) * eighth(height) * channels[2];
  return {
    layer0: initConv2d(rng.fork('layer0'), { inputs: 1, outputs: channels[0], size: 3 }),
    layer1: initConv2d(rng.fork('layer1'), { inputs: channels[0], outputs: channels[1], size: 3 }),
    layer2: initConv2d(rng.fork('layer2'), { inputs: channels[1], outputs: channels[2], size: 3 }),
    hidden: initDense(rng.fork('hidden'), flat, 64, { initialiser: 'he' }),
    output: initDense(rng.fork('output'), 64, 2 * tapCount),
  };
}

/** Taps over their scale, [pictures, 22], of pictures [pictures, height, width, 1]. */
function forward(network: TapNetwork, pictures: tf.Tensor): tf.Tensor {
  const layer = (params: Conv2dParameters, x: tf.Tensor) => tf.relu(conv2d(params, x, { stride: 2 }));
  const seen = layer(network.layer2, layer(network.layer1, layer(network.layer0, pictures)));
  const flat = tf.reshape(seen, [seen.shape[0]!, seen.size / seen.shape[0]!]);
  return dense(network.output, tf.relu(dense(network.hidden, flat)));
}

/** The scale of a data set's training taps. */
export function tapScale({ staticTaps, training }: VisionData): TapScale {
  let sum = 0;
  for (const taps of training.taps)
    for (const [i, value] of taps.entries()) sum += (value - staticTaps[i]!) ** 2;
  return { staticTaps, deviation: Math.sqrt(sum / (training.taps.length * staticTaps.length)) };
}

/** Mean squared error of a batch drawn from the training walk, in units of the change that the person makes. */
function tapLoss(
  network: TapNetwork,
  data: VisionData,
  { pictures, batch }: { pictures: readonly Float32Array[]; batch: number },
): DrawnLoss<'pictures' | 'taps'> {
  const { camera } = data.scene;
  const { taps } = data.training;
  const scale = tapScale(data);
  const shape = [batch, camera.height, camera.width, 1];
  return {
    draw(_step, rng) {
      const chosen = Array.from({ length: batch }, () => rng.integer(pictures.length));
      return {
        pictures: { shape, data: inUnits(chosen.map((i) => pictures[i]!)) },
        taps: {
          shape: [batch, 2 * tapCount],
          data: scaled(
            chosen.map((i) => taps[i]!),
            scale,
          ),
        },
      };
    },
    compute: (drawn) => tf.mean(tf.square(tf.sub(forward(network, drawn.pictures), drawn.taps))),
  };
}

/** How to train: on `pictures` of the frames of the training walk. */
export type TapTraining = TrainingChoices & { pictures: readonly Float32Array[] };

/** Trains a network in place on the training walk. @throws InputError as `train`, or for too few pictures. */
export function trainTapNetwork(
  network: TapNetwork,
  data: VisionData,
  { pictures, batch = 32, ...options }: TapTraining,
): Promise<TrainResult> {
  const expected = data.training.taps.length;
  if (pictures.length !== expected)
    throw new InputError(`${pictures.length} training pictures; allowed: ${expected}, one a training frame`);
  const loss = tapLoss(network, data, { pictures, batch });
  return fitNetwork({ parameters: network, loss, peak: 2e-3, warmUp: 50, ...options });
}

/** The network's taps for each picture. @throws InputError when a picture is not of the camera. */
export async function predictTaps(
  network: TapNetwork,
  pictures: readonly Float32Array[],
  { camera, scale, batch = 100 }: { camera: Camera; scale: TapScale; batch?: number },
): Promise<Float64Array[]> {
  const pixels = camera.width * camera.height;
  const unfit = pictures.find((picture) => picture.length !== pixels);
  if (unfit)
    throw new InputError(`depth picture of ${unfit.length} pixels; allowed: ${pixels}, as of the camera`);
  const predicted: Float64Array[] = [];
  for (let from = 0; from < pictures.length; from += batch) {
    const some = pictures.slice(from, from + batch);
    const shape = [some.length, camera.height, camera.width, 1];
    const values = await valuesOf(() => forward(network, tf.tensor(inUnits(some), shape)));
    for (let at = 0; at < some.length; at++)
      predicted.push(
        scale.staticTaps.map((value, i) => value + scale.deviation * values[at * 2 * tapCount + i]!),
      );
  }
  return predicted;
}

const inUnits = (pictures: readonly Float32Array[]) => joined(pictures).map((metres) => metres / depthUnit);

function scaled(all: readonly Float64Array[], { staticTaps, deviation }: TapScale): Float32Array {
  return Float32Array.from(
    all.flatMap((taps) => Array.from(taps, (value, i) => (value - staticTaps[i]!) / deviation)),
  );
}
