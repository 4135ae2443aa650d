import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  csma,
  dropPackets,
  dropping,
  earlySharing,
  featurePackets,
  instanceSharing,
  lateSharing,
  type MediumModel,
  noSharing,
  PEDESTRIAN_CAMERAS,
  pedestriansOnGround,
  pipe,
  quantise,
  type ReceivedMap,
  radioLink,
  receivedMap,
  type SharingResult,
  type SharingStrategy,
  sidelink,
  type V2xLink,
  where2comm,
} from 'semwave/v2x';
import { lossFigures } from './loss-figures.js';
import { learnedCoder, meanOf, modaOf, record } from './racp-setup.js';
import { sceneRng } from './scene-rng.js';
import { type Scene, scenesOf, share, sharingRow } from './sharing-setup.js';

const WARM_UP = 2;
const BIT_WEIGHT = 0.15;
const GAIN = 6;
const PERIOD_SEC = 0.5;
const orders = ['priority', 'random'] as const;

const strategies: Record<string, () => SharingStrategy> = {
  none: noSharing,
  late: () => lateSharing(),
  instance: () => instanceSharing(),
  Where2comm: () => where2comm(),
  early: () => earlySharing(),
};

const mediums: Record<string, () => MediumModel> = {
  '802.11p, 6 Mb/s': () => csma({ rateMbps: 6 }),
  '802.11p, 27 Mb/s': () => csma({ rateMbps: 27 }),
  'NR sidelink': () => sidelink({ mode: 'nr' }),
};

export default defineExperiment({
  id: 'v2x/loss',
  title: 'What packet loss takes',
  paper: 'R-ACP: Real-Time Adaptive Collaborative Perception Leveraging Robust Task-Oriented Communications',
  purpose:
    'MODA where the emptiest or any packets of features are dropped; AP over packet loss, and over 802.11p and sidelink',
  params: {
    loss: param.grid([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], { about: 'share of packets lost' }),
    strategy: param.grid(Object.keys(strategies), { about: 'of the crossing' }),
    medium: param.grid(Object.keys(mediums), {
      about: 'radio channel that the vehicles of the crossing share',
    }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'other than those learned from' }),
    frames: param.integer({ default: 22, min: 3, max: 400, about: 'of each scene with people' }),
    crossingFrames: param.integer({ default: 60, min: 1, max: 590, about: 'of each crossing' }),
    packetBytes: param.integer({ default: 300, min: 20, max: 65_535, about: 'of a packet at the crossing' }),
    steps: param.integer({ default: 400, min: 1, max: 1e6, about: 'updates of the temporal coder, twice' }),
  },
  presets: {
    quick: { cost: '2 minutes on two cores', loss: [0, 0.2, 0.4], frames: 7, crossingFrames: 12 },
    paper: { cost: '8 minutes on two cores' },
  },

  points({ loss, strategy, medium }) {
    return [
      ...loss.flatMap((share) => orders.map((order) => ({ loss: share, order }))),
      ...strategy.flatMap((name) => loss.map((share) => ({ loss: share, strategy: name }))),
      ...strategy.flatMap((name) => medium.map((way) => ({ medium: way, strategy: name }))),
    ];
  },

  async *measure(point, { config, seed, rng }): AsyncGenerator<NewRow> {
    if ('order' in point) yield droppedFeatures({ ...config, ...point, seed });
    else if ('medium' in point) yield onAir({ ...config, ...point, seed, rng });
    else yield lostMessages({ ...config, ...point, seed, rng });
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

interface SharedSetting {
  readonly strategy: string;
  readonly scenes: number;
  readonly crossingFrames: number;
  readonly seed: number;
  readonly rng: Rng;
}

/** Vehicles at the crossing that share over links of one kind. */
function shared(
  { strategy, scenes, crossingFrames, seed, rng }: SharedSetting,
  link: (scene: Scene, stream: Rng) => V2xLink,
): { result: SharingResult; row: NewRow } {
  const all = scenesOf({ scenes, frames: crossingFrames }, seed);
  const result = share(all, strategies[strategy]!, (scene, index) =>
    link(scene, sceneRng(seed, index).fork('link')),
  );
  return { result, row: sharingRow(strategy, result, { minIou: 0.5, rng }) };
}

/** A pipe that loses packets of a message at random; what comes after the first gap is lost too. */
function lostMessages({
  loss,
  packetBytes,
  ...setting
}: SharedSetting & { loss: number; packetBytes: number }) {
  const losses = dropping({ lossProbability: loss, order: 'random' });
  return shared(setting, (_, rng) => pipe({ packetBytes, losses, rng })).row;
}

/** Everybody on one radio channel, behind the buildings of the crossing. */
function onAir({ medium, ...setting }: SharedSetting & { medium: string }): NewRow {
  const { result, row } = shared(setting, ({ scene }, rng) =>
    radioLink({ rng, medium: mediums[medium]!(), buildings: scene.fixtures }),
  );
  const { frames, arrivals, wireBytes } = result;
  return {
    ...row,
    params: { arrivedPerFrame: arrivals / frames.length, wireKb: wireBytes / 1000 / frames.length },
  };
}
