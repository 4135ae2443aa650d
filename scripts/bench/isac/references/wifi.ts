/** Wi-Fi sensing: recorded motion across chips (where the data lie beside the checkout), simulated gestures across people. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  crossDeviceMotion,
  type MotionFeature,
  motionFeatures,
  readCsiNpz,
} from '../../../../lib/isac/index.js';
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

/** Entries that need recordings are there only where these lie beside the checkout. */
export const references: Reference[] = existsSync(folder) ? motion : [];
