import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import type { ComplexMatrix, Rng } from '../../math/index.js';
import { addPhasor, fillClarke, requireDoppler, turnOf } from '../clarke.js';
import { type AntennaRoots, correlateAntennas, correlationRoots } from '../correlation.js';
import { type ImpulseModel, type ImpulseShape, requireRequest } from '../impulse.js';
import { type TdlName, tdlProfiles } from './profiles.js';

/** Where the line of sight's Doppler shift stands, as a share of the largest (TR 38.901, 7.7.2). */
const LINE_OF_SIGHT_DOPPLER = 0.7;

/** Of a tapped delay line. */
export interface TdlOptions {
  profile: TdlName;
  /** RMS delay spread that TDL-A to TDL-E are scaled to, 0 to 1e-3; the others have their own. */
  delaySpreadSec?: number;
  /** The largest Doppler shift (`maxDopplerHz`), 0 to 1e9; 0, the default, stands still. */
  dopplerHz?: number;
  /** Antennas, 1 to 64; 1 when left out. */
  receive?: number;
  transmit?: number;
  /** Correlation of each tap's scattered part over the antennas; none when left out. */
  receiveCorrelation?: ComplexMatrix;
  transmitCorrelation?: ComplexMatrix;
}

/** The taps of a profile: powers as ratios that sum to 1, the line of sight's included. */
export interface TdlTaps {
  delaysSec: Float64Array;
  /** Mean power of the scattered part of each tap. */
  powers: Float64Array;
  /** Power of the line of sight, which belongs to the first tap; 0 where there is none. */
  lineOfSight: number;
}

/**
 * The taps of a profile.
 * @param delaySpreadSec of TDL-A to TDL-E, 0 to 1e-3; not to be given for the others
 * @throws InputError when the profile is unknown, or the delay spread is missing, out of range or not allowed.
 */
export function tdlTaps(profile: TdlName, delaySpreadSec?: number): TdlTaps {
  requireChoice('profile', profile, Object.keys(tdlProfiles) as TdlName[]);
  const table = tdlProfiles[profile];
  const scaled = table.delayUnit === 'delay spread';
  if (!scaled && delaySpreadSec !== undefined) {
    throw new InputError(
      `delaySpreadSec of ${profile} is ${delaySpreadSec}; allowed: none, its delays are fixed`,
    );
  }
  const unit = scaled ? requireRange('delaySpreadSec', delaySpreadSec ?? Number.NaN, 0, 1e-3, 's') : 1e-9;
  const powers = Float64Array.from(table.powersDb, (value) => 10 ** (value / 10));
  const direct = table.lineOfSightDb === undefined ? 0 : 10 ** (table.lineOfSightDb / 10);
  const total = powers.reduce((sum, power) => sum + power, direct);
  return {
    delaysSec: Float64Array.from(table.delays, (delay) => delay * unit),
    powers: powers.map((power) => power / total),
    lineOfSight: direct / total,
  };
}

/**
 * Tapped delay line of TR 38.901, 7.7.2, or TS 38.101-4, Annex B.2.1, of unit mean power: each tap is Clarke's
 * process (its spectrum that of Jakes), independent of the others; where there is a line of sight, the first tap
 * has it besides, at 0.7 of the largest Doppler shift and with a random phase that all antennas share.
 * @throws InputError when an option is out of range.
 */
export function tdl(options: TdlOptions): ImpulseModel {
  const { profile, receive = 1, transmit = 1, dopplerHz = 0 } = options;
  const taps = tdlTaps(profile, options.delaySpreadSec);
  requireDoppler(dopplerHz);
  requireInteger('receive', receive, 1, 64);
  requireInteger('transmit', transmit, 1, 64);
  const roots = correlationRoots({ ...options, receive, transmit });
  const paths = taps.powers.length;
  return {
    name: profile.toLowerCase(),
    receive,
    transmit,
    draw(rng, request) {
      requireRequest(request, paths * receive * transmit);
      const shape = { links: request.links, receive, transmit, paths, times: request.times };
      const gains = drawTaps(rng, shape, taps, dopplerHz * request.periodSec, roots);
      return { shape, gains, delaysSec: repeat(taps.delaysSec, request.links) };
    },
  };
}

function drawTaps(
  rng: Rng,
  shape: ImpulseShape,
  taps: TdlTaps,
  cyclesPerStep: number,
  roots: AntennaRoots,
): Float32Array {
  const { links, receive, transmit, paths, times } = shape;
  const rows = links * receive * transmit;
  const out = new Float32Array(2 * rows * paths * times);
  for (let row = 0; row < rows * paths; row++) {
    fillClarke(rng, { out, start: row * times, count: times }, cyclesPerStep, taps.powers[row % paths]!);
  }
  correlateAntennas(out, { receive, transmit, inner: paths * times }, roots);
  if (taps.lineOfSight === 0) return out;
  const amplitude = Math.sqrt(taps.lineOfSight);
  const turn = turnOf(2 * Math.PI * LINE_OF_SIGHT_DOPPLER * cyclesPerStep);
  for (let link = 0; link < links; link++) {
    const phase = rng.uniform(0, 2 * Math.PI);
    for (let pair = 0; pair < receive * transmit; pair++) {
      const start = (link * receive * transmit + pair) * paths * times;
      const row = { out, start, count: times };
      addPhasor(row, amplitude * Math.cos(phase), amplitude * Math.sin(phase), turn);
    }
  }
  return out;
}

function repeat(values: Float64Array, times: number): Float64Array {
  const out = new Float64Array(values.length * times);
  for (let at = 0; at < out.length; at += values.length) out.set(values, at);
  return out;
}
