import { InputError } from '../base/index.js';
import { type ModelSource, type ModelTensor, type OnnxModel, openModel } from '../engine/index.js';
import type { Codec, Codeword } from '../link/index.js';
import type { Picture } from '../source/index.js';
import { type CodecHints, codecOf, type OnnxCodecShape, type PictureLayout } from './onnx-codec-shape.js';
import { blockNoise, type PictureShape } from './symbols.js';

export interface OnnxCodecOptions extends CodecHints {
  /** Model files by path, or their bytes. */
  encoder: ModelSource;
  decoder: ModelSource;
  /** Threads of ONNX Runtime; default: one for each physical core. */
  threads?: number;
}

/** A codec of two ONNX models. */
export interface OnnxCodec extends Codec<Picture, PictureShape> {
  readonly ratio: number;
  /** Frees the sessions. */
  dispose(): void;
}

/** Larger than any codec of pictures; a file beyond it is something else. */
const maxBytes = 512 * 2 ** 20;

/**
 * Two ONNX models as a codec of pictures: what `exportOnnx` writes, or any encoder from float32 pictures of three
 * colours in [0, 1], one at a time, to float32 symbols [1, channel uses, 2] and its decoder. Inputs and outputs
 * are told apart by the names `picture`, `symbols`, `snr_db` and `scale`; a picture or symbols may have any name
 * where there is no other left. The files are held hostile: see `openModel`.
 * @throws InputError in one line when a file is not sound, takes or gives something else, or the two do not fit.
 */
export function onnxCodec(options: OnnxCodecOptions): OnnxCodec {
  const { threads } = options;
  const open = (source: ModelSource, what: string) =>
    openModel(source, { what, maxBytes, ...(threads !== undefined && { threads }) });
  const encoder = open(options.encoder, 'encoder');
  try {
    const decoder = open(options.decoder, 'decoder');
    try {
      return runningCodec(encoder, decoder, options);
    } catch (error) {
      decoder.dispose();
      throw error;
    }
  } catch (error) {
    encoder.dispose();
    throw error;
  }
}

function runningCodec(encoder: OnnxModel, decoder: OnnxModel, options: OnnxCodecOptions): OnnxCodec {
  const shape = codecOf(encoder, decoder, options);
  const { name, ratio, layout, ports } = shape;
  return {
    name,
    ratio,
    channelUses: ({ width, height }) => Math.round(width * height * 3 * ratio),
    shapeOf: ({ name: title, width, height }) => ({ name: title, width, height }),
    encode(picture, { snrDb }): Codeword {
      requireSize(shape, picture);
      const results = encoder.run({
        [ports.encoder.picture]: toTensor(picture, layout),
        ...(ports.encoder.snr && { snr_db: oneNumber(snrDb) }),
      });
      const symbols = results[ports.encoder.symbols]!;
      const codeword = { symbols: floats(symbols), sideInformationBits: shape.sideInformationBits };
      return ports.scale ? { ...codeword, side: floats(results.scale!)[0]! } : codeword;
    },
    decode(received, like): Picture {
      requireSize(shape, like);
      const { symbols } = received;
      const results = decoder.run({
        [ports.decoder.symbols]: { data: symbols, shape: [1, symbols.length / 2, 2] },
        ...(ports.decoder.snr && { snr_db: oneNumber(-10 * Math.log10(blockNoise(received, name))) }),
        ...(ports.scale && { scale: oneNumber(received.side as number) }),
      });
      return { ...like, data: fromTensor(results[ports.decoder.picture]!, like, shape) };
    },
    dispose() {
      encoder.dispose();
      decoder.dispose();
    },
  };
}

const oneNumber = (value: number): ModelTensor => ({ data: Float32Array.of(value), shape: [1] });
/** A copy: the runtime may own what it hands out. */
const floats = ({ data }: ModelTensor): Float32Array => (data as Float32Array).slice();

function requireSize({ name, size }: OnnxCodecShape, picture: PictureShape): void {
  for (const side of ['width', 'height'] as const) {
    if (size[side] < 0 || size[side] === picture[side]) continue;
    throw new InputError(
      `${name}: picture ${picture.name} has ${side} ${picture[side]}; the models take ${size[side]}`,
    );
  }
}

function toTensor({ data, width, height }: Picture, layout: PictureLayout): ModelTensor {
  if (layout === 'NHWC') return { data, shape: [1, height, width, 3] };
  const planes = new Float32Array(data.length);
  const pixels = width * height;
  for (let i = 0; i < data.length; i++) planes[(i % 3) * pixels + Math.floor(i / 3)] = data[i]!;
  return { data: planes, shape: [1, 3, height, width] };
}

function fromTensor(
  tensor: ModelTensor,
  { width, height }: PictureShape,
  { name, layout }: OnnxCodecShape,
): Float32Array {
  const expected = layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
  if (tensor.shape.join() !== expected.join()) {
    throw new InputError(`${name}: the decoder gave [${tensor.shape}]; allowed: [${expected}]`);
  }
  const values = tensor.data as Float32Array;
  if (layout === 'NHWC') return values.slice();
  const pixels = width * height;
  return values.map((_, i) => values[(i % 3) * pixels + Math.floor(i / 3)]!);
}
