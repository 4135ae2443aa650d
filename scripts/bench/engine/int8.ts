/**
 * DeepJSCC's decoder (weights that ship, ratio 1/6) in 8 bits beside floats, on ONNX Runtime: bytes of the file,
 * PSNR over AWGN of 10 dB on the held-out photographs (tiles of 192 x 192), PSNR between the two decoders'
 * pictures, and time of one decoding. Calibrated on pictures to train on. The models take turns; medians are printed.
 *
 * Usage: npx tsx scripts/bench/engine/int8.ts [rounds, 100 where not given]
 */
import { awgn } from '../../../lib/channel/index.js';
import {
  type ModelTensor,
  type OnnxModel,
  openModel,
  type QuantiseOptions,
  quantiseModel,
  useEngine,
} from '../../../lib/engine/index.js';
import { codecModel, deepJsccCodec, loadDeepJscc, modelInputs } from '../../../lib/jscc/index.js';
import { median, Rng } from '../../../lib/math/index.js';
import { meanPsnr, type Picture, photographs, psnrOfMeanMse, tiles } from '../../../lib/source/index.js';

const ratio = 1 / 6;
const side = 192;
const calibrationTiles = 12;
const channel = awgn({ snrDb: 10 });
const allowed = { share: 0.3, lossDb: 0.3 };
const variants: [string, QuantiseOptions][] = [
  ['int8', {}],
  ['int8, last layer in floats', { floatLast: 1 }],
  ['int8, ranges of extremes', { ranges: 'minmax' }],
  ['int8, weights of 7 bits', { weightBits: 7 }],
];

type Inputs = Record<string, ModelTensor>;

function decode(model: OnnxModel, inputs: readonly Inputs[], sent: readonly Picture[]): Picture[] {
  return inputs.map((given, i) => ({ ...sent[i]!, data: model.run(given).picture!.data as Float32Array }));
}

/** Milliseconds of one decoding by each model, the models in turn. */
function times(models: readonly Uint8Array[], threads: number, inputs: Inputs, rounds: number): number[] {
  const opened = models.map((model) => openModel(model, { threads }));
  const found = models.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, model] of opened.entries()) {
      // The first run after another model's finds cold caches.
      model.run(inputs);
      const start = performance.now();
      model.run(inputs);
      found[i]!.push(performance.now() - start);
    }
  }
  for (const model of opened) model.dispose();
  return found.map(median);
}

async function main(rounds: number): Promise<void> {
  await useEngine('onnx');
  const codec = deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio) });
  const floats = await codecModel(codec.decoder, { width: side, height: side });
  const training = (await photographs.training()).flatMap((picture) => tiles(picture, side));
  const spread = training.filter((_, i) => i % Math.ceil(training.length / calibrationTiles) === 0);
  const calibration = await modelInputs(codec, 'decoder', spread, channel, Rng.of('calibration'));
  const sent = await photographs.heldOut('all', { tile: side });
  const received = await modelInputs(codec, 'decoder', sent, channel, Rng.of('test'));
  console.log(`${sent.length} pictures, calibrated on ${calibration.length}`);

  const results = variants.map(([name, options]) => ({
    name,
    ...quantiseModel(floats, calibration, options),
  }));
  const all = [{ name: 'float32', model: floats }, ...results];
  const pictures = all.map(({ model }) => {
    const opened = openModel(model);
    const decoded = decode(opened, received, sent);
    opened.dispose();
    return decoded;
  });
  const psnrs = pictures.map((decoded) => meanPsnr(sent, decoded));
  const ms = [1, 2].map((threads) =>
    times(
      all.map(({ model }) => model),
      threads,
      received[0]!,
      rounds,
    ),
  );

  const columns = [
    'bytes',
    'share',
    'PSNR dB',
    'change',
    'to float',
    'ms, 1 thr',
    'speed-up',
    'ms, 2 thr',
    'speed-up',
  ];
  console.log(`${''.padEnd(28)} ${columns.map((title) => title.padStart(9)).join(' ')}`);
  for (const [i, { name, model }] of all.entries()) {
    const cells = [
      String(model.length),
      `${((100 * model.length) / floats.length).toFixed(1)} %`,
      psnrs[i]!.toFixed(3),
      (psnrs[i]! - psnrs[0]!).toFixed(3),
      i === 0 ? '' : psnrOfMeanMse(pictures[0]!, pictures[i]!).toFixed(1),
      ...ms.flatMap((each) => [each[i]!.toFixed(2), (each[0]! / each[i]!).toFixed(2)]),
    ];
    console.log(`${name.padEnd(28)} ${cells.map((cell) => cell.padStart(9)).join(' ')}`);
  }
  const kernels = Object.entries(results[0]!.kernels).map(([name, count]) => `${count} ${name}`);
  console.log(`int8 runs as: ${kernels.join(', ')}`);
  const holds =
    results[0]!.model.length <= allowed.share * floats.length &&
    psnrs[1]! >= psnrs[0]! - allowed.lossDb &&
    ms.every((each) => each[1]! < each[0]!);
  console.log(
    `at most 30 % of the bytes, faster, at most ${allowed.lossDb} dB lost: ${holds ? 'holds' : 'does not hold'}`,
  );
  if (!holds) process.exitCode = 1;
}

main(Number(process.argv[2] ?? 100)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
