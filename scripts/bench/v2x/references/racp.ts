/** R-ACP's parts on the simulated square: coder, drops, calibration, age. Scenes 1 to 3; learned on 101 and 102. */
import { mean, Rng } from '../../../../lib/math/index.js';
import {
  bestRate,
  calibrateYaw,
  dropPackets,
  empiricalBits,
  featurePackets,
  forecastBits,
  independentEntropy,
  learnCoder,
  likelihood,
  moda,
  PEDESTRIAN_CAMERAS,
  type PositionFrame,
  pedestrians,
  pedestriansOnGround,
  quantiseSequence,
  queuedAge,
  receivedMap,
  rounded,
  type SymbolMap,
  sightings,
  targetAge,
} from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';
import { entriesOf } from '../entries.js';
import { GAIN, recorded } from '../people.js';

const BIT_WEIGHT = 0.15;
const WANTED = 'acceptance: ';

/** Computed once for all entries that look at it. */
function once<T>(make: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
}

const coder = once(() => {
  const sequences = [101, 102].flatMap((scene) => recorded(scene, 5).features);
  const learned = learnCoder(sequences, { rng: Rng.of('coder'), bitWeight: BIT_WEIGHT, steps: 300 });
  return { ...learned, independent: independentEntropy(sequences.flat().map(rounded)) };
});

const FRAMES = 6;
const scenes = once(() =>
  [1, 2, 3].map((scene) => {
    const { truths, features } = recorded(scene, FRAMES);
    return {
      truths,
      plain: features.map((sequence) => sequence.map(rounded)),
      coded: features.map((sequence) => quantiseSequence(sequence, coder().entropy, BIT_WEIGHT)),
    };
  }),
);

const past = (maps: readonly SymbolMap[], frame: number) => [maps[frame - 1]!, maps[frame - 2]!];

/** A sum over scenes, cameras and the frames that have a past. */
function total(of: (kind: { plain: SymbolMap[]; coded: SymbolMap[] }, frame: number) => number): number {
  let sum = 0;
  for (const { plain, coded } of scenes())
    for (const camera of PEDESTRIAN_CAMERAS.keys())
      for (let frame = 2; frame < FRAMES; frame++)
        sum += of({ plain: plain[camera]!, coded: coded[camera]! }, frame);
  return sum;
}

const channels = (map: SymbolMap) =>
  [0, 1, 2, 3].map((channel) => map.subarray(channel * 3600, (channel + 1) * 3600));
const bytesOf = (packets: readonly { bytes: Uint8Array }[]) =>
  packets.reduce((sum, { bytes }) => sum + bytes.length, 0);

function bitShare(): number {
  const temporal = total(({ coded }, frame) =>
    forecastBits(coded[frame]!, coder().model, past(coded, frame)),
  );
  const alone = total(({ plain }, frame) =>
    channels(plain[frame]!).reduce((sum, symbols) => sum + empiricalBits(symbols), 0),
  );
  return temporal / alone;
}

function byteShare(): number {
  const { entropy, independent } = coder();
  const temporal = total(({ coded }, frame) =>
    bytesOf(featurePackets(0, frame, coded[frame]!, entropy, past(coded, frame))),
  );
  const alone = total(({ plain }, frame) =>
    bytesOf(featurePackets(0, frame, plain[frame]!, independent, [])),
  );
  return temporal / alone;
}

function modaOf(kind: 'plain' | 'coded'): number {
  const frames = scenes().flatMap((scene) =>
    scene.truths.slice(2).map((truths, place) => {
      const views = PEDESTRIAN_CAMERAS.map((camera, n) => ({ camera, map: scene[kind][n]![place + 2]! }));
      return { detections: pedestriansOnGround(views, { gain: GAIN }), truths };
    }),
  );
  return moda(frames).moda;
}

/** MODA when a share of the packets of single frames is dropped. */
function modaAfter(lossProbability: number, order: 'priority' | 'random'): number {
  const { entropy } = coder();
  const frames = scenes().flatMap(({ truths, coded }, scene): PositionFrame[] =>
    truths.slice(2).map((there, place) => {
      const frame = place + 2;
      const packets = coded.flatMap((maps, camera) =>
        featurePackets(camera, frame, maps[frame]!, entropy, past(maps, frame)).map((packet) => ({
          ...packet,
          camera,
        })),
      );
      const left = dropPackets(packets, { lossProbability, order }, Rng.of(scene).fork(frame));
      const views = PEDESTRIAN_CAMERAS.map((camera, n) => {
        const own = left.filter((packet) => packet.camera === n).map(({ bytes }) => bytes);
        return { camera, ...receivedMap(n, frame, own, entropy, past(coded[n]!, frame)) };
      });
      return { detections: pedestriansOnGround(views, { gain: GAIN }), truths: there };
    }),
  );
  return moda(frames).moda;
}

function meanYawError(matches: number): number {
  const errors = Array.from({ length: 105 }, (_, trial) => {
    const rng = Rng.of(1).fork(trial);
    const people = pedestrians({ rng })(0);
    const all = PEDESTRIAN_CAMERAS.map((camera) => ({ camera, seen: sightings(camera, people, rng) }));
    const { camera, seen } = all[trial % 7]!;
    const wrong = { ...camera, pose: { ...camera.pose, yaw: camera.pose.yaw + Math.PI / 36 } };
    const others = all.filter((one) => one.camera !== camera);
    const found = calibrateYaw({ camera: wrong, seen }, others, { inAll: matches });
    return (Math.abs(found.camera.pose.yaw - camera.pose.yaw) * 180) / Math.PI;
  });
  return mean(errors);
}

function bestOfAllRates(): number {
  let [least, at] = [Number.POSITIVE_INFINITY, 0];
  for (let rate = 0.01; rate < 20; rate += 0.001) {
    const age = queuedAge({ targets: 12, kilobytes: 4 }, 20, rate);
    if (age < least) [least, at] = [age, rate];
  }
  return at;
}

const entry = entriesOf('racp');

export const references: Reference[] = [
  entry(
    'likelihood',
    'probability of the symbol 0 under a forecast of mean 0 and scale 1',
    'Phi(1/2) - Phi(-1/2), scipy 1.15',
    [0.3829249225480262, ...within(0.3829249225480262, 1e-12)],
    () => likelihood(0, { mean: 0, scale: 1 }),
  ),
  entry(
    'age',
    'age of perceived targets of a camera with 4 targets and 20 KB over 100 KB/s, target seconds',
    "0.5 N (0.5 + D / C + 0.025), what R-ACP's published code computes",
    [1.45, ...within(1.45, 1e-12)],
    () => targetAge({ targets: 4, kilobytes: 20 }, 100),
  ),
  entry(
    'best-rate',
    'pictures a second of 4 KB over 20 KB/s at which the age with queueing is least, by trying all',
    '(2 - sqrt 2) C / D, the closed form for M/D/1',
    [bestRate(4, 20), ...within(bestRate(4, 20), 1e-3)],
    bestOfAllRates,
  ),
  entry(
    'bits',
    'bits of the temporal coder with bits weighed, as a share of the i.i.d. entropy of rounded features, 2 frames/s',
    `${WANTED}at most 0.6`,
    [0.6, 0, 0.6],
    bitShare,
  ),
  entry(
    'bytes',
    'bytes of the packets of the temporal coder, as a share of those of the i.i.d. coder',
    `${WANTED}at most 0.6`,
    [0.6, 0, 0.6],
    byteShare,
  ),
  entry(
    'moda-loss',
    'MODA at 0.5 m of rounded features minus that of the temporal coder with bits weighed',
    `${WANTED}at most 0.02`,
    [0, -0.05, 0.02],
    () => modaOf('plain') - modaOf('coded'),
  ),
  ...[0.1, 0.2, 0.3, 0.4].map((loss) =>
    entry(
      `drop/${loss}`,
      `MODA with the emptiest ${100 * loss} % of packets dropped minus that with any dropped`,
      `${WANTED}0 or more`,
      [0, 0, 1],
      () => modaAfter(loss, 'priority') - modaAfter(loss, 'random'),
    ),
  ),
  ...[3, 5, 30].map((matches) =>
    entry(
      `calibration/${matches}`,
      `mean yaw error left of 5 degrees by ${matches} matches, degrees`,
      `${WANTED}below 0.5 from 3 matches`,
      [0, 0, 0.5],
      () => meanYawError(matches),
    ),
  ),
];
