import { type ComplexMatrix, complexAdd, complexMatrix, matrixMultiply, type Rng } from '../../math/index.js';
import type { Constellation } from '../constellation/index.js';

/** One use of a flat channel: what was sent and what came. */
export interface Use {
  h: ComplexMatrix;
  bits: Uint8Array;
  sent: Float64Array;
  received: Float64Array;
}

/** Independent Rayleigh gains of unit mean power. */
export function rayleighMatrix(rng: Rng, receive: number, streams: number): ComplexMatrix {
  return complexMatrix(receive, streams, rng.fillComplexNormal(new Float64Array(2 * receive * streams)));
}

/** Random symbols of every stream over Rayleigh fading and white noise. */
export function drawUse(
  rng: Rng,
  constellation: Constellation,
  size: { receive: number; streams: number; noiseVariance: number },
): Use {
  const { receive, streams, noiseVariance } = size;
  const bits = Uint8Array.from({ length: streams * constellation.bitsPerSymbol }, () => rng.integer(2));
  const sent = Float64Array.from(constellation.map(bits));
  const h = rayleighMatrix(rng, receive, streams);
  const noise = rng.fillComplexNormal(new Float64Array(2 * receive), noiseVariance);
  return { h, bits, sent, received: complexAdd(times(h, sent), noise) };
}

/** H x. */
export function times(h: ComplexMatrix, x: Float64Array): Float64Array {
  return matrixMultiply(h, complexMatrix(h.columns, 1, x)).data;
}

/** Bits that differ. */
export function bitErrors(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((errors, bit, index) => errors + (bit === b[index] ? 0 : 1), 0);
}
