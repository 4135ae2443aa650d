import { InputError } from '../../base/index.js';
import { occupancyMap } from './maps.js';
import type { SpatialCase } from './rooms.js';

/** Takes the line of sight alone for there. */
export const alwaysLineOfSight = ({ candidates }: SpatialCase): boolean[] =>
  candidates.map(({ order }) => order === 0);

/** Takes every candidate for there. */
export const allValid = ({ candidates }: SpatialCase): boolean[] => candidates.map(() => true);

/**
 * Copies, candidate by candidate, the training link that is most alike: by the sum of squared differences of the top views,
 * weighed as the share of the floor, and of the places of both antennas and the sides of the room in metres.
 * @throws InputError when there is no training link.
 */
export function nearestRoom(training: readonly SpatialCase[]): (one: SpatialCase) => boolean[] {
  if (training.length === 0) throw new InputError('0 training links; allowed: 1 or more');
  const features = training.map(featuresOf);
  return (one) => {
    const own = featuresOf(one);
    const gaps = features.map((other) => other.reduce((sum, value, i) => sum + (value - own[i]!) ** 2, 0));
    const nearest = training[gaps.indexOf(Math.min(...gaps))]!;
    return nearest.candidates.map(({ valid }) => valid);
  };
}

function featuresOf({ room, link }: SpatialCase): Float64Array {
  const view = occupancyMap(room);
  // A metre of the floor of 10 x 10 m counts like a metre of an antenna.
  const scale = 10 / Math.sqrt(view.length);
  return Float64Array.from([
    ...view.map((value) => value * scale),
    ...room.size,
    ...link.transmitter,
    ...link.receiver,
  ]);
}
