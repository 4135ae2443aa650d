import { InputError, requireInteger, requireRange } from '../base/index.js';
import { type ImpulseResponses, requireStorable } from './impulse.js';

/** Discrete-time impulse responses: of each pair of antennas a row of taps at each sample. */
export interface TimeTaps {
  readonly links: number;
  readonly receive: number;
  readonly transmit: number;
  /** Samples at which the taps are known; with 1, they stand still. */
  readonly times: number;
  /** Delay of the first tap in samples, 0 or less: the sinc of a band-limited path rises before it arrives. */
  readonly firstTap: number;
  readonly count: number;
  /** Interleaved complex [links, receive, transmit, times, count]. */
  readonly taps: Float32Array;
}

/**
 * Taps of band-limited impulse responses at a sample rate W: h_l(t) = sum over paths of gain(t) sinc(l - W delay).
 * @param responses with gains at successive samples (period 1/W), or at one moment when nothing moves
 * @param options.sampleRateHz W, 1 to 1e12
 * @param options.margin samples kept of the sinc before the first path and after the last, 0 to 1000; 6 by default
 * @param options.normalize whether each link's mean energy over antennas and samples is made 1
 * @throws InputError when an option is out of range, or there are more taps than fit an array.
 */
export function timeTaps(
  responses: ImpulseResponses,
  options: { sampleRateHz: number; normalize: boolean; margin?: number },
): TimeTaps {
  const { normalize, margin = 6 } = options;
  const sampleRateHz = requireRange('sampleRateHz', options.sampleRateHz, 1, 1e12, 'Hz');
  requireInteger('margin', margin, 0, 1000);
  const { links, receive, transmit, paths, times } = responses.shape;
  const latest = responses.delaysSec.reduce((most, delay) => Math.max(most, delay), 0);
  const count = Math.ceil(latest * sampleRateHz) + 2 * margin + 1;
  const rows = links * receive * transmit;
  requireStorable(rows * times * count);
  const taps = new Float32Array(2 * rows * times * count);
  for (let row = 0; row < rows; row++) {
    const link = Math.floor(row / (receive * transmit));
    for (let path = 0; path < paths; path++) {
      const delay = responses.delaysSec[link * paths + path]! * sampleRateHz;
      const pulse = Float64Array.from({ length: count }, (_, tap) => sinc(tap - margin - delay));
      addPath(taps, 2 * row * times * count, pulse, responses.gains, 2 * (row * paths + path) * times, times);
    }
  }
  if (normalize) normaliseLinks(taps, links, receive * transmit * times);
  return { links, receive, transmit, times, firstTap: -margin, count, taps };
}

function addPath(
  taps: Float32Array,
  to: number,
  pulse: Float64Array,
  gains: Float32Array,
  from: number,
  times: number,
): void {
  for (let time = 0; time < times; time++) {
    const [re, im] = [gains[from + 2 * time]!, gains[from + 2 * time + 1]!];
    const base = to + 2 * time * pulse.length;
    for (let tap = 0; tap < pulse.length; tap++) {
      taps[base + 2 * tap]! += re * pulse[tap]!;
      taps[base + 2 * tap + 1]! += im * pulse[tap]!;
    }
  }
}

function normaliseLinks(taps: Float32Array, links: number, rowsPerLink: number): void {
  const perLink = taps.length / links;
  for (let link = 0; link < links; link++) {
    const own = taps.subarray(link * perLink, (link + 1) * perLink);
    const energy = own.reduce((sum, value) => sum + value * value, 0) / rowsPerLink;
    if (energy === 0) continue;
    for (let at = 0; at < own.length; at++) own[at]! /= Math.sqrt(energy);
  }
}

/**
 * Time-variant convolution: the received sample at t is the sum over taps l of h_l(t) x(t - l), without noise.
 * @param samples interleaved complex [links, transmit, n]
 * @returns interleaved complex [links, receive, n + count - 1]; the first is the moment `firstTap`, before sample 0
 * @throws InputError when the length does not fit, or the taps move but are known at fewer than n + count - 1 samples.
 */
export function convolveTaps(samples: Float32Array, taps: TimeTaps): Float32Array {
  const { links, receive, transmit, times, count } = taps;
  const sent = samples.length / (2 * links * transmit);
  if (!(Number.isInteger(sent) && sent > 0)) {
    throw new InputError(
      `${samples.length} numbers; allowed: a multiple of ${2 * links * transmit} for ${links} links of ${transmit} antennas`,
    );
  }
  const received = sent + count - 1;
  if (times !== 1 && times < received) {
    throw new InputError(
      `taps at ${times} samples; allowed: 1, or ${received} and more for ${sent} sent samples`,
    );
  }
  const out = new Float32Array(2 * links * receive * received);
  for (let row = 0; row < links * receive * transmit; row++) {
    const [output, antenna] = [Math.floor(row / transmit), row % transmit];
    const input = Math.floor(output / receive) * transmit + antenna;
    convolveOne(
      out.subarray(2 * output * received, 2 * (output + 1) * received),
      samples.subarray(2 * input * sent, 2 * (input + 1) * sent),
      taps.taps.subarray(2 * row * times * count, 2 * (row + 1) * times * count),
      times === 1 ? 0 : 2 * count,
    );
  }
  return out;
}

/** Adds to `out` what one transmit antenna gives; the taps of the next sample stand `step` numbers on. */
function convolveOne(out: Float32Array, samples: Float32Array, taps: Float32Array, step: number): void {
  const sent = samples.length / 2;
  const count = out.length / 2 - sent + 1;
  for (let time = 0; 2 * time < out.length; time++) {
    let [re, im] = [0, 0];
    const last = Math.min(count - 1, time);
    for (let tap = Math.max(0, time - sent + 1); tap <= last; tap++) {
      const [h, x] = [time * step + 2 * tap, 2 * (time - tap)];
      re += taps[h]! * samples[x]! - taps[h + 1]! * samples[x + 1]!;
      im += taps[h]! * samples[x + 1]! + taps[h + 1]! * samples[x]!;
    }
    out[2 * time]! += re;
    out[2 * time + 1]! += im;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
