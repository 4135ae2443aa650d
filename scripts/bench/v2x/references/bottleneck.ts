/** R-ACP's information bottleneck, learned on scenes from 1000 on, against the i.i.d. entropy of rounded features on scenes 1 to 3. */
import { useEngine } from '../../../../lib/engine/index.js';
import { Rng } from '../../../../lib/math/index.js';
import {
  type Bottleneck,
  type BottleneckScene,
  empiricalBits,
  featurePackets,
  learnBottleneck,
  moda,
  PEDESTRIAN_CAMERAS,
  type PositionFrame,
  pedestriansOnGround,
  rounded,
  type SymbolMap,
  sentOf,
  temporalEntropy,
} from '../../../../lib/v2x/index.js';
import type { Estimate, Reference } from '../../reference.js';
import { GAIN, recorded } from '../people.js';

const BIT_WEIGHT = 0.01;
const LEARNED = { first: 1000, scenes: 12, frames: 5, steps: 220 };
const JUDGED = { scenes: [1, 2, 3], frames: 6 };
/** Frames that a forecast looks back. */
const PAST = 2;

interface Results {
  readonly bitShare: number;
  readonly modaLoss: number;
}

let known: Promise<Results> | undefined;
const results = (): Promise<Results> => {
  known ??= measure();
  return known;
};

async function measure(): Promise<Results> {
  await useEngine('onnx', { threads: 1 });
  const { first, scenes, frames, steps } = LEARNED;
  const learned = await learnBottleneck({
    scenes: Array.from({ length: scenes }, (_, n) => recorded(first + n, frames)),
    bitWeights: [BIT_WEIGHT],
    rng: Rng.of('bottleneck'),
    steps,
  });
  try {
    return resultsOf(learned.levels[0]!);
  } finally {
    learned.dispose();
  }
}

/** What the cameras of a scene send of a frame. */
interface Sent {
  readonly truths: PositionFrame['truths'];
  readonly plain: readonly SymbolMap[];
  /** By camera, the frame and the two before it, latest first. */
  readonly coded: readonly (readonly SymbolMap[])[];
}

function resultsOf(bottleneck: Bottleneck): Results {
  const frames = JUDGED.scenes.flatMap((scene) => sentFrames(bottleneck, recorded(scene, JUDGED.frames)));
  const entropy = temporalEntropy(bottleneck.model);
  const sum = (of: (frame: Sent) => number) => frames.reduce((total, frame) => total + of(frame), 0);
  const bits = sum(({ coded }) =>
    coded.reduce(
      (total, [now, ...past], camera) => total + bitsOf(featurePackets(camera, 0, now!, entropy, past)),
      0,
    ),
  );
  const alone = sum(({ plain }) => plain.reduce((total, map) => total + aloneBits(map), 0));
  const modaBy = (read: (frame: Sent) => PositionFrame['detections']) =>
    moda(frames.map((frame) => ({ detections: read(frame), truths: frame.truths }))).moda;
  const before = modaBy(({ plain }) =>
    pedestriansOnGround(
      PEDESTRIAN_CAMERAS.map((camera, n) => ({ camera, map: plain[n]! })),
      { gain: GAIN },
    ),
  );
  const after = modaBy(({ coded }) => bottleneck.read(coded.map(([map]) => ({ map: map! }))));
  return { bitShare: bits / alone, modaLoss: before - after };
}

function sentFrames(bottleneck: Bottleneck, scene: BottleneckScene): Sent[] {
  const sent = sentOf(bottleneck, scene);
  return scene.truths.slice(PAST).map((truths, place) => ({
    truths,
    plain: scene.features.map((sequence) => rounded(sequence[place + PAST]!)),
    coded: sent.map((maps) => maps.slice(place, place + PAST + 1).reverse()),
  }));
}

const bitsOf = (packets: readonly { readonly bytes: Uint8Array }[]) =>
  packets.reduce((sum, { bytes }) => sum + 8 * bytes.length, 0);

const aloneBits = (map: SymbolMap) =>
  [0, 1, 2, 3].reduce(
    (sum, channel) => sum + empiricalBits(map.subarray(channel * 3600, (channel + 1) * 3600)),
    0,
  );

const entry = (
  id: string,
  what: string,
  most: number,
  [low, high]: readonly [number, number],
  of: (results: Results) => number,
): Reference => ({
  id: `bottleneck/${id}`,
  what,
  source: `acceptance: at most ${most}`,
  value: most,
  allowed: [low, high],
  measure: async (): Promise<Estimate> => ({ value: of(await results()) }),
});

export const references: Reference[] = [
  entry(
    'bits',
    'bits of the packets of a learned bottleneck, as a share of the i.i.d. entropy of rounded features, 2 frames/s',
    0.6,
    [0, 0.6],
    ({ bitShare }) => bitShare,
  ),
  entry(
    'moda-loss',
    'MODA at 0.5 m of rounded features and the read-out without training minus that of the learned bottleneck and its read-out',
    0.02,
    [-0.2, 0.02],
    ({ modaLoss }) => modaLoss,
  ),
];
