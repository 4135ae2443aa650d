import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { openModel, traceModel, useEngine } from '../engine/index.js';
import { type Codec, type LinkState, transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import { disposeTree, flatten, type ParameterTree } from '../nn/index.js';
import type { Picture } from '../source/index.js';
import { adaptiveCodec } from './adaptive.js';
import { initAdaptive } from './adaptive-model.js';
import type { NeuralCodec } from './codec-part.js';
import { deepJsccCodec } from './deepjscc.js';
import { initDeepJscc } from './deepjscc-model.js';
import { codecModel, exportOnnx } from './export.js';
import { onnxCodec } from './onnx-codec.js';
import { principalComponents } from './principal.js';
import { scaleBits } from './rate.js';
import type { PictureShape } from './symbols.js';
import { inputErrorOf, largestDifference, wavyPicture } from './testing.js';

const size = { width: 32, height: 24 };
const picture = wavyPicture(size.width, size.height);
const link: LinkState = { channel: 'awgn', fading: 'none', snrDb: 7 };
const ratio = 1 / 6;
let folder: string;
const trees: ParameterTree[] = [];

beforeAll(async () => {
  await useEngine('cpu');
  folder = mkdtempSync(join(tmpdir(), 'semwave-onnx-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const tree of trees) disposeTree(tree);
});

/** Every parameter moved off the start, where whole branches are zero. */
function shaken<T extends ParameterTree>(tree: T): T {
  trees.push(tree);
  const rng = Rng.of('shaken');
  for (const [name, variable] of flatten(tree)) {
    const stream = rng.fork(name);
    const noise = Float32Array.from({ length: variable.size }, () => stream.normal(0, 0.01));
    tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(noise, variable.shape))));
  }
  return tree;
}

const deepJscc = () => deepJsccCodec({ ratio, parameters: shaken(initDeepJscc(Rng.of(1), ratio)) });
const adaptive = () => {
  const start = initAdaptive(principalComponents([wavyPicture(128, 128)]), Rng.of(1), {
    width: 8,
    encoderUnits: 1,
    decoderUnits: 1,
    blockWidth: 16,
  });
  return adaptiveCodec({ ratio, parameters: shaken(start) });
};

async function imported(codec: NeuralCodec): Promise<Codec<Picture, PictureShape>> {
  const [encoder, decoder] = [join(folder, 'encoder.onnx'), join(folder, 'decoder.onnx')];
  await exportOnnx(codec.encoder, encoder, size);
  await exportOnnx(codec.decoder, decoder, size);
  return onnxCodec({ encoder, decoder });
}

describe.each([
  ['DeepJSCC', deepJscc, 0],
  ['the default codec', adaptive, scaleBits],
] as const)('%s as ONNX files', (_, make, bits) => {
  it('gives the same numbers as on the plain engine', async () => {
    const codec = make();
    const copy = await imported(codec);
    const [own, other] = [await codec.encode(picture, link), await copy.encode(picture, link)];
    expect(other.symbols).toHaveLength(2 * codec.channelUses(picture));
    expect(copy.channelUses(picture)).toBe(codec.channelUses(picture));
    expect([own.sideInformationBits, other.sideInformationBits]).toEqual([bits, bits]);
    // The scale has steps of 0.07 %; single precision may fall on the one beside.
    const [scale, otherScale] = [own.side ?? 1, other.side ?? 1] as [number, number];
    expect(Math.abs(Math.log2(scale / otherScale))).toBeLessThan(1.01 / 1024);
    const rescaled = other.symbols.map((value) => (value * scale) / otherScale);
    expect(largestDifference(rescaled, own.symbols)).toBeLessThan(1e-5);

    const noise = Rng.of('noise');
    const symbols = own.symbols.map((value) => value + noise.normal(0, 0.3));
    for (const noiseVariance of [0.18, 1e-3, 4]) {
      const reception = { symbols, noiseVariance: Float32Array.of(noiseVariance), side: own.side };
      const shape = codec.shapeOf(picture);
      const [a, b] = [await codec.decode(reception, shape, link), await copy.decode(reception, shape, link)];
      expect(largestDifference(a.data, b.data)).toBeLessThan(1e-5);
      expect({ ...b, data: [] }).toEqual({ ...shape, data: [] });
    }
  });

  it('stands in a pipeline', async () => {
    const codec = make();
    const copy = await imported(codec);
    for (const channel of [awgn({ snrDb: 5 }), rayleigh({ snrDb: 12 })]) {
      const [own, other] = [codec, copy].map((each) => transmit(each, channel, [picture], Rng.of(1)));
      const [a, b] = [await own!, await other!];
      expect(b.channelUses).toEqual(a.channelUses);
      expect(b.sideInformationBits).toEqual(a.sideInformationBits);
      expect(largestDifference(a.received[0]!.data, b.received[0]!.data)).toBeLessThan(1e-3);
    }
  });

  it('say what they are', async () => {
    const codec = make();
    for (const part of [codec.encoder, codec.decoder]) {
      const model = openModel(await codecModel(part, size));
      expect(model.metadata).toMatchObject({
        format: 'semwave codec 1',
        codec: codec.name,
        role: part.role,
        bandwidth_ratio: String(ratio),
        picture_layout: 'NHWC',
        picture_range: '[0, 1]',
        symbols_layout: '[codeword, channel use, (real, imaginary)]',
      });
      expect(model.metadata.snr_input).toBe(bits ? 'snr_db' : undefined);
      expect(model.metadata.side_information_bits).toBe(bits ? String(bits) : undefined);
      const shapes = Object.fromEntries(model.inputs.map((port) => [port.name, port.shape]));
      const main = part.role === 'encoder' ? { picture: [1, 24, 32, 3] } : { symbols: [1, 384, 2] };
      expect(shapes).toMatchObject(main);
      model.dispose();
    }
  });
});

describe('exportOnnx', () => {
  it('refuses sizes and places in one line', async () => {
    const { encoder } = deepJscc();
    const path = join(folder, 'x.onnx');
    expect(await inputErrorOf(() => exportOnnx(encoder, path, { width: 30, height: 32 }))).toBe(
      'deepjscc: width is 30; allowed: a multiple of 4',
    );
    expect(await inputErrorOf(() => exportOnnx(encoder, path, { width: 32, height: 0 }))).toContain(
      'height of the pictures is 0; allowed: an integer from 1',
    );
    writeFileSync(join(folder, 'file'), '');
    const inFile = join(folder, 'file', 'x.onnx');
    expect(await inputErrorOf(() => exportOnnx(encoder, inFile, size))).toContain('cannot write');
  });
});

describe('onnxCodec', () => {
  type Port = Record<string, number[]>;
  /** A model whose outputs are all zero. */
  const model = (inputs: Port, outputs: Port, metadata = {}) =>
    traceModel(
      () => Object.fromEntries(Object.entries(outputs).map(([name, shape]) => [name, tf.zeros(shape)])),
      {
        inputs: Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, { shape }])),
        metadata,
      },
    );
  const pictures = [1, 24, 32, 3];
  const uses = [1, 384, 2];

  it('takes any pair of models that fits', async () => {
    const planes = await traceModel(
      ({ input }) => ({ code: tf.reshape(tf.slice(input!, [0, 1], [1, 1]), [1, 384, 2]) }),
      { inputs: { input: { shape: [1, 3, 24, 32] } } },
    );
    const back = await traceModel(
      ({ code }) => ({ out: tf.tile(tf.reshape(code!, [1, 1, 24, 32]), [1, 3, 1, 1]) }),
      { inputs: { code: { shape: uses } } },
    );
    const codec = onnxCodec({ encoder: planes, decoder: back, layout: 'NCHW', name: 'green' });
    expect(codec.ratio).toBeCloseTo(1 / 6, 9);
    const { symbols } = await codec.encode(picture, link);
    const received = await codec.decode({ symbols, noiseVariance: Float32Array.of(1) }, picture, link);
    const green = picture.data.map((_, i) => picture.data[i - (i % 3) + 1]!);
    expect(largestDifference(received.data, green)).toBe(0);
    expect(await inputErrorOf(() => codec.encode(wavyPicture(32, 32, 'other'), link))).toBe(
      'green: picture other has height 32; the models take 24',
    );
    codec.dispose();
  });

  it('refuses models that are no codec or do not fit, in one line', async () => {
    const encoder = await model({ picture: pictures }, { symbols: uses });
    const decoder = await model({ symbols: uses }, { picture: pictures });
    const cases: [Parameters<typeof onnxCodec>[0], string][] = [
      [
        { encoder: decoder, decoder: encoder },
        'encoder input symbols has shape [1,384,2]; allowed: [1, height, width, 3]',
      ],
      [
        { encoder, decoder: await model({ symbols: [1, 380, 2] }, { picture: pictures }) },
        'codec: channel uses 384 in the encoder and 380 in the decoder',
      ],
      [
        { encoder, decoder: await model({ symbols: uses }, { picture: [1, 32, 24, 3] }) },
        'codec: width 32 in the encoder and 24 in the decoder',
      ],
      [
        { encoder: await model({ picture: [2, 24, 32, 3] }, { symbols: uses }), decoder },
        'encoder input picture has shape [2,24,32,3]; allowed: [1, height, width, 3]',
      ],
      [
        { encoder: await model({ picture: pictures, key: [1] }, { symbols: uses }), decoder },
        'encoder inputs are picture, key; allowed: picture, snr_db',
      ],
      [
        { encoder: await model({ picture: pictures }, { symbols: uses, scale: [1] }), decoder },
        'codec: the encoder gives a scale, the other does not',
      ],
      [
        { encoder, decoder, ratio: 1 / 3 },
        'codec: bandwidth ratio 0.3333333333333333; the shapes of the models give',
      ],
      [
        { encoder, decoder: await model({ symbols: uses }, { picture: pictures }, { bandwidth_ratio: 'x' }) },
        'bandwidth ratio is NaN; allowed',
      ],
      [
        {
          encoder: await model({ picture: pictures }, { symbols: uses }, { codec: 'a' }),
          decoder: await model({ symbols: uses }, { picture: pictures }, { codec: 'b' }),
        },
        'codec: codec is "a" in the encoder and "b" in the decoder; allowed: the same',
      ],
      [{ encoder: 'no.onnx', decoder }, 'encoder no.onnx: no such file or folder'],
      [{ encoder, decoder: encoder.slice(9) }, 'decoder: '],
    ];
    for (const [options, message] of cases) {
      expect(await inputErrorOf(() => onnxCodec(options))).toContain(message);
    }
  });

  it('refuses a damaged file in one line, whatever part is lost', async () => {
    const { encoder, decoder } = deepJscc();
    await exportOnnx(encoder, join(folder, 'e.onnx'), size);
    const bytes = readFileSync(join(folder, 'e.onnx'));
    const sound = await codecModel(decoder, size);
    for (const share of [0, 0.3, 0.9, 0.999]) {
      const part = bytes.subarray(0, Math.floor(bytes.length * share));
      expect(await inputErrorOf(() => onnxCodec({ encoder: part, decoder: sound }))).toContain('encoder: ');
    }
  });
});
