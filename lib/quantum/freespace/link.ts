import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import {
  gammaGammaShapes,
  gammaGammaTurbulence,
  logNormalTurbulence,
  type Turbulence,
} from '../../channel/index.js';
import type { Rng } from '../../math/index.js';
import { transmissivity } from '../units.js';
import { beamRadius, captureAtOffset, meanCapture } from './beam.js';

const turbulenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Weak: standard deviation of the log-amplitude. */
  z.strictObject({ kind: z.literal('log-normal'), logAmplitudeStd: z.number().min(0).max(1) }),
  /** Weak to strong, by the Rytov variance. */
  z.strictObject({ kind: z.literal('gamma-gamma'), rytovVariance: z.number().min(1e-3).max(100) }),
]);

/** A telescope-to-telescope link through air and vacuum. */
export const freeSpaceSchema = z
  .strictObject({
    wavelengthMeters: z.number().min(1e-7).max(1e-4).default(8.1e-7),
    /** 1/e^2 intensity radius of the collimated beam at the transmitter. */
    waistMeters: z.number().min(1e-4).max(100).default(0.05),
    /** Diameter of the receiver's aperture. */
    apertureMeters: z.number().min(1e-3).max(100).default(1),
    /** Standard deviation of the pointing error per axis. */
    pointingJitterRad: z.number().min(0).max(0.1).default(0),
    /** 1/e^2 half angle that turbulence adds to the divergence, in squares. */
    turbulentSpreadRad: z.number().min(0).max(0.1).default(0),
    /** Loss of mirrors, filters and coupling. */
    opticsLossDb: z.number().min(0).max(200).default(0),
    /** Extinction per km of air at the ground. */
    extinctionDbPerKm: z.number().min(0).max(100).default(0),
    /** Fluctuation of the intensity about its mean. */
    turbulence: turbulenceSchema.default({ kind: 'none' }),
  })
  .readonly();

/** See `freeSpaceSchema`. Frozen. */
export type FreeSpace = z.output<typeof freeSpaceSchema>;
export type FreeSpaceInput = z.input<typeof freeSpaceSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const freeSpace = (input: FreeSpaceInput = {}): FreeSpace =>
  requireSchema('free space', freeSpaceSchema, input);

/** A way of light. */
export interface AirPath {
  distanceMeters: number;
  /** Kilometres of ground-level air that it crosses; the whole distance when left out. */
  airKm?: number;
}

/** Mean losses of a path in dB, part by part. */
export interface LossBudget {
  /** Diffraction, turbulent spread and pointing. */
  geometricDb: number;
  extinctionDb: number;
  opticsDb: number;
  totalDb: number;
}

/** Mean loss of a link, turbulence averaged over. @throws InputError for a distance outside 0 to 1e9 m. */
export function meanLoss(link: FreeSpace, path: AirPath): LossBudget {
  const { distanceMeters } = path;
  const captured = meanCapture(
    spotRadius(link, distanceMeters),
    link.apertureMeters / 2,
    link.pointingJitterRad * distanceMeters,
  );
  const geometricDb = -10 * Math.log10(captured);
  const extinctionDb = link.extinctionDbPerKm * airOf(path);
  const opticsDb = link.opticsLossDb;
  return { geometricDb, extinctionDb, opticsDb, totalDb: geometricDb + extinctionDb + opticsDb };
}

const airOf = ({ distanceMeters, airKm = distanceMeters / 1000 }: AirPath): number => airKm;

/** 1/e^2 radius of the long-term beam about its centre. */
const spotRadius = (link: FreeSpace, distanceMeters: number): number =>
  Math.hypot(beamRadius(link, distanceMeters), link.turbulentSpreadRad * distanceMeters);

/**
 * Draws momentary transmissivities of a link: pointing by the Gaussian beam at its offset, and turbulence by its intensity.
 * The mean is that of `meanLoss`, but for the few draws in which a bright speckle is cut at 1.
 */
export function fadingTransmissivity(link: FreeSpace, path: AirPath): (rng: Rng) => number {
  const { distanceMeters } = path;
  const radius = spotRadius(link, distanceMeters);
  const wander = link.pointingJitterRad * distanceMeters;
  const still = transmissivity(link.extinctionDbPerKm * airOf(path) + link.opticsLossDb);
  const turbulence = turbulenceOf(link);
  return (rng) => {
    const captured = captureAtOffset(radius, link.apertureMeters / 2, rng.rayleigh(wander));
    return Math.min(1, still * captured * (turbulence?.draw(rng) ?? 1));
  };
}

function turbulenceOf({ turbulence }: FreeSpace): Turbulence | undefined {
  if (turbulence.kind === 'none') return undefined;
  return turbulence.kind === 'log-normal'
    ? logNormalTurbulence(turbulence)
    : gammaGammaTurbulence(gammaGammaShapes(turbulence.rytovVariance));
}
