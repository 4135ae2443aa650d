import { requireRange } from '../../base/index.js';

/** Mean and standard deviation of a loss that is log-normal in dB. */
export interface LogNormalLoss {
  readonly meanDb: number;
  readonly stdDb: number;
}

/**
 * The loss that a vehicle between two antennas adds, or undefined when both look over it: its number of dB is
 * log-normal (TR 37.885, 6.2.1).
 * @param options.antennaHeights of both ends, -100 to 10 000 m
 * @param options.blockerHeight top of the vehicle, above the same ground
 * @param options.distanceMeters between the antennas, 1 to 10 000
 * @throws InputError when a number is out of range.
 */
export function vehicleBlockage(options: {
  antennaHeights: readonly [number, number];
  blockerHeight: number;
  distanceMeters: number;
}): LogNormalLoss | undefined {
  const [one, other] = options.antennaHeights.map((height) =>
    requireRange('antenna height', height, -100, 10_000, 'm'),
  ) as [number, number];
  const top = requireRange('blockerHeight', options.blockerHeight, -100, 10_000, 'm');
  const distance = requireRange('distanceMeters', options.distanceMeters, 1, 10_000, 'm');
  if (Math.min(one, other) > top) return undefined;
  const far = Math.max(0, 15 * Math.log10(distance) - 41);
  return Math.max(one, other) < top ? { meanDb: 9 + far, stdDb: 4.5 } : { meanDb: 5 + far, stdDb: 4 };
}

/**
 * Mean and standard deviation of the natural logarithm of a log-normal number. A port of TR 37.885 that takes
 * log10 here draws losses of another mean.
 * @param loss its mean (1e-6 to 1e6) and standard deviation (0 to 1e6)
 * @throws InputError when one is out of range.
 */
export function naturalLogParameters({ meanDb, stdDb }: LogNormalLoss): { mu: number; sigma: number } {
  const mean = requireRange('meanDb', meanDb, 1e-6, 1e6, 'dB');
  const std = requireRange('stdDb', stdDb, 0, 1e6, 'dB');
  const variance = Math.log1p((std / mean) ** 2);
  return { mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

/** The loss in dB that a standard normal number stands for: exp(mu + sigma z). */
export function blockageLossDb(loss: LogNormalLoss, standardNormal: number): number {
  const { mu, sigma } = naturalLogParameters(loss);
  return Math.exp(mu + sigma * standardNormal);
}
