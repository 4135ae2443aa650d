import { requireRange } from '../base/index.js';
import { besselJ0, type Rng } from '../math/index.js';

/** Enough that a draw's own autocorrelation, its angles given, is J0 up to 2 pi fD tau of about 25. */
const SINUSOIDS = 32;

/** A row of complex numbers to fill: `count` of them from the interleaved `out`, from complex place `start` on. */
export interface ComplexRow {
  out: Float32Array;
  start: number;
  count: number;
}

/**
 * Draws Clarke's process, isotropic scattering around a moving receiver, at times 0, T, 2T, ...:
 * h(t) = sqrt(variance/M) sum of a_n exp(j 2 pi fD t cos(2 pi (n + u)/M)) with a_n circularly symmetric complex
 * Gaussian and one uniform u. Each h(t) is exactly complex Gaussian, and E h(t + tau) conj(h(t)) is exactly
 * J0(2 pi fD tau), whatever M; M makes a single draw's spectrum dense (after Pop and Beaulieu 2001).
 * @param cyclesPerStep fD T: the largest Doppler shift times the time between samples; 0 stands still
 */
export function fillClarke(rng: Rng, row: ComplexRow, cyclesPerStep: number, variance = 1): void {
  const { out, start, count } = row;
  out.fill(0, 2 * start, 2 * (start + count));
  const sinusoids = cyclesPerStep === 0 ? 1 : SINUSOIDS;
  const amplitudes = rng.fillComplexNormal(new Float64Array(2 * sinusoids), variance / sinusoids);
  const offset = cyclesPerStep === 0 ? 0 : rng.uniform();
  for (let n = 0; n < sinusoids; n++) {
    const step = 2 * Math.PI * cyclesPerStep * Math.cos((2 * Math.PI * (n + offset)) / sinusoids);
    addPhasor(row, amplitudes[2 * n]!, amplitudes[2 * n + 1]!, turnOf(step));
  }
}

/** exp(j step) for `addPhasor`. */
export function turnOf(step: number): readonly [cos: number, sin: number] {
  return [Math.cos(step), Math.sin(step)];
}

/** Adds (re + j im) exp(j step k) to the k-th number of a row; `turn` is exp(j step). */
export function addPhasor(row: ComplexRow, re: number, im: number, turn: readonly [number, number]): void {
  const { out, start, count } = row;
  const [cos, sin] = turn;
  let [x, y] = [re, im];
  const end = 2 * (start + count);
  for (let at = 2 * start; at < end; at += 2) {
    out[at]! += x;
    out[at + 1]! += y;
    const turned = x * cos - y * sin;
    y = x * sin + y * cos;
    x = turned;
  }
}

/**
 * Autocorrelation of Clarke's process of unit power, J0(2 pi fD tau) (Clarke 1968; Jakes 1974).
 * @param dopplerHz the largest Doppler shift fD, v/c times the carrier frequency; 0 to 1e9
 * @param delaySec tau, |tau| up to 1e9 s with fD tau up to 1.5e5
 * @throws InputError when one is out of range.
 */
export function clarkeAutocorrelation(dopplerHz: number, delaySec: number): number {
  requireDoppler(dopplerHz);
  return besselJ0(2 * Math.PI * dopplerHz * requireRange('delaySec', delaySec, -1e9, 1e9, 's'));
}

/** @throws InputError unless it is a number from 0 to 1e9. */
export function requireDoppler(dopplerHz: number): number {
  return requireRange('dopplerHz', dopplerHz, 0, 1e9, 'Hz');
}
