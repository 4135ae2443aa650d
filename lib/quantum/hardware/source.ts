import { z } from 'zod';
import { requireSchema } from '../../base/index.js';

const pulseRateHz = z.number().min(1e-3).max(1e11);
const pulseWidthSec = z.number().min(0).max(1).default(0);

/** A laser that sends weak pulses: each has a Poisson number of photons, all in the pulse's polarization. */
export const pulsedSourceSchema = z
  .strictObject({
    /** Pulses a second. */
    pulseRateHz: pulseRateHz.default(8e7),
    /** Mean number of photons in a pulse. */
    meanPhotonNumber: z.number().min(0).max(100).default(0.1),
    /** 1 - (probability that a photon leaves fully depolarized): the QBER is (1 - fidelity)/2. */
    polarizationFidelity: z.number().min(0).max(1).default(0.98),
    /** Standard deviation of a photon's time within its pulse. */
    pulseWidthSec,
  })
  .readonly();

/** A pulsed down-conversion source of entangled pairs; the number of pairs in a pulse is thermal. */
export const pairSourceSchema = z
  .strictObject({
    /** Pulses a second. */
    pulseRateHz: pulseRateHz.default(8e7),
    /** Mean number of pairs in a pulse. */
    meanPairNumber: z.number().min(0).max(10).default(0.01),
    /** Fidelity of one pair with the Bell state it should be in; the pair is a Werner state. */
    fidelity: z.number().min(0.25).max(1).default(0.98),
  })
  .readonly();

/** See `pulsedSourceSchema`. Frozen. */
export type PulsedSource = z.output<typeof pulsedSourceSchema>;
export type PulsedSourceInput = z.input<typeof pulsedSourceSchema>;
/** See `pairSourceSchema`. Frozen. */
export type PairSource = z.output<typeof pairSourceSchema>;
export type PairSourceInput = z.input<typeof pairSourceSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const pulsedSource = (input: PulsedSourceInput = {}): PulsedSource =>
  requireSchema('pulsed source', pulsedSourceSchema, input);

/** @throws InputError for an unknown field, or one out of its range. */
export const pairSource = (input: PairSourceInput = {}): PairSource =>
  requireSchema('pair source', pairSourceSchema, input);
