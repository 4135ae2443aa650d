import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { erfc } from '../../math/index.js';
import { PS_PER_SEC } from '../units.js';
import { detectorSchema } from './detector.js';

/**
 * A station with a 50:50 beam splitter and a detector behind each output (two such pairs for the two polarizations of
 * the two-photon scheme), which looks for clicks in a window around the moment at which two photons are due.
 */
export const stationSchema = z
  .strictObject({
    /** All detectors of the station. */
    detector: detectorSchema.prefault({}),
    /** Overlap |<a|b>|² of the two photons' wave packets, as Hong, Ou and Mandel see it. */
    overlap: z.number().min(0).max(1).default(1),
    /** Clicks within this time, centred on the moment when photons are due, count. */
    windowSec: z.number().min(1e-12).max(1).default(1.5e-10),
  })
  .readonly();

/** See `stationSchema`. Frozen. */
export type Station = z.output<typeof stationSchema>;
export type StationInput = z.input<typeof stationSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const station = (input: StationInput = {}): Station => requireSchema('station', stationSchema, input);

/** What a window of a station sees: the closed forms of its simulation. */
export interface StationWindow {
  /** A click counts when its true time is within so much of the moment when photons are due, ps, real. */
  halfPs: number;
  /** Probability that a photon makes a click that counts: the detector's efficiency and its jitter. */
  efficiency: number;
  /** Probability of a dark count in the window, each detector. */
  darkProbability: number;
}

/**
 * A click's time is stamped to the nearest multiple of the resolution, counted from the moment when photons are due, and
 * the stamp must lie in the window: true times count within (floor(window / (2 resolution)) + 1/2) resolutions.
 */
export function stationWindow({ detector, windowSec }: Station): StationWindow {
  const { efficiency, darkCountRateHz, timeResolutionSec, jitterSec } = detector;
  const resolutionPs = Math.round(timeResolutionSec * PS_PER_SEC);
  const stamps = Math.floor(Math.round(windowSec * PS_PER_SEC) / (2 * resolutionPs));
  const halfPs = (stamps + 0.5) * resolutionPs;
  const halfSec = halfPs / PS_PER_SEC;
  const inTime = jitterSec > 0 ? 1 - erfc(halfSec / (Math.SQRT2 * jitterSec)) : 1;
  return {
    halfPs,
    efficiency: efficiency * inTime,
    darkProbability: -Math.expm1(-darkCountRateHz * 2 * halfSec),
  };
}
