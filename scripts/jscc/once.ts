const made = new Map<string, Promise<unknown>>();

/**
 * What serves all points of a worker is made at the first one.
 * @param inputs all that it is made of: a notebook runs several experiments in one thread
 */
export function once<T>(name: string, inputs: unknown, make: () => Promise<T>): Promise<T> {
  const key = JSON.stringify([name, inputs]);
  const known = (made.get(key) as Promise<T> | undefined) ?? make();
  made.set(key, known);
  return known;
}
