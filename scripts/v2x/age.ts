import { mean, Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  calibrateYaw,
  decodeSightings,
  type EntropyModel,
  encodeSightings,
  featurePackets,
  frameAge,
  independentEntropy,
  inView,
  PEDESTRIAN_CAMERAS,
  type PositionFrame,
  pedestrians,
  pedestriansOnGround,
  quantiseSequence,
  queuedAge,
  rounded,
  type SymbolMap,
  sentOf,
  sightings,
  temporalEntropy,
  wrapAngle,
} from 'semwave/v2x';
import { ageFigures } from './age-figures.js';
import {
  learnedBottleneck,
  learnedCoder,
  meanOf,
  modaOf,
  pastOf,
  type Recording,
  record,
} from './racp-setup.js';
import { sceneRng } from './scene-rng.js';

/** Frames at the start of a scene that have no full past. */
const WARM_UP = 2;
/** At which the weights of a bit are compared, seconds. */
const USUAL_PERIOD = 0.5;
const YAW_ERROR = (5 * Math.PI) / 180;

export default defineExperiment({
  id: 'v2x/age',
  title: 'People seen by seven cameras, as fresh and as cheap as can be',
  paper: 'R-ACP: Real-Time Adaptive Collaborative Perception Leveraging Robust Task-Oriented Communications',
  purpose:
    'bytes, MODA and age of perceived targets by coder and period; cameras calibrated by whom they share',
  params: {
    periodSec: param.grid([0.1, 0.2, 0.5, 1, 2], {
      unit: 's',
      about: 'from one picture to the next',
    }),
    bitWeight: param.grid([0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5], {
      about: 'squared steps that a bit is worth to the quantiser, at a period of 0.5 s',
    }),
    matches: param.grid([1, 2, 3, 4, 5, 7, 10, 15, 20, 30], {
      about: 'that calibrate a camera',
    }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'other than those learned from' }),
    frames: param.integer({ default: 22, min: 3, max: 400, about: 'of each scene' }),
    trials: param.integer({
      default: 700,
      min: 7,
      max: 1e5,
      about: 'calibrations of each number of matches',
    }),
    steps: param.integer({ default: 400, min: 1, max: 1e6, about: 'updates of the temporal coder, twice' }),
    bottleneck: param.grid([0.003, 0.01, 0.03, 0.1], {
      about: 'weight of 1,000 bits against the squared error a person, of a learned bottleneck at 0.5 s',
    }),
    bottleneckSteps: param.integer({
      default: 1600,
      min: 0,
      max: 1e6,
      about: 'updates of the learned bottleneck, all weights together; none is learned from 0',
    }),
    gain: param.number({
      default: 6,
      min: 0.5,
      max: 100,
      about: 'steps of the quantiser that a person is high',
    }),
    capacity: param.grid([5, 20, 100], { unit: 'KB/s', about: 'of each camera' }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      periodSec: [0.1, 0.5, 2],
      bitWeight: [0, 0.15, 0.5],
      matches: [1, 2, 3, 5, 10, 30],
      frames: 10,
      trials: 70,
      bottleneckSteps: 400,
    },
    paper: { cost: '8 minutes on two cores' },
  },

  points({ periodSec, bitWeight, matches, bottleneckSteps }) {
    const usual = { periodSec: USUAL_PERIOD, bitWeight: 0.15 };
    const coders = [
      ...periodSec.map((sec) => ({ ...usual, periodSec: sec })),
      ...bitWeight.map((weight) => ({ ...usual, bitWeight: weight })),
    ];
    const distinct = new Map(coders.map((point) => [JSON.stringify(point), point]));
    // All weights of the bottleneck are learned together, and so are one point.
    const learned = bottleneckSteps > 0 ? [{ bottleneckSteps }] : [];
    return [...learned, ...distinct.values(), ...matches.map((count) => ({ matches: count }))];
  },

  async *measure(point, { config, seed, signal, progress }): AsyncGenerator<NewRow> {
    if ('matches' in point) yield calibration(point.matches, config.trials, seed);
    else if ('bottleneckSteps' in point) {
      const setting = { ...config, ...point, periodSec: USUAL_PERIOD, seed };
      yield* bottlenecks(setting, { stop: signal, progress });
    } else yield* coders({ ...config, ...point, seed });
  },

  figures: (rows) => ageFigures(rows),
});

interface Setting {
  readonly periodSec: number;
  readonly scenes: number;
  readonly seed: number;
  readonly frames: number;
  readonly steps: number;
  readonly gain: number;
  readonly capacity: readonly number[];
}

const recorded = ({ scenes, seed, ...options }: Setting): Recording[] =>
  Array.from({ length: scenes }, (_, scene) => record({ ...options, rng: sceneRng(seed, scene) }));

async function* bottlenecks(
  setting: Setting & { readonly bottleneck: readonly number[]; readonly bottleneckSteps: number },
  watch: Parameters<typeof learnedBottleneck>[1],
): AsyncGenerator<NewRow> {
  const { bottleneck: bitWeights, bottleneckSteps: steps } = setting;
  const { levels, dispose } = await learnedBottleneck({ ...setting, bitWeights, steps }, watch);
  watch.stop.throwIfAborted();
  const recordings = recorded(setting);
  for (const [level, bottleneck] of levels.entries()) {
    const sent = recordings.map((recording) => sentOf(bottleneck, recording));
    const read = (maps: readonly SymbolMap[]) => bottleneck.read(maps.map((map) => ({ map })));
    const coder = { maps: sent, entropy: temporalEntropy(bottleneck.model), read };
    for (const row of rowsOf('learned bottleneck', coder, recordings, setting))
      yield {
        ...row,
        params: { ...row.params, periodSec: setting.periodSec, bitWeight: bitWeights[level]! },
      };
  }
  dispose();
}

function* coders(setting: Setting & { readonly bitWeight: number }): Generator<NewRow> {
  const { bitWeight, gain } = setting;
  const { entropy, seen } = learnedCoder(setting);
  const recordings = recorded(setting);
  const plain = recordings.map(({ features }) => features.map((sequence) => sequence.map(rounded)));
  const coded = recordings.map(({ features }) =>
    features.map((sequence) => quantiseSequence(sequence, entropy, bitWeight)),
  );
  const read = (maps: readonly SymbolMap[]) =>
    pedestriansOnGround(
      PEDESTRIAN_CAMERAS.map((camera, n) => ({ camera, map: maps[n]! })),
      { gain },
    );
  const name = bitWeight === 0 ? 'temporal, lossless' : 'temporal, bits weighed';
  yield* rowsOf(name, { maps: coded, entropy, read }, recordings, setting);
  const independent = { maps: plain, entropy: independentEntropy(seen), read };
  if (bitWeight === 0.15) yield* rowsOf('i.i.d.', independent, recordings, setting);
}

/** What is sent of each scene, by camera, then frame, and how it is coded and read. */
interface Coder {
  readonly maps: readonly (readonly SymbolMap[])[][];
  readonly entropy: EntropyModel;
  read(maps: readonly SymbolMap[]): PositionFrame['detections'];
}

/** One row a capacity: bytes of all cameras a frame, MODA, and the mean over frames of the age of the oldest camera. */
function* rowsOf(
  system: string,
  { maps: scenes, entropy, read }: Coder,
  recordings: readonly Recording[],
  { periodSec, capacity }: Setting,
): Generator<NewRow> {
  const judged = scenes.flatMap((maps, scene) =>
    recordings[scene]!.truths.flatMap((truths, frame) => {
      if (frame < WARM_UP) return [];
      const loads = maps.map((sequence, n) => {
        const packets = featurePackets(n, frame, sequence[frame]!, entropy, pastOf(sequence, frame));
        const bytes = packets.reduce((sum, packet) => sum + packet.bytes.length, 0);
        return { kilobytes: bytes / 1000, targets: inView(PEDESTRIAN_CAMERAS[n]!, truths).length };
      });
      return [{ detections: read(maps.map((sequence) => sequence[frame]!)), truths, loads }];
    }),
  );
  const bytes = meanOf(judged.map(({ loads }) => loads.reduce((sum, { kilobytes }) => sum + kilobytes, 0)));
  const accuracy = modaOf(judged);
  for (const rate of capacity) {
    const ages = judged.map(({ loads }) => frameAge(loads, rate, { periodSec }));
    const queued = judged.map(({ loads }) =>
      Math.max(...loads.map((load) => queuedAge(load, rate, 1 / periodSec))),
    );
    const waiting = mean(queued);
    yield {
      system,
      // Absent where the queue grows without end.
      params: { capacity: rate, ...(Number.isFinite(waiting) && { queuedAge: waiting }) },
      rate: { ...bytes, unit: 'KB/frame', metric: 'bytes of all cameras' },
      accuracy,
      latency: { value: mean(ages), unit: 'target s', metric: 'age of perceived targets' },
    };
  }
}

/** Yaw errors left of 5 degrees, over cameras and scenes. */
function calibration(matches: number, trials: number, seed: number): NewRow {
  let bytes = 0;
  const errors = Array.from({ length: trials }, (_, trial) => {
    const rng = Rng.of(seed).fork('calibration').fork(trial);
    const people = pedestrians({ rng })(0);
    const all = PEDESTRIAN_CAMERAS.map((camera) => {
      const message = encodeSightings(camera.id, sightings(camera, people, rng));
      bytes += message.length;
      return { camera, seen: decodeSightings(message).seen };
    });
    const { camera, seen } = all[trial % all.length]!;
    const wrong = { ...camera, pose: { ...camera.pose, yaw: camera.pose.yaw + YAW_ERROR } };
    const others = all.filter((one) => one.camera !== camera);
    const found = calibrateYaw({ camera: wrong, seen }, others, { inAll: matches });
    return (Math.abs(wrapAngle(found.camera.pose.yaw - camera.pose.yaw)) * 180) / Math.PI;
  });
  return {
    system: 'calibration',
    params: { within: errors.filter((error) => error < 0.5).length / trials },
    rate: { value: bytes / trials / 1000, unit: 'KB/frame', metric: 'bytes of all cameras' },
    accuracy: { ...meanOf(errors), unit: 'degrees', metric: 'mean yaw error left of 5 degrees' },
    latency: { value: 0, unit: 'target s', metric: 'none: one frame' },
  };
}
