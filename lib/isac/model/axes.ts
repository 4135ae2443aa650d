import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { wrapped } from './harmonic.js';

/** Speed of light in vacuum, m/s (exact). */
export const LIGHT_SPEED = 299_792_458;

/** Transmitter and receiver at one place, or apart. */
export type RadarGeometry = 'monostatic' | 'bistatic';

/**
 * One dimension of the model and the physical quantity it measures: frequency mu = f(value), radians a sample. Axes
 * serve model, estimators and bounds alike.
 */
export interface Axis {
  readonly name: 'angle' | 'delay' | 'range' | 'doppler' | 'velocity';
  readonly unit: 'rad' | 's' | 'm' | 'Hz' | 'm/s';
  /** Samples N_d. */
  readonly size: number;
  /** Values told apart: the half-open interval [low, high) that mu maps onto without ambiguity. */
  readonly unambiguous: readonly [low: number, high: number];
  /** Width of a Fourier bin, 2 pi / N_d, near the value 0. */
  readonly resolution: number;
  /** The frequency of a value; aliases outside [-pi, pi) are not wrapped. */
  mu(value: number): number;
  /** The unambiguous value of a frequency; NaN where no value has it (an angle beyond end fire). */
  value(mu: number): number;
  /** d mu / d value: turns a variance of mu into one of the value. */
  slope(value: number): number;
}

/**
 * Angle from broadside of a uniform linear array: mu = 2 pi (d / lambda) sin(theta).
 * @param spacing d / lambda, above 0 to 100; beyond 1/2 angles are ambiguous
 * @throws InputError for a size or spacing out of range.
 */
export function angleAxis({ size, spacing = 0.5 }: { size: number; spacing?: number }): Axis {
  requireInteger('size', size, 1, 2 ** 20);
  requireRange('spacing', spacing, 1e-6, 100, 'wavelengths');
  const factor = 2 * Math.PI * spacing;
  const edge = Math.asin(Math.min(1, Math.PI / factor));
  return {
    name: 'angle',
    unit: 'rad',
    size,
    unambiguous: [-edge, edge],
    resolution: 1 / (spacing * size),
    mu: (theta) => factor * Math.sin(requireAngle(theta)),
    // The arc sine of what lies beyond end fire is NaN.
    value: (mu) => Math.asin(wrapped(mu) / factor),
    slope: (theta) => factor * Math.cos(theta),
  };
}

/** @throws InputError outside [-pi/2, pi/2]: a line of elements cannot tell front from back. */
function requireAngle(theta: number): number {
  return requireRange('angle', theta, -Math.PI / 2, Math.PI / 2, 'rad');
}

/** Subcarriers as samples of a delay. */
export interface DelaySampling {
  /** Subcarriers. */
  size: number;
  /** Between the subcarriers sampled, above 0. */
  spacingHz: number;
}

/** Delay over subcarriers: mu = -2 pi spacing tau; unambiguous from 0 to 1 / spacing. @throws InputError */
export function delayAxis({ size, spacingHz }: DelaySampling): Axis {
  requireRange('spacingHz', spacingHz, 1e-3, 1e12, 'Hz');
  return linearAxis('delay', 's', size, -2 * Math.PI * spacingHz);
}

/**
 * Range over subcarriers: tau = 2 R / c monostatic; bistatic R is the whole way from transmitter over target to
 * receiver, tau = R / c.
 * @throws InputError for a parameter out of range.
 */
export function rangeAxis(sampling: DelaySampling & { geometry: RadarGeometry }): Axis {
  const { size, spacingHz, geometry } = sampling;
  requireRange('spacingHz', spacingHz, 1e-3, 1e12, 'Hz');
  return linearAxis('range', 'm', size, (-2 * Math.PI * spacingHz * ways(geometry)) / LIGHT_SPEED);
}

/** OFDM symbols as samples of a Doppler shift. */
export interface DopplerSampling {
  /** Symbols. */
  size: number;
  /** From one symbol to the next, prefix included, above 0. */
  periodSec: number;
}

/** Doppler shift over symbols: mu = 2 pi T f_D; unambiguous from -1 / (2 T) to 1 / (2 T). @throws InputError */
export function dopplerAxis({ size, periodSec }: DopplerSampling): Axis {
  requireRange('periodSec', periodSec, 1e-12, 1e6, 's');
  return linearAxis('doppler', 'Hz', size, 2 * Math.PI * periodSec);
}

/**
 * Closing velocity over symbols: f_D = 2 v f_c / c monostatic. Bistatic v is the rate at which the whole way shortens,
 * f_D = v f_c / c.
 * @throws InputError for a parameter out of range.
 */
export function velocityAxis(
  sampling: DopplerSampling & { carrierHz: number; geometry: RadarGeometry },
): Axis {
  const { size, periodSec, carrierHz, geometry } = sampling;
  requireRange('periodSec', periodSec, 1e-12, 1e6, 's');
  requireRange('carrierHz', carrierHz, 1, 1e15, 'Hz');
  const slope = (2 * Math.PI * periodSec * ways(geometry) * carrierHz) / LIGHT_SPEED;
  return linearAxis('velocity', 'm/s', size, slope);
}

/** How often the wave crosses the distance that is measured. */
export function ways(geometry: RadarGeometry): 1 | 2 {
  requireChoice('geometry', geometry, ['monostatic', 'bistatic']);
  return geometry === 'monostatic' ? 2 : 1;
}

/** mu = slope value. Rising axes see both signs, falling ones (delays) values from 0. */
function linearAxis(name: Axis['name'], unit: Axis['unit'], size: number, slope: number): Axis {
  requireInteger('size', size, 1, 2 ** 27);
  const period = (2 * Math.PI) / Math.abs(slope);
  const positive = slope < 0;
  return {
    name,
    unit,
    size,
    unambiguous: positive ? [0, period] : [-period / 2, period / 2],
    resolution: period / size,
    mu: (value) => slope * value,
    value: (mu) => {
      const value = wrapped(mu) / slope;
      return positive && value < 0 ? value + period : value;
    },
    slope: () => slope,
  };
}

/**
 * The frequencies of a target's values, one an axis.
 * @throws InputError when their numbers differ or a value is outside what its axis tells apart: it would alias.
 */
export function toMu(axes: readonly Axis[], values: readonly number[]): number[] {
  if (axes.length !== values.length)
    throw new InputError(`${values.length} values for ${axes.length} axes; allowed: one each`);
  return axes.map(({ name, unit, unambiguous, mu }, d) => {
    requireRange(name, values[d]!, ...unambiguous, unit);
    return mu(values[d]!);
  });
}

/** The values of frequencies, one an axis. @throws InputError when their numbers differ. */
export function toValues(axes: readonly Axis[], mu: readonly number[]): number[] {
  if (axes.length !== mu.length)
    throw new InputError(`${mu.length} frequencies for ${axes.length} axes; allowed: one each`);
  return axes.map((axis, d) => axis.value(mu[d]!));
}
