import type { Rng } from '../../lib/math/index.js';

/** What a re-simulation of ours gives. */
export interface Estimate {
  value: number;
  /** 95 % interval of a Monte-Carlo estimate. */
  ci95?: readonly [low: number, high: number];
}

/** One entry of a family's reference table: a published or exact value, and how ours is measured again. */
export interface Reference {
  /** Path-like name, unique in its family: `ldpc/bler/128-64/3.0`. */
  id: string;
  /** What the number is, with its unit and the setup a reader needs. */
  what: string;
  /** Where the value is from: a closed form with its citation, a specification's clause, or a tool and its version. */
  source: string;
  value: number;
  /** Where ours must lie: the value with its own uncertainty and that of our run. */
  allowed: readonly [low: number, high: number];
  /** Ours; draws from `rng` only. */
  measure(rng: Rng): Estimate | Promise<Estimate>;
}

/** The interval of a value known to within an absolute tolerance. */
export const within = (value: number, tolerance: number): [low: number, high: number] => [
  value - tolerance,
  value + tolerance,
];

/**
 * Where an error rate with `errors` counted errors lies if the published one, itself counted over
 * `publishedErrors` errors, is true: the logarithm of a count of n has variance 1/n.
 * @param standardErrors 3.3 by default, 99.9 % of the seeds, as fits a table of a hundred entries; 1.96 for 95 %
 */
export function errorRateInterval(
  value: number,
  errors: number,
  publishedErrors: number = Number.POSITIVE_INFINITY,
  standardErrors = 3.3,
): [low: number, high: number] {
  const factor = Math.exp(standardErrors * Math.sqrt(1 / errors + 1 / publishedErrors));
  return [value / factor, value * factor];
}
