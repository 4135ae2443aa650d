import { KEY_BITS, keyTimetable, permutationBits } from 'semwave/link';
import type { Rng } from 'semwave/math';
import type { NewRow } from 'semwave/pipeline';
import {
  type Bb84,
  bb84,
  bb84Link,
  expectedCounts,
  expectedSecretBits,
  FIBRE_SPEED_KM_PER_SEC,
  plobBits,
  steadyKeySource,
  transmissivity,
} from 'semwave/quantum';
import { names } from './keyed-codec-figures.js';

/** BB84 with two decoys over a fibre of this length. */
export function linkConfig(
  lengthKm: number,
  options: { pulseRateHz: number; attenuationDbPerKm: number },
): Bb84 {
  return bb84({
    source: { pulseRateHz: options.pulseRateHz, meanPhotonNumber: 0.4, polarizationFidelity: 0.97 },
    detector: { efficiency: 0.2, darkCountRateHz: 100, jitterSec: 5e-11 },
    transmissivity: transmissivity(options.attenuationDbPerKm * lengthKm),
    delaySec: lengthKm / FIBRE_SPEED_KM_PER_SEC,
    decoys: [
      { meanPhotonNumber: 0.15, probability: 0.3 },
      { meanPhotonNumber: 0.001, probability: 0.2 },
    ],
    keyBasisProbability: 0.7,
  });
}

/** Pulses after which so many have been detected, on average. */
export function blockPulsesOf(config: Bb84, detections: number): number {
  const [pulses, p] = [1e9, config.keyBasisProbability];
  const sifted = expectedCounts(config, pulses).reduce((sum, one) => sum + one.keyBits + one.checkBits, 0);
  return Math.round((detections * pulses * (p ** 2 + (1 - p) ** 2)) / sifted);
}

/** What a fibre of this length gives pictures that follow one another. */
export interface KeyOptions {
  pulseRateHz: number;
  attenuationDbPerKm: number;
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
  const { pulseRateHz, uses, timetable, rng } = options;
  const config = linkConfig(lengthKm, options);
  const blockPulses = blockPulsesOf(config, options.blockDetections);
  const intervalSec = uses / options.symbolRate;
  const needed = KEY_BITS / intervalSec;

  const ofRate = (system: string, bitsPerSec: number): NewRow => ({
    system,
    rate: { value: bitsPerSec, unit: 'bit/s', metric: 'secret bits' },
    accuracy: freshShare(Math.min(1, bitsPerSec / needed)),
    latency: { value: intervalSec, unit: 's', metric: 'one picture on air' },
  });
  yield ofRate(names.expected, expectedSecretBits({ config, blockPulses }) / (blockPulses / pulseRateHz));
  // Without loss there is no bound.
  if (config.transmissivity < 1) yield ofRate(names.plob, pulseRateHz * plobBits(config.transmissivity));
  yield ofRate(names.needed, needed);
  yield ofRate(names.neededOneTime, (permutationBits(2 * uses) + 2 * uses) / intervalSec);

  const link = bb84Link({ config, blockPulses });
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
    rate: { value: bits, unit: 'bit/picture', metric: 'bits over a classical or quantum link' },
  });
  yield perPicture(names.control, keys.controlBitsUntil(intervalSec));
  yield perPicture(names.secret, Math.min(KEY_BITS, keys.secretBitsPerSec * intervalSec));
  yield perPicture(names.file, options.fileBits);
}

const freshShare = (value: number) => ({ value, unit: 'ratio', metric: 'pictures under a key of their own' });
