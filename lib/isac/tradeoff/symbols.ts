import { requireChoice, requireRange } from '../../base/index.js';
import type { Constellation } from '../../phy/index.js';
import { divisionLoss } from '../model/index.js';

/** Equally likely points, or complex Gaussian symbols. */
export type Alphabet = Constellation | 'gaussian';

/** E |x|^4 of unit-energy symbols: 1 for PSK, 1.32 for 16-QAM, 2 for Gaussian ones. */
export function symbolKurtosis(alphabet: Alphabet): number {
  if (alphabet === 'gaussian') return 2;
  const { points, order } = alphabet;
  let sum = 0;
  for (let at = 0; at < points.length; at += 2) sum += (points[at]! ** 2 + points[at + 1]! ** 2) ** 2;
  return sum / order;
}

/**
 * Noise that a target meets after the random symbols are taken out of the frame: the price of randomness. Dividing raises the noise by
 * E 1/|x|^2; matching leaves E |x|^4 - 1 of the power of every other target as a floor under all delays and Doppler shifts.
 * Of Gaussian symbols E 1/|x|^2 is infinite.
 * @param options.noiseVariance of a received element
 * @param options.others power of all other targets in an element
 * @throws InputError for a parameter out of range.
 */
export function echoNoise(
  method: 'divide' | 'matched',
  alphabet: Alphabet,
  { noiseVariance, others }: { noiseVariance: number; others: number },
): number {
  requireChoice('method', method, ['divide', 'matched']);
  requireRange('noiseVariance', noiseVariance, 0, Number.MAX_VALUE);
  requireRange('others', others, 0, Number.MAX_VALUE);
  if (method === 'divide')
    return alphabet === 'gaussian' ? Number.POSITIVE_INFINITY : noiseVariance * divisionLoss(alphabet);
  return noiseVariance + (symbolKurtosis(alphabet) - 1) * others;
}
