import { InputError } from '../base/index.js';

/** Picoseconds in a second: the event kernel counts integer picoseconds. */
export const PS_PER_SEC = 1e12;

/** The last moment that a JavaScript number counts exactly: 2^53 - 1 ps, some 9,007 s. */
export const LAST_PS = Number.MAX_SAFE_INTEGER;

/** Speed of light in fibre, km/s. */
export const FIBRE_SPEED_KM_PER_SEC = 2e5;

/**
 * Seconds as integer picoseconds, rounded to the nearest.
 * @throws InputError below zero, or past 2^53 - 1 ps.
 */
export function picoseconds(name: string, seconds: number): number {
  const ps = Math.round(seconds * PS_PER_SEC);
  if (!(ps >= 0 && ps <= LAST_PS)) {
    throw new InputError(`${name} is ${seconds} s; allowed: 0 to ${LAST_PS / PS_PER_SEC} s (2^53 - 1 ps)`);
  }
  return ps;
}

/** Transmissivity of a loss in dB: 10^(-loss/10). */
export const transmissivity = (lossDb: number): number => 10 ** (-lossDb / 10);
