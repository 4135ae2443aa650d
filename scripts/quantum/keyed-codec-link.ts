import { KEY_BITS, keyTimetable, permutationBits } from 'semwave/link';
import type { Rng } from 'semwave/math';
import type { NewRow } from 'semwave/pipeline';
import { bb84Link, expectedSecretBits, plobBits, steadyKeySource } from 'semwave/quantum';
import { names } from './keyed-codec-figures.js';
import { inefficiency, overFibre, pulsesFor } from './qkd-setup.js';

const security = { secrecy: 1e-9, correctness: 1e-15 };

/** The link whose keys scramble the pictures: that of `quantum/qkd`, with blocks of so many detected pulses. */
export function linkOver(lengthKm: number, detections: number) {
  const config = overFibre(lengthKm);
  return bb84Link({ config, blockPulses: pulsesFor(config, detections), security });
}

/** What a fibre gives pictures that follow one another. */
export interface KeyOptions {
  blockDetections: number;
  symbolRate: number;
  /** Pictures of a timetable. */
  timetable: number;
  /** Channel uses of a picture, and the bits of its file without compression. */
  uses: number;
  fileBits: number;
  rng: Rng;
}

/** Key rates of a fibre beside their bound and what pictures need, how fresh keys are, delays, classical traffic. */
export function* keyRows(lengthKm: number, options: KeyOptions): Generator<NewRow> {
  const { uses, timetable, blockDetections, rng } = options;
  const intervalSec = uses / options.symbolRate;
  const needed = KEY_BITS / intervalSec;
  const ofRate = (system: string, bitsPerSec: number): NewRow => ({
    system,
    rate: { value: bitsPerSec, unit: 'bit/s', metric: 'secret bits' },
    accuracy: freshShare(Math.min(1, bitsPerSec / needed)),
    latency: { value: intervalSec, unit: 's', metric: 'one picture on air' },
  });
  yield ofRate(names.expected, expectedRate(lengthKm, blockDetections));
  const { source, transmissivity } = overFibre(lengthKm);
  // Without loss there is no bound.
  if (transmissivity < 1) yield ofRate(names.plob, source.pulseRateHz * plobBits(transmissivity));
  yield ofRate(names.needed, needed);
  yield ofRate(names.neededOneTime, (permutationBits(2 * uses) + 2 * uses) / intervalSec);

  const link = linkOver(lengthKm, blockDetections);
  // Every block like the one simulated: a timetable is long.
  const keys = steadyKeySource(link, link.block(rng.fork('block')), rng.fork('bits'));
  if (keys.secretBitsPerSec === 0) return;
  const times = keyTimetable(keys, { intervalSec, startSec: keys.latencySec });
  const keyUses = Array.from({ length: timetable }, () => times.next().value.uses);
  const delivered: NewRow = {
    ...ofRate(names.measured, keys.secretBitsPerSec),
    accuracy: freshShare(keyUses.filter((count) => count === 1).length / timetable),
  };
  yield delivered;
  const after = (system: string, value: number): NewRow => ({
    ...delivered,
    system,
    latency: { value, unit: 's', metric: system },
  });
  yield after(names.firstKey, keys.latencySec);
  yield after(names.refresh, Math.max(intervalSec, KEY_BITS / keys.secretBitsPerSec));
  yield after(names.longest, intervalSec * keyUses.reduce((most, count) => Math.max(most, count), 0));
  yield after(names.onePicture, intervalSec);

  const perPicture = (system: string, bits: number): NewRow => ({
    ...delivered,
    system,
    rate: { value: bits, unit: 'bit/picture', metric: 'bits while a picture is on air' },
  });
  yield perPicture(names.control, keys.controlBitsUntil(intervalSec));
  yield perPicture(names.secret, Math.min(KEY_BITS, keys.secretBitsPerSec * intervalSec));
  yield perPicture(names.file, options.fileBits);
}

const freshShare = (value: number) => ({ value, unit: 'ratio', metric: 'pictures under a key of their own' });

/** Secret bits per second of blocks whose counts are those to be expected. */
function expectedRate(lengthKm: number, detections: number): number {
  const config = overFibre(lengthKm);
  const blockPulses = pulsesFor(config, detections);
  const secretBits = expectedSecretBits({ config, blockPulses, security, inefficiency });
  return (secretBits * config.source.pulseRateHz) / blockPulses;
}
