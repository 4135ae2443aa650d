import { z } from 'zod';
import { requireSchema } from '../../base/index.js';

/** A single-photon detector that tells a click from none, and does not count photons. */
export const detectorSchema = z
  .strictObject({
    /** Probability that a photon which arrives makes a click. */
    efficiency: z.number().min(0).max(1).default(0.8),
    /** Clicks a second without light. */
    darkCountRateHz: z.number().min(0).max(1e9).default(0),
    /** After a click the detector is blind so long; its reciprocal is the largest count rate. */
    deadTimeSec: z.number().min(0).max(1).default(2e-8),
    /** Clicks are stamped in multiples of this. */
    timeResolutionSec: z.number().min(1e-12).max(1).default(1e-10),
    /** Standard deviation of a click's Gaussian delay. */
    jitterSec: z.number().min(0).max(1).default(0),
  })
  .readonly();

/** See `detectorSchema`. Frozen. */
export type Detector = z.output<typeof detectorSchema>;

/** What a user gives: any of the fields, the rest by default. */
export type DetectorInput = z.input<typeof detectorSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const detector = (input: DetectorInput = {}): Detector =>
  requireSchema('detector', detectorSchema, input);
