import { requireChoice, requireRange } from '../../base/index.js';

/** Where vehicles meet: a motorway, or streets between buildings. */
export type Road = 'highway' | 'urban';

/** Whether two antennas see each other, another vehicle stands between them, or a building. */
export type Sight = 'los' | 'nlosv' | 'nlos';

export const ROADS = ['highway', 'urban'] as const satisfies readonly Road[];
export const SIGHTS = ['los', 'nlosv', 'nlos'] as const satisfies readonly Sight[];

/** A link between two vehicles, or a vehicle and the roadside. */
export interface VehicularLink {
  road: Road;
  sight: Sight;
  /** Direct distance of the antennas, 1 to 10 000. */
  distanceMeters: number;
  /** 0.5e9 to 100e9. */
  carrierHz: number;
}

/**
 * Mean path loss in dB between vehicles (TR 37.885, Table 6.2.1-1), without shadowing and without the loss that a
 * vehicle in between adds. The formula behind buildings is given for streets and taken for motorways too.
 * @throws InputError when a number is out of range.
 */
export function vehicularPathLossDb({ road, sight, distanceMeters, carrierHz }: VehicularLink): number {
  requireChoice('road', road, ROADS);
  requireChoice('sight', sight, SIGHTS);
  const d = Math.log10(requireRange('distanceMeters', distanceMeters, 1, 10_000, 'm'));
  const f = Math.log10(requireRange('carrierHz', carrierHz, 0.5e9, 100e9, 'Hz') / 1e9);
  if (sight === 'nlos') return 36.85 + 30 * d + 18.9 * f;
  return road === 'highway' ? 32.4 + 20 * d + 20 * f : 38.77 + 16.7 * d + 18.2 * f;
}

/** Standard deviation of the shadowing, which is normal in dB (TR 37.885, Table 6.2.1-1). */
export function vehicularShadowingStdDb(sight: Sight): number {
  return requireChoice('sight', sight, SIGHTS) === 'nlos' ? 4 : 3;
}

/**
 * Probability that two vehicles in the same street see each other; otherwise a vehicle stands between them
 * (TR 37.885, Table 6.2.1-2).
 * @param options.distanceMeters 0 to 10 000
 * @throws InputError when an option is out of range.
 */
export function vehicularLineOfSightProbability(options: { road: Road; distanceMeters: number }): number {
  const d = requireRange('distanceMeters', options.distanceMeters, 0, 10_000, 'm');
  if (requireChoice('road', options.road, ROADS) === 'urban')
    return Math.min(1, 1.05 * Math.exp(-0.0114 * d));
  if (d <= 475) return Math.min(1, 2.1013e-6 * d ** 2 - 0.002 * d + 1.0193);
  return Math.max(0, 0.54 - 0.001 * (d - 475));
}
