import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { awgn } from '../channel/index.js';
import { type QuantisedModel, quantiseModel, useEngine } from '../engine/index.js';
import { transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import { shippedWeights } from '../nn/index.js';
import { meanPsnr, type Picture, photographs } from '../source/index.js';
import { modelInputs } from './calibration.js';
import { deepJsccCodec } from './deepjscc.js';
import { codecModel } from './export.js';
import { onnxCodec } from './onnx-codec.js';
import { trainingCrops } from './testing.js';
import { loadDeepJscc, ratioLabel } from './weights.js';

const ratio = 1 / 6;
const side = 192;
const size = { width: side, height: side };
const channel = awgn({ snrDb: 10 });
const absent = !existsSync(shippedWeights(`deepjscc-${ratioLabel(ratio)}`));

describe.skipIf(absent)(`DeepJSCC's decoder in 8 bits${absent ? ': skipped, no weights' : ''}`, () => {
  let floats: Uint8Array;
  let result: QuantisedModel;
  let pictures: Picture[];
  let encoder: Uint8Array;

  beforeAll(async () => {
    await useEngine('onnx');
    const codec = deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio) });
    [encoder, floats] = [await codecModel(codec.encoder, size), await codecModel(codec.decoder, size)];
    pictures = await photographs.heldOut(6, { tile: side });
    const crops = await trainingCrops(side);
    const calibration = await modelInputs(codec, 'decoder', crops, channel, Rng.of('calibration'));
    result = quantiseModel(floats, calibration);
  });

  it('takes at most 30 % of the bytes', () => {
    expect(result.model.length / floats.length).toBeLessThanOrEqual(0.3);
  });

  it('convolves in 8 bits alone', () => {
    expect(result.kernels).toMatchObject({ QLinearConv: 5 });
    for (const name of ['Conv', 'ConvTranspose', 'PRelu']) expect(result.kernels).not.toHaveProperty(name);
  });

  it('loses at most 0.3 dB', async () => {
    const psnrs: number[] = [];
    for (const decoder of [floats, result.model]) {
      const codec = onnxCodec({ encoder, decoder });
      const { received } = await transmit(codec, channel, pictures, Rng.of('quantised'));
      psnrs.push(meanPsnr(pictures, received));
      codec.dispose();
    }
    expect(psnrs[1]).toBeGreaterThan(psnrs[0]! - 0.3);
  });
});
