import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { FIBRE_SPEED_KM_PER_SEC, picoseconds, transmissivity } from '../units.js';

const speedKmPerSec = z.number().min(1).max(299_792.458).default(FIBRE_SPEED_KM_PER_SEC);
const lengthKm = z.number().min(0).max(1e5);

/** An optical fibre that carries single photons. */
export const fibreSchema = z
  .strictObject({
    lengthKm,
    /** Loss; standard fibre at 1,550 nm has 0.2. */
    attenuationDbPerKm: z.number().min(0).max(1000).default(0.2),
    /** Group velocity. */
    speedKmPerSec,
  })
  .readonly();

/** A channel for classical messages: each arrives, after the same delay. */
export const classicalChannelSchema = z
  .strictObject({
    lengthKm,
    speedKmPerSec,
    /** Time in the equipment on the way, beside that of the light. */
    overheadSec: z.number().min(0).max(1000).default(0),
  })
  .readonly();

/** See `fibreSchema`. Frozen. */
export type Fibre = z.output<typeof fibreSchema>;
export type FibreInput = z.input<typeof fibreSchema>;
/** See `classicalChannelSchema`. Frozen. */
export type ClassicalChannel = z.output<typeof classicalChannelSchema>;
export type ClassicalChannelInput = z.input<typeof classicalChannelSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const fibre = (input: FibreInput): Fibre => requireSchema('fibre', fibreSchema, input);

/** @throws InputError for an unknown field, or one out of its range. */
export const classicalChannel = (input: ClassicalChannelInput): ClassicalChannel =>
  requireSchema('classical channel', classicalChannelSchema, input);

/** Probability that a photon reaches the far end: 10^(-loss/10). */
export const fibreTransmissivity = (one: Fibre): number =>
  transmissivity(one.attenuationDbPerKm * one.lengthKm);

/** How long a photon is on its way. */
export const fibreDelayPs = (one: Fibre): number =>
  picoseconds('delay of the fibre', one.lengthKm / one.speedKmPerSec);

/** How long a message is on its way. */
export const classicalDelayPs = (one: ClassicalChannel): number =>
  picoseconds('delay of the classical channel', one.lengthKm / one.speedKmPerSec + one.overheadSec);
