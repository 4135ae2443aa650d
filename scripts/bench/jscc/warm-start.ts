/**
 * What a few minutes of training add to the linear codec: PSNR over AWGN on pictures of a folder, before and
 * after. `npx tsx --conditions=@semwave/source scripts/bench/jscc/warm-start.ts FOLDER [MINUTES]`
 */
import { awgn } from '../../../lib/channel/index.js';
import { useEngine } from '../../../lib/engine/index.js';
import {
  adaptiveCodec,
  defaultTraining,
  linearCodec,
  principalComponents,
  startAdaptive,
  trainAdaptive,
} from '../../../lib/jscc/index.js';
import { type Codec, transmit } from '../../../lib/link/index.js';
import { Rng } from '../../../lib/math/index.js';
import { meanPsnr, type Picture, photographs, testPictures } from '../../../lib/source/index.js';

const [folder, minutes = '3'] = process.argv.slice(2);
if (!folder) throw new Error('which folder of pictures?');
const ratio = 1 / 6;
const snrDb = 10;
/** Steps that fit a minute on one core of a laptop with the wasm engine; the schedule needs their number. */
const stepsPerMinute = 70;

await useEngine('wasm');
const training = await photographs.training();
const pictures = await testPictures({ folder, count: 'all', tile: 0 });
const measured = async (codec: Codec<Picture, unknown>) =>
  meanPsnr(pictures, (await transmit(codec, awgn({ snrDb }), pictures, Rng.of('warm start'))).received);

const components = principalComponents(training);
console.log(
  `linear ${(await measured(linearCodec({ ratio, components }) as Codec<Picture, unknown>)).toFixed(2)} dB`,
);
const parameters = startAdaptive(training, 1);
const begun = performance.now();
const steps = Math.round(stepsPerMinute * Number(minutes));
await trainAdaptive(
  parameters,
  { pictures: training, ...defaultTraining },
  { seed: 1, steps, learningRate: 1e-3, branchesOnly: true },
);
const spent = ((performance.now() - begun) / 60_000).toFixed(2);
const trained = await measured(adaptiveCodec({ ratio, parameters }) as Codec<Picture, unknown>);
console.log(`adaptive after ${steps} steps in ${spent} minutes: ${trained.toFixed(2)} dB`);
