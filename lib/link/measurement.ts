import { z } from 'zod';
import { InputError, requireSchema } from '../base/index.js';

/** A line longer than this is no measurement. */
const MAX_LINE_LENGTH = 2 ** 20;

const number = z.number();
const text = z.string().min(1);
const interval = z
  .tuple([number, number])
  .refine(([low, high]) => low <= high, 'its low end lies above its high end');
const spread = z.strictObject({ median: number, p95: number });

/** What a value must look like to be a `Measurement`; numbers are finite. */
export const measurementSchema = z.strictObject({
  experiment: text,
  system: text,
  params: z.record(text, z.union([number, z.string(), z.boolean()])),
  seed: z.union([number, text]),
  rate: z.strictObject({
    value: number,
    unit: text,
    metric: text.optional(),
    ci95: interval.optional(),
    sideInformationBits: number.optional(),
  }),
  accuracy: z.strictObject({
    value: number,
    unit: text,
    metric: text,
    ci95: interval.optional(),
    stopRule: text.optional(),
  }),
  latency: z.strictObject({
    value: number,
    unit: text,
    metric: text.optional(),
    ci95: interval.optional(),
    encodeSec: spread.optional(),
    decodeSec: spread.optional(),
    airSec: spread.optional(),
  }),
});

/** Median and 95th percentile of a duration in seconds. */
export interface Spread {
  median: number;
  p95: number;
}

/** One row of results: what rate bought what accuracy at what latency. All numbers are finite. */
export interface Measurement {
  /** Identifier of the experiment, `jscc/awgn`. */
  experiment: string;
  /** What was measured, the label of a curve. */
  system: string;
  /** The knobs of the point, units in their names. */
  params: Record<string, number | string | boolean>;
  seed: number | string;
  rate: {
    value: number;
    unit: string;
    metric?: string | undefined;
    ci95?: [lo: number, hi: number] | undefined;
    /** Bits sent beside the channel symbols for the whole row, assumed free of error. */
    sideInformationBits?: number | undefined;
  };
  accuracy: {
    value: number;
    unit: string;
    metric: string;
    ci95?: [lo: number, hi: number] | undefined;
    /** When a Monte-Carlo estimate stopped, `100 errors or 10000 frames`. */
    stopRule?: string | undefined;
  };
  latency: {
    value: number;
    unit: string;
    metric?: string | undefined;
    ci95?: [lo: number, hi: number] | undefined;
    encodeSec?: Spread | undefined;
    decodeSec?: Spread | undefined;
    airSec?: Spread | undefined;
  };
}

/**
 * Returns `value` as a measurement: the fields of the schema in its order, `params` by name.
 * @throws InputError naming the first field that is wrong.
 */
export function requireMeasurement(value: unknown): Measurement {
  const { params, ...rest } = requireSchema('measurement', measurementSchema, value);
  // Not localeCompare: the order must not depend on the machine's language.
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const { experiment, system, seed, rate, accuracy, latency } = rest;
  return { experiment, system, params: Object.fromEntries(sorted), seed, rate, accuracy, latency };
}

/**
 * Reads one line of a results file (JSON).
 * @throws InputError when it is not JSON, or not a measurement.
 */
export function parseMeasurement(line: string): Measurement {
  if (line.length > MAX_LINE_LENGTH) {
    throw new InputError(
      `measurement line of ${line.length} characters; allowed: at most ${MAX_LINE_LENGTH}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`measurement line is not JSON: ${JSON.stringify(line.slice(0, 60))}`);
  }
  return requireMeasurement(value);
}

/**
 * One line of JSON without a line break, keys always in the same order, so equal measurements are equal
 * text.
 * @throws InputError when a field is wrong, e.g. a value that is not finite.
 */
export function formatMeasurement(measurement: Measurement): string {
  return JSON.stringify(requireMeasurement(measurement));
}
