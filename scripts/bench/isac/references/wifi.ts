/** Wi-Fi sensing: recorded motion across chips (where the data lie beside the checkout), simulated gestures across people. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  classicCrossPerson,
  classicInDomain,
  crossDeviceMotion,
  dopplerProfile,
  type MotionFeature,
  motionFeatures,
  type ProtocolScore,
  readCsiNpz,
  simulateGestures,
} from '../../../../lib/isac/index.js';
import { mean, meanInterval, type Rng } from '../../../../lib/math/index.js';
import { type Reference, within } from '../../reference.js';

const folder = fileURLToPath(new URL('../../../../../shared/data/csi/espectre_npz', import.meta.url));

const measured: Record<MotionFeature, Record<string, number>> = {
  raw: { c3: 0.98, c5: 0.89, c6: 0.76, esp32: 0.51, s3: 0.94 },
  'gain-normalised': { c3: 0.9, c5: 0.91, c6: 0.62, esp32: 0.95, s3: 0.7 },
};

function accuracyOn(chip: string, feature: MotionFeature): number {
  const names = readdirSync(folder).filter((name) => /^(baseline|movement)_.*npz$/.test(name));
  const windows = names.flatMap((name) =>
    motionFeatures(readCsiNpz(join(folder, name)), feature).map((value) => ({
      device: name.split('_')[1]!,
      moving: name.startsWith('movement'),
      feature: value,
    })),
  );
  const { correct, windows: count } = crossDeviceMotion(windows).find(({ device }) => device === chip)!;
  return correct / count;
}

const motion = (Object.keys(measured) as MotionFeature[]).flatMap((feature) =>
  Object.entries(measured[feature]).map(
    ([chip, value]): Reference => ({
      id: `wifi/motion/${feature}/${chip}`,
      what: `share of windows of 100 packets judged right on ${chip} by a threshold fitted on four other chips`,
      source: 'numpy 2.4.6 on the same recordings (espectre, GPL-3.0), rounded to two digits',
      value,
      allowed: within(value, 0.006),
      measure: () => ({ value: accuracyOn(chip, feature) }),
    }),
  ),
);

const people = 8;
const groups = 8;

/** In-domain less zero-shot accuracy of ridge regression on a group of people, of whom each in turn is the unknown one. */
function lossOf(rng: Rng): number {
  const setup = { people, repetitions: 10, links: 3, snrDb: 30 };
  const samples = simulateGestures(setup, rng.fork('data')).map(({ person, gesture, csi }) => ({
    person,
    label: gesture,
    profile: dopplerProfile(csi),
  }));
  const unknown = Array.from({ length: people }, (_, person) =>
    classicCrossPerson(samples, person, { shotDraws: 1 }, rng.fork(person)),
  ).flat();
  return byRidge(classicInDomain(samples, rng), 'in-domain') - byRidge(unknown, 'zero-shot');
}

function byRidge(scores: readonly ProtocolScore[], wanted: ProtocolScore['protocol']): number {
  const own = scores.filter(({ protocol, method }) => protocol === wanted && method === 'ridge');
  return mean(own.map(({ correct, trials }) => correct / trials));
}

const unknownPerson: Reference = {
  id: 'wifi/loss-to-unknown-person',
  what: 'in-domain less zero-shot accuracy of ridge regression on six directions of strokes seen by 3 antennas',
  source:
    'a numpy image-method room with another moving hand: 0.69 less 0.47 over 5 seeds; the tolerance covers the spread of people',
  value: 0.22,
  allowed: [0.1, 0.34],
  measure(rng) {
    const losses = Array.from({ length: groups }, (_, group) => lossOf(rng.fork(group)));
    return { value: mean(losses), ci95: meanInterval(losses) };
  },
};

/** Entries that need recordings are there only where these lie beside the checkout. */
export const references: Reference[] = [unknownPerson, ...(existsSync(folder) ? motion : [])];
