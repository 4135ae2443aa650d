import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { Source } from '../types.js';
import { type Axis, LIGHT_SPEED, type RadarGeometry, toMu, ways } from './axes.js';

const BOLTZMANN = 1.380649e-23;

/** What reflects. */
export interface Target {
  /** Monostatic the distance; bistatic the whole way, above 0. */
  rangeMeters: number;
  /** Bistatic only: the ways from transmitter and to receiver, which make up the range; equal when left out. */
  legsMeters?: readonly [number, number];
  /** Radar cross section, from 0. */
  rcsSquareMeters: number;
  /** Closing velocity, m/s, default 0. */
  velocity?: number;
  /** From broadside, radians, default 0. */
  angle?: number;
}

/** What sends and receives. */
export interface Radar {
  carrierHz: number;
  geometry: RadarGeometry;
  /** Power of one resource element, watts. */
  transmitWatts: number;
  /** Antenna gains, default 0 dBi. */
  transmitGainDb?: number;
  receiveGainDb?: number;
  /** `steady` (default): one gain in all snapshots; `swerling1`: a complex Gaussian one in each. */
  fluctuation?: 'steady' | 'swerling1';
}

/**
 * Received over transmitted power by the radar equation, G_t G_r lambda^2 sigma / ((4 pi)^3 R_t^2 R_r^2).
 * @throws InputError for a parameter out of range.
 */
export function radarPowerGain(radar: Radar, target: Target): number {
  const { carrierHz, transmitGainDb = 0, receiveGainDb = 0 } = radar;
  requireRange('carrierHz', carrierHz, 1e6, 1e15, 'Hz');
  requireRange('transmitGainDb', transmitGainDb, -300, 300, 'dB');
  requireRange('receiveGainDb', receiveGainDb, -300, 300, 'dB');
  requireRange('rcsSquareMeters', target.rcsSquareMeters, 0, 1e12, 'm^2');
  const [there, back] = legsOf(radar.geometry, target);
  const gains = 10 ** ((transmitGainDb + receiveGainDb) / 10);
  const wavelength = LIGHT_SPEED / carrierHz;
  return (gains * wavelength ** 2 * target.rcsSquareMeters) / ((4 * Math.PI) ** 3 * (there * back) ** 2);
}

function legsOf(geometry: RadarGeometry, { rangeMeters, legsMeters }: Target): readonly [number, number] {
  requireRange('rangeMeters', rangeMeters, 1e-3, 1e12, 'm');
  if (ways(geometry) === 2) return [rangeMeters, rangeMeters];
  const legs = legsMeters ?? ([rangeMeters / 2, rangeMeters / 2] as const);
  for (const leg of legs) requireRange('leg', leg, 1e-3, 1e12, 'm');
  if (Math.abs(legs[0] + legs[1] - rangeMeters) > 1e-6 * rangeMeters) {
    throw new InputError(`legs of ${legs.join(' and ')} m; allowed: ${rangeMeters} m together`);
  }
  return legs;
}

/**
 * Thermal noise of one complex sample, k T F B, watts.
 * @param bandwidthHz of the sample: the subcarrier spacing
 * @throws InputError for a parameter out of range.
 */
export function thermalNoise(bandwidthHz: number, noiseFigureDb = 0, kelvin = 290): number {
  requireRange('bandwidthHz', bandwidthHz, 1e-3, 1e15, 'Hz');
  requireRange('noiseFigureDb', noiseFigureDb, 0, 100, 'dB');
  requireRange('kelvin', kelvin, 0, 1e6, 'K');
  return BOLTZMANN * kelvin * 10 ** (noiseFigureDb / 10) * bandwidthHz;
}

/** The quantity of an axis; delay and Doppler follow from range and velocity. */
function valueOn({ name }: Axis, target: Target, { carrierHz, geometry }: Radar): number {
  const perMeter = ways(geometry) / LIGHT_SPEED;
  const { rangeMeters, velocity = 0, angle = 0 } = target;
  const values = {
    angle,
    range: rangeMeters,
    delay: perMeter * rangeMeters,
    velocity,
    doppler: perMeter * carrierHz * velocity,
  };
  return values[name];
}

/**
 * Targets as sources: frequencies by the axes, gains by the radar equation with a random phase.
 * @param snapshots default 1
 * @throws InputError for a value that an axis cannot tell apart, or a parameter out of range.
 */
export function targetSources(
  targets: readonly Target[],
  axes: readonly Axis[],
  radar: Radar,
  rng: Rng,
  snapshots = 1,
): Source[] {
  requireRange('transmitWatts', radar.transmitWatts, 0, 1e12, 'W');
  const fluctuation = requireChoice('fluctuation', radar.fluctuation ?? 'steady', ['steady', 'swerling1']);
  return targets.map((target) => {
    const power = radar.transmitWatts * radarPowerGain(radar, target);
    const values = axes.map((axis) => valueOn(axis, target, radar));
    return { mu: toMu(axes, values), gains: gainsOf(power, fluctuation, snapshots, rng) };
  });
}

function gainsOf(power: number, fluctuation: string, snapshots: number, rng: Rng): Float64Array {
  const gains = new Float64Array(2 * requireInteger('snapshots', snapshots, 1, 2 ** 27));
  if (fluctuation === 'swerling1') return rng.fillComplexNormal(gains, power);
  const phase = rng.uniform(0, 2 * Math.PI);
  const [re, im] = [Math.sqrt(power) * Math.cos(phase), Math.sqrt(power) * Math.sin(phase)];
  return gains.map((_, at) => (at % 2 ? im : re));
}

/** A field of scatterers. */
export interface ClutterOptions {
  /** 0 to 1e6. */
  scatterers: number;
  /** Of each, exponentially distributed. */
  meanRcsSquareMeters: number;
  rangeMeters: readonly [low: number, high: number];
  /** Radians from broadside. */
  angle: readonly [low: number, high: number];
  /** Standard deviation of the velocities (leaves, waves), m/s; 0 (default) for static clutter. */
  velocitySpread?: number;
}

/** Clutter: targets uniform over range and angle, at rest or of Gaussian velocities. @throws InputError */
export function clutter(options: ClutterOptions, rng: Rng): Target[] {
  const { scatterers, meanRcsSquareMeters, rangeMeters, angle, velocitySpread = 0 } = options;
  requireInteger('scatterers', scatterers, 0, 1e6);
  requireRange('meanRcsSquareMeters', meanRcsSquareMeters, 0, 1e12, 'm^2');
  requireRange('velocitySpread', velocitySpread, 0, 1e6, 'm/s');
  return Array.from({ length: scatterers }, () => ({
    rangeMeters: rng.uniform(...rangeMeters),
    angle: rng.uniform(...angle),
    rcsSquareMeters: rng.exponential(meanRcsSquareMeters),
    velocity: velocitySpread === 0 ? 0 : rng.normal(0, velocitySpread),
  }));
}
