const made = new Map<string, Promise<unknown>>();

/** What serves all points of a worker is made at the first one. */
export function once<T>(key: string, make: () => Promise<T>): Promise<T> {
  const known = (made.get(key) as Promise<T> | undefined) ?? make();
  made.set(key, known);
  return known;
}
