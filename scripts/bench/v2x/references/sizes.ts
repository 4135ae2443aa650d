/** What dense features and raw clouds cost to send, as papers count it. */
import { logVolume, megabits, tensorBytes } from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';

function size(id: string, what: string, value: number, tolerance: number, ours: () => number): Reference {
  return {
    id: `sizes/${id}`,
    what,
    source: 'count of values times 4 bytes',
    value,
    allowed: within(value, tolerance),
    measure: () => ({ value: ours() }),
  };
}

export const references: Reference[] = [
  size('dense', '256 x 50 x 176 features of float32, Mb', 72.0896, 1e-9, () =>
    megabits(tensorBytes([256, 50, 176])),
  ),
  size('dense-log', '256 x 50 x 176 features of float32, log2 of the bytes', 23.1033, 5e-5, () =>
    logVolume(50 * 176, 256),
  ),
  size('wide', '128 x 200 x 704 features of float32, Mb', 576.7168, 1e-9, () =>
    megabits(tensorBytes([128, 200, 704])),
  ),
  size('cloud', '60,000 points of four float32, Mb', 7.68, 1e-9, () => megabits(tensorBytes([60_000, 4]))),
  size('sparse-log', '1,000 cells of 64 float32 channels, log2 of the bytes', 17.9658, 5e-5, () =>
    logVolume(1000, 64),
  ),
];
