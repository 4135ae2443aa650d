import { InputError } from '../base/index.js';
import { formatMeasurement, type Measurement, parseMeasurement } from '../link/index.js';
import type { NewRow, Point, Row } from './experiment.js';

/** A row of results as one line of JSON, fields in the order of the format. */
export function formatRow(row: Row): string {
  return formatMeasurement(row);
}

/** The row that a line holds. @throws InputError naming `where` (file and line) and what is wrong. */
export function parseRow(line: string, where?: string): Row {
  try {
    return parseMeasurement(line);
  } catch (error) {
    if (where && error instanceof InputError) throw new InputError(`${where}: ${error.message}`);
    throw error;
  }
}

/**
 * The finished row of what `measure` yields: experiment, seed and the plain values of the point filled in.
 * It goes through its line once, so that a row that could not be read back never enters the store.
 * @throws Error when it is no measurement: a mistake of the experiment, not of its user.
 */
export function completeRow(row: NewRow, of: { experiment: string; seed: number; point: Point }): Row {
  const { system, params, rate, accuracy, latency } = row;
  const filled = { ...plainValues(of.point), ...params };
  try {
    const full = {
      experiment: of.experiment,
      system,
      params: filled,
      seed: of.seed,
      rate,
      accuracy,
      latency,
    };
    return parseRow(formatRow(full));
  } catch (error) {
    throw new Error(`row of system ${JSON.stringify(system)}: ${(error as Error).message}`);
  }
}

function plainValues(point: Point): Measurement['params'] {
  const values: Measurement['params'] = {};
  for (const [key, value] of Object.entries(point)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      values[key] = value;
  }
  return values;
}
