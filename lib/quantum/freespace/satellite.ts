import { z } from 'zod';
import { requireRange, requireSchema } from '../../base/index.js';
import { type Bb84, expectedCounts, type FiniteKey, finiteDecoyKey, type KeySecurity } from '../qkd/index.js';
import { binaryEntropy } from '../qkd/optimum.js';
import { transmissivity } from '../units.js';
import { type FreeSpace, meanLoss } from './link.js';

const EARTH_RADIUS_METERS = 6.371e6;
/** Gravitational parameter of the Earth, m^3/s^2. */
const EARTH_MU = 3.986004418e14;

/** A pass of a satellite on a circular orbit over a station; the Earth's own turning is left out. */
export const passSchema = z
  .strictObject({
    altitudeMeters: z.number().min(1e5).max(4e7).default(5e5),
    /** Elevation at the highest point. */
    maxElevationDeg: z.number().min(1).max(90).default(90),
    /** The link is used above this elevation. */
    minElevationDeg: z.number().min(1).max(90).default(10),
    /** Loss of the air towards the zenith; towards an elevation e it is 1 / sin e times as much. */
    zenithExtinctionDb: z.number().min(0).max(100).default(0.5),
  })
  .readonly();

/** See `passSchema`. Frozen. */
export type Pass = z.output<typeof passSchema>;
export type PassInput = z.input<typeof passSchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const satellitePass = (input: PassInput = {}): Pass =>
  requireSchema('satellite pass', passSchema, input);

/** Where the satellite stands at a moment, seen from the station. */
export interface PassPoint {
  /** Seconds from the highest point. */
  timeSec: number;
  elevationDeg: number;
  slantRangeMeters: number;
  lossDb: number;
}

/** Angle at the Earth's centre between station and satellite, at which it stands at an elevation. */
function centralAngle(altitudeMeters: number, elevationDeg: number): number {
  const elevation = (elevationDeg * Math.PI) / 180;
  const ratio = EARTH_RADIUS_METERS / (EARTH_RADIUS_METERS + altitudeMeters);
  return Math.acos(ratio * Math.cos(elevation)) - elevation;
}

/** Distance to a satellite at an elevation. @throws InputError when an argument is out of range. */
export function slantRangeMeters(altitudeMeters: number, elevationDeg: number): number {
  requireRange('altitudeMeters', altitudeMeters, 1e5, 4e7, 'm');
  requireRange('elevationDeg', elevationDeg, 0, 90, 'degrees');
  const sine = EARTH_RADIUS_METERS * Math.sin((elevationDeg * Math.PI) / 180);
  const height = EARTH_RADIUS_METERS + altitudeMeters;
  return Math.sqrt(sine * sine + height ** 2 - EARTH_RADIUS_METERS ** 2) - sine;
}

/**
 * The pass in equal steps of time, from rising above the least elevation to setting below it.
 * @throws InputError for a step outside 0.01 to 600 s.
 */
export function passPoints(pass: Pass, link: FreeSpace, stepSec = 1): PassPoint[] {
  requireRange('stepSec', stepSec, 0.01, 600, 's');
  const height = EARTH_RADIUS_METERS + pass.altitudeMeters;
  const turnRate = Math.sqrt(EARTH_MU / height ** 3);
  const least = centralAngle(pass.altitudeMeters, pass.maxElevationDeg);
  const limit = centralAngle(pass.altitudeMeters, pass.minElevationDeg);
  if (limit <= least) return [];
  const halfSec = Math.acos(Math.cos(limit) / Math.cos(least)) / turnRate;
  const steps = Math.floor(halfSec / stepSec);
  return Array.from({ length: 2 * steps + 1 }, (_, k) => {
    const timeSec = (k - steps) * stepSec;
    const angle = Math.acos(Math.cos(least) * Math.cos(turnRate * timeSec));
    return pointAt(pass, link, timeSec, angle);
  });
}

function pointAt(pass: Pass, link: FreeSpace, timeSec: number, angle: number): PassPoint {
  const height = EARTH_RADIUS_METERS + pass.altitudeMeters;
  const slant = Math.sqrt(
    EARTH_RADIUS_METERS ** 2 + height ** 2 - 2 * EARTH_RADIUS_METERS * height * Math.cos(angle),
  );
  const sine = (height * Math.cos(angle) - EARTH_RADIUS_METERS) / slant;
  const budget = meanLoss(link, { distanceMeters: slant, airKm: 0 });
  return {
    timeSec,
    elevationDeg: (Math.asin(Math.min(1, sine)) * 180) / Math.PI,
    slantRangeMeters: slant,
    lossDb: budget.totalDb + pass.zenithExtinctionDb / sine,
  };
}

/** What a pass leaves. */
export interface PassKey extends FiniteKey {
  /** Detected pulses of equal bases, key and check bits. */
  siftedBits: number;
  /** Share of the key bits that differ. */
  errorRate: number;
}

/**
 * Secret bits of a pass as one block, its counts summed over the changing loss, on average.
 * @param options.config the transmitter and receiver; its own transmissivity multiplies that of the pass
 * @param options.inefficiency of error correction, 1 to 2
 * @throws InputError unless the configuration has two decoys.
 */
export function passKey(
  points: readonly PassPoint[],
  options: { config: Bb84; stepSec: number; inefficiency?: number; security?: KeySecurity },
): PassKey {
  const { config, stepSec, security = { secrecy: 1e-9, correctness: 1e-15 } } = options;
  const inefficiency = requireRange('inefficiency', options.inefficiency ?? 1.16, 1, 2);
  const pulses = config.source.pulseRateHz * stepSec;
  const counts = expectedCounts(config, 0);
  for (const { lossDb } of points) {
    const seen = { ...config, transmissivity: config.transmissivity * transmissivity(lossDb) };
    for (const [k, more] of expectedCounts(seen, pulses).entries()) {
      const one = counts[k]!;
      one.keyBits += more.keyBits;
      one.keyErrors += more.keyErrors;
      one.checkBits += more.checkBits;
      one.checkErrors += more.checkErrors;
    }
  }
  const total = (of: (one: (typeof counts)[number]) => number) =>
    counts.reduce((sum, one) => sum + of(one), 0);
  const keyBits = total((one) => one.keyBits);
  const errorRate = keyBits > 0 ? total((one) => one.keyErrors) / keyBits : 0;
  const key = finiteDecoyKey(counts, inefficiency * keyBits * binaryEntropy(errorRate), security);
  return { ...key, siftedBits: keyBits + total((one) => one.checkBits), errorRate };
}
