import { fresnel } from './fresnel.js';
import { distance, type Point } from './geometry.js';

/** A person: an upright screen of twice the radius for what passes, a point scatterer for what is thrown back. */
export interface Body {
  x: number;
  y: number;
  radiusMeters: number;
  heightMeters: number;
  /** Bistatic radar cross-section, square metres; about 0.1 to 1 for people at 2.4 GHz. */
  crossSectionM2: number;
}

/** A complex number. */
export interface Complex {
  re: number;
  im: number;
}

/**
 * What a body leaves of the field that goes straight from a to b: one minus the part that a screen hides, which
 * turns to the path, has the body's width and reaches from below up to its height (Fresnel's knife edges at the
 * two sides and the top, with Babinet's principle; the single edge is that of ITU-R P.526). 1 when the body does
 * not stand between the two.
 */
export function bodyTransmission(body: Body, a: Point, b: Point, wavelengthMeters: number): Complex {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const ground = Math.hypot(dx, dy);
  if (ground === 0) return { re: 1, im: 0 };
  const [px, py] = [body.x - a[0], body.y - a[1]];
  const t = (px * dx + py * dy) / ground ** 2;
  if (t <= 0 || t >= 1) return { re: 1, im: 0 };
  const scale = Math.sqrt(2 / (wavelengthMeters * distance(a, b) * t * (1 - t)));
  const aside = (px * dy - py * dx) / ground;
  const above = body.heightMeters - (a[2] + t * (b[2] - a[2]));
  const across = hidden((aside - body.radiusMeters) * scale, (aside + body.radiusMeters) * scale);
  const upright = hidden(Number.NEGATIVE_INFINITY, above * scale);
  return {
    re: 1 - (across.re * upright.re - across.im * upright.im),
    im: -(across.re * upright.im + across.im * upright.re),
  };
}

/** (1 + j)/2 times the integral of exp(-j pi u²/2): the share of a wave between two edges; 1 from end to end. */
function hidden(from: number, to: number): Complex {
  const [low, high] = [fresnel(from), fresnel(to)];
  const [c, s] = [high.c - low.c, high.s - low.s];
  return { re: (c + s) / 2, im: (c - s) / 2 };
}

/** Amplitude over free space of the wave that a body scatters, by the bistatic radar equation. */
export function scatteredAmplitude(body: Body, toBody: number, fromBody: number, wavelength: number): number {
  return (wavelength * Math.sqrt(body.crossSectionM2)) / ((4 * Math.PI) ** 1.5 * toBody * fromBody);
}
