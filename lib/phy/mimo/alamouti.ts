import { InputError } from '../../base/index.js';
import type { ComplexMatrix } from '../../math/index.js';

/**
 * Alamouti's space-time block code (IEEE JSAC 1998): the symbols s1, s2 are sent as (s1, s2) and then
 * (-s2*, s1*) from two antennas, each at half the power, so that a use has the energy of a symbol.
 * @param symbols interleaved complex, an even number of them
 * @returns interleaved complex [uses, 2]: as many uses as symbols
 * @throws InputError unless the symbols are pairs.
 */
export function alamoutiEncode(symbols: Float32Array | Float64Array): Float64Array {
  requirePairs(symbols.length, 4, 'symbols');
  const out = new Float64Array(2 * symbols.length);
  for (let at = 0; at < symbols.length; at += 4) {
    const [ar, ai] = [Math.SQRT1_2 * symbols[at]!, Math.SQRT1_2 * symbols[at + 1]!];
    const [br, bi] = [Math.SQRT1_2 * symbols[at + 2]!, Math.SQRT1_2 * symbols[at + 3]!];
    out.set([ar, ai, br, bi, -br, bi, ar, -ai], 2 * at);
  }
  return out;
}

/**
 * Combines what was received of `alamoutiEncode` over a channel that stands still over the uses given:
 * s1 = sqrt(2) sum (h1* y1 + h2 y2*) / |H|^2, s2 = sqrt(2) sum (h2* y1 - h1 y2*) / |H|^2 over the receive
 * antennas. Diversity is twice the receive antennas.
 * @param received interleaved complex [uses, receive], an even number of uses
 * @param h receive x 2
 * @param noiseVariance N0 of each receive antenna per complex dimension
 * @returns symbols of unit gain, interleaved, and N0 of each, 2 N0 / |H|^2
 * @throws InputError when the channel has not two columns, or lengths do not fit.
 */
export function alamoutiCombine(
  received: Float64Array,
  h: ComplexMatrix,
  noiseVariance: number,
): { symbols: Float64Array; noiseVariance: number } {
  if (h.columns !== 2) throw new InputError(`Alamouti over ${h.columns} transmit antennas; allowed: 2`);
  if (!(noiseVariance > 0)) throw new InputError(`noiseVariance is ${noiseVariance}; allowed: above 0`);
  const receive = h.rows;
  requirePairs(received.length, 4 * receive, `values received by ${receive} antennas`);
  const energy = h.data.reduce((sum, value) => sum + value * value, 0);
  const symbols = new Float64Array(received.length / receive);
  for (let pair = 0; 4 * pair < symbols.length; pair++) {
    for (let antenna = 0; antenna < receive; antenna++) {
      const first = 2 * (2 * pair * receive + antenna);
      addPair(symbols, 4 * pair, h.data, 4 * antenna, received, first, first + 2 * receive);
    }
  }
  const scale = Math.SQRT2 / energy;
  return { symbols: symbols.map((value) => value * scale), noiseVariance: (2 * noiseVariance) / energy };
}

/** Adds one antenna's share of both symbols of a pair. */
function addPair(
  symbols: Float64Array,
  to: number,
  h: Float64Array,
  gains: number,
  received: Float64Array,
  first: number,
  second: number,
): void {
  const [ar, ai, br, bi] = [h[gains]!, h[gains + 1]!, h[gains + 2]!, h[gains + 3]!];
  const [yr, yi] = [received[first]!, received[first + 1]!];
  const [zr, zi] = [received[second]!, received[second + 1]!];
  symbols[to]! += ar * yr + ai * yi + (br * zr + bi * zi);
  symbols[to + 1]! += ar * yi - ai * yr + (bi * zr - br * zi);
  symbols[to + 2]! += br * yr + bi * yi - (ar * zr + ai * zi);
  symbols[to + 3]! += br * yi - bi * yr - (ai * zr - ar * zi);
}

function requirePairs(length: number, unit: number, what: string): void {
  if (length === 0 || length % unit !== 0) {
    throw new InputError(`${length / 2} ${what}; allowed: a multiple of ${unit / 2}`);
  }
}
