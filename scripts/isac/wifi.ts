import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from 'semwave/base';
import {
  crossDeviceMotion,
  crossPeople,
  dopplerProfile,
  gestureNames,
  inDomain,
  type MotionFeature,
  motionFeatures,
  newClass,
  type PersonFeatures,
  type ProtocolScore,
  readCsiNpz,
  sensingFeatures,
  similarities,
  simulateGestures,
} from 'semwave/isac';
import { type Rng, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { wifiFigures } from './wifi-figures.js';

const packets = 40;
const subcarriers = 13;
const windowSec = 1;
/** Draws of the labelled samples of one-shot. */
const shotDraws = 5;
/** Packets of a window of the recorded data, which came at about 100 a second. */
const motionWindow = 100;
const features: readonly MotionFeature[] = ['raw', 'gain-normalised'];
/** Groups below this number were looked at while the set-up was chosen; those from it on are held out from tuning. */
const heldOut = 101;

export default defineExperiment({
  id: 'isac/wifi',
  title: 'Wi-Fi sensing across people, classes and devices',
  paper: 'CrossFi (Wi-Fi sensing across domains by a siamese network)',
  purpose: 'what a gesture classifier keeps for a person, a gesture or a chip that it was not trained on',
  params: {
    links: param.grid([3], { about: 'receive antennas, each at another side of the room (1 to 3)' }),
    groups: param.integer({ default: 10, min: 1, max: 1000, about: 'groups of other people, other weights' }),
    firstGroup: param.integer({ default: heldOut, min: 1, max: 1e6, about: 'number of the first group' }),
    people: param.integer({ default: 8, min: 3, max: 100, about: 'of a group, who perform the gestures' }),
    leftOut: param.integer({ default: 4, min: 1, max: 100, about: 'people who are in turn the unknown one' }),
    repetitions: param.integer({ default: 20, min: 20, max: 1000, about: 'of each gesture by each person' }),
    snrDb: param.number({ default: 30, min: -20, max: 100, unit: 'dB', about: 'of each subcarrier' }),
    steps: param.integer({ default: 300, min: 1, max: 1e6, about: 'updates of the similarity network' }),
    similarity: param.choice(similarities, {
      default: 'cosine',
      about: 'how samples are compared; chosen on validation people',
    }),
    motion: param.text({
      default: '',
      about: 'folder of recorded motion data (data set csi-motion), which adds detection across chips',
    }),
  },
  presets: {
    quick: { cost: '1 minute of one core', groups: 3, firstGroup: 1, people: 6, leftOut: 2, steps: 150 },
    paper: { cost: '7 minutes of one core' },
  },

  points({ links, groups, firstGroup, motion }) {
    const numbers = Array.from({ length: groups }, (_, index) => firstGroup + index);
    return [
      ...links.flatMap((count) => numbers.map((group) => ({ links: count, group }))),
      ...(motion ? features.map((feature) => ({ feature })) : []),
    ];
  },

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    if ('feature' in point) yield* motionRows(config.motion, point.feature);
    else yield* gestureRows(point, config, rng);
  },

  figures: (rows) => wifiFigures(rows),
});

interface Setting {
  people: number;
  leftOut: number;
  repetitions: number;
  snrDb: number;
  steps: number;
  similarity: (typeof similarities)[number];
}

async function* gestureRows(
  { links, group }: { links: number; group: number },
  { people, leftOut, repetitions, snrDb, steps, similarity }: Setting,
  rng: Rng,
): AsyncGenerator<NewRow> {
  const setup = { people, repetitions, links, snrDb, packets, subcarriers, windowSec };
  const samples: PersonFeatures[] = simulateGestures(setup, rng.fork('data')).map(
    ({ person, gesture, csi }) => ({
      person,
      label: gesture,
      features: sensingFeatures(csi),
      profile: dopplerProfile(csi),
    }),
  );
  const options = { csiNet: { steps }, similarity, shotDraws };
  const unknown = { ...options, people: Math.min(leftOut, people) };
  const scores = [
    ...(await inDomain(samples, options, rng.fork('in-domain'))),
    ...(await crossPeople(samples, unknown, rng.fork('cross-person'))),
    ...(await newClass(samples, group % gestureNames.length, options, rng.fork('new class'))),
  ];
  for (const score of scores) yield gestureRow(score, links);
}

function gestureRow({ protocol, method, correct, trials }: ProtocolScore, links: number): NewRow {
  // The draws of one-shot test the same samples again and again: its interval counts them once.
  const times = protocol === 'one-shot' ? shotDraws : 1;
  return {
    system: `${protocol}, ${method}`,
    params: { protocol, method },
    rate: {
      value: (packets * links * subcarriers * 16) / windowSec,
      unit: 'bit/s',
      metric: 'CSI in parts of 8 bits',
    },
    accuracy: {
      value: correct / trials,
      unit: 'ratio',
      metric: 'gestures recognised',
      ci95: wilsonInterval(Math.round(correct / times), Math.round(trials / times)),
    },
    latency: { value: windowSec, unit: 's', metric: 'window that is observed' },
  };
}

function* motionRows(folder: string, feature: MotionFeature): Generator<NewRow> {
  if (!existsSync(folder))
    throw new InputError(`motion is ${folder}: no such folder; allowed: that of data set csi-motion`);
  const files = readdirSync(folder)
    .filter((name) => /^(baseline|movement)_[a-z0-9]+_.*\.npz$/.test(name))
    .sort();
  const windows = files.flatMap((name) => {
    const recording = readCsiNpz(join(folder, name));
    const [label, device] = name.split('_') as [string, string];
    const moving = label === 'movement';
    return motionFeatures(recording, feature, motionWindow).map((value) => ({
      device,
      moving,
      feature: value,
    }));
  });
  for (const { device, correct, windows: count } of crossDeviceMotion(windows)) {
    yield {
      system: feature,
      params: { device },
      rate: { value: 100 * 128 * 8, unit: 'bit/s', metric: 'CSI in parts of 8 bits' },
      accuracy: {
        value: correct / count,
        unit: 'ratio',
        metric: 'windows judged right',
        ci95: wilsonInterval(correct, count),
      },
      latency: { value: motionWindow / 100, unit: 's', metric: 'window that is observed' },
    };
  }
}
