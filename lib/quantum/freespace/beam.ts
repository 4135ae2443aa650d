import { requireRange } from '../../base/index.js';

/** A Gaussian beam that leaves a telescope. */
export interface Beam {
  wavelengthMeters: number;
  /** 1/e^2 intensity radius at the transmitter. */
  waistMeters: number;
}

/**
 * 1/e^2 intensity radius of a collimated Gaussian beam after a distance, w0 sqrt(1 + (z lambda / (pi w0^2))^2).
 * @throws InputError when an option is out of range.
 */
export function beamRadius({ wavelengthMeters, waistMeters }: Beam, distanceMeters: number): number {
  requireRange('wavelengthMeters', wavelengthMeters, 1e-7, 1e-4, 'm');
  requireRange('waistMeters', waistMeters, 1e-4, 100, 'm');
  requireRange('distanceMeters', distanceMeters, 0, 1e9, 'm');
  return Math.hypot(waistMeters, (distanceMeters * wavelengthMeters) / (Math.PI * waistMeters));
}

/**
 * Mean share of a Gaussian beam that a round aperture on its axis collects when the beam's centre wanders: the long-term
 * spot is Gaussian of variance w^2/4 + s^2 per axis, so 1 - exp(-2 a^2 / (w^2 + 4 s^2)) is exact.
 * @param radiusMeters w, 1/e^2 radius of the beam at the receiver
 * @param apertureMeters a, radius of the aperture
 * @param wanderMeters s, standard deviation of the centre per axis
 */
export const meanCapture = (radiusMeters: number, apertureMeters: number, wanderMeters = 0): number =>
  -Math.expm1((-2 * apertureMeters ** 2) / (radiusMeters ** 2 + 4 * wanderMeters ** 2));

/**
 * Share that the aperture collects of a beam whose centre is so far from its own: the tail of a Rice distribution, as a
 * Poisson mixture of gamma distributions.
 */
export function captureAtOffset(radiusMeters: number, apertureMeters: number, offsetMeters: number): number {
  const x = 2 * (apertureMeters / radiusMeters) ** 2;
  const mean = 2 * (offsetMeters / radiusMeters) ** 2;
  const terms = Math.ceil(x + mean + 12 * Math.sqrt(x + mean) + 30);
  const [weights, steps] = [poissonWeights(mean, terms), poissonWeights(x, terms)];
  // Poisson(mean) weight of k times P(Gamma(k + 1) < x), which is the tail P(Poisson(x) > k).
  let captured = 0;
  let tail = 0;
  for (let k = terms; k >= 0; k--) {
    captured += weights[k]! * tail;
    tail += steps[k]!;
  }
  return Math.min(1, captured);
}

function poissonWeights(mean: number, largest: number): Float64Array {
  const weights = new Float64Array(largest + 1);
  let log = -mean;
  for (let k = 0; k <= largest; k++) {
    weights[k] = Math.exp(log);
    log += Math.log(mean / (k + 1));
  }
  return weights;
}

/**
 * 1/e^2 divergence that turbulence adds to a long-term beam, in squares: 2 sqrt(2) / (k rho0) with the coherence radius of a
 * spherical wave over an even path, rho0 = (0.546 Cn^2 k^2 L)^(-3/5) (Fante 1975).
 * @param options.structureConstant Cn^2 in m^(-2/3), 0 to 1e-10
 * @throws InputError when an option is out of range.
 */
export function turbulentSpreadRad(options: {
  structureConstant: number;
  wavelengthMeters: number;
  distanceMeters: number;
}): number {
  const constant = requireRange('structureConstant', options.structureConstant, 0, 1e-10, 'm^(-2/3)');
  const distance = requireRange('distanceMeters', options.distanceMeters, 0, 1e9, 'm');
  const k = (2 * Math.PI) / requireRange('wavelengthMeters', options.wavelengthMeters, 1e-7, 1e-4, 'm');
  return ((2 * Math.SQRT2) / k) * (0.546 * constant * k * k * distance) ** (3 / 5);
}
