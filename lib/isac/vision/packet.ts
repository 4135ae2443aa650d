import type { Rng } from '../../math/index.js';
import { originTap, tapCount } from './scene.js';

/** Samples of a chip at 8 MHz and 2 Mchip/s, and of a symbol of 32 chips. */
const chipSamples = 4;
const symbolSamples = 32 * chipSamples;
/** The preamble: 8 symbols of value 0 (IEEE 802.15.4, clause 12). */
const preambleSymbols = 8;
/** Chips of symbol 0 of the O-QPSK PHY at 2450 MHz, first sent first; the others follow from it. */
const firstChips = '11011001110000110101001000101110';

/** The 32 chips, +1 or -1, of a symbol 0 to 15: shifts by four chips, and odd chips turned over from 8 on. */
export function chipsOf(symbol: number): Int8Array {
  return Int8Array.from({ length: 32 }, (_, chip) => {
    const from = (chip - 4 * (symbol % 8) + 32) % 32;
    const sign = firstChips[from] === '1' ? 1 : -1;
    return symbol >= 8 && chip % 2 === 1 ? -sign : sign;
  });
}

/**
 * Samples of symbols, interleaved complex, of power 1: even chips in phase and odd ones in quadrature, each a half sine of
 * two chips' length (IEEE 802.15.4, clause 12.2.6).
 */
export function modulate(symbols: ArrayLike<number>): Float64Array {
  const out = new Float64Array(2 * (symbols.length * symbolSamples + chipSamples));
  for (let index = 0; index < symbols.length; index++) {
    for (const [chip, sign] of chipsOf(symbols[index]!).entries()) {
      const start = index * symbolSamples + chip * chipSamples;
      for (let n = 0; n < 2 * chipSamples; n++)
        out[2 * (start + n) + (chip % 2)]! += sign * Math.sin((Math.PI * (n + 0.5)) / (2 * chipSamples));
    }
  }
  return out;
}

/** Samples of every symbol alone, which a receiver correlates with. */
const templates = (): Float64Array[] => Array.from({ length: 16 }, (_, symbol) => modulate([symbol]));
let known: Float64Array[] | undefined;

/** A packet: its preamble and random symbols of payload. */
export interface Packet {
  symbols: Uint8Array;
  samples: Float64Array;
}

/** A packet of that many payload symbols, four bits each. */
export function drawPacket(payloadSymbols: number, rng: Rng): Packet {
  const symbols = Uint8Array.from({ length: preambleSymbols + payloadSymbols }, (_, at) =>
    at < preambleSymbols ? 0 : rng.integer(16),
  );
  return { symbols, samples: modulate(symbols) };
}

/** What arrives: samples through the taps, plus noise of a variance per complex sample. */
export function overTaps(samples: Float64Array, taps: Float64Array, noise: number, rng: Rng): Float64Array {
  const out = rng.fillComplexNormal(new Float64Array(samples.length), noise);
  for (let tap = 0; tap < tapCount; tap++) {
    const [hr, hi] = [taps[2 * tap]!, taps[2 * tap + 1]!];
    const shift = 2 * (tap - originTap);
    const end = Math.min(samples.length, samples.length + shift);
    for (let at = Math.max(0, shift); at < end; at += 2) {
      const [xr, xi] = [samples[at - shift]!, samples[at - shift + 1]!];
      out[at]! += hr * xr - hi * xi;
      out[at + 1]! += hr * xi + hi * xr;
    }
  }
  return out;
}

/** Correlations of what arrived with every symbol at every tap, [payload symbol, value, tap] interleaved complex. */
export function correlations(received: Float64Array, payloadSymbols: number): Float64Array {
  known ??= templates();
  const out = new Float64Array(payloadSymbols * 16 * tapCount * 2);
  let at = 0;
  for (let index = 0; index < payloadSymbols; index++) {
    const start = (preambleSymbols + index) * symbolSamples - originTap;
    for (const template of known) {
      for (let tap = 0; tap < tapCount; tap++, at += 2) correlateAt(received, template, start + tap, out, at);
    }
  }
  return out;
}

function correlateAt(y: Float64Array, x: Float64Array, start: number, out: Float64Array, at: number): void {
  const length = Math.min(x.length, y.length - 2 * start);
  let [re, im] = [0, 0];
  for (let n = 0; n < length; n += 2) {
    const [yr, yi, xr, xi] = [y[2 * start + n]!, y[2 * start + n + 1]!, x[n]!, x[n + 1]!];
    re += yr * xr + yi * xi;
    im += yi * xr - yr * xi;
  }
  out[at] = re;
  out[at + 1] = im;
}

/** Whether a rake receiver with these taps, phase included, reads every payload symbol right. */
export function isDelivered(correlated: Float64Array, taps: Float64Array, { symbols }: Packet): boolean {
  const payload = symbols.subarray(preambleSymbols);
  return payload.every((sent, index) => decide(correlated, taps, index) === sent);
}

function decide(correlated: Float64Array, taps: Float64Array, index: number): number {
  let [best, chosen] = [Number.NEGATIVE_INFINITY, 0];
  for (let value = 0; value < 16; value++) {
    const from = (index * 16 + value) * taps.length;
    let score = 0;
    for (let i = 0; i < taps.length; i++) score += taps[i]! * correlated[from + i]!;
    if (score > best) [best, chosen] = [score, value];
  }
  return chosen;
}

/** Samples of the preamble as sent, and how many of them a receiver fits its taps to. */
export const preamble = (): Float64Array => modulate(new Uint8Array(preambleSymbols));
export const preambleSamples = preambleSymbols * symbolSamples - tapCount;
