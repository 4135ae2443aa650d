import { InputError } from '../../base/index.js';
import { type ComplexMatrix, cholesky, complexMatrix, solveLower } from '../../math/index.js';

/** Noise of the receive antennas: N0 of each per complex dimension, or the covariance E[n n^H]. */
export type Noise = number | ComplexMatrix;

/** A channel whose noise has been made white and of variance 1. */
export interface Whitened {
  /** L^-1 H, receive x streams. */
  readonly channel: ComplexMatrix;
  /** L^-1 y of received vectors, one a column. @throws InputError unless y has a row an antenna. */
  apply(received: ComplexMatrix): ComplexMatrix;
}

/**
 * Whitens y = H x + n by the inverse of the noise covariance's Cholesky factor, S = L L^H: then L^-1 n has
 * independent entries of variance 1, and nothing about x is lost.
 * @param h receive x streams
 * @throws InputError when the noise is not above 0 (a covariance: positive definite) or does not fit the antennas.
 */
export function whiten(h: ComplexMatrix, noise: Noise): Whitened {
  if (typeof noise === 'number') {
    if (!(noise > 0 && Number.isFinite(noise))) {
      throw new InputError(`noise variance is ${noise}; allowed: a number above 0`);
    }
    const scale = 1 / Math.sqrt(noise);
    return { channel: scaled(h, scale), apply: (received) => scaled(requireAntennas(received, h), scale) };
  }
  if (noise.rows !== h.rows) {
    throw new InputError(
      `noise covariance of ${noise.rows} antennas for a channel of ${h.rows}; allowed: as many`,
    );
  }
  const factor = cholesky(noise);
  return { channel: solveLower(factor, h), apply: (received) => solveLower(factor, received) };
}

function scaled({ rows, columns, data }: ComplexMatrix, factor: number): ComplexMatrix {
  const out = new Float64Array(data.length);
  for (let at = 0; at < out.length; at++) out[at] = data[at]! * factor;
  return { rows, columns, data: out };
}

function requireAntennas(received: ComplexMatrix, h: ComplexMatrix): ComplexMatrix {
  if (received.rows !== h.rows) {
    throw new InputError(`received vector of ${received.rows} antennas for ${h.rows}; allowed: as many`);
  }
  return received;
}

/** One received vector as a column. @throws InputError when its length is odd or 0. */
export function asColumn(received: Float64Array): ComplexMatrix {
  return complexMatrix(received.length / 2, 1, received);
}
