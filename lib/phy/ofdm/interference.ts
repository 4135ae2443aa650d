import { InputError, requireInteger } from '../../base/index.js';
import type { ResourceGrid } from './grid.js';

/**
 * Interference of a channel longer than the cyclic prefix, per subcarrier, if all subcarriers carry
 * uncorrelated symbols of energy 1. A path whose delay exceeds the prefix by e samples keeps only the share
 * c = (N - e) / N of its symbol inside the window; of its power p, p c^2 is useful and p (1 - c^2) is
 * interference between symbols and between subcarriers.
 * @param powers of the paths, real; paths are uncorrelated, or there is one late path only
 * @param delays of the paths in whole samples, 0 to fftSize + cpLength
 * @returns the mean useful power and the mean interference power of a resource element
 * @throws InputError when the lists differ in length or a delay is out of range.
 */
export function prefixInterference(
  { fftSize, cpLength }: Pick<ResourceGrid, 'fftSize' | 'cpLength'>,
  powers: ArrayLike<number>,
  delays: ArrayLike<number>,
): { useful: number; interference: number } {
  if (powers.length !== delays.length) {
    throw new InputError(`${powers.length} powers for ${delays.length} delays; allowed: one each`);
  }
  let [useful, total] = [0, 0];
  for (let path = 0; path < powers.length; path++) {
    const delay = requireInteger(`delay of path ${path}`, delays[path]!, 0, fftSize + cpLength);
    const share = 1 - Math.max(0, delay - cpLength) / fftSize;
    useful += powers[path]! * share * share;
    total += powers[path]!;
  }
  return { useful, interference: total - useful };
}
