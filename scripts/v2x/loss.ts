import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  crossing,
  dropPackets,
  dropping,
  earlySharing,
  featurePackets,
  instanceSharing,
  lateSharing,
  PEDESTRIAN_CAMERAS,
  pedestriansOnGround,
  pipe,
  pooled,
  quantise,
  type ReceivedMap,
  receivedMap,
  runSharing,
  type SharingStrategy,
  where2comm,
} from 'semwave/v2x';
import { lossFigures } from './loss-figures.js';
import { precisionOf } from './precision.js';
import { learnedCoder, meanOf, modaOf, record } from './racp-setup.js';
import { sceneRng } from './scene-rng.js';

const WARM_UP = 2;
const BIT_WEIGHT = 0.15;
const GAIN = 6;
const PERIOD_SEC = 0.5;
const orders = ['priority', 'random'] as const;

const strategies: Record<string, () => SharingStrategy> = {
  late: () => lateSharing(),
  instance: () => instanceSharing(),
  Where2comm: () => where2comm(),
  early: () => earlySharing(),
};

export default defineExperiment({
  id: 'v2x/loss',
  title: 'What packet loss takes',
  paper: 'R-ACP: Real-Time Adaptive Collaborative Perception Leveraging Robust Task-Oriented Communications',
  purpose:
    'MODA where the emptiest or any packets of features are dropped; AP of sharing strategies over packet loss',
  params: {
    loss: param.grid([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], { about: 'share of packets lost' }),
    strategy: param.grid(Object.keys(strategies), { about: 'of the crossing' }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'other than those learned from' }),
    frames: param.integer({ default: 22, min: 3, max: 400, about: 'of each scene with people' }),
    crossingFrames: param.integer({ default: 60, min: 1, max: 600, about: 'of each crossing' }),
    packetBytes: param.integer({ default: 300, min: 20, max: 65_535, about: 'of a packet at the crossing' }),
    steps: param.integer({ default: 400, min: 1, max: 1e6, about: 'updates of the temporal coder, twice' }),
  },
  presets: {
    quick: { cost: '2 minutes on two cores', loss: [0, 0.2, 0.4], frames: 7, crossingFrames: 12 },
    paper: { cost: '15 minutes on two cores' },
  },

  points({ loss, strategy }) {
    return [
      ...loss.flatMap((share) => orders.map((order) => ({ loss: share, order }))),
      ...loss.flatMap((share) => strategy.map((name) => ({ loss: share, strategy: name }))),
    ];
  },

  async *measure(point, { config, seed }): AsyncGenerator<NewRow> {
    if ('order' in point) yield droppedFeatures({ ...config, ...point, seed });
    else yield lostMessages({ ...config, ...point, seed });
  },

  figures: (rows) => lossFigures(rows),
});

interface DropSetting {
  readonly loss: number;
  readonly order: (typeof orders)[number];
  readonly scenes: number;
  readonly seed: number;
  readonly frames: number;
  readonly steps: number;
}

/**
 * Cameras send their features tile by tile; a share of all packets of a frame is dropped before it is sent. Both ends go on from
 * what arrived.
 */
function droppedFeatures({ loss, order, scenes, seed, frames, steps }: DropSetting): NewRow {
  const setting = { gain: GAIN, periodSec: PERIOD_SEC };
  const { entropy } = learnedCoder({ ...setting, bitWeight: BIT_WEIGHT, steps });
  const sent: number[] = [];
  const judged = Array.from({ length: scenes }, (_, scene) => sceneRng(seed, scene)).flatMap((stream) => {
    const { truths, features } = record({ ...setting, rng: stream, frames });
    const rng = stream.fork('drops');
    const past = PEDESTRIAN_CAMERAS.map((): ReceivedMap[] => []);
    return truths.flatMap((there, frame) => {
      const pasts = past.map((maps) => maps.map(({ map }) => map));
      const packets = PEDESTRIAN_CAMERAS.flatMap(({ id }) => {
        const map = quantise(features[id]![frame]!, entropy, pasts[id]!, BIT_WEIGHT);
        return featurePackets(id, frame, map, entropy, pasts[id]!).map((packet) => ({
          ...packet,
          camera: id,
        }));
      });
      const left =
        frame < WARM_UP ? packets : dropPackets(packets, { lossProbability: loss, order }, rng.fork(frame));
      const views = PEDESTRIAN_CAMERAS.map((camera) => {
        const own = left.filter((packet) => packet.camera === camera.id).map(({ bytes }) => bytes);
        const received = receivedMap(camera.id, frame, own, entropy, pasts[camera.id]!);
        past[camera.id] = [received, ...past[camera.id]!].slice(0, 2);
        return { camera, ...received };
      });
      if (frame < WARM_UP) return [];
      sent.push(left.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1000);
      return [{ detections: pedestriansOnGround(views, { gain: GAIN }), truths: there }];
    });
  });
  return {
    system: order === 'priority' ? 'emptiest first' : 'any',
    rate: { ...meanOf(sent), unit: 'KB/frame', metric: 'bytes of all cameras after drops' },
    accuracy: modaOf(judged),
    latency: { value: PERIOD_SEC, unit: 's', metric: 'period' },
  };
}

interface LossSetting {
  readonly loss: number;
  readonly strategy: string;
  readonly scenes: number;
  readonly seed: number;
  readonly crossingFrames: number;
  readonly packetBytes: number;
}

/** Vehicles at the crossing over a pipe that loses packets of a message at random; what comes after the first gap is lost too. */
function lostMessages({ loss, strategy, scenes, seed, crossingFrames, packetBytes }: LossSetting): NewRow {
  const result = pooled(
    Array.from({ length: scenes }, (_, scene) => {
      const rng = sceneRng(seed, scene);
      const frames = [...crossing({ rng, seconds: crossingFrames / 10 }).frames()];
      const losses = dropping({ lossProbability: loss, order: 'random' });
      const link = pipe({ packetBytes, losses, rng: rng.fork('losses') });
      return runSharing(frames, { strategy: strategies[strategy]!(), link });
    }),
  );
  const { frames, sharedBytes, requestBytes } = result;
  return {
    system: strategy,
    rate: {
      value: (sharedBytes + requestBytes) / 1000 / frames.length,
      unit: 'KB/frame',
      metric: 'bytes of all senders',
    },
    accuracy: precisionOf(frames),
    latency: { value: 0, unit: 's', metric: 'none: an ideal pipe' },
  };
}
