/** Features over the air: the slope of the neural codec and the cliff of the digital chain. */
import { awgn } from '../../../../lib/channel/index.js';
import { useEngine } from '../../../../lib/engine/index.js';
import { transmit } from '../../../../lib/link/index.js';
import { Rng } from '../../../../lib/math/index.js';
import { mcs } from '../../../../lib/phy/index.js';
import {
  airNetwork,
  averagePrecision,
  digitalFeatures,
  type FeatureCodec,
  latentCoder,
  neuralFeatures,
  pillarDetector,
} from '../../../../lib/v2x/index.js';
import { judgedAll, seenFrames, sentMaps, unheard } from '../../../v2x/over-the-air-frames.js';
import type { Reference } from '../../reference.js';

const USES = 2500;
const SETUP =
  '20 frames of 2 crossings, 3 vehicles, features fused by the maximum, 2,500 channel uses a message, AWGN, AP@0.5';
const SOURCE = 'acceptance: no cliff where the digital chain has one';

interface Results {
  /** AP of the neural codec from the lowest SNR to the highest, 3 dB apart. */
  readonly neural: readonly number[];
  /** AP of 16-QAM of rate 0.37 at 5 and at 3 dB. */
  readonly above: number;
  readonly below: number;
  readonly alone: number;
  readonly all: number;
}

const STEP_DB = 3;
const SNRS = [-5, -2, 1, 4, 7, 10];
let measured: Promise<Results> | undefined;

/** Measured once, whichever entry asks first. */
function results(rng: Rng): Promise<Results> {
  measured ??= measure(rng);
  return measured;
}

async function measure(rng: Rng): Promise<Results> {
  await useEngine('onnx', { threads: 1 });
  const [detector, network] = [pillarDetector(), airNetwork({ uses: USES })];
  try {
    const frames = seenFrames(
      detector,
      [1, 2].map((seed) => Rng.of(seed)),
      10,
    );
    const sent = sentMaps(frames);
    const precision = (maps: typeof sent) => averagePrecision(judgedAll(frames, maps), { minIou: 0.5 });
    const over = async (codec: FeatureCodec, snrDb: number) =>
      precision((await transmit(codec, awgn({ snrDb }), sent, rng.fork('noise'))).received);
    const neural: number[] = [];
    for (const snrDb of SNRS) neural.push(await over(neuralFeatures(network), snrDb));
    const coder = latentCoder(network);
    const digital = digitalFeatures({ name: 'digital', coder, uses: USES, scheme: mcs(11) });
    return {
      neural,
      above: await over(digital, 5),
      below: await over(digital, 3),
      alone: precision(sent.map(unheard)),
      all: precision(sent),
    };
  } finally {
    detector.dispose();
    network.dispose();
  }
}

function entry(
  id: string,
  what: string,
  value: number,
  allowed: Reference['allowed'],
  ours: (results: Results) => number,
): Reference {
  return {
    ...{ id: `air/${id}`, what: `${what}; ${SETUP}`, source: SOURCE, value, allowed },
    measure: async (rng) => ({ value: ours(await results(rng)) }),
  };
}

export const references: Reference[] = [
  entry(
    'neural-slope',
    'largest share of the gain of sharing that the neural codec loses for 1 dB less, -5 to 10 dB',
    0.05,
    [-0.02, 0.12],
    ({ neural, alone, all }) =>
      Math.max(...neural.slice(1).map((high, n) => (high - neural[n]!) / STEP_DB)) / (all - alone),
  ),
  entry(
    'digital-cliff',
    'share of its own gain that 16-QAM of rate 0.37 loses from 5 to 3 dB',
    1,
    [0.9, 1],
    ({ above, below, alone }) => (above - below) / (above - alone),
  ),
  entry(
    'neural-keeps',
    'share of the gain of all features over an ideal pipe that the neural codec keeps at 10 dB',
    0.95,
    [0.85, 1.05],
    ({ neural, alone, all }) => (neural.at(-1)! - alone) / (all - alone),
  ),
];
