import { InputError, requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';

/** How many of each a set of impulse responses holds. */
export interface ImpulseShape {
  /** Independent pairs of a transmitter and a receiver, or draws of one pair. */
  links: number;
  /** Antennas. */
  receive: number;
  transmit: number;
  paths: number;
  /** Moments at which the gains are known. */
  times: number;
}

/** Channel impulse responses: h(t, tau) = sum over paths of gain(t) delta(tau - delay), for each pair of antennas. */
export interface ImpulseResponses {
  readonly shape: ImpulseShape;
  /** [links, paths], 0 or later; the same for all antennas of a link. */
  readonly delaysSec: Float64Array;
  /** Interleaved complex [links, receive, transmit, paths, times]. */
  readonly gains: Float32Array;
}

/** What is asked of a model: so many links, at moments 0, periodSec, 2 periodSec, ... */
export interface ImpulseRequest {
  links: number;
  times: number;
  periodSec: number;
}

/** Something that draws impulse responses: a tapped delay line, a clustered one, a file of recorded ones. */
export interface ImpulseModel {
  readonly name: string;
  readonly receive: number;
  readonly transmit: number;
  /**
   * Numbers are taken from `rng`, so a second call gives a new draw.
   * @throws InputError when the request is out of range.
   */
  draw(rng: Rng, request: ImpulseRequest): ImpulseResponses;
}

const MAX_NUMBERS = 2 ** 29;

/** @throws InputError unless the counts are positive integers, the period a number, and all can be stored. */
export function requireRequest({ links, times, periodSec }: ImpulseRequest, pathsAndAntennas: number): void {
  requireInteger('links', links, 1);
  requireInteger('times', times, 1);
  requireRange('periodSec', periodSec, 0, 1e6, 's');
  requireStorable(links * times * pathsAndAntennas);
}

/** @throws InputError when so many complex numbers are too many for one array. */
export function requireStorable(count: number): void {
  if (!(count <= MAX_NUMBERS)) {
    throw new InputError(`impulse responses of ${count} complex numbers; allowed: ${MAX_NUMBERS} in all`);
  }
}

/**
 * RMS delay spread of paths: the standard deviation of the delay under the powers as weights, in the delays' unit.
 * @throws InputError when there are no paths, their numbers differ, or a power is negative or all are 0.
 */
export function rmsDelaySpread(delays: ArrayLike<number>, powers: ArrayLike<number>): number {
  if (delays.length === 0 || delays.length !== powers.length) {
    throw new InputError(
      `${delays.length} delays of ${powers.length} powers; allowed: equal numbers, 1 or more`,
    );
  }
  let [total, first, second] = [0, 0, 0];
  for (let path = 0; path < delays.length; path++) {
    const power = requireRange(`power ${path}`, powers[path]!, 0, Number.MAX_VALUE);
    total += power;
    first += power * delays[path]!;
    second += power * delays[path]! ** 2;
  }
  if (total === 0) throw new InputError('all powers are 0; allowed: one above 0');
  return Math.sqrt(Math.max(0, second / total - (first / total) ** 2));
}

/** Speed of light in vacuum, m/s. */
export const SPEED_OF_LIGHT = 299_792_458;

/**
 * The largest Doppler shift, v f / c.
 * @param speedMps metres per second, 0 to 1e5
 * @param carrierHz 1e6 to 1e15
 * @throws InputError when one is out of range.
 */
export function maxDopplerHz(speedMps: number, carrierHz: number): number {
  requireRange('speedMps', speedMps, 0, 1e5, 'm/s');
  return (speedMps * requireRange('carrierHz', carrierHz, 1e6, 1e15, 'Hz')) / SPEED_OF_LIGHT;
}
