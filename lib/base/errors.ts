/**
 * The one error that a user can mend: bad parameter, file, checkpoint, data set, key or environment.
 * Its message is a single line: what was wrong, what was found, what is allowed. The command line
 * prints it without a stack trace and exits with code 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Returns `value` if it is a finite number within [low, high].
 * @throws InputError naming the parameter, the value found and the range allowed.
 */
export function requireRange(name: string, value: number, low: number, high: number, unit = ''): number {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    const suffix = unit ? ` ${unit}` : '';
    throw new InputError(`${name} is ${String(value)}; allowed: a number from ${low} to ${high}${suffix}`);
  }
  return value;
}

/**
 * Returns `value` if it is an integer within [low, high].
 * @throws InputError naming the parameter, the value found and the range allowed.
 */
export function requireInteger(
  name: string,
  value: number,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new InputError(`${name} is ${String(value)}; allowed: an integer from ${low} to ${high}`);
  }
  return value;
}

/**
 * Returns `value` if it is one of `allowed`.
 * @throws InputError naming the parameter, the value found and the choices.
 */
export function requireChoice<T extends string | number>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (!allowed.includes(value as T)) {
    throw new InputError(`${name} is ${JSON.stringify(value)}; allowed: ${allowed.join(', ')}`);
  }
  return value as T;
}
