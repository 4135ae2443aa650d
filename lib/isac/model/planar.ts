import { requireRange } from '../../base/index.js';
import { wrapped } from './harmonic.js';

/** A direction seen from a planar array in the y-z plane, whose broadside is x. */
export interface Direction {
  /** From x towards y, -pi/2 to pi/2. */
  azimuth: number;
  /** From the x-y plane towards z, -pi/2 to pi/2. */
  elevation: number;
}

/** Distances of the elements along y and z in wavelengths. */
export interface PlanarSpacing {
  y: number;
  z: number;
}

const HALF: PlanarSpacing = { y: 0.5, z: 0.5 };

/**
 * Frequencies of a uniform rectangular array: mu_y = 2 pi (d_y / lambda) sin(azimuth) cos(elevation),
 * mu_z = 2 pi (d_z / lambda) sin(elevation).
 * @throws InputError for an angle outside [-pi/2, pi/2] or a spacing that is not above 0.
 */
export function planarMu({ azimuth, elevation }: Direction, spacing = HALF): [y: number, z: number] {
  const { y, z } = requireSpacing(spacing);
  for (const [name, angle] of Object.entries({ azimuth, elevation }))
    requireRange(name, angle, -Math.PI / 2, Math.PI / 2, 'rad');
  return [2 * Math.PI * y * Math.sin(azimuth) * Math.cos(elevation), 2 * Math.PI * z * Math.sin(elevation)];
}

/** The direction of two frequencies; undefined where no direction has them (outside the visible region). */
export function planarDirection(mu: readonly [number, number], spacing = HALF): Direction | undefined {
  const { y, z } = requireSpacing(spacing);
  const up = wrapped(mu[1]) / (2 * Math.PI * z);
  const aside = wrapped(mu[0]) / (2 * Math.PI * y);
  if (Math.hypot(up, aside) > 1) return undefined;
  const level = Math.sqrt(1 - up * up);
  return {
    azimuth: level === 0 ? 0 : Math.asin(Math.max(-1, Math.min(1, aside / level))),
    elevation: Math.asin(up),
  };
}

/** Rows d mu_y and d mu_z, columns by azimuth and elevation: for bounds on the angles. */
export function planarJacobian({ azimuth, elevation }: Direction, spacing = HALF): number[][] {
  const { y, z } = requireSpacing(spacing);
  const [sa, ca, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  return [
    [2 * Math.PI * y * ca * ce, -2 * Math.PI * y * sa * se],
    [0, 2 * Math.PI * z * ce],
  ];
}

function requireSpacing({ y, z }: PlanarSpacing): PlanarSpacing {
  requireRange('spacing y', y, 1e-6, 100, 'wavelengths');
  requireRange('spacing z', z, 1e-6, 100, 'wavelengths');
  return { y, z };
}
